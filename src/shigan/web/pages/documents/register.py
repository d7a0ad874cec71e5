"""The register: documents filtered and searched, and each unit's numbers against last year's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shigan.facts.documents import Direction, DocumentKind
from shigan.judge.documents import Label
from shigan.web import boards, naming, pictures, rights, store
from shigan.web.forms import CodeField
from shigan.web.models import StateRow
from shigan.web.pages.acts import datalists
from shigan.web.pages.documents.shown import STYLES
from shigan.work.documents import REGISTERED, WITHDRAWN

PER_PAGE, UNITS_PER_PAGE = 50, 30
SELECT = {"class": "form-select"}
YEARS = 5
ISSUED = Q(body__contains=f'"direction": "{Direction.ISSUED}"')


class Filter(forms.Form):
    """What the register is narrowed to."""

    unit = CodeField("U", label=_("单位"), required=False)
    year = forms.TypedChoiceField(label=_("年份"), required=False, coerce=int, empty_value=None)
    kind = forms.ChoiceField(label=_("文种"), required=False)
    direction = forms.ChoiceField(label=_("收文或发文"), required=False)
    label = forms.ChoiceField(label=_("判读（本年）"), required=False)
    q = forms.CharField(
        label=_("标题、文号或编号"), required=False, max_length=40,
        widget=forms.TextInput({"class": "form-control"}),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        now = timezone.localdate().year
        choices: dict[str, list[tuple[Any, Any]]] = {
            "year": [(year, year) for year in range(now, now - YEARS, -1)],
            "kind": [(each.value, gettext(each.value)) for each in DocumentKind],
            "direction": [(each.value, gettext(each.value)) for each in Direction],
            "label": [(each.value, gettext(each.value)) for each in Label],
        }
        for name, options in choices.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.widget, field.choices = forms.Select(SELECT), [("", gettext("全部")), *options]


@dataclass(frozen=True)
class Line:
    """A document of the list with its label and copied share, where it was judged."""

    row: StateRow
    document: Any
    label: str = ""
    share: float | None = None

    @property
    def style(self) -> str:
        """The class of its label."""
        return STYLES.get(Label(self.label), "") if self.label else ""


@dataclass(frozen=True)
class Numbers:
    """Documents that a unit issued in a year and the year before, `so_far`: until the same day of that year.

    `copies`: how many of the year's only copy; None where the year is no longer judged."""

    unit: str
    now: int
    so_far: int
    before: int
    copies: int | None
    picture: str = ""

    @property
    def more(self) -> bool:
        """Whether there are more than in the whole year before."""
        return bool(self.before) and self.now > self.before


@dataclass(frozen=True)
class Total:
    """The documents of all units in one year."""

    year: int
    n: int
    picture: SafeString


def documents(request: HttpRequest) -> HttpResponse:
    """The register, newest first."""
    rights.require(request.user, "see:D")
    form = Filter(request.GET or None, label_suffix="")
    wanted = form.cleaned_data if form.is_bound and form.is_valid() else {}
    judged = boards.documents(wanted.get("year") or timezone.localdate().year)
    rows = rights.visible_to(request.user, store.listing("D"))  # type: ignore[arg-type]
    rows = narrowed(rows, wanted, judged).order_by("-since", "-subject")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "documents/list.html",
        {
            "section": "documents", "tab": "documents", "filter": form, "page": page,
            "lines": [line(row, judged) for row in page], "datalists": datalists(form),
            "may_add": rights.may(request.user, "DocumentRegistered"), "withdrawn": WITHDRAWN,
        },
    )  # fmt: skip


def line(row: StateRow, judged: Mapping[str, tuple[str, float]]) -> Line:
    """A row with what the judges said."""
    label, share = judged.get(row.subject, ("", None))
    return Line(row, store.read_state(row), label, share)


def narrowed(
    rows: QuerySet[StateRow], wanted: dict[str, Any], judged: Mapping[str, tuple[str, float]]
) -> QuerySet[StateRow]:
    """The rows that the filter leaves."""
    if unit := wanted.get("unit"):
        rows = rows.filter(unit=unit)
    if year := wanted.get("year"):
        rows = rows.filter(since__year=year)
    if kind := wanted.get("kind"):
        rows = rows.filter(source=kind)
    if direction := wanted.get("direction"):
        rows = rows.filter(body__contains=f'"direction": "{direction}"')
    if label := wanted.get("label"):
        rows = rows.filter(pk__in=[code for code, (each, _share) in judged.items() if each == label])
    if text := wanted.get("q"):
        rows = rows.filter(Q(subject=text.upper()) | Q(topic__contains=text) | Q(mark__contains=text))
    return rows


def units(request: HttpRequest) -> HttpResponse:
    """How many documents each unit issued, beside the year before: 只减不增."""
    rights.require(request.user, "see:D")
    today = timezone.localdate()
    year = _year(request.GET.get("year", ""), today.year)
    rows = rights.visible_to(request.user, store.listing("D"))  # type: ignore[arg-type]
    rows = rows.filter(ISSUED, stage=REGISTERED)
    found = numbers(rows, date(year, 12, 31) if year < today.year else today)
    context = {
        "section": "documents", "tab": "document_units", "year": year,
        "page": Paginator(found, UNITS_PER_PAGE).get_page(request.GET.get("page")),
        "total": _sum(found), "years": totals(rows, today.year), "running": year == today.year,
        "may_add": rights.may(request.user, "DocumentRegistered"),
        "rule": store.rulebook().documents.only_down,
    }  # fmt: skip
    return render(request, "documents/units.html", context)


def _year(asked: str, now: int) -> int:
    """The year that is asked for, if it is one of the last; else the running one."""
    return int(asked) if asked in map(str, range(now, now - YEARS, -1)) else now


def numbers(rows: QuerySet[StateRow], until: date) -> list[Numbers]:
    """Each unit's numbers in the year that ends on a day, those with the most documents first."""
    year, then = until.year, _year_before(until)
    now = _counted(rows.filter(since__year=year))
    before = _counted(rows.filter(since__year=year - 1))
    so_far = _counted(rows.filter(since__year=year - 1, since__lte=then))
    copies = _copies(rows, year)
    most = max([1, *now.values(), *before.values()])
    return [
        Numbers(
            code, now[code], so_far[code], before[code], None if copies is None else copies[code],
            bars(code, year, now[code], before[code], most),
        )
        for code in sorted({*now, *before}, key=lambda code: (-now[code], code))
    ]  # fmt: skip


def _year_before(day: date) -> date:
    """The same day of the year before; of a leap day, the day before it."""
    return day.replace(year=day.year - 1, day=min(day.day, 28) if day.month == 2 else day.day)


def _counted(rows: QuerySet[StateRow]) -> Counter[str]:
    """Documents by unit."""
    return Counter(dict(rows.order_by().values_list("unit").annotate(n=Count("pk"))))


def _copies(rows: QuerySet[StateRow], year: int) -> Counter[str] | None:
    """By unit, the documents that only copy; None for a year whose board is closed."""
    if year not in boards.open_years(timezone.localdate()):
        return None
    copies = [code for code, (label, _share) in boards.documents(year).items() if label == Label.COPIED]
    return _counted(rows.filter(pk__in=copies))


def _sum(found: Sequence[Numbers]) -> Numbers:
    copies = [n.copies for n in found if n.copies is not None]
    return Numbers(
        "", sum(n.now for n in found), sum(n.so_far for n in found), sum(n.before for n in found),
        sum(copies) if copies else None,
    )  # fmt: skip


def bars(unit: str, year: int, now: int, before: int, most: int) -> SafeString:
    """A year's number over that of the year before."""
    words = gettext("{unit}：{year} 年 {now} 件，上年 {before} 件").format(
        unit=naming.name(unit), year=year, now=now, before=before
    )
    return pictures.two_bars(now, before, most, words)


def totals(rows: QuerySet[StateRow], last: int) -> list[Total]:
    """All documents of the last years that have any, the newest first."""
    first = last - YEARS + 1
    by_year = (
        rows.order_by().filter(since__year__gte=first).values_list("since__year").annotate(n=Count("pk"))
    )
    counted = dict(by_year)
    most = max(counted.values(), default=1)
    return [Total(year, n, _length(year, n, most)) for year, n in sorted(counted.items(), reverse=True)]


def _length(year: int, n: int, most: int) -> SafeString:
    return pictures.two_bars(n, 0, most, gettext("{year} 年 {n} 件").format(year=year, n=n))
