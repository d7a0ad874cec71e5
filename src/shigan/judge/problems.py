"""What became of the problems a unit must solve, and of those a person owns (M2)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from shigan.facts.problems import Verdict
from shigan.judge.copies import Text, copied
from shigan.judge.figures import Period, count, median, share
from shigan.judge.finding import Finding
from shigan.judge.tables import Tables
from shigan.policy import Rulebook

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "ProblemRaised": ("unit",),
    "MeasureSet": ("due", "owner", "goal", "measures"),
    "ProgressReported": ("text",),
    "ExtensionAsked": ("due",),
    "ExtensionDecided": ("granted",),
    "FixClaimed": ("result",),
    "ResultChecked": ("verdict",),
    "ProblemDropped": (),
    "ProblemReopened": (),
    "LookedBack": ("relapsed",),
}
"""What is read of each kind of fact about a problem."""


class Event(NamedTuple):
    """One entry about a problem. `told` are the values of COLUMNS."""

    subject: str
    seq: int
    kind: str
    position: int
    day: date
    told: tuple[Any, ...]


class Act(NamedTuple):
    """A check, look-back or report: where it stands in the ledger, when, and whether it came out well.
    `claim`: the report claims that the problem is solved."""

    position: int
    day: date
    good: bool = True
    text: str = ""
    claim: bool = False


@dataclass(slots=True)
class Case:
    """A problem's history as far as figures need it. `closed` and `dropped` are None while it is open."""

    code: str
    unit: str
    raised: Act
    owner: str = ""
    plan: Act | None = None
    deadline: date | None = None
    asked: date | None = None
    claimed: bool = False
    reports: list[Act] = field(default_factory=list)
    checks: list[Act] = field(default_factory=list)
    looks: list[Act] = field(default_factory=list)
    closed: Act | None = None
    dropped: Act | None = None

    @property
    def open(self) -> bool:
        return self.closed is None and self.dropped is None


def cases(tables: Tables, today: date) -> list[Case]:
    """All problems as they stood on a day, in order of their codes."""
    found: dict[str, Case] = {}
    for event in _events(tables, today):
        if event.kind == "ProblemRaised":
            act = Act(event.position, event.day)
            found[event.subject] = Case(event.subject, event.told[0], act)
        elif event.subject in found:
            _follow(found[event.subject], event)
    return list(found.values())


def _events(tables: Tables, today: date) -> list[Event]:
    events = []
    for kind, columns in COLUMNS.items():
        table = tables[kind]
        seen = table.filter(table.happened <= today)
        wanted = seen.select("subject", "seq", "position", "happened", *columns)
        for subject, seq, position, day, *told in tables.rows(wanted):
            events.append(Event(subject, seq, kind, position, day, tuple(told)))
    return sorted(events, key=lambda event: (event.subject, event.seq))


def _follow(case: Case, event: Event) -> None:
    """The case after one more entry; the same story as `work.problems.fold` tells (a test compares them)."""
    told, act = event.told, Act(event.position, event.day)
    match event.kind:
        case "MeasureSet":
            case.deadline, case.owner = told[0], told[1]
            case.plan = act._replace(text=told[2] + told[3])
        case "ProgressReported" | "FixClaimed":
            case.claimed = event.kind == "FixClaimed"
            case.reports.append(act._replace(text=told[0], claim=case.claimed))
        case "ExtensionAsked":
            case.asked = told[0]
        case "ExtensionDecided":
            case.deadline, case.asked = (case.asked if told[0] else case.deadline), None
        case "ResultChecked":
            act = act._replace(good=told[0] == Verdict.SOLVED)
            case.checks.append(act)
            case.closed, case.claimed = (act if act.good else None), False
        case "LookedBack":
            case.looks.append(act._replace(good=not told[0]))
            if told[0]:
                case.closed = case.deadline = case.asked = None
        case "ProblemDropped":
            case.dropped = act
        case "ProblemReopened":
            case.closed = case.dropped = case.deadline = case.asked = None
            case.claimed = False


def by_unit(all_cases: Iterable[Case]) -> dict[str, list[Case]]:
    """The cases of each responsible unit."""
    return _grouped((case.unit, case) for case in all_cases)


def by_owner(all_cases: Iterable[Case]) -> dict[str, list[Case]]:
    """The cases of each person named as responsible (责任人) in the last measures set."""
    return _grouped((case.owner, case) for case in all_cases if case.owner)


def _grouped(pairs: Iterable[tuple[str, Case]]) -> dict[str, list[Case]]:
    groups: dict[str, list[Case]] = defaultdict(list)
    for key, case in pairs:
        groups[key].append(case)
    return groups


def problem_findings(
    about: str, mine: Sequence[Case], period: Period, rules: Rulebook, paper: Mapping[str, Sequence[int]]
) -> Iterator[Finding]:
    """The figures of one unit's or person's problems in the year; `paper` as `paper_reports` gives it."""
    fixed = [c for c in mine if c.closed and c.closed.day in period]
    checks = [k for c in mine for k in c.checks if k.day in period]
    yield count("problems.raised", about, (c.raised.position for c in mine if c.raised.day in period))
    yield count("problems.open", about, (c.raised.position for c in mine if c.open))
    yield count("problems.overdue", about, (c.raised.position for c in mine if _overdue(c, period.today)))
    yield count("problems.fixed", about, (c.closed.position for c in fixed if c.closed))
    yield count(
        "problems.dropped",
        about,
        (c.dropped.position for c in mine if c.dropped and c.dropped.day in period),
    )
    yield count("problems.sent_back", about, (k.position for k in checks if not k.good), "次")
    yield _first_check(about, mine, period, rules)
    yield _relapse(about, mine, period, rules)
    yield _days(about, fixed, rules)
    copies = [r for c in mine for r in c.reports if r.position in paper.get(c.code, ()) and r.day in period]
    yield count("problems.paper", about, (r.position for r in copies))


def _overdue(case: Case, today: date) -> bool:
    """Past its deadline, and the unit must act: a claim that waits for its check is no delay of the unit."""
    return case.open and not case.claimed and case.deadline is not None and case.deadline < today


def _first_check(about: str, mine: Sequence[Case], period: Period, rules: Rulebook) -> Finding:
    first = [c.checks[0] for c in mine if c.checks and c.checks[0].day in period]
    return Finding(
        measure="problems.first_check",
        about=about,
        evidence=tuple(k.position for k in first),
        **share(sum(k.good for k in first), len(first), rules),
    )


def _relapse(about: str, mine: Sequence[Case], period: Period, rules: Rulebook) -> Finding:
    looked = [looks for c in mine if (looks := [k for k in c.looks if k.day in period])]
    relapsed = sum(any(not k.good for k in looks) for looks in looked)
    return Finding(
        measure="problems.relapse",
        about=about,
        evidence=tuple(k.position for ks in looked for k in ks),
        **share(relapsed, len(looked), rules),
    )


def _days(about: str, fixed: Sequence[Case], rules: Rulebook) -> Finding:
    closed = [(c.raised, c.closed) for c in fixed if c.closed]
    return Finding(
        measure="problems.days",
        about=about,
        unit="日",
        evidence=tuple(k.position for _raised, k in closed),
        **median([(k.day - raised.day).days for raised, k in closed], rules),
    )


class Written(NamedTuple):
    """A text about a problem: where it stands in the ledger, whose it is, and with what it is compared."""

    position: int
    code: str
    text: Text


def paper_reports(all_cases: Iterable[Case]) -> dict[str, list[int]]:
    """For each problem the reports (progress or claim) that tell nothing new (F18): the text repeats the plan
    of the problem, a text of another problem of the same unit, or the progress reported of it before.

    The problem's own words are not compared: they may be what people complained of (red line 4)."""
    written = sorted(text for case in all_cases for text in _written(case))
    found: dict[str, set[int]] = defaultdict(set)
    for copy in copied([text for _position, _code, text in written]):
        position, code, _text = written[copy.text]
        found[code].add(position)
    return {code: sorted(positions) for code, positions in found.items()}


def _written(case: Case) -> Iterator[Written]:
    """The texts of a problem. A claim may sum up the progress that was reported, progress may not stand
    still: so reports of progress are also compared with one another, in a scope of their problem."""
    if case.plan:
        plan = Text(f"{case.code} plan", case.unit, case.plan.text, judged=False)
        yield Written(case.plan.position, case.code, plan)
    for act in case.reports:
        yield Written(act.position, case.code, Text(case.code, case.unit, act.text))
        if not act.claim:
            again = Text(f"{case.code} {act.position}", case.code, act.text)
            yield Written(act.position, case.code, again)
