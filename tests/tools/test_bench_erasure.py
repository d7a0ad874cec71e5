"""A hundred subjects of a small demo county are erased: nothing of their words stays in any file."""

from __future__ import annotations

import subprocess
import sys

import pytest


@pytest.mark.slow
def test_no_byte_of_a_hundred_erased_subjects_stays_in_the_files() -> None:
    done = subprocess.run(
        [sys.executable, "tools/bench_erasure.py", "0.05", "100"], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
