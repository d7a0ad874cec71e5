"""`shigan bench raters`: every method reads every county, and all are scored by the truth."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path

from rich.console import Console

from shigan.bench.raters import figures, report
from shigan.bench.raters.cases import CLEAN, Case, chosen
from shigan.bench.raters.figures import Book
from shigan.bench.raters.methods import MODEL, readers
from shigan.bench.raters.report import WIDTH as WIDTH
from shigan.bench.raters.tasks import Outcome, Task, carry_out
from shigan.maths.raters.sheets import Floats

THREADS = "OMP_NUM_THREADS"


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be read by whom. `units` of each county; `draws` of the oracle; `jobs`: processes."""

    seeds: tuple[int, ...]
    cases: tuple[Case, ...]
    peers: bool
    oracle: bool
    units: int
    draws: int
    jobs: int

    @property
    def readers(self) -> tuple[tuple[str, ...], ...]:
        """The methods asked, together where one reading gives them."""
        return tuple(readers(peers=self.peers, with_oracle=self.oracle, draws=self.draws))


def planned(
    seeds: str, scenarios: str, *, peers: bool, oracle: bool, units: int, draws: int, jobs: int
) -> Plan:
    """The plan of what was typed, numbers and names with commas between them.

    Raises ValueError for what is no number or no scenario.
    """
    names = [seed.strip() for seed in seeds.split(",")]
    if not all(name.isdecimal() for name in names):
        raise ValueError(f"seeds are whole numbers, as 101,102: {seeds}")
    numbers = tuple(dict.fromkeys(map(int, names)))
    return Plan(numbers, chosen(scenarios), peers, oracle, units, draws, jobs)


def begun(plan: Plan, path: Path | None, *, resume: bool, renew: bool) -> Book:
    """The figures to go on from: none, or those of the file; to `renew` leaves our model's out.

    Raises ValueError if the file cannot be written, or is to be resumed but holds figures of other
    counties, or none.
    """
    if path is not None and not path.absolute().parent.is_dir():
        raise ValueError(f"there is no folder {path.parent}")
    if resume and path is None:
        raise ValueError("--resume goes on from the file that --out names")
    if not resume or path is None or not path.exists():
        return Book(plan.units, plan.draws)
    book = figures.from_file(path)
    if (book.units, book.draws) != (plan.units, plan.draws):
        raise ValueError(f"{path}: counties of {book.units} units, an oracle of {book.draws} draws")
    if renew:
        book.rows = {key: row for key, row in book.rows.items() if row.method not in MODEL}
    return book


def command(plan: Plan, book: Book, out: Path | None, console: Console) -> None:
    """Read what the book lacks, keep all of it in the file `out`, and print what was asked."""
    for _ in _shown(work(plan, book)):
        if out:
            book.write(out)
    methods = [method for reader in plan.readers for method in reader]
    report.show(book.only([case.name for case in plan.cases], plan.seeds, methods), console)


Steps = Iterator[tuple[str, int, int]]
"""After each county: which it was, how many are done, how many there are."""


def work(plan: Plan, book: Book) -> Steps:
    """Read all that the book lacks into the book.

    The clean county of a seed comes first: how a method reads it is what its reading under an attack is
    compared with, and so need not be found out for each attack.
    """
    first, later = _first(plan, book), _later(plan, book)
    total, calm = len(first) + len(later), dict[int, dict[str, Floats]]()
    for done, outcome in enumerate(outcomes(first, plan.jobs), 1):
        calm[outcome.task.seed] = outcome.seen
        yield _kept(book, outcome), done, total
    later = [_calmed(task, calm) for task in later]
    for done, outcome in enumerate(outcomes(later, plan.jobs), len(first) + 1):
        yield _kept(book, outcome), done, total


def _kept(book: Book, outcome: Outcome) -> str:
    book.add(outcome.rows)
    return f"{outcome.task.case.name} {outcome.task.seed}"


def _first(plan: Plan, book: Book) -> list[Task]:
    """The clean counties, as far as they are wanted or an attack is to be compared with them."""
    tasks = []
    for seed in plan.seeds:
        cases = [case for case in plan.cases if case == CLEAN or case.from_clean]
        lacking = {reader for case in cases for reader in _lacking(plan, book, case, seed)}
        if lacking:
            order = tuple(reader for reader in plan.readers if reader in lacking)
            tasks.append(Task(CLEAN, seed, plan.units, plan.draws, order))
    return tasks


def _later(plan: Plan, book: Book) -> list[Task]:
    cases = [case for case in plan.cases if case != CLEAN]
    tasks = [
        Task(case, seed, plan.units, plan.draws, _lacking(plan, book, case, seed))
        for case in cases
        for seed in plan.seeds
    ]
    return [task for task in tasks if task.readers]


def _lacking(plan: Plan, book: Book, case: Case, seed: int) -> tuple[tuple[str, ...], ...]:
    return tuple(reader for reader in plan.readers if not book.has(case.name, seed, reader))


def _calmed(task: Task, calm: dict[int, dict[str, Floats]]) -> Task:
    return replace(task, calm=calm[task.seed] if task.case.from_clean else None)


def outcomes(tasks: list[Task], jobs: int) -> Iterator[Outcome]:
    """Each county in a fresh process of one thread, so that times and memory can be compared.

    The processes are forked from one that has read the code once: what is written meanwhile does not mix in.
    """
    if jobs == 1 or not tasks:
        yield from map(carry_out, tasks)
        return
    context = get_context("forkserver")
    context.set_forkserver_preload([carry_out.__module__])
    with _one_thread(), context.Pool(jobs, maxtasksperchild=1) as pool:
        yield from pool.imap_unordered(carry_out, tasks, chunksize=1)


@contextmanager
def _one_thread() -> Iterator[None]:
    """Processes started meanwhile use one thread each for linear algebra."""
    before = os.environ.get(THREADS)
    os.environ[THREADS] = "1"
    try:
        yield
    finally:
        if before is None:
            del os.environ[THREADS]
        else:
            os.environ[THREADS] = before


def _shown(steps: Steps) -> Iterator[None]:
    """Pass the steps on, a line on standard error for each."""
    console, start = Console(stderr=True, highlight=False), time.monotonic()
    for county, done, total in steps:
        minutes, seconds = divmod(round(time.monotonic() - start), 60)
        console.print(f"{minutes:3}:{seconds:02}  {done} of {total} read: {county}")
        yield
