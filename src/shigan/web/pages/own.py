"""The own account: password, one-time codes, the way to the own appraisal record."""

from __future__ import annotations

from typing import Any

import segno
from django import forms
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.forms import PasswordChangeForm
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_otp import devices_for_user
from django_otp import login as otp_login
from django_otp.plugins.otp_totp.models import TOTPDevice

from shigan.web import rights, store
from shigan.web.links import link
from shigan.web.models import Account
from shigan.web.pages.accounts import needs_otp, without_time


class PasswordForm(PasswordChangeForm):
    """The old password and a new one, twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        words = (_("现在的密码"), _("新密码（至少 12 位）"), _("再输一次新密码"))
        for name, label in zip(("old_password", "new_password1", "new_password2"), words, strict=True):
            self.fields[name].label, self.fields[name].help_text = label, ""
            self.fields[name].widget.attrs["class"] = "form-control"


def _account(request: HttpRequest) -> Account:
    if not isinstance(request.user, Account):
        raise PermissionDenied
    return request.user


def own(request: HttpRequest) -> HttpResponse:
    """The own account."""
    user = _account(request)
    form = PasswordForm(user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        form.save()
        update_session_auth_hash(request, user)
        messages.success(request, gettext("密码已改，其他电脑上的登录已退出。"))
        return redirect("own")
    return render(
        request,
        "accounts/own.html",
        {
            "section": "own",
            "account": user,
            "form": form,
            "has_otp": any(devices_for_user(user)),
            "needs_otp": needs_otp(user),
            "role": rights.ROLES.get(user.role, ""),
            "years": _years(user),
        },
        status=422 if form.errors else 200,
    )


def _years(user: Account) -> list[tuple[str, str]]:
    """The years of the own appraisal record with their pages, newest first."""
    rows = store.listing("P/").filter(pk__startswith=f"{user.code}/").order_by("-pk")
    return [(code.split("/")[1], link(code)) for code in rows.values_list("pk", flat=True)]


class CodeForm(forms.Form):
    """The code that the telephone shows."""

    code = forms.CharField(
        label=_("手机上显示的 6 位动态口令"),
        max_length=8,
        widget=forms.TextInput(
            {"class": "form-control", "inputmode": "numeric", "autocomplete": "one-time-code"}
        ),
    )


def otp(request: HttpRequest) -> HttpResponse:
    """Switch one-time codes on: scan, then show that it works."""
    user = _account(request)
    if any(devices_for_user(user)):
        return redirect("own")
    device, _new = TOTPDevice.objects.get_or_create(user=user, confirmed=False, defaults={"name": "totp"})
    form = CodeForm(request.POST or None, label_suffix="")
    if request.method == "POST" and form.is_valid():
        if device.verify_token(form.cleaned_data["code"].strip()):
            device.confirmed = True
            device.save()
            otp_login(request, without_time(device))
            messages.success(request, gettext("动态口令已启用，下次登录时要填。"))
            return redirect("own")
        form.add_error("code", gettext("动态口令不对。请核对手机时间，等下一个口令再试。"))
    response = render(
        request,
        "accounts/otp.html",
        {
            "section": "own",
            "form": form,
            "secret": device.config_url.split("secret=")[1].split("&")[0],
            "qr": segno.make(device.config_url, micro=False).svg_data_uri(scale=5),
        },
        status=422 if form.errors else 200,
    )
    response["Cache-Control"] = "no-store"
    return response


urlpatterns = [path("own", own, name="own"), path("own/otp", otp, name="otp")]
