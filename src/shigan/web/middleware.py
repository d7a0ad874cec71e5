"""Faults become pages; the minutes that forms take become burden rows."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from shigan.facts.faults import Fault
from shigan.web.models import Account, BurdenRow
from shigan.work.state import Refused, Stale

Respond = Callable[[HttpRequest], HttpResponse]


class Faults:
    """A `Fault` that no page caught is shown as its sentence; nothing was written."""

    def __init__(self, respond: Respond) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.respond(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """The page of a fault: 409 for a refusal or a stale page, else 400. Strangers go to the log-in."""
        if isinstance(error, PermissionDenied) and not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if not isinstance(error, Fault):
            return None
        status = 409 if isinstance(error, Refused | Stale) else 400
        return render(
            request,
            "fault.html",
            {"fault": error, "back": request.META.get("HTTP_REFERER", "/")},
            status=status,
        )


class Burden:
    """Adds up what forms cost, by unit, role and day. Pages put (form, seconds) on `request.burden`."""

    def __init__(self, respond: Respond) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.respond(request)
        spent = getattr(request, "burden", None)
        if spent and isinstance(request.user, Account):
            add(request.user, *spent)
        return response


def add(user: Account, form: str, seconds: int) -> None:
    """Add seconds to the unit's day."""
    from django.db.models import F
    from django.utils import timezone

    row, _new = BurdenRow.objects.get_or_create(
        unit=user.unit, role=user.role, day=timezone.localdate(), form=form
    )
    BurdenRow.objects.filter(pk=row.pk).update(seconds=F("seconds") + seconds, times=F("times") + 1)
