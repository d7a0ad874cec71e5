"""减负: what the system itself asks of each role beside its budget, and what forms really took, by unit."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext

from shigan.facts import KINDS
from shigan.policy.burden import BurdenPolicy
from shigan.web import rights, store
from shigan.web.burden import POLICY_ROLES, Load, cost, load
from shigan.web.models import Account, BurdenRow

PER_PAGE = 50


def burden(request: HttpRequest) -> HttpResponse:
    """Budgets, one role's forms, the month's real minutes; units in the order of codes, never ranked."""
    user = request.user
    rights.require(user, "burden")
    policy = store.rulebook().burden
    own = getattr(user, "role", "")
    role = request.GET.get("role", own)
    role = role if role in POLICY_ROLES else rights.CLERK
    month = _month(request.GET.get("month", ""))
    spent = _spent(user, month)
    units = spent.values("unit").annotate(seconds=Sum("seconds"), times=Sum("times")).order_by("unit")
    return render(
        request,
        "burden/burden.html",
        {
            "section": "burden",
            "role": role,
            "month": month,
            "policy": policy,
            "loads": [
                (each, gettext(rights.ROLES[each]), load(name, policy)) for each, name in POLICY_ROLES.items()
            ],
            "forms": _told(load(POLICY_ROLES[role], policy)),
            "role_words": gettext(rights.ROLES[role]),
            "page": Paginator(units, PER_PAGE).get_page(request.GET.get("page")),
            "by_form": _by_form(spent, policy),
        },
    )


def _told(needed: Load) -> list[dict[str, Any]]:
    return [{"title": gettext(KINDS[form.kind].TITLE), "form": form} for form in needed.forms]


def _month(text: str) -> date:
    """The first day of `2026-11`, or of this month."""
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        return timezone.localdate().replace(day=1)


def _spent(user: Any, month: date) -> QuerySet[BurdenRow]:
    rows = BurdenRow.objects.filter(day__year=month.year, day__month=month.month)
    units = rights.scope(user) if isinstance(user, Account) else set()
    return rows if units is None else rows.filter(unit__in=units)


def _by_form(spent: QuerySet[BurdenRow], policy: BurdenPolicy) -> list[dict[str, Any]]:
    """For each form its mean seconds beside the expected ones."""
    sums = spent.values("form").annotate(seconds=Sum("seconds"), times=Sum("times")).order_by("form")
    return [
        {
            "title": gettext(KINDS[each["form"]].TITLE),
            "times": each["times"],
            "mean": each["seconds"] / each["times"],
            "expected": cost(KINDS[each["form"]], policy)[1],
        }
        for each in sums
        if each["form"] in KINDS and each["times"]
    ]


urlpatterns = [path("burden/", burden, name="burden")]
