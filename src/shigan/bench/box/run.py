"""`shigan bench box`: ballots in a second, with and without group commit; alike answers; a count verified.

Figures move with the load of the machine: compare within one run only.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random
from urllib.parse import urlencode

from shigan.bench.box import alike, made
from shigan.bench.box.made import Made

CLIENTS = 32
BALLOTS_A_SECOND, P99_MILLISECONDS, VERIFY_SECONDS = 1_000, 50, 5
Say = Callable[[str], object]


def command(say: Say, ballots: int = 10_000, tokens: int = 1_000, each: int = 2_000) -> None:
    """Everything, one after the other; each line with its bar."""
    random = Random(1)
    with tempfile.TemporaryDirectory() as folder:
        box = made.make(Path(folder) / "box", ballots, tokens)
        say(f"{'':<32}{'ballots/s':>10}{'p50 ms':>8}{'p99 ms':>8}{'bar':>20}")
        bar = f"≥ {BALLOTS_A_SECOND}, p99 ≤ {P99_MILLISECONDS}"
        forms = [form(box, random, "code", code) for code in box.codes]
        load(say, "slips, group commit", box, forms, bar)
        load(say, "slips again, one commit a ballot", box, forms[: ballots // 5], "", one_by_one=True)
        load(say, "tokens, group commit", box, [form(box, random, "token", t) for t in box.tokens], bar)
        verified(say, box)
    with tempfile.TemporaryDirectory() as folder:
        alike.measure(say, Path(folder), each)


def form(box: Made, random: Random, kind: str, credential: str) -> str:
    """What a browser sends."""
    marks = {f"c{at}": random.choice("11122345") for at in range(len(box.manifest.cells))}
    return urlencode({"code": "", "token": ""} | {kind: credential} | marks)


def load(
    say: Say, name: str, box: Made, forms: Sequence[str], bar: str, one_by_one: bool = False
) -> tuple[float, float]:
    """All forms by 32 clients; ballots a second and p99 in milliseconds."""
    with made.serving(box.path, {"SHIGAN_BOX_ONE_BY_ONE": "1" if one_by_one else ""}) as port:
        run = subprocess.run(
            [sys.executable, "-m", "shigan.bench.box.load", str(port), str(CLIENTS)],
            input="\n".join(forms), capture_output=True, text=True, check=True,
        )  # fmt: skip
    seconds, spent = json.loads(run.stdout)
    rate, milliseconds = len(spent) / seconds, sorted(1000 * each for each in spent)
    p99 = milliseconds[int(0.99 * (len(spent) - 1))]
    say(f"{name:<32}{rate:>10.0f}{statistics.median(milliseconds):>8.1f}{p99:>8.1f}{bar:>20}")
    return rate, p99


def verified(say: Say, box: Made) -> float:
    """Close the box and verify its bundle in a fresh Python without any library; seconds."""
    from shigan.bench.box.closed import bundle

    path = bundle(box)
    words = [
        sys.executable, "-I", "-S", "-c",
        f"import sys; sys.path.insert(0, {str(Path(made.__file__).parents[3])!r})\n"
        f"from shigan.box.verify import main; sys.exit(main([{str(path)!r}]))",
    ]  # fmt: skip
    began = time.perf_counter()
    subprocess.run(words, check=True, capture_output=True)
    seconds = time.perf_counter() - began
    count = len(json.loads(path.read_bytes())["leaves"])
    say(f"verify of {count} ballots, standard library alone: {seconds:.1f} s (bar {VERIFY_SECONDS} s)")
    return seconds
