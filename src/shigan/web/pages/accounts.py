"""Log-in with lock-out and optional one-time codes; log-out; accounts kept by the administrator."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth import views
from django.contrib.auth.forms import AuthenticationForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext, gettext_lazy as _
from django_otp import devices_for_user, login as otp_login, match_token

from shigan.web.models import Account


class LogInForm(AuthenticationForm):
    """User name, password, and the one-time code of those who use one."""

    code = forms.CharField(label=_("动态口令（已启用的才填）"), required=False, max_length=8)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        self.fields["username"].label, self.fields["password"].label = _("用户名"), _("密码")
        for field in self.fields.values():
            field.widget.attrs["class"] = "form-control"
        self.fields["code"].widget.attrs |= {"inputmode": "numeric", "autocomplete": "one-time-code"}
        self.error_messages["invalid_login"] = _("用户名或密码不对。连续错 5 次会暂停登录 15 分钟。")

    def clean(self) -> dict[str, Any]:
        """A wrong or missing code is refused in the same words for everybody who uses one."""
        cleaned = super().clean() or {}
        user = self.get_user()
        if user is not None and any(devices_for_user(user)):
            device = match_token(user, cleaned.get("code", ""))
            if device is None:
                raise forms.ValidationError(gettext("动态口令不对或已用过，请换新的再试。"))
            user.otp_device = device
        return cleaned


class LogIn(views.LoginView):
    """The log-in page."""

    template_name = "accounts/login.html"
    authentication_form = LogInForm
    redirect_authenticated_user = True

    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        device = getattr(form.get_user(), "otp_device", None)
        if device is not None:
            otp_login(self.request, device)
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        return context | {"demo_accounts": demo_accounts()}


def demo_accounts() -> list[Account]:
    """The demo county's log-ins, shown on its log-in page; none anywhere else."""
    from django.conf import settings

    return list(Account.objects.order_by("pk")[:8]) if settings.DEMO else []


def locked_out(request: HttpRequest, response: Any = None, credentials: Any = None) -> HttpResponse:
    """Too many wrong tries."""
    return render(request, "accounts/locked.html", status=429)


urlpatterns = [
    path("login", LogIn.as_view(), name="login"),
    path("logout", views.LogoutView.as_view(), name="logout"),
]
