"""A year's file of a person, a team, a comparison group. No grade is computed."""

from __future__ import annotations

from dataclasses import dataclass

from shigan.facts import Fact, Part
from shigan.facts.appraisal import (
    AppealDecided,
    AppealExtended,
    AppealMade,
    Decision,
    DutyReported,
    EvaluationCounted,
    GradesDecided,
    LeaveTaken,
    NegativeListed,
    ResultNotified,
    ResultRecorded,
    ReviewDecided,
    ReviewRequested,
    RoutineGraded,
    SheetsEntered,
    StatementMade,
)
from shigan.facts.faults import _
from shigan.ledger.entry import Entry
from shigan.work.state import State, base, replace

GATHERING, NOTIFIED, IN_REVIEW, REVIEWED, IN_APPEAL, CLOSED = (
    _("考核中"),
    _("结果已告知"),
    _("复核中"),
    _("复核已答复"),
    _("申诉中"),
    _("申诉已决定"),
)
DECIDED = _("已决定")
EXCELLENT = _("优秀")
UNGRADED = (_("不定等次"), _("不进行考核"))
NEXT: dict[str, tuple[type[Fact], ...]] = {
    GATHERING: (StatementMade, ResultNotified),
    NOTIFIED: (ReviewRequested, AppealMade, StatementMade),
    IN_REVIEW: (ReviewDecided,),
    REVIEWED: (AppealMade,),
    IN_APPEAL: (AppealDecided, AppealExtended),
    CLOSED: (),
    DECIDED: (GradesDecided,),
}


@dataclass(frozen=True, kw_only=True)
class PersonYear(State):
    """A person's file of one year. `due` is the legal date that runs at present."""

    routine: tuple[str, str, str, str] = ("", "", "", "")
    counted: tuple[str, ...] = ()
    results: int = 0
    leave_days: int = 0
    negatives: tuple[str, ...] = ()
    reported_duty: bool = False
    statement: str = ""
    grade: str = ""
    outcome: str = ""
    extended: bool = False


@dataclass(frozen=True, kw_only=True)
class Entered(Part):
    """The single sheets of one class of one session: who is judged on them."""

    sheet: str
    targets: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class TeamYear(State):
    """A leadership team's file of one year; `entered` are the sheets of the sessions that its unit held."""

    counted: tuple[str, ...] = ()
    entered: tuple[Entered, ...] = ()
    results: int = 0


@dataclass(frozen=True, kw_only=True)
class GroupYear(State):
    """The committee's decisions on one comparison group in one year."""

    decisions: tuple[Decision, ...] = ()
    pool: int = 0
    meetings: tuple[str, ...] = ()

    def grade_of(self, person: str) -> Decision | None:
        """The decision on a person, if there is one."""
        return next((d for d in self.decisions if d.person == person), None)


def fold_person_year(year: PersonYear | None, entry: Entry) -> PersonYear:
    """The person's year after one more entry."""
    year = year or PersonYear(**base(entry), stage=GATHERING)
    fact, year = entry.fact, replace(year, seq=entry.seq, unit=entry.unit or year.unit)
    match fact:
        case RoutineGraded():
            grades = list(year.routine)
            grades[fact.quarter - 1] = fact.grade
            return replace(year, routine=(grades[0], grades[1], grades[2], grades[3]))
        case EvaluationCounted():
            return replace(year, counted=(*year.counted, sheet(fact)))
        case ResultRecorded():
            return replace(year, results=year.results + 1)
        case LeaveTaken():
            return replace(year, leave_days=year.leave_days + fact.days)
        case NegativeListed():
            return replace(year, negatives=(*year.negatives, fact.item))
        case DutyReported():
            return replace(year, reported_duty=True)
        case StatementMade():
            return replace(year, statement=fact.text)
    return _reviewed(year, fact)


def _reviewed(year: PersonYear, fact: Fact | None) -> PersonYear:
    match fact:
        case ResultNotified():
            return replace(year, stage=NOTIFIED, grade=fact.grade, due=fact.until)
        case ReviewRequested():
            return replace(year, stage=IN_REVIEW, due=fact.until)
        case ReviewDecided():
            return replace(year, stage=REVIEWED, outcome=fact.outcome, due=fact.until)
        case AppealMade():
            return replace(year, stage=IN_APPEAL, due=fact.until)
        case AppealExtended():
            return replace(year, due=fact.until, extended=True)
        case AppealDecided():
            return replace(year, stage=CLOSED, outcome=fact.outcome, due=None)
    return year


def fold_team_year(year: TeamYear | None, entry: Entry) -> TeamYear:
    """The team's year after one more entry."""
    year = year or TeamYear(**base(entry), stage=GATHERING)
    fact, year = entry.fact, replace(year, seq=entry.seq)
    if isinstance(fact, EvaluationCounted):
        return replace(year, counted=(*year.counted, sheet(fact)))
    if isinstance(fact, SheetsEntered):
        return replace(year, entered=(*year.entered, Entered(sheet=sheet(fact), targets=fact.targets)))
    return replace(year, results=year.results + isinstance(fact, ResultRecorded))


def fold_group_year(year: GroupYear | None, entry: Entry) -> GroupYear:
    """The group's year after one more entry."""
    year = year or GroupYear(**base(entry), stage=GATHERING)
    fact, year = entry.fact, replace(year, seq=entry.seq)
    if isinstance(fact, GradesDecided):
        kept = tuple(d for d in year.decisions if d.person not in {n.person for n in fact.decisions})
        return replace(
            year,
            stage=DECIDED,
            decisions=kept + fact.decisions,
            pool=year.pool + fact.pool,
            meetings=(*year.meetings, fact.meeting),
        )
    return year


def sheet(fact: EvaluationCounted | SheetsEntered) -> str:
    """One class of one session, which is counted or entered once."""
    return f"{fact.session}·{fact.voters}"
