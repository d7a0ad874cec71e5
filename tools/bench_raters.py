"""The bars of the rater model; `python tools/bench.py raters` runs them one after another.

    python tools/bench_raters.py all FOLDER 1      the same
    python tools/bench_raters.py numba FOLDER      one of them, on the sheets that FOLDER holds

Many counties are a few seeded ones over and over, with numbers of their own: `lines.parquet` (sheet,
official, pattern) and `roll.npz` (what is known of sheets and officials). Each job is a process of its own,
so that its peak of memory is its own; making the sheets is not counted.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import ibis
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from shigan.bench.raters.county import county
from shigan.judge.scans import Scans
from shigan.maths.raters import Sheets, read
from shigan.maths.raters.law import Law, patterns
from shigan.maths.raters.passes import Name

SEEDS = range(301, 309)
LIMIT = "1GB"
"""What DuckDB may hold; the rest of the bar is for Python, numpy and the results."""


class Job(NamedTuple):
    """What to do with how many counties (23,000 lines each), and what it may take: seconds, MiB."""

    name: str
    what: str
    counties: int
    seconds: float
    mebibytes: float


JOBS = (
    Job("one county, whole reading, numpy", "numpy", 1, 1, 1024),
    Job("the same, numba", "numba", 1, 1, 1024),
    Job("10⁶ lines, whole reading, numpy", "numpy", 43, 30, 4096),
    Job("the same, numba", "numba", 43, 30, 4096),
    Job("10⁶ lines, base reading on DuckDB", "scan", 43, 60, 2048),
    Job("10⁷ lines, base reading on DuckDB", "scan", 430, 600, 2048),
)


def raters(folder: Path, scale: float) -> None:
    """Seconds and memory of each job; `scale` makes the counties fewer (the bars are for 1).

    «of cores» are the seconds that all cores together worked for it: what a busy machine does not change."""
    print(f"{'':<36}{'lines':>11}{'seconds':>9}{'bar':>6}{'of cores':>10}{'MiB':>7}{'bar':>6}")
    for job in JOBS:
        place = folder / str(job.counties)
        lines = write(place, max(1, round(job.counties * scale)))
        command = [sys.executable, __file__, job.what, str(place)]
        answer = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
        seconds, worked, mebibytes = (float(each) for each in answer.split())
        print(f"{job.name:<36}{lines:>11,}{seconds:>9.1f}{job.seconds:>6.0f}{worked:>10.1f}", end="")
        print(f"{mebibytes:>7.0f}{job.mebibytes:>6.0f}", flush=True)


def write(folder: Path, counties: int) -> int:
    """So many counties into the folder, line by line to disk; gives the number of lines."""
    folder.mkdir(parents=True, exist_ok=True)
    kinds = [county(seed, "mix").sheets for seed in SEEDS[:counties]]
    seen, number = patterns(np.concatenate([each.marks for each in kinds]), kinds[0].grades)
    numbers = np.split(number, np.cumsum([each.lines for each in kinds])[:-1])
    sheets = officials = units = lines = 0
    rolls = []
    schema = pa.schema([(name, pa.int64()) for name in ("sheet", "official", "pattern")])
    with pq.ParquetWriter(folder / "lines.parquet", schema) as file:
        for at in range(counties):
            each = kinds[at % len(kinds)]
            columns = each.sheet + sheets, each.official + officials, numbers[at % len(kinds)]
            file.write_table(pa.table(dict(zip(schema.names, columns, strict=True))))
            rolls.append((each.home + units, each.voters, each.unit + units))
            sheets, officials = sheets + len(each.home), officials + len(each.unit)
            units, lines = units + each.units, lines + each.lines
    home, voters, unit = (np.concatenate(each) for each in zip(*rolls, strict=True))
    np.savez(folder / "roll.npz", seen=seen, home=home, voters=voters, unit=unit)
    return lines


def roll(folder: Path) -> tuple[Sheets, np.ndarray]:
    """The sheets without their lines, and the marks of each pattern."""
    kept, none = np.load(folder / "roll.npz"), np.zeros(0, np.int64)
    seen = kept["seen"]
    return Sheets(none, none, seen[:0], kept["home"], kept["voters"], kept["unit"]), seen


def whole(engine: Name, folder: Path) -> tuple[float, float]:
    """The whole reading, the lines in memory. What numba compiles is compiled before."""
    known, seen = roll(folder)
    lines = pq.read_table(folder / "lines.parquet")
    sheet, official, pattern = (lines[name].to_numpy() for name in ("sheet", "official", "pattern"))
    sheets = Sheets(sheet, official, seen[pattern], known.home, known.voters, known.unit)
    read(county(1, "mix", units=4).sheets, engine)
    return timed(lambda: read(sheets, engine))


def scan(folder: Path) -> tuple[float, float]:
    """The base reading, the lines on disk."""
    known, seen = roll(folder)
    engine = ibis.duckdb.connect(threads=2, memory_limit=LIMIT, temp_directory=str(folder))
    lines = engine.read_parquet(str(folder / "lines.parquet"))
    return timed(lambda: Scans(lines, known, seen, Law.start(seen, 4)).run())


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds on the wall, and those of all cores together."""
    began, worked = time.monotonic(), time.process_time()
    work()
    return time.monotonic() - began, time.process_time() - worked


def main() -> None:
    """Do all jobs, or one and print its seconds, those of all cores, and its peak of memory in MiB."""
    what, folder = sys.argv[1], Path(sys.argv[2])
    if what == "all":
        return raters(folder, float(sys.argv[3]))
    found = scan(folder) if what == "scan" else whole("numba" if what == "numba" else "numpy", folder)
    print(*found, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


if __name__ == "__main__":
    main()
