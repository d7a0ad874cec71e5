"""When things were recorded against when they happened: late entries, month strips, rush (F30)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final

from shigan.facts import KINDS, notes, readings, units
from shigan.facts.faults import _
from shigan.judge.figures import Period, level, share
from shigan.judge.finding import Finding
from shigan.judge.tables import Tables
from shigan.maths.intervals import wilson
from shigan.policy import Rulebook

_APART: Final = {module.__name__ for module in (units, notes, readings)}
WORK: Final = tuple(k for k, cls in KINDS.items() if cls.__module__ not in _APART)
"""Kinds that tell of work done. Posts, units and rules are entered at set-up, readings write themselves:
both say nothing of diligence."""
OWN: Final = ("ResultRecorded", "ProgressReported", "FixClaimed", "TaskProgressed", "TaskFinished")
"""What a unit itself reports of its work, and could pile up at the year's end."""
MONTHS = range(1, 13)


@dataclass(slots=True)
class Strip:
    """What one subject's or unit's entries add up to."""

    n: int = 0
    late: list[int] = field(default_factory=list)
    happened: list[int] = field(default_factory=lambda: [0] * 12)
    recorded: list[int] = field(default_factory=lambda: [0] * 12)


def with_late(tables: Tables, rules: Rulebook) -> Any:
    """The headers of work done, with the column `late`: recorded later than the kind's limit."""
    entries = tables["entries"]
    limits = [(kind, rules.ledger.late_after(kind)) for kind in WORK]
    limit = entries.kind.cases(*limits, else_=rules.ledger.late_after(""))
    return entries.filter(entries.kind.isin(WORK)).mutate(late=entries.lag > limit)


def strips(tables: Tables, rules: Rulebook, period: Period, key: str) -> dict[str, Strip]:
    """By `by_unit`: what each unit recorded this year; by `code`: each person's or team's file."""
    seen = with_late(tables, rules)
    if key == "code":
        seen = seen.filter(seen.year == str(period.year), seen.recorded_on <= period.today)
    else:
        seen = seen.filter(seen.recorded_on.between(period.start, period.end))
    found: dict[str, Strip] = defaultdict(Strip)
    counted = seen.group_by(key, "happened", "recorded_on").agg(n=seen.count())
    for name, happened, recorded_on, n in tables.rows(counted):
        _add(found[name], happened, recorded_on, n, period.year)
    late = seen.filter(seen.late).order_by("position").select(key, "position")
    for name, position in tables.rows(late):
        found[name].late.append(position)
    return found


def _add(strip: Strip, happened: date, recorded_on: date, n: int, year: int) -> None:
    strip.n += n
    for day, months in ((happened, strip.happened), (recorded_on, strip.recorded)):
        if day.year == year:
            months[day.month - 1] += n


def late_findings(about: str, strip: Strip, rules: Rulebook) -> Iterator[Finding]:
    """Share of late entries and the two month strips; the late entries are the evidence."""
    asked = rules.appraisal.late.share_asked
    too_many = strip.n > 0 and 100 * len(strip.late) > asked.value * strip.n
    yield Finding(
        measure="late.share",
        about=about,
        evidence=tuple(strip.late),
        words=_("补录占比超过 {limit}%，请核实原因。") if too_many else "",
        values={"limit": str(asked.value)} if too_many else {},
        **share(len(strip.late), strip.n, rules),
    )
    for measure, months in (("late.happened", strip.happened), ("late.recorded", strip.recorded)):
        yield Finding(measure=measure, about=about, unit="条", n=sum(months), series=tuple(months))


@dataclass(frozen=True, slots=True)
class Window:
    """The latest year-end that has begun, and the ordinary days the ledger was in use within eleven months
    on either side of it. `start`…`end` are its days."""

    start: date
    end: date
    before: date
    after: date

    @property
    def days(self) -> int:
        return (self.end - self.start).days + 1

    @property
    def other_days(self) -> int:
        return (self.start - self.before).days + (self.after - self.end).days


def window(rules: Rulebook, period: Period, first: date) -> Window | None:
    """The year-end to look at, seen on `period`; None while the ledger (in use since `first`) has not seen as
    many ordinary days as the year-end has. The policy's months must follow one another."""
    months = rules.appraisal.rush.months.value
    year = period.year if date(period.year, months[0], 1) <= period.end else period.year - 1
    start = date(year, months[0], 1)
    last = date(year + months[-1] // 12, months[-1] % 12 + 1, 1) - timedelta(days=1)
    end = min(last, period.today)
    rest = timedelta(days=365 - (last - start).days - 1)
    found = Window(start, end, max(first, start - rest), min(period.today, last + rest))
    return found if first <= start and found.other_days >= found.days else None


def rush_findings(tables: Tables, rules: Rulebook, period: Period) -> dict[str, Finding]:
    """For each unit with enough facts of its own: the pace of the latest year-end against other days."""
    first = next(tables.rows(tables["entries"].agg(first=tables["entries"].recorded_on.min())))[0]
    seen = first and window(rules, period, first)
    if not seen:
        return {}
    piled: dict[str, list[int]] = defaultdict(list)
    total: dict[str, int] = defaultdict(int)
    for unit, position, day in tables.rows(_own_reports(tables, seen)):
        total[unit] += 1
        if seen.start <= day <= seen.end:
            piled[unit].append(position)
    least = rules.appraisal.rush.minimum.value
    return {unit: _rush(unit, piled[unit], n, seen, rules) for unit, n in sorted(total.items()) if n >= least}


def _own_reports(tables: Tables, seen: Window) -> Any:
    entries = tables["entries"]
    own = entries.filter(entries.kind.isin(OWN), entries.recorded_on.between(seen.before, seen.after))
    return own.order_by("position").select("unit", "position", "recorded_on")


def _rush(unit: str, piled: list[int], n: int, seen: Window, rules: Rulebook) -> Finding:
    pace = seen.days / seen.other_days
    low, high = (_times(each, pace) for each in wilson(len(piled), n, level(rules)))
    value = _times(len(piled) / n, pace)
    factor = rules.appraisal.rush.factor
    asked = value >= factor.value
    return Finding(
        measure="late.rush",
        about=unit,
        item=f"{seen.start:%Y-%m}",
        unit="倍",
        n=n,
        value=value,
        low=low,
        high=high,
        evidence=tuple(piled),
        words=_("{n} 条中有 {k} 条在 {month} 起的年末记入，日均是平时的 {times} 倍，请核实。")
        if asked
        else "",
        values={"month": f"{seen.start:%Y-%m}", "k": len(piled), "n": n, "times": f"{value:.1f}"}
        if asked
        else {},
    )


MOST_TIMES = 999.0
"""Shown where all facts fall into the year-end, so that the ratio has no bound."""


def _times(part: float, pace: float) -> float:
    """A part of all facts as «times the ordinary pace»."""
    return min(part / (1 - part) / pace, MOST_TIMES) if part < 1 else MOST_TIMES
