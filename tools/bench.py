"""Time and memory of the main jobs on this machine, beside their bars.

    python tools/bench.py

Figures move with the load of the machine: compare within one run only.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

SHIGAN = str(Path(sys.executable).parent / "shigan")


class Job(NamedTuple):
    """A command and what it may take: seconds of wall clock, MiB of memory at the peak."""

    name: str
    words: tuple[str, ...]
    seconds: float
    mebibytes: int


JOBS = (
    Job("demo county built, sealed, judged", ("demo", "--build-only"), 90, 1536),
    Job("demo county verified", ("verify",), 15, 1536),
)


def main() -> None:
    """Run the jobs in order and print one line each."""
    print(f"{'':<36}{'seconds':>9}{'bar':>7}{'MiB':>8}{'bar':>7}")
    for job in JOBS:
        seconds, mebibytes = measure(SHIGAN, *job.words)
        figures = f"{seconds:>9.1f}{job.seconds:>7.0f}{mebibytes:>8.0f}{job.mebibytes:>7}"
        print(f"{job.name:<36}{figures}")


def measure(*words: str) -> tuple[float, float]:
    """Wall seconds and peak MiB of one command and its children."""
    began = time.monotonic()
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"`{' '.join(words)}` failed with {process.returncode}.")
    return time.monotonic() - began, used.ru_maxrss / 1024


if __name__ == "__main__":
    main()
