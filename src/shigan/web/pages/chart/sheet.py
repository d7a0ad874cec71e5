"""One sheet of the wall chart as geometry: rows are units, columns months, a bar each task or problem.

Lengths are in the drawing's own units, about 4 to a millimetre on A3.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from shigan.policy import Rulebook
from shigan.work.problems import CLAIMED, FIXED, RAISED, Problem
from shigan.work.state import State
from shigan.work.tasks import FINISHED, SET, Task

UNIT_WIDTH, WORDS_WIDTH, MONTH_WIDTH = 150, 300, 94
LEFT = UNIT_WIDTH + WORDS_WIDTH
RIGHT = LEFT + 12 * MONTH_WIDTH
TOP, LINE, BAR, FOOT = 34, 24, 14, 40
LABEL_WIDTH = 140
NOT_BEGUN, MOVING, WAITING, DONE = "set", "moving", "waiting", "done"
SIGNS = {NOT_BEGUN: "○", MOVING: "◐", WAITING: "◇", DONE: "●"}


@dataclass(frozen=True)
class Job:
    """What a bar tells: `end` is the date it is due, `done` when it was finished, `late` days past due."""

    code: str
    unit: str
    field: str
    text: str
    owner: str
    stage: str
    look: str
    begin: date
    end: date
    done: date | None
    late: int

    @property
    def is_task(self) -> bool:
        return self.code.startswith("T")

    @property
    def sign(self) -> str:
        return SIGNS[self.look]


def job(state: State, today: date, rules: Rulebook) -> Job:
    """The bar of a task or a problem. A problem without a deadline ends where its measures are due."""
    if isinstance(state, Task):
        end = state.deadline or state.since
        late = max(0, ((state.finished or today) - end).days)
        look = {SET: NOT_BEGUN, FINISHED: DONE}.get(state.stage, MOVING)
        begin, done, owner, text = state.start or state.since, state.finished, state.owner, state.text
    else:
        assert isinstance(state, Problem)
        end = state.deadline or state.since + timedelta(days=rules.problems.measure_days.value)
        late, done, begin = state.overdue(today), state.closed, state.since
        look = {RAISED: NOT_BEGUN, CLAIMED: WAITING, FIXED: DONE}.get(state.stage, MOVING)
        owner, text = state.owner, state.text
    return Job(
        code=state.subject,
        unit=state.unit,
        field=state.topic,
        text=text,
        owner=owner,
        stage=state.stage,
        look=look,
        begin=begin,
        end=max(begin, end),
        done=done,
        late=late,
    )


@dataclass(frozen=True)
class Bar:
    """A job with its place: the bar, and `tail`, how far a late one reaches beyond its date."""

    job: Job
    y: int
    first: bool
    x: float
    width: float
    tail: float
    label_x: float
    anchor: str

    @property
    def whole(self) -> float:
        """The bar and its tail."""
        return round(self.width + self.tail, 1)

    @property
    def text_y(self) -> int:
        return self.y + 16

    @property
    def bar_y(self) -> int:
        return self.y + 5


@dataclass(frozen=True)
class Sheet:
    """A drawing of a year: its bars, its height, and where today is (None: another year)."""

    year: int
    bars: Sequence[Bar]
    today: float | None
    number: int
    of: int

    @property
    def bottom(self) -> int:
        return TOP + LINE * len(self.bars)

    @property
    def height(self) -> int:
        return self.bottom + FOOT

    @property
    def legend_y(self) -> int:
        return self.bottom + 26

    @property
    def width(self) -> int:
        return RIGHT

    @property
    def months(self) -> list[tuple[int, int, int]]:
        """Number, left edge and middle of each month."""
        edges = [(m, LEFT + (m - 1) * MONTH_WIDTH) for m in range(1, 13)]
        return [(m, x, x + MONTH_WIDTH // 2) for m, x in edges]


def across(day: date, year: int) -> float:
    """Where a day lies on the sheet of a year, held between its edges."""
    if day.year != year:
        return float(LEFT if day.year < year else RIGHT)
    within = (day.day - 1) / monthrange(year, day.month)[1]
    return round(LEFT + (day.month - 1 + within) * MONTH_WIDTH, 1)


def sheet(jobs: Iterable[Job], year: int, today: date, number: int = 1, of: int = 1) -> Sheet:
    """The drawing; jobs stand in the order given, a unit's name at its first."""
    bars: list[Bar] = []
    for n, each in enumerate(jobs):
        first = not bars or bars[-1].job.unit != each.unit
        bars.append(_bar(each, TOP + n * LINE, first, year, today))
    return Sheet(year, bars, across(today, year) if today.year == year else None, number, of)


def _bar(job: Job, y: int, first: bool, year: int, today: date) -> Bar:
    x, end = across(job.begin, year), across(job.end + timedelta(days=1), year)
    width = max(6.0, round(end - x, 1))
    x = min(x, RIGHT - width)
    reach = across(job.done or today, year) if job.late else x + width
    tail = max(0.0, round(reach - x - width, 1))
    label_x, anchor = _label(x, x + width + tail)
    return Bar(job, y, first, x, width, tail, label_x, anchor)


def _label(left: float, right: float) -> tuple[float, str]:
    """Beside the bar: to its right where there is room, else to its left, else within it."""
    if right + LABEL_WIDTH <= RIGHT:
        return right + 6, "start"
    if left - LABEL_WIDTH >= LEFT:
        return left - 6, "end"
    return left + 8, "start"
