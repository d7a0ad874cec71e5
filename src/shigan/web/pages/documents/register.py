"""The register: documents filtered and searched, and each unit's numbers against last year's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
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

PER_PAGE = 50
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
    """Documents that a unit issued this year and last, and how many of this year's only copy."""

    unit: str
    now: int
    before: int
    copies: int
    picture: SafeString

    @property
    def more(self) -> bool:
        """Whether there are more than last year already."""
        return bool(self.before) and self.now > self.before


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
    """How many documents each unit issued, beside last year: 只减不增."""
    rights.require(request.user, "see:D")
    year = timezone.localdate().year
    rows = rights.visible_to(request.user, store.listing("D"))  # type: ignore[arg-type]
    found = numbers(rows.filter(ISSUED, stage=REGISTERED), year)
    total = Numbers("", sum(n.now for n in found), sum(n.before for n in found), sum(n.copies for n in found),
                    SafeString(""))  # fmt: skip
    context = {
        "section": "documents",
        "tab": "document_units",
        "numbers": found,
        "total": total,
        "year": year,
    }
    context["may_add"] = rights.may(request.user, "DocumentRegistered")
    context["rule"] = store.rulebook().documents.only_down
    return render(request, "documents/units.html", context)


def numbers(rows: QuerySet[StateRow], year: int) -> list[Numbers]:
    """Each unit's numbers, those with the most documents first."""
    counted = rows.order_by().values("unit", "since__year").annotate(n=Count("pk"))
    by_year = {(row["unit"], row["since__year"]): row["n"] for row in counted}
    copies = _copies(rows, year)
    codes = {unit for unit, each in by_year if each in (year, year - 1)}
    most = max((n for (_unit, each), n in by_year.items() if each in (year, year - 1)), default=1)
    found = []
    for code in sorted(codes, key=lambda code: (-by_year.get((code, year), 0), code)):
        now, before = by_year.get((code, year), 0), by_year.get((code, year - 1), 0)
        found.append(Numbers(code, now, before, copies[code], bars(code, now, before, most)))
    return found


def _copies(rows: QuerySet[StateRow], year: int) -> Counter[str]:
    judged = boards.documents(year)
    copies = [code for code, (label, _share) in judged.items() if label == Label.COPIED.value]
    return Counter(rows.filter(pk__in=copies).values_list("unit", flat=True))


def bars(unit: str, now: int, before: int, most: int) -> SafeString:
    """This year's number over last year's."""
    words = gettext("{unit}：本年 {now} 件，上年 {before} 件").format(
        unit=naming.name(unit), now=now, before=before
    )
    return pictures.two_bars(now, before, most, words)
