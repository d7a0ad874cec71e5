"""Log-in with lock-out and optional one-time codes; log-out; accounts kept by the administrator."""

from __future__ import annotations

import secrets
from typing import Any

from axes.utils import reset as unlock
from django import forms
from django.contrib import messages
from django.contrib.auth import views
from django.contrib.auth.forms import AuthenticationForm
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from django_otp import devices_for_user, match_token
from django_otp import login as otp_login

from shigan.facts.faults import Fault
from shigan.facts.units import RoleGranted
from shigan.web import rights, store
from shigan.web.forms import CodeField
from shigan.web.models import Account
from shigan.web.pages.acts import datalists, record
from shigan.work.admit import Draft

_INPUT = {"class": "form-control", "autocomplete": "off"}


class LogInForm(AuthenticationForm):
    """User name, password, and the one-time code of those who use one."""

    code = forms.CharField(label=_("动态口令（已启用的才填）"), required=False, max_length=8)
    device: Any = None

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
            self.device = without_time(device)
        return cleaned


class LogIn(views.LoginView):
    """The log-in page."""

    template_name = "accounts/login.html"
    authentication_form = LogInForm
    redirect_authenticated_user = True

    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        if form.device is not None:
            otp_login(self.request, form.device)
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        return context | {"demo_accounts": demo_accounts()}


def without_time(device: Any) -> Any:
    """The device, its time of last use taken out again: nobody's log-ins are dated (red line 6)."""
    device.last_used_at = None
    device.save(update_fields=["last_used_at"])
    return device


def demo_accounts() -> list[Account]:
    """The demo county's log-ins, shown on its log-in page; none anywhere else."""
    from django.conf import settings

    return list(Account.objects.order_by("pk")[:8]) if settings.DEMO else []


def locked_out(request: HttpRequest, response: Any = None, credentials: Any = None) -> HttpResponse:
    """Too many wrong tries."""
    return render(request, "accounts/locked.html", status=429)


def needs_otp(user: Any) -> bool:
    """Whether an administrator has not yet switched on one-time codes."""
    return isinstance(user, Account) and user.role == rights.ADMIN and not any(devices_for_user(user))


class AccountForm(forms.Form):
    """A new account: who logs in, in which role, for which unit."""

    username = forms.RegexField(
        r"^[\w.-]+$", label=_("用户名"), max_length=40, widget=forms.TextInput(_INPUT),
        error_messages={"invalid": _("用户名只用字母、数字、汉字、点和横线。")},
    )  # fmt: skip
    role = forms.ChoiceField(
        label=_("角色"), widget=forms.Select({"class": "form-select"}),
        choices=[("", "—"), *((role, _(words)) for role, words in rights.ROLES.items())],
    )  # fmt: skip
    unit = CodeField("U", label=_("单位"), required=False)
    code = CodeField(
        "P",
        label=_("干部编号"),
        required=False,
        help_text=_("干部本人的账号必填；其他账号可不填，另给编号。"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""

    def clean_username(self) -> str:
        """One account a name, in whatever case."""
        name = str(self.cleaned_data["username"])
        if Account.objects.filter(username__iexact=name).exists():
            raise forms.ValidationError(gettext("已有账号用这个用户名，请换一个。"))
        return name

    def clean(self) -> dict[str, Any]:
        """What a role needs: officials a code, all but administrators a unit."""
        cleaned = super().clean() or {}
        role, unit, code = cleaned.get("role"), cleaned.get("unit", ""), cleaned.get("code", "")
        if role == rights.OFFICIAL and not code:
            self.add_error("code", gettext("干部本人的账号须填干部编号。"))
        if role and role != rights.ADMIN and not unit:
            self.add_error("unit", gettext("请填单位。"))
        if code and Account.objects.filter(code=code).exists():
            self.add_error("code", gettext("这名干部已有账号。"))
        return cleaned


def accounts(request: HttpRequest) -> HttpResponse:
    """All accounts. When somebody logged in is neither shown nor known."""
    rights.require(request.user, "accounts")
    return render(
        request, "accounts/list.html",
        {
            "section": "accounts", "accounts": Account.objects.order_by("role", "username"),
            "roles": rights.ROLES, "needs_otp": needs_otp(request.user),
        },
    )  # fmt: skip


def new_account(request: HttpRequest) -> HttpResponse:
    """Make an account; its first password is shown once, to be handed over in person."""
    rights.require(request.user, "accounts")
    form = AccountForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            account, password = _made(request, form.cleaned_data)
        except Fault as fault:
            form.add_error(None, fault.sentence(gettext))
        else:
            return _handed_over(request, account, password)
    return render(
        request, "accounts/new.html", {"section": "accounts", "form": form, "datalists": datalists(form)},
        status=422 if form.errors else 200,
    )  # fmt: skip


@transaction.atomic
def _made(request: HttpRequest, cleaned: dict[str, Any]) -> tuple[Account, str]:
    """The account and, in the same transaction, the fact that its role was granted."""
    code, password = cleaned["code"] or store.next_code("A"), secrets.token_urlsafe(12)
    account = Account.objects.create_user(
        cleaned["username"], password, code=code, unit=cleaned["unit"], role=cleaned["role"]
    )
    _grant(request, account)
    return account, password


def _grant(request: HttpRequest, account: Account) -> None:
    draft = Draft(account.code, RoleGranted(role=account.role), account.unit, timezone.localdate())
    record(request, [draft])


def _handed_over(request: HttpRequest, account: Account, password: str) -> HttpResponse:
    response = render(
        request, "accounts/password.html", {"section": "accounts", "account": account, "password": password}
    )
    response["Cache-Control"] = "no-store"
    return response


@require_POST
def reset_password(request: HttpRequest, pk: int) -> HttpResponse:
    """A new password, shown once; all sessions end, a lock-out too, and lost one-time codes."""
    rights.require(request.user, "accounts")
    account = get_object_or_404(Account, pk=pk)
    password = secrets.token_urlsafe(12)
    account.set_password(password)
    account.save()
    unlock(username=account.username)
    if "otp" in request.POST:
        for device in list(devices_for_user(account)):
            device.delete()
    return _handed_over(request, account, password)


@require_POST
def switch_account(request: HttpRequest, pk: int) -> HttpResponse:
    """Disable an account, or allow it again; nobody locks themselves out."""
    rights.require(request.user, "accounts")
    account = get_object_or_404(Account, pk=pk)
    if account == request.user:
        raise Fault(gettext("不能停用自己的账号"), remedy=gettext("请由另一名系统管理员办理。"))
    account.is_active = not account.is_active
    account.save()
    done = gettext("已启用") if account.is_active else gettext("已停用")
    messages.success(request, f"{account.username}：{done}")
    return redirect("accounts")


urlpatterns = [
    path("login", LogIn.as_view(), name="login"),
    path("logout", views.LogoutView.as_view(), name="logout"),
    path("accounts/", accounts, name="accounts"),
    path("accounts/new", new_account, name="new_account"),
    path("accounts/<int:pk>/password", reset_password, name="reset_password"),
    path("accounts/<int:pk>/switch", switch_account, name="switch_account"),
]
