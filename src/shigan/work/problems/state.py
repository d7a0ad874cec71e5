"""A problem's life: raised, measures set, claimed, checked by others, closed, watched for relapse."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from shigan.facts import Fact
from shigan.facts.faults import _
from shigan.facts.problems import (
    ExtensionAsked,
    ExtensionDecided,
    FixClaimed,
    LetterAnswered,
    LetterSent,
    LetterStep,
    LookedBack,
    MeasureSet,
    ProblemDropped,
    ProblemRaised,
    ProblemReopened,
    ProgressReported,
    ResultChecked,
    Verdict,
)
from shigan.ledger.entry import Entry
from shigan.maths.workdays import add_months
from shigan.work.state import State, base, replace

RAISED, MEASURED, CLAIMED, PARTLY, FIXED, DROPPED = (
    _("待定措施"),
    _("整改中"),
    _("待核验"),
    _("部分解决"),
    _("已解决"),
    _("未解决了结"),
)
OPEN = (RAISED, MEASURED, CLAIMED, PARTLY)
AT_WORK = (RAISED, MEASURED, PARTLY)
"""Where the responsible unit must act. Only there a deadline can be missed: a claim waits for others."""
RELAPSED = _("反弹")
NEXT: dict[str, tuple[type[Fact], ...]] = {
    RAISED: (MeasureSet, ProgressReported, ProblemDropped),
    MEASURED: (FixClaimed, ProgressReported, MeasureSet, ExtensionAsked, ExtensionDecided, LetterSent,
               LetterAnswered, ProblemDropped),
    CLAIMED: (ResultChecked, LetterAnswered, ProblemDropped),
    PARTLY: (FixClaimed, ProgressReported, MeasureSet, ExtensionAsked, ExtensionDecided, LetterSent,
             LetterAnswered, ProblemDropped),
    FIXED: (LookedBack, ProblemReopened),
    DROPPED: (ProblemReopened,),
}  # fmt: skip
"""What may come next at each stage, the most usual first; the rules say whether it really may."""
LADDER = (LetterStep.REMINDER, LetterStep.SUPERVISION, LetterStep.ADMONITION)


@dataclass(frozen=True, kw_only=True)
class Problem(State):
    """`due` is the date to be solved by while open, and the next look-back once solved."""

    text: str = ""
    raised_by: str = ""
    raised_by_unit: str = ""
    goal: str = ""
    measures: str = ""
    term: str = ""
    deadline: date | None = None
    leader: str = ""
    owner: str = ""
    progress: str = ""
    result: str = ""
    evidence: str = ""
    claimed_by_unit: str = ""
    checked_by: str = ""
    method: str = ""
    found: str = ""
    extensions: int = 0
    asked_until: date | None = None
    claims: int = 0
    sent_back: int = 0
    reopened: int = 0
    closed: date | None = None
    looked_back: tuple[int, ...] = ()
    relapses: int = 0
    letter: str = ""
    letter_number: str = ""
    letter_day: date | None = None
    answer_due: date | None = None
    why: str = ""
    watch: tuple[int, ...] = ()

    def overdue(self, today: date) -> int:
        """Days past the deadline while the unit must act; 0 when in time, claimed or closed."""
        if self.stage not in AT_WORK or self.deadline is None:
            return 0
        return max(0, (today - self.deadline).days)


def fold(problem: Problem | None, entry: Entry) -> Problem:
    """The problem after one more entry."""
    fact, seq, day = entry.fact, entry.seq, entry.happened
    if isinstance(fact, ProblemRaised):
        return Problem(
            **base(entry),
            stage=RAISED,
            source=fact.source,
            topic=fact.category,
            origin=fact.origin,
            text=fact.text,
            raised_by=entry.by,
            raised_by_unit=entry.by_unit,
        )
    assert problem is not None, entry.subject
    problem = replace(problem, seq=seq)
    match fact:
        case MeasureSet():
            return replace(
                problem,
                stage=MEASURED,
                goal=fact.goal,
                measures=fact.measures,
                term=fact.term,
                deadline=fact.due,
                due=fact.due,
                leader=fact.leader,
                owner=fact.owner,
            )
        case ProgressReported():
            return replace(problem, progress=fact.text)
        case ExtensionAsked():
            return replace(problem, asked_until=fact.due)
        case ExtensionDecided():
            return _extended(problem, fact)
        case FixClaimed():
            return replace(
                problem,
                stage=CLAIMED,
                result=fact.result,
                evidence=fact.evidence,
                claims=problem.claims + 1,
                claimed_by_unit=entry.by_unit,
            )
        case ResultChecked():
            return _checked(replace(problem, checked_by=entry.by_unit), fact, day)
        case ProblemDropped():
            return replace(problem, stage=DROPPED, why=fact.why, closed=day, due=None)
        case ProblemReopened():
            return _back_to_work(replace(problem, reopened=problem.reopened + 1))
        case LookedBack():
            return _looked_back(problem, fact)
        case LetterSent():
            return replace(
                problem,
                letter=fact.step,
                letter_number=fact.number,
                letter_day=day,
                answer_due=fact.answer_due,
            )
        case LetterAnswered():
            return replace(problem, answer_due=None)
    return problem


def _extended(problem: Problem, fact: ExtensionDecided) -> Problem:
    if not fact.granted:
        return replace(problem, asked_until=None)
    until = problem.asked_until
    return replace(problem, deadline=until, due=until, asked_until=None, extensions=problem.extensions + 1)


def _checked(problem: Problem, fact: ResultChecked, day: date) -> Problem:
    problem = replace(problem, method=fact.method, found=fact.found, watch=fact.watch)
    if fact.verdict is Verdict.SOLVED:
        closed = replace(problem, stage=FIXED, closed=day, looked_back=(), answer_due=None)
        return replace(closed, due=next_look_back(closed))
    sent_back = replace(problem, sent_back=problem.sent_back + 1, due=problem.deadline)
    return replace(sent_back, stage=PARTLY if fact.verdict is Verdict.PARTLY else MEASURED)


def _back_to_work(problem: Problem) -> Problem:
    """Open again: the old deadline is spent, so a new one must be set; the ladder of letters begins anew."""
    return replace(
        problem,
        stage=MEASURED,
        closed=None,
        due=None,
        deadline=None,
        asked_until=None,
        extensions=0,
        looked_back=(),
        letter="",
        answer_due=None,
        why="",
    )


def _looked_back(problem: Problem, fact: LookedBack) -> Problem:
    if fact.relapsed:
        return replace(_back_to_work(problem), mark=RELAPSED, relapses=problem.relapses + 1, found=fact.found)
    seen = replace(problem, looked_back=(*problem.looked_back, fact.months), found=fact.found)
    return replace(seen, due=next_look_back(seen))


def next_look_back(problem: Problem) -> date | None:
    """The day of the next look-back that has not been made."""
    months = next_watch(problem)
    return add_months(problem.closed, months) if months and problem.closed else None


def next_watch(problem: Problem) -> int | None:
    """How many months after closing the next look-back is planned."""
    done = max(problem.looked_back, default=0)
    return next((m for m in problem.watch if m > done), None)
