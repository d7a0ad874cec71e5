"""The comparison groups of a year, and the board of one of them: no order of merit, no sum."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.cache import cache
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext

from shigan.facts.appraisal import Area
from shigan.facts.readings import FilePart
from shigan.judge.book import COUNTY
from shigan.policy import Rulebook, Scheme
from shigan.policy.schemes import Subject
from shigan.web import boards, figures, naming, opening, pictures, rights, store
from shigan.web.figures import Figure, figure
from shigan.web.pages.acts import author, found
from shigan.web.pages.appraisal import paper, reading
from shigan.web.pages.appraisal.reading import Member, Missing
from shigan.work.appraisal import EXCELLENT, GroupYear, PersonYear
from shigan.work.units import IN_POST, STANDING, Group

FOUND_AT_MOST = 30
PER_PAGE = 50
KEPT_SECONDS = 60
"""A renamed person is seen on a kept board after this long at the latest."""


@dataclass(frozen=True)
class Line:
    """One comparison group in the list."""

    group: Group
    of_teams: bool
    missing: Missing
    quota: Figure | None
    excellent: int
    decided: int
    pool: int


def groups(request: HttpRequest) -> HttpResponse:
    """The comparison groups of the year: members, what is missing, quota, decided or not; a search."""
    rights.require(request.user, "see:P/")
    today, year = timezone.localdate(), _year(request)
    rules, wanted = store.rulebook(), request.GET.get("q", "").strip()
    county = boards.profile(boards.GROUP, COUNTY, year)
    lines = list(_lines(request.user, year, today, rules))
    return render(
        request,
        "appraisal/groups.html",
        {
            "section": "appraisal",
            "year": year,
            "years": (year - 1, year + 1) if year < today.year else (year - 1,),
            "lines": lines,
            "pools": figures.figures(county, ("quota.pool",)),
            "q": wanted,
            "people": search(request.user, wanted, year) if wanted else [],
            "used": sum(line.pool for line in lines),
            "quarters": reading.quarters_over(year, today),
            "may_record": rights.may(request.user, "RoutineGraded"),
        },
    )


def _year(request: HttpRequest) -> int:
    given = request.GET.get("year", "")
    return reading.checked(int(given)) if given.isdecimal() else reading.this_year()


def _lines(user: Any, year: int, today: date, rules: Rulebook) -> Iterable[Line]:
    gaps = {}
    for key, stage in (("P", IN_POST), ("U", STANDING)):
        rows = rights.visible_to(user, store.listing(key).filter(stage=stage).exclude(topic=""))
        gaps[key] = reading.missing(key, rows.values_list("subject", "topic"), year, today)
    profiles = boards.every(boards.GROUP, year)
    decided = {
        s.subject.split("/")[0]: s
        for s in map(store.read_state, store.listing("G/").filter(subject__endswith=f"/{year}"))
    }
    for group in map(store.read_state, rights.visible_to(user, store.listing("G")).order_by("subject")):
        assert isinstance(group, Group)
        of_teams = reading.is_of_teams(reading.scheme_of(group.topic, rules))
        state = decided.get(group.subject)
        yield _line(
            group,
            of_teams,
            gaps["U" if of_teams else "P"].get(group.subject, Missing()),
            figure(profiles.get(group.subject), "quota.excellent"),
            state if isinstance(state, GroupYear) else None,
        )


def _line(
    group: Group, of_teams: bool, gap: Missing, quota: Figure | None, decided: GroupYear | None
) -> Line:
    decisions = decided.decisions if decided else ()
    excellent = sum(d.grade == EXCELLENT for d in decisions)
    return Line(group, of_teams, gap, quota, excellent, len(decisions), decided.pool if decided else 0)


def search(user: Any, wanted: str, year: int) -> list[tuple[str, str]]:
    """Persons and units whose name or code holds the words, with the address of their page of the year."""
    codes = [
        c for letter in "PU" for c, name in naming.options(letter) if wanted in name or wanted.upper() == c
    ]
    rows = rights.visible_to(user, store.listing("P") | store.listing("U")).filter(pk__in=codes[:500])
    return [(row.subject, f"{row.subject}/{year}") for row in rows.order_by("subject")[:FOUND_AT_MOST]]


@dataclass(frozen=True)
class Row:
    """One member on the group's board."""

    member: Member
    areas: list[tuple[str, Figure | None, SafeString | str]]
    evaluation: Figure | None
    why: str
    alike: Figure | None
    routine: tuple[str, ...]
    problems: list[Figure]
    late: Figure | None
    blocks: list[Figure]
    questions: list[Figure]


def group(request: HttpRequest, code: str, year: int | None = None) -> HttpResponse:
    """The board of one comparison group."""
    year = reading.checked(year or reading.this_year())
    state, rules = found(code), store.rulebook()
    rights.require(request.user, "see:G/", state)
    if not isinstance(state, Group):
        raise Http404(code)
    if asked := opening.gate(request, code, FilePart.BOARD, reading.persons_in(code)):
        return asked
    return render(
        request,
        "appraisal/group.html",
        {
            "section": "appraisal",
            "group": state,
            "year": year,
            "may_decide": rights.may(request.user, "GradesDecided", state),
            "board": _kept(state, year, request.GET.get("page", "1"), rules),
        },
    )


def _kept(group: Group, year: int, number: str, rules: Rulebook) -> SafeString:
    """The board as it was last made: it changes only when something is written, judged or renamed."""
    page = number if number.isdecimal() else "1"
    key = f"board-{group.subject}-{year}-{page[:4]}-{get_language()}-{store.newest_change()}-{boards.size()}"
    made: str | None = cache.get(key)
    if made is None:
        made = render_to_string("appraisal/board.html", board(group, year, int(page[:4]), rules))
        cache.set(key, made, KEPT_SECONDS)
    return mark_safe(made)


def board(group: Group, year: int, number: int, rules: Rulebook) -> dict[str, Any]:
    """What the board says: one page of the roster, the quota, who cannot be told apart."""
    scheme, decided = reading.scheme_of(group.topic, rules), reading.decided_in(group.subject, year)
    page = Paginator(reading.in_group(group, scheme), PER_PAGE).get_page(number)
    everybody = reading.members(list(page), year, decided)
    of_group = boards.profiles(boards.GROUP, [group.subject, COUNTY], year)
    own, rows = of_group.get(group.subject), [row(member) for member in everybody]
    return {
        "group": group,
        "year": year,
        "rows": rows,
        "page": page,
        "of_teams": reading.is_of_teams(scheme),
        "areas": known_areas(rows),
        "picture": picture(rows),
        "quota": figure(own, "quota.excellent"),
        "chains": chains(figure(own, "evaluation.groups")),
        "no_scheme": figure(own, "group.scheme"),
        "pools": own_pools(figures.figures(of_group.get(COUNTY), ("quota.pool",)), scheme),
        "decided": decided,
        "excellent": sum(d.grade == EXCELLENT for d in decided.decisions) if decided else 0,
        "group_minimum": rules.appraisal.group_minimum,
        "cap": rules.appraisal.process_cap,
    }


def download(request: HttpRequest, code: str, year: int, form: str) -> HttpResponse:
    """The paper for the committee's meeting on one comparison group: `docx` or `pdf`."""
    state, year = found(code), reading.checked(year)
    rights.require(request.user, "see:G/", state)
    if not isinstance(state, Group) or form not in paper.WRITERS:
        raise Http404(code)
    scheme = reading.scheme_of(state.topic, store.rulebook())
    own = [m.profile for m in reading.members(reading.in_group(state, scheme), year) if m.profile]
    groups = boards.profiles(boards.GROUP, [code], year)
    made = paper.of_group(own, list(groups.values()), year, author(request.user).by_unit)
    mark = opening.taken(request, code, FilePart.BOARD, form, reading.persons_in(code))
    if isinstance(mark, HttpResponse):
        return mark
    return paper.answer(paper.marked(made, mark), f"{code}-{year}", form)


def known_areas(rows: list[Row]) -> list[Area]:
    """The areas of which at least one member has results; the others would be empty columns."""
    return [area for at, area in enumerate(Area) if any(row.areas[at][1] for row in rows)]


def own_pools(pools: list[Figure], scheme: Scheme | None) -> list[Figure]:
    """The pool of teams or of officials, whichever the scheme is for."""
    subject = Subject.TEAM if reading.is_of_teams(scheme) else Subject.LEADER
    return [f for f in pools if f.finding.item in ("", str(subject))]


def row(member: Member) -> Row:
    """What the board says of one member; figures stand side by side and are never added up."""
    own = member.profile
    mean = figure(own, "evaluation.mean")
    return Row(
        member,
        [(str(area), *_area(figure(own, "results.area", area), area)) for area in Area],
        mean,
        "" if mean else _why_nothing(own),
        figure(own, "evaluation.alike"),
        member.file.routine if isinstance(member.file, PersonYear) else ("", "", "", ""),
        figures.figures(own, ("problems.raised", "problems.first_check", "problems.relapse")),
        figure(own, "late.share"),
        figures.figures(own, ("blocks",)),
        figures.figures(own, ("results.contradiction", "evaluation.alarm")),
    )


def _area(own: Figure | None, area: str) -> tuple[Figure | None, SafeString | str]:
    return own, area_bar(own, area)


def area_bar(own: Figure | None, area: str) -> SafeString | str:
    """The small bar of one area, or nothing."""
    if own is None or own.finding.value is None:
        return ""
    title = gettext("{area}：{figure}").format(area=gettext(area), figure=f"{own}")
    return pictures.bar(own.finding.value, own.finding.low, own.finding.high, title)


def _why_nothing(own: Any) -> str:
    given = figures.figures(own, ("evaluation.class",))
    return " ".join(f.words for f in given if f.words) or gettext("还没有登记测评")


def picture(rows: list[Row]) -> SafeString | str:
    """Everybody's weighted mean with its interval, in the order of the roster."""
    if not any(row.evaluation for row in rows):
        return ""
    compared = [r.evaluation.finding.compare for r in rows if r.evaluation and r.evaluation.finding.compare]
    dots = [dot(row.member.label, row.evaluation) for row in rows]
    title = gettext("测评加权均值和区间，按名册排列；竖带是同类的中间一半，竖线是中位数")
    return pictures.intervals(dots, title=title, unit=gettext("分"), group=compared[0] if compared else None)


def dot(label: str, mean: Figure | None) -> pictures.Dot:
    """One line of an interval picture."""
    if mean is None:
        return pictures.Dot(label, note=gettext("没有可显示的测评"))
    return pictures.Dot(label, mean.finding.value, mean.finding.low, mean.finding.high)


def chains(found: Figure | None) -> list[list[str]]:
    """The groups of members that the sheets cannot tell apart, each in the order of codes."""
    if found is None:
        return []
    return [sorted(chain) for chain in found.finding.values.get("chains", ())]
