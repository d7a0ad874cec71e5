"""Evaluations read from single sheets: the county's leadership teams, one team, and how the reading goes.

Nothing here is in an order of merit: units stand by code, officials by roster, and groups of those whom the
sheets cannot tell apart bear letters without rank.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from shigan.facts.readings import FilePart
from shigan.judge.flags import Kind
from shigan.judge.raters import INSIDE, LIMITS, OUTSIDE, UNDECIDED
from shigan.policy import Rulebook
from shigan.web import boards, figures, opening, pictures, rights, store
from shigan.web.figures import Figure, figure
from shigan.web.models import Account
from shigan.web.pages.acts import found
from shigan.web.pages.appraisal import reading
from shigan.web.pages.appraisal.reading import Member
from shigan.web.pictures import Dot, Scale
from shigan.work.boxes import Box
from shigan.work.boxes.state import county_day
from shigan.work.units import IN_POST, STANDING, Person, Unit

SHORT = {INSIDE: _("有把握在内"), OUTSIDE: _("有把握不在"), UNDECIDED: _("不可区分")}
"""The three words of a column whose head asks whether an official is in the first fifth of the unit."""
PER_PAGE = 15
"""Units on a page of the county: some hundred and fifty officials."""


@dataclass(frozen=True)
class Row:
    """One official: the raw mean, the reading with its interval, and whether it can be told apart."""

    member: Member
    raw: Figure | None
    adjusted: Figure | None
    naive: Figure | None
    fused: Figure | None
    standing: Figure | None

    @property
    def words(self) -> str:
        """Where the official stands within the unit: inside, outside, or not to be told."""
        return gettext(SHORT[self.standing.finding.words]) if self.standing else ""

    @property
    def letters(self) -> str:
        """The groups within the unit."""
        return str(self.standing.finding.values.get("letters", "")) if self.standing else ""

    @property
    def dot(self) -> Dot:
        """The official's line in a picture."""
        if self.adjusted is None or self.adjusted.finding.low is None:
            why = self.adjusted.words if self.adjusted else gettext("没有逐张票的读数")
            return Dot(self.member.label, note=why, beside=None)
        own, raw = self.adjusted.finding, self.raw.finding.value if self.raw else None
        return Dot(self.member.label, own.value, own.low, own.high, beside=raw)


@dataclass(frozen=True)
class Line:
    """One unit in the county's list; `inside`, `outside` and `undecided` are how many of its officials."""

    unit: str
    rows: list[Row]
    inside: int
    outside: int
    undecided: int
    picture: SafeString
    asked: list[str]


def evaluations(request: HttpRequest, year: int) -> HttpResponse:
    """Every leadership team of the county with its officials' intervals, in the order of codes."""
    rights.require(request.user, "see:P/")
    assert isinstance(request.user, Account), "`require` lets nobody else in"
    year = reading.checked(year)
    units = rights.visible_to(request.user, store.listing("U").filter(stage=STANDING))
    staffed = store.listing("P").filter(stage=IN_POST).values_list("unit", flat=True)
    page = Paginator(units.filter(subject__in=set(staffed)).order_by("subject"), PER_PAGE).get_page(
        request.GET.get("page")
    )
    people = _officials([unit.subject for unit in page])
    if asked := opening.gate(request, rights.county_code(), FilePart.TEAM, [p.subject for p in people]):
        return asked
    lines, scale = _lines(page, people, year)
    return render(
        request,
        "evaluations/list.html",
        {
            "section": "appraisal",
            "year": year,
            "years": [y for y in (year - 1, year + 1) if y <= reading.this_year()],
            "page": page,
            "lines": lines,
            "scale": pictures.small_scale(scale, gettext("分值")),
            "limits": LIMITS,
            "confidence": store.rulebook().appraisal.confidence,
        },
    )


def _lines(page: Page[Any], people: Sequence[Person], year: int) -> tuple[list[Line], Scale]:
    """The units of one page, drawn on one scale."""
    own: dict[str, list[Row]] = defaultdict(list)
    for row in rows(people, year):
        own[row.member.unit].append(row)
    scale = Scale.over(pictures.figures_of(row.dot for of_unit in own.values() for row in of_unit))
    asked = _asked(year)
    return [_line(unit.subject, own[unit.subject], scale, asked) for unit in page], scale


def _officials(units: Sequence[str]) -> list[Person]:
    """The leadership teams of some units, in the order of the roster."""
    states = map(store.read_state, store.listing("P").filter(unit__in=units, stage=IN_POST))
    return sorted((p for p in states if isinstance(p, Person) and p.in_team), key=reading.roster_order)


def rows(officials: Sequence[Person], year: int) -> list[Row]:
    """What is shown of some officials."""
    return [_row(member) for member in reading.members(list(officials), year)]


def _row(member: Member) -> Row:
    measures = ("mean", "adjusted", "naive", "fused", "standing")
    return Row(member, *(figure(member.profile, f"evaluation.{name}") for name in measures))


def _asked(year: int) -> dict[str, list[str]]:
    """By unit, the questions about its sheets."""
    asked: dict[str, list[str]] = defaultdict(list)
    for flag in boards.flags(year):
        if flag.kind == Kind.SHEETS:
            asked[flag.about].append(flag.sentence(gettext))
    return asked


def _line(unit: str, own: list[Row], scale: Scale, asked: dict[str, list[str]]) -> Line:
    said = [row.standing.finding.words for row in own if row.standing]
    inside, outside, undecided = (said.count(words) for words in (INSIDE, OUTSIDE, UNDECIDED))
    title = gettext("班子成员调整后测评的区间，按名册排列")
    picture = pictures.small_intervals([row.dot for row in own], scale, title)
    return Line(unit, own, inside, outside, undecided, picture, asked.get(unit, []))


def evaluation(request: HttpRequest, year: int, unit: str) -> HttpResponse:
    """One leadership team: raw, adjusted, interval, group; what the sheets cannot say."""
    year, state, rules = reading.checked(year), found(unit), store.rulebook()
    if not isinstance(state, Unit):
        raise Http404(unit)
    rights.require(request.user, "see:U/", state)
    people = _officials([unit])
    if asked := opening.gate(request, unit, FilePart.TEAM, [p.subject for p in people]):
        return asked
    own = rows(people, year)
    of_unit = boards.profile(boards.UNIT, unit, year)
    return render(
        request,
        "evaluations/one.html",
        {
            "section": "appraisal",
            "unit": state,
            "year": year,
            "rows": own,
            "fused": any(row.fused for row in own),
            "picture": _picture(own),
            "asked": _asked(year).get(unit, []),
            "notes": figures.figures(of_unit, ("evaluation.doubtful", "evaluation.sheets")),
            "limits": LIMITS,
            "boxes": _boxes(request.user, unit, year),
            **_numbers(rules),
        },
    )


def _boxes(user: Any, unit: str, year: int) -> list[Box]:
    """The evaluations of a unit in the ballot box that closed in a year."""
    if not rights.may(user, "see:B", unit):
        return []
    rows = store.listing("B").filter(unit=unit, since__year__gte=year - 1, since__year__lte=year)
    states = [store.read_state(row) for row in rows.order_by("subject")]
    return [s for s in states if isinstance(s, Box) and county_day(s.manifest.closes).year == year]


def _numbers(rules: Rulebook) -> dict[str, object]:
    return {
        "confidence": rules.appraisal.confidence,
        "minimum": rules.appraisal.group_minimum,
        "publication": rules.publication,
    }


def _picture(own: list[Row]) -> SafeString | str:
    if not any(row.adjusted for row in own):
        return ""
    title = gettext("班子成员调整后测评和区间，按名册排列；圆环是原始加权均值")
    return pictures.intervals([row.dot for row in own], title=title, unit=gettext("分"))


def method(request: HttpRequest) -> HttpResponse:
    """How the reading is made, for those who want to recompute it."""
    rights.require(request.user, "see:rules")
    return render(request, "evaluations/method.html", {"section": "appraisal", "limits": LIMITS})


urlpatterns = [
    path("evaluations/method", method, name="evaluation_method"),
    path("evaluations/<int:year>/", evaluations, name="evaluations"),
    path("evaluations/<int:year>/<str:unit>/", evaluation, name="evaluation"),
]
