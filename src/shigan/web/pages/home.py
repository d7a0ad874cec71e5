"""我的工作: what waits for me by clock, what I wait for, what changed."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shigan.facts import KINDS
from shigan.ledger.entry import Entry
from shigan.web import issuing, rights, store, waiting
from shigan.web.models import Account, EntryRow
from shigan.web.pages.accounts import needs_otp

NEWS = 12
FILES = {"P", "P/", "G/", "F"}
"""What stands in personal files is no news."""
TOUR = (
    ("problems", "?late=1", "see:Q", _("看超期的问题：红色的只有超期")),
    ("appraisal", "", "see:G", _("看考核：每个数都有区间和依据，没有总分")),
    ("chart", "", "see:T", _("看挂图：任务、责任单位、日期，可打印")),
    ("rules", "", "see:rules", _("看规矩：每个数从哪里来")),
    ("ledger", "", "see:ledger", _("看台账：打开一条，看它没有被改过的证明")),
)
"""The first minute of a newcomer: URL name, query, right, words."""


def home(request: HttpRequest) -> HttpResponse:
    """Three blocks, no charts."""
    user = request.user
    if not isinstance(user, Account):
        raise PermissionDenied
    today = timezone.localdate()
    return render(
        request,
        "home/home.html",
        {
            "section": "home",
            "today": today,
            "mine": waiting.for_me(user, today, store.rulebook()),
            "others": waiting.for_others(user),
            "news": news(user),
            "titles": _titles(),
            "tour": [(reverse(n) + q, words) for n, q, right, words in TOUR if rights.may(user, right)],
            "tokens": issuing.open_to(user, timezone.now()),
            "needs_otp": needs_otp(user),
        },
    )


def _titles() -> dict[str, str]:
    return {name: gettext(kind.TITLE) for name, kind in KINDS.items()}


def news(user: Account) -> list[Entry]:
    """The newest entries about what the account may see."""
    kinds = [
        name
        for name, kind in KINDS.items()
        if any(rights.may(user, f"see:{key}") for key in kind.ABOUT.split() if key not in FILES)
    ]
    rows = EntryRow.objects.select_related("payload").filter(kind__in=kinds)
    units = rights.scope(user)
    if units is not None:
        rows = rows.filter(unit__in=units)
    found = (row for row in rows.order_by("-pk")[: 3 * NEWS] if rights.reads(user, row))
    return [store.read_entry(row) for row, _n in zip(found, range(NEWS), strict=False)]


urlpatterns = [path("", home, name="home")]
