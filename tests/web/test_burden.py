"""The budget of our own burden: this fails when forms ask for more than the rule book allows (red line 8)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from django.test import Client

from shigan.facts import KINDS
from shigan.policy import Rulebook, shipped
from shigan.policy import load as load_policy
from shigan.web import rights
from shigan.web.burden import POLICY_ROLES, cost, load
from shigan.web.models import BurdenRow
from tests.web.conftest import County

Clients = Callable[[str], Client]
POLICY = Rulebook.shipped().burden


@pytest.mark.parametrize("role", POLICY.roles)
def test_what_a_role_must_fill_in_stays_within_its_budget(role: str) -> None:
    needed = load(role, POLICY)
    assert not needed.excess, f"{role}: {needed.minutes_month:.0f} min a month, {needed.fields} fields"


@pytest.mark.parametrize(("role", "name"), POLICY_ROLES.items())
def test_every_form_that_a_role_may_fill_in_is_counted(role: str, name: str) -> None:
    own = rights._OWN if role == rights.OFFICIAL else set()
    permitted = {kind for kind in rights.PERMITS[role] | own if kind in KINDS}
    assert permitted - POLICY.yearly[name].keys() == set(), "give it a line in burden.toml"


def test_villagers_are_asked_for_nothing() -> None:
    assert load("villager", POLICY).minutes_month == 0
    assert "villager" not in POLICY.yearly


def test_a_budget_that_is_exceeded_is_named() -> None:
    text = shipped("burden").replace(
        "[roles.clerk.minutes_month]\nvalue = 30", "[roles.clerk.minutes_month]\nvalue = 12"
    )
    tight = load_policy("burden", text)
    assert load("clerk", tight).excess == ["minutes_month"]


def test_a_form_costs_its_opening_and_its_required_fields() -> None:
    fields, seconds = cost(KINDS["FixClaimed"], POLICY)
    assert (fields, seconds) == (2, POLICY.opening.value + 2 * POLICY.seconds["long_text"].value)
    assert cost(KINDS["GradesDecided"], POLICY)[0] == 2, "the table of decisions counts as a sheet"


def test_a_form_often_filled_in_raises_the_load() -> None:
    needed = load("clerk", POLICY)
    twice = replace(needed, forms=needed.forms * 2)
    assert twice.minutes_month == pytest.approx(2 * needed.minutes_month)


def test_real_minutes_are_shown_by_unit_and_never_by_person(county: County, client_for: Clients) -> None:
    columns = {field.name for field in BurdenRow._meta.get_fields()}
    assert columns == {"id", "unit", "role", "day", "form", "seconds", "times"}
    for unit, seconds in (("U003", 300), ("U004", 60)):
        BurdenRow.objects.create(
            unit=unit, role="clerk", day=date.today(), form="FixClaimed", seconds=seconds, times=3
        )
    page = client_for("officer").get("/burden/").content.decode()
    assert "县住建局" in page and "300" in page and "县水务局" in page
    page = client_for("clerk").get("/burden/").content.decode()
    assert "县住建局" in page and "县水务局" not in page


def test_units_stand_in_the_order_of_their_codes_and_are_not_ranked(
    county: County, client_for: Clients
) -> None:
    for unit, seconds in (("U004", 900), ("U003", 60), ("U010", 300)):
        BurdenRow.objects.create(
            unit=unit, role="clerk", day=date.today(), form="FixClaimed", seconds=seconds, times=1
        )
    page = client_for("officer").get("/burden/").content.decode().split("各单位实际用时")[1]
    assert page.index("县住建局") < page.index("县水务局") < page.index("青石镇")


def test_what_a_form_took_is_added_to_the_units_day(county: County, client_for: Clients) -> None:
    from shigan.facts.problems import ProblemRaised, Source

    county.write("Q00001", ProblemRaised(source=Source.VISIT, category="供水", text="水压不足"))
    form = {"text": "已联系厂家", "happened": date.today(), "seen": 1}
    client_for("clerk").post("/act/ProgressReported/Q00001", form)
    row = BurdenRow.objects.get()
    assert (row.unit, row.role, row.form, row.times) == ("U003", "clerk", "ProgressReported", 1)


def test_officials_and_administrators_do_not_see_units_minutes(county: County, client_for: Clients) -> None:
    for username in ("official", "admin"):
        assert client_for(username).get("/burden/").status_code == 403
