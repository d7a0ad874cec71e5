"""What every page shows: county, menu, checkpoint, own burden."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db.models import Sum
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from shigan.web import naming, sealing
from shigan.web.models import Account, BurdenRow
from shigan.web.rights import ROLES, county_code, may

MENU = (
    ("home", _("我的工作"), ""),
    ("visits", _("走访"), "see:V"),
    ("problems", _("问题"), "see:Q"),
    ("meetings", _("会议"), "see:M"),
    ("appraisal", _("考核"), "see:P/"),
    ("boxes", _("评议"), "see:B"),
    ("documents", _("公文"), "see:D"),
    ("chart", _("挂图"), "see:T"),
    ("organization", _("组织"), "see:U"),
    ("imports", _("导入"), "import"),
    ("burden", _("减负"), "burden"),
    ("rules", _("规矩"), "see:rules"),
    ("ledger", _("台账"), "see:ledger"),
    ("accounts", _("账号"), "accounts"),
)
"""URL name, words, and the right that shows the item."""


def page(request: HttpRequest) -> dict[str, Any]:
    """The context of every page."""
    user = getattr(request, "user", None)
    signed_in = isinstance(user, Account)
    return {
        "county": SimpleLazyObject(lambda: naming.name(county_code())),
        "menu": [m for m in MENU if signed_in and (not m[2] or may(user, m[2])) and _there(m[0])],
        "checkpoint": SimpleLazyObject(sealing.last),
        "burden_minutes": SimpleLazyObject(lambda: _minutes(user) if isinstance(user, Account) else 0),
        "role_name": ROLES.get(user.role, "") if isinstance(user, Account) else "",
        "demo": settings.DEMO,
    }


def _there(name: str) -> bool:
    try:
        reverse(name)
    except NoReverseMatch:
        return False
    return True


def _minutes(user: Account) -> int:
    """Minutes that the user's unit spent on forms this month."""
    rows = BurdenRow.objects.filter(unit=user.unit, day__gte=timezone.localdate().replace(day=1))
    return round((rows.aggregate(s=Sum("seconds"))["s"] or 0) / 60)
