"""How long our functions and files are, beside those of houses that we admire. A mirror, not a bar.

python tools/shape.py [FOLDER]
"""

from __future__ import annotations

import ast
import statistics
import sys
from pathlib import Path

# lines: function median, 95th percentile, longest file (measured 2026-11 on their main branches)
PEERS = {
    "healthchecks": (8, 43, 1584),
    "pretalx": (6, 34, 1375),
    "EvaP": (6, 42, 2721),
    "beancount": (17, 76, 1874),
    "structlog": (7, 38, 1249),
}


def functions(path: Path) -> list[tuple[int, str]]:
    """Length in lines and place of every function in a file."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [
        ((node.end_lineno or node.lineno) - node.lineno + 1, f"{path}:{node.lineno} {node.name}")
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]


def main() -> None:
    """Print the table, then the longest functions and files."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "src")
    files = sorted(
        (len(path.read_text(encoding="utf-8").splitlines()), str(path)) for path in folder.rglob("*.py")
    )
    found = sorted(pair for _, path in files for pair in functions(Path(path)))
    lengths = [length for length, _ in found]
    p95 = lengths[int(len(lengths) * 0.95)]
    print(f"{'lines':<14}{'median':>8}{'p95':>6}{'longest file':>14}")
    for name, figures in {"shigan": (int(statistics.median(lengths)), p95, files[-1][0]), **PEERS}.items():
        print(f"{name:<14}{figures[0]:>8}{figures[1]:>6}{figures[2]:>14}")
    total = sum(length for length, _ in files)
    print(f"\n{len(files)} files, {total} lines, {len(found)} functions; the longest:")
    for length, place in [*found[:-6:-1], *files[:-6:-1]]:
        print(f"{length:>6}  {place}")


if __name__ == "__main__":
    main()
