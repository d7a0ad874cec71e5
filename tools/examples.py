"""Write the made-up sheets of docs/examples anew: `.venv/bin/python tools/examples.py`."""

from __future__ import annotations

from pathlib import Path

from shigan.exchange import examples

if __name__ == "__main__":
    for path in examples.write(Path(__file__).parents[1] / "docs" / "examples"):
        print(path)
