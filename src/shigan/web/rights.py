"""Who may do what: one function, deny by default, over the organization tree."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.utils import timezone

from shigan.facts.faults import _
from shigan.facts.readings import FilePart
from shigan.ledger.entry import Entry
from shigan.web import store
from shigan.web.models import Account, EntryRow, StateRow
from shigan.work.readings import READ
from shigan.work.state import State
from shigan.work.things import key_of

ADMIN, OFFICER, LEADER, CLERK, OFFICIAL, AUDITOR = (
    "admin",
    "officer",
    "leader",
    "clerk",
    "official",
    "auditor",
)
ROLES = {
    ADMIN: _("系统管理员"), OFFICER: _("组工干部"), LEADER: _("领导"), CLERK: _("联络员"),
    OFFICIAL: _("干部"), AUDITOR: _("监督人员"),
}  # fmt: skip

_LISTS = {"see:Q", "see:V", "see:K", "see:M", "see:T", "see:U", "see:D"}
_APPRAISAL = {"see:P", "see:P/", "see:U/", "see:G", "see:G/", "see:B", "FileRead", "ReadingAsked"}
_EVERYBODY = {"see:rules", "see:R", "see:ledger", "see:S", "see:K", "see:T", "search", "tokens"}
_UNIT_WORK = {
    "ProblemRaised", "MeasureSet", "ProgressReported", "ExtensionAsked", "FixClaimed", "LetterAnswered",
    "ResultChecked", "LookedBack", "ProblemReopened", "VisitHeld", "VoiceHeard", "PromiseMade",
    "ReturnVisited", "PracticeNoted", "PracticeUsed", "MeetingPlanned", "OpinionHeard", "TalksHeld",
    "LastItemsReported", "MeetingHeld", "MeetingReported", "TaskProgressed", "TaskFinished",
    "DocumentRegistered", "DocumentWithdrawn",
}  # fmt: skip
_OFFICE_WORK = _UNIT_WORK | {
    "ExtensionDecided", "ProblemDropped", "LetterSent", "TaskSet", "UnitFounded", "UnitChanged", "UnitClosed",
    "PersonPosted", "PersonLeft", "GroupFormed", "RoutineGraded", "ResultRecorded", "EvaluationCounted",
    "SheetsEntered", "DutyReported", "SanctionImposed", "LeaveTaken", "NegativeListed", "ResultNotified",
    "ReviewDecided", "AppealExtended", "AppealDecided", "SuggestionAnswered", "BoxOpened", "BoxClosed",
    "ReadingGranted", "ReadingDeclined",
}  # fmt: skip
_OWN = {"see:P/", "see:P", "StatementMade", "ReviewRequested", "AppealMade"}
_LEADING = {
    "GradesDecided", "ProblemRaised", "ProblemReopened", "ResultChecked", "LookedBack", "ExtensionDecided",
    "ProblemDropped", "VisitHeld", "VoiceHeard", "PromiseMade", "ReturnVisited", "PracticeNoted",
    "ReadingGranted", "ReadingDeclined",
}  # fmt: skip

PERMITS: dict[str, set[str]] = {
    ADMIN: {"accounts", "see:A", "seal"},
    OFFICER: _LISTS
    | _APPRAISAL
    | _OFFICE_WORK
    | {
        "import",
        "export",
        "seal",
        "adopt",
        "burden",
        "letters",
        "token_roll",
        "erase",
        "erase_decide",
        "see:E",
        "correct",
    },
    LEADER: _LISTS | _APPRAISAL | _LEADING | {"export", "burden", "adopt", "see:E", "erase_decide"},
    CLERK: _LISTS | _UNIT_WORK | {"burden", "correct"},
    OFFICIAL: {"see:Q", "see:K"},
    AUDITOR: _LISTS | _APPRAISAL | {"export", "burden", "seal", "token_roll", "see:E", "see:F", "erase:F"},
}
"""What a role may do within its scope. A fact's name stands for writing it."""

_OTHERS_WORK = {"ResultChecked", "LookedBack", "ProblemReopened", "PracticeUsed", "VisitHeld"}
"""Outside the own unit's scope: look at others' results, reopen what one raised, go there, use what works."""


def may(user: Any, action: str, thing: State | StateRow | str | None = None) -> bool:
    """Whether an account may do something to a thing, given as its state or (before it exists) its unit code.

    Unknown actions, inactive accounts and strangers: no.
    """
    if not isinstance(user, Account) or not user.is_active:
        return False
    if action in _OWN and _is_own(user, thing):
        return True
    if action in _EVERYBODY:
        return True
    if action not in PERMITS.get(user.role, set()):
        return False
    return thing is None or action in _OTHERS_WORK or _in_scope(user, thing) or _sent(user, thing)


def sees(user: Any, code: str, unit: str) -> bool:
    """Whether an account may read about a thing: by the thing's unit, or because it is the own record."""
    action = f"see:{key_of(code)}"
    return may(user, action, unit) or may(user, action, code)


def may_erase(user: Any, code: str = "", unit: str = "") -> bool:
    """Whether an account may ask that words be deleted: at all, or those of a thing of a unit."""
    thing, kinds = unit or None, ("erase", f"erase:{key_of(code)}") if code else ("erase", "erase:F")
    return any(may(user, each, thing) for each in kinds)


def reads(user: Any, entry: Entry | EntryRow) -> bool:
    """Whether an account may read what an entry says.

    What was said on a visit is kept from the host; an unsigned suggestion is read by who answers it, until it
    is published with its answer.
    """
    if entry.kind == "SuggestionMade":
        return may(user, "SuggestionAnswered", entry.unit)
    if entry.kind == "VoiceHeard":
        return hears(user, host=entry.unit, sender=entry.by_unit)
    if entry.subject.startswith("F") and entry.by == _code(user):
        return True
    return sees(user, entry.subject, entry.unit) and not closed(user, entry)


def closed(user: Any, entry: Entry | EntryRow) -> bool:
    """Whether it stands in a personal file that the account has not opened today (shigan.web.opening).

    What the account wrote itself and what is in the own file it may always read; marked records of others
    only on the page of their approval.
    """
    about = _file(entry)
    if not about or _code(user) in ("", about, entry.by):
        return False
    marked, opened = _open(user)
    if about.startswith("P") and (entry.kind in marked or entry.kind == "EntryCorrected"):
        return True
    return about not in opened


def _file(entry: Entry | EntryRow) -> str:
    """Whose personal file an entry stands in: a person's, or that of a group whose grades were decided."""
    about, _slash, year = entry.subject.partition("/")
    return about if about.startswith("P") or (about.startswith("G") and year) else ""


def _code(user: Any) -> str:
    return user.code if isinstance(user, Account) else ""


def _open(user: Account) -> tuple[frozenset[str], set[str]]:
    """The marked kinds, and the files that an account opened today; asked for once a request."""
    known = vars(user)
    if "open_files" not in known:
        read = StateRow.objects.filter(key="F", mark=user.code, stage=READ, since=timezone.localdate())
        opened = set(read.exclude(source=FilePart.MARKED).values_list("origin", flat=True))
        known["open_files"] = (store.rulebook().readings.marked_kinds(), opened)
    files: tuple[frozenset[str], set[str]] = known["open_files"]
    return files


def forget_open(user: Account) -> None:
    """Look anew at what is open: something was just opened."""
    vars(user).pop("open_files", None)


def hears(user: Any, *, host: str, sender: str) -> bool:
    """Whether an account may read what was said on a visit: never the host's, who could guess who said it."""
    if not may(user, "see:V"):
        return False
    return user.unit == sender or (user.unit != host and scope(user) is None)


def require(user: Any, action: str, thing: State | StateRow | str | None = None) -> None:
    """Raise `PermissionDenied` unless the account may."""
    if not may(user, action, thing):
        raise PermissionDenied


def visible_to(user: Account, rows: QuerySet[StateRow]) -> QuerySet[StateRow]:
    """Only the rows within the account's scope, and what its unit raised itself."""
    units = scope(user)
    return rows if units is None else rows.filter(Q(unit__in=units) | Q(key="V", origin__in=units))


def scope(user: Account) -> set[str] | None:
    """The units an account sees: None for the whole county, else its unit and all below it.

    Worked out once for each object of an account, so once a request.
    """
    known = vars(user)
    if "scope" not in known:
        known["scope"] = _scope(user)
    units: set[str] | None = known["scope"]
    return units


def _scope(user: Account) -> set[str] | None:
    if user.role in (OFFICER, LEADER, AUDITOR) and not _is_township(user.unit):
        return None
    return below(user.unit)


def below(unit: str) -> set[str]:
    """A unit and all units under it."""
    parents = parent_of()
    units, grown = {unit}, True
    while grown:
        more = {code for code, parent in parents.items() if parent in units}
        grown = not more <= units
        units |= more
    return units


_parents: tuple[int, dict[str, str], dict[str, str]] = (-1, {}, {})


def _units() -> tuple[int, dict[str, str], dict[str, str]]:
    """Parent and kind of every unit; read again when a unit was added or changed."""
    global _parents
    from django.db.models import Sum

    rows = StateRow.objects.filter(key="U")
    version = rows.aggregate(n=Sum("seq"))["n"] or 0
    if version != _parents[0]:
        found = list(rows.values_list("subject", "origin", "source"))
        _parents = (version, {c: p for c, p, _k in found}, {c: k for c, _p, k in found})
    return _parents


def parent_of() -> dict[str, str]:
    """The parent unit of every unit."""
    return _units()[1]


def county_code() -> str:
    """The unit that is the county itself, at the top of the tree."""
    return next((code for code, kind in _units()[2].items() if kind == "县"), "U001")


def kind_of(unit: str) -> str:
    """The kind of a unit, or nothing where there is no such unit."""
    return _units()[2].get(unit, "")


def _is_township(unit: str) -> bool:
    return kind_of(unit) in ("乡镇街道", "村社区")


def _in_scope(user: Account, thing: State | StateRow | str) -> bool:
    unit = thing if isinstance(thing, str) else thing.unit
    units = scope(user)
    return units is None or unit in units


def _sent(user: Account, thing: State | StateRow | str) -> bool:
    """Whether it is a visit that the account's own unit made."""
    return not isinstance(thing, str) and thing.subject.startswith("V") and thing.origin == user.unit


def _is_own(user: Account, thing: State | StateRow | str | None) -> bool:
    code = thing if isinstance(thing, str) else thing.subject if thing is not None else ""
    return code.split("/")[0] == user.code
