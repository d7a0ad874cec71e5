"""Units side by side in their fixed order, and the look-backs that wait to be made."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from shigan.judge.finding import Finding
from shigan.web import boards, rights, store
from shigan.web.models import StateRow
from shigan.web.pages.problems.ledger import PER_PAGE, UNFINISHED
from shigan.work.problems import AT_WORK, CLAIMED, DROPPED, FIXED, OPEN, RELAPSED, next_watch

SOON = timedelta(days=30)


@dataclass(frozen=True)
class UnitLine:
    """The counts of a unit as the list gives them, and the shares that were judged (None: not yet)."""

    unit: str
    counts: dict[str, int]
    first_check: Finding | None = None
    relapse: Finding | None = None


def counted(rows: QuerySet[StateRow], today: date) -> list[dict[str, Any]]:
    """Per unit, in the order of the tree (a township before its villages): how many problems stand where."""
    found = (
        rows.order_by()
        .values("unit")
        .annotate(
            raised=Count("key"),
            open=Count("key", Q(stage__in=OPEN)),
            late=Count("key", Q(stage__in=AT_WORK, due__lt=today)),
            claimed=Count("key", Q(stage=CLAIMED)),
            fixed=Count("key", Q(stage=FIXED)),
            dropped=Count("key", Q(stage=DROPPED)),
            relapsed=Count("key", Q(mark=RELAPSED)),
        )
    )
    parents = rights.parent_of()
    return sorted((dict(row) for row in found), key=lambda row: lineage(row["unit"], parents))


def lineage(unit: str, parents: dict[str, str]) -> list[tuple[int, str]]:
    """The codes from the root down to a unit, shorter codes first, to sort by."""
    found: list[tuple[int, str]] = []
    while unit and (len(unit), unit) not in found:
        found.insert(0, (len(unit), unit))
        unit = parents.get(unit, "")
    return found


def units(request: HttpRequest) -> HttpResponse:
    """Per unit: raised, open, overdue, fixed, closed but not fixed (apart), relapses. No ranks."""
    rights.require(request.user, "see:Q")
    today = timezone.localdate()
    rows = rights.visible_to(request.user, store.listing("Q"))  # type: ignore[arg-type]
    found = counted(rows, today)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "problems/units.html",
        {
            "section": "problems",
            "tab": "problem_units",
            "page": page,
            "lines": lines(page, today.year),
            "total": total(found),
            "unfinished": UNFINISHED,
            "fixed": FIXED,
            "dropped": DROPPED,
            "claimed": CLAIMED,
            "year": today.year,
        },
    )


def lines(found: Iterable[dict[str, Any]], year: int) -> list[UnitLine]:
    """The counts with what the newest judged checkpoint says of the same units, in one query."""
    rows = [dict(row) for row in found]
    judged = boards.profiles(boards.UNIT, [row["unit"] for row in rows], year)
    made = []
    for row in rows:
        unit = row.pop("unit")
        profile = judged.get(unit)
        shares = (
            (profile.one("problems.first_check"), profile.one("problems.relapse"))
            if profile
            else (None, None)
        )
        made.append(UnitLine(unit, row, *shares))
    return made


def total(found: list[dict[str, Any]]) -> dict[str, int]:
    """The counts of all units together."""
    keys = [key for key in found[0] if key != "unit"] if found else []
    return {key: sum(row[key] for row in found) for key in keys}


def look_backs(request: HttpRequest) -> HttpResponse:
    """What was closed and must be looked at again: past its time, due now, due within a month."""
    rights.require(request.user, "see:Q")
    today = timezone.localdate()
    grace = timedelta(days=store.rulebook().problems.look_back_grace_days.value)
    rows = rights.visible_to(request.user, store.listing("Q")).filter(stage=FIXED)  # type: ignore[arg-type]
    when = {
        "late": Q(due__lt=today - grace),
        "now": Q(due__gte=today - grace, due__lte=today + grace),
        "soon": Q(due__gt=today + grace, due__lte=today + grace + SOON),
    }
    counts = rows.aggregate(**{key: Count("key", each) for key, each in when.items()})
    chosen = request.GET.get("when", "")
    wanted = when.get(chosen, Q(due__lte=today + grace))
    page = Paginator(rows.filter(wanted).order_by("due", "subject"), PER_PAGE).get_page(
        request.GET.get("page")
    )
    return render(
        request,
        "problems/look_backs.html",
        {
            "section": "problems",
            "tab": "look_backs",
            "page": page,
            "counts": counts,
            "when": chosen,
            "problems": [(p := store.read_state(row), next_watch(p)) for row in page],  # type: ignore[arg-type]
            "overdue": today - grace,
            "grace": grace.days,
            "soon": SOON.days,
        },
    )
