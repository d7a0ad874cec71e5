"""Accounts: made by the administrator alone, with the role in the ledger; one-time codes; the own account."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.contrib.auth import authenticate
from django.db import connection
from django.test import Client, RequestFactory
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

from shigan.facts.units import RoleGranted
from shigan.web import rights, store
from shigan.web.models import Account
from tests.web.conftest import County

Clients = Callable[[str], Client]


def shown_password(page: str) -> str:
    found = re.search(r'class="sg-password">([^<]+)<', page)
    assert found
    return found[1]


def made(client: Client, **given: str) -> str:
    answer = client.post("/accounts/new", {"unit": "", "code": "", **given})
    assert answer.status_code == 200, answer.content.decode()
    assert answer.headers["Cache-Control"] == "no-store"
    return shown_password(answer.content.decode())


def logs_in(username: str, password: str) -> bool:
    request = RequestFactory().post("/login")
    return authenticate(request, username=username, password=password) is not None


def test_a_new_account_logs_in_with_the_password_shown_once_and_its_role_is_in_the_ledger(
    county: County, client_for: Clients
) -> None:
    password = made(client_for("admin"), username="青石联络员", role=rights.CLERK, unit="U010")
    assert logs_in("青石联络员", password)
    account = Account.objects.get(username="青石联络员")
    (entry,) = store.entries(account.code)
    assert entry.fact == RoleGranted(role=rights.CLERK) and entry.by == "A0001" and entry.unit == "U010"
    assert password not in client_for("admin").get("/accounts/").content.decode()


def test_an_officials_account_goes_by_the_officials_own_code(county: County, client_for: Clients) -> None:
    Account.objects.filter(code="P0006").delete()
    made(client_for("admin"), username="official2", role=rights.OFFICIAL, unit="U003", code="P0006")
    assert [type(e.fact) for e in store.entries("P0006")][-1] is RoleGranted
    state = store.state("P0006")
    assert state is not None and state.stage == "在任", "the post stays as it was"


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"username": "Officer", "role": "clerk", "unit": "U003"}, "已有账号用这个用户名"),
        ({"username": "a b", "role": "clerk", "unit": "U003"}, "用户名只用"),
        ({"username": "neu", "role": "clerk"}, "请填单位"),
        ({"username": "neu", "role": "clerk", "unit": "U999"}, "没有找到“U999”"),
        ({"username": "neu", "role": "official", "unit": "U003"}, "须填干部编号"),
        ({"username": "neu", "role": "official", "unit": "U003", "code": "P0006"}, "已有账号"),
        ({"username": "neu", "role": "official", "unit": "U003", "code": "P0999"}, "没有找到“P0999”"),
        ({"username": "neu", "role": "citizen", "unit": "U003"}, "citizen"),
    ],
)
def test_a_wrong_account_is_refused_in_words(
    county: County, client_for: Clients, given: dict[str, str], words: str
) -> None:
    answer = client_for("admin").post("/accounts/new", given)
    assert answer.status_code == 422 and words in answer.content.decode()
    assert Account.objects.count() == 8


def test_a_reset_password_replaces_the_old_one_and_ends_the_sessions(
    county: County, client_for: Clients
) -> None:
    clerk, account = client_for("clerk"), Account.objects.get(username="clerk")
    assert clerk.get("/").status_code == 200
    page = client_for("admin").post(f"/accounts/{account.pk}/password").content.decode()
    assert logs_in("clerk", shown_password(page))
    assert clerk.get("/").status_code == 302


def test_a_disabled_account_is_out_at_once(county: County, client_for: Clients) -> None:
    clerk, account = client_for("clerk"), Account.objects.get(username="clerk")
    client_for("admin").post(f"/accounts/{account.pk}/switch")
    assert clerk.get("/").status_code == 302
    client_for("admin").post(f"/accounts/{account.pk}/switch")
    assert client_for("clerk").get("/").status_code == 200


def test_an_administrator_cannot_lock_the_own_account_out(county: County, client_for: Clients) -> None:
    account = Account.objects.get(username="admin")
    assert client_for("admin").post(f"/accounts/{account.pk}/switch").status_code == 400
    assert Account.objects.get(username="admin").is_active


def test_the_administrator_reads_no_content(county: County, client_for: Clients) -> None:
    for page in ("/problems/", "/organization/", "/organization/people/P0006", "/burden/"):
        assert client_for("admin").get(page).status_code == 403, page


def test_no_log_in_is_counted_or_dated(county: County, client_for: Clients) -> None:
    with connection.cursor() as cursor:
        columns = {c.name for c in connection.introspection.get_table_description(cursor, "account")}
    assert not any("login" in c or "seen" in c or "visit" in c for c in columns)
    page = client_for("admin").get("/accounts/").content.decode()
    assert "不统计登录" in page


def test_one_time_codes_are_switched_on_by_showing_one(county: County, client_for: Clients) -> None:
    admin = client_for("admin")
    assert "必须启用动态口令" in admin.get("/").content.decode()
    page = admin.get("/own/otp").content.decode()
    assert "data:image/svg+xml" in page
    device = TOTPDevice.objects.get()
    assert admin.post("/own/otp", {"code": "000000"}).status_code == 422
    device.throttle_reset()
    token = TOTP(device.bin_key, device.step, device.t0, device.digits).token()
    assert admin.post("/own/otp", {"code": f"{token:06}"}).status_code == 302
    assert "必须启用动态口令" not in admin.get("/").content.decode()


def test_who_has_one_time_codes_cannot_log_in_without(county: County) -> None:
    account = Account.objects.get(username="clerk")
    account.set_password("a long enough password")
    account.save()
    device = TOTPDevice.objects.create(user=account, confirmed=True)
    given = {"username": "clerk", "password": "a long enough password"}
    assert "动态口令不对" in Client().post("/login", given).content.decode()
    device.refresh_from_db()
    device.throttle_reset()
    token = TOTP(device.bin_key, device.step, device.t0, device.digits).token()
    assert Client().post("/login", given | {"code": f"{token:06}"}).status_code == 302
    device.refresh_from_db()
    assert device.last_used_at is None, "no log-in is dated"


def test_the_own_password_is_changed_with_the_old_one(county: County, client_for: Clients) -> None:
    account = Account.objects.get(username="clerk")
    account.set_password("the old password 1")
    account.save()
    clerk = client_for("clerk")
    new = {"new_password1": "quite another 2026", "new_password2": "quite another 2026"}
    assert clerk.post("/own", new | {"old_password": "wrong"}).status_code == 422
    short = {"old_password": "the old password 1", "new_password1": "short", "new_password2": "short"}
    assert clerk.post("/own", short).status_code == 422
    assert clerk.post("/own", new | {"old_password": "the old password 1"}).status_code == 302
    assert clerk.get("/own").status_code == 200, "the own session goes on"
    assert logs_in("clerk", "quite another 2026")
