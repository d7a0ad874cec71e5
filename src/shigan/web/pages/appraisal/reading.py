"""Who is appraised with whom in a year, and what there is about them."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.http import Http404
from django.utils import timezone

from shigan.facts.appraisal import Decision
from shigan.facts.faults import Fault
from shigan.facts.units import Rank, UnitKind
from shigan.judge.profile import Profile
from shigan.policy import Rulebook, Scheme
from shigan.policy.schemes import Subject
from shigan.web import boards, naming, store
from shigan.web.models import StateRow
from shigan.work.appraisal import UNGRADED, GroupYear, PersonYear, TeamYear
from shigan.work.state import State
from shigan.work.units import IN_POST, STANDING, Group, Person

QUARTERS = (1, 2, 3, 4)
RANKS = [str(rank) for rank in Rank]


@dataclass(frozen=True)
class Member:
    """One member of a comparison group: where it stands, its file of the year, its findings, its decision."""

    code: str
    unit: str
    rank: str
    file: PersonYear | TeamYear | None
    profile: Profile | None
    decision: Decision | None

    @property
    def label(self) -> str:
        """The name for pictures."""
        return naming.name(self.code)


def this_year() -> int:
    """The year that is being appraised when nobody says which."""
    return timezone.localdate().year


def checked(year: int) -> int:
    """The year, or 404 when no ledger can know it."""
    if not 2000 <= year <= this_year():
        raise Http404(str(year))
    return year


def quarters_over(year: int, today: date) -> int:
    """How many quarters of the year are over, 0 to 4."""
    return 4 if year < today.year else (today.month - 1) // 3


def scheme_of(name: str, rules: Rulebook) -> Scheme | None:
    """The appraisal scheme of that name, if the rule book has it."""
    try:
        return rules.schemes.of(name)
    except Fault:
        return None


def is_of_teams(scheme: Scheme | None) -> bool:
    """Whether a group under this scheme compares leadership teams, not persons."""
    return scheme is not None and scheme.subject is Subject.TEAM


def grades_of(scheme: Scheme | None, rules: Rulebook) -> tuple[str, ...]:
    """The grades the committee may give under a scheme, best first; for persons also those of no grade."""
    grades = rules.appraisal.grades
    if is_of_teams(scheme):
        return grades.team.value
    of_institution = scheme is not None and scheme.unit_kind is UnitKind.INSTITUTION
    return (*(grades.institution if of_institution else grades.leader).value, *UNGRADED)


def roster_order(state: State) -> tuple[str, int, str]:
    """The fixed order of a roster: unit, rank of the post, code; never a result."""
    rank = RANKS.index(state.source) if state.source in RANKS else len(RANKS)
    return state.unit, rank, state.subject


def in_group(group: Group, scheme: Scheme | None) -> list[State]:
    """The members of a comparison group today, in roster order."""
    key, stage = ("U", STANDING) if is_of_teams(scheme) else ("P", IN_POST)
    rows = store.listing(key).filter(topic=group.subject, stage=stage)
    return sorted(map(store.read_state, rows), key=roster_order)


def persons_in(group: str) -> list[str]:
    """The codes of the officials in a comparison group today; none where it compares teams."""
    return list(store.listing("P").filter(topic=group, stage=IN_POST).values_list("subject", flat=True))


def in_unit(unit: str, *, team: bool = False) -> list[Person]:
    """The officials of a unit, in roster order; only those in the leadership team if asked."""
    rows = store.listing("P").filter(unit=unit, stage=IN_POST)
    found = [p for p in map(store.read_state, rows) if isinstance(p, Person) and (p.in_team or not team)]
    return sorted(found, key=roster_order)


def files(codes: Iterable[str], year: int) -> dict[str, State]:
    """The files of a year by code of person or team, in one query."""
    found = store.states(Q(subject__in=[f"{code}/{year}" for code in codes]))
    return {subject.split("/")[0]: state for subject, state in found.items()}


def members(states: list[State], year: int, decided: GroupYear | None = None) -> list[Member]:
    """Members with all that is known of them, in two queries."""
    codes = [state.subject for state in states]
    kind = boards.TEAM if codes and codes[0].startswith("U") else boards.PERSON
    filed, profiled = files(codes, year), boards.profiles(kind, codes, year)
    return [
        Member(
            s.subject,
            s.unit,
            s.source,
            _file(filed.get(s.subject)),
            profiled.get(s.subject),
            decided.grade_of(s.subject) if decided else None,
        )
        for s in states
    ]


def _file(state: State | None) -> PersonYear | TeamYear | None:
    return state if isinstance(state, PersonYear | TeamYear) else None


def decided_in(group: str, year: int) -> GroupYear | None:
    """What the committee decided on a comparison group."""
    state = store.state(f"{group}/{year}") if group else None
    return state if isinstance(state, GroupYear) else None


def entered(year: int) -> dict[str, int]:
    """On how many classes' sheets, entered one by one, each official or team was judged in a year."""
    rows = StateRow.objects.filter(key="U/", subject__endswith=f"/{year}", body__contains='"entered"')
    found: dict[str, int] = defaultdict(int)
    for body in rows.values_list("body", flat=True):
        for sheets in json.loads(body)["entered"]:
            for target in sheets["targets"]:
                found[target] += 1
    return found


@dataclass
class Missing:
    """How many members of a group there are, and how many still lack something."""

    members: int = 0
    routine: int = 0
    sheets: int = 0
    results: int = 0


def missing(key: str, rows: Iterable[tuple[str, str]], year: int, today: date) -> dict[str, Missing]:
    """What is missing in each comparison group; `rows` are (code, group) of persons (`P`) or teams (`U`)."""
    of_year = StateRow.objects.filter(key=f"{key}/", subject__endswith=f"/{year}")
    bodies = {
        subject.split("/")[0]: json.loads(body) for subject, body in of_year.values_list("subject", "body")
    }
    found: dict[str, Missing] = defaultdict(Missing)
    over, sheets = quarters_over(year, today), entered(year)
    for code, group in rows:
        body, own = bodies.get(code, {}), found[group]
        own.members += 1
        own.sheets += not body.get("counted") and not sheets.get(code)
        own.results += not body.get("results")
        own.routine += key == "P" and not all((body.get("routine") or [""] * 4)[:over])
    return found
