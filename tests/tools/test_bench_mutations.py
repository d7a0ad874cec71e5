"""Five tamperings of each of eight kinds, on a database and its exports: all found, the first place named."""

from __future__ import annotations

import subprocess
import sys


def test_five_tamperings_of_each_kind_are_found_and_named() -> None:
    done = subprocess.run(
        [sys.executable, "tools/bench_mutations.py", "40"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.splitlines()[-1].split() == ["all", "40", "40", "40"]
