"""The organization's pages: counts over the tree, names beside the ledger, founding and posting."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

from shigan.facts.problems import ProblemRaised, Source
from shigan.facts.units import UnitFounded, UnitKind
from shigan.web import naming, store
from shigan.web.models import Account, EntryRow
from shigan.web.pages.organization import tree
from shigan.work.units import Person
from tests.web.conftest import County

Clients = Callable[[str], Client]
TODAY = date.today()


def test_a_unit_counts_the_problems_of_all_below_it(county: County) -> None:
    problem = ProblemRaised(source=Source.VISIT, category="供水", text="水压不足")
    county.write("Q00001", problem, unit="U011")
    county.write("Q00002", problem, unit="U010")
    whole = tree(Account.objects.get(username="officer"))
    assert whole.row("U010").open == 2 and whole.row("U011").open == 1 and whole.row("U001").open == 2
    assert whole.row("U001").below == 5


def test_a_clerk_sees_the_own_part_of_the_tree(county: County, client_for: Clients) -> None:
    page = client_for("township").get("/organization/").content.decode()
    assert "青石镇" in page and "柳湾村" in page and "县住建局" not in page
    assert client_for("township").get("/organization/units/U011").status_code == 200
    assert client_for("township").get("/organization/units/U003").status_code == 403


def test_people_are_shown_to_the_office_and_to_themselves(county: County, client_for: Clients) -> None:
    assert "甲06" in client_for("officer").get("/organization/units/U003").content.decode()
    assert "甲06" not in client_for("clerk").get("/organization/units/U003").content.decode()
    assert client_for("official").get("/organization/people/P0006").status_code == 200
    assert client_for("official").get("/organization/people/P0003").status_code == 403


def given(**more: object) -> dict[str, object]:
    return {"happened": TODAY, "seen": 0, "group": "G01", **more}


def test_a_unit_is_founded_with_its_name_beside_the_ledger(county: County, client_for: Clients) -> None:
    form = given(name="县文旅局", kind="县直部门", parent="U001")
    answer = client_for("officer").post("/organization/new-unit", form)
    assert answer.headers["Location"] == "/organization/units/U012"
    assert naming.name("U012") == "县文旅局"
    (entry,) = store.entries("U012")
    assert entry.fact == UnitFounded(kind=UnitKind.DEPARTMENT, parent="U001", group="G01")
    assert not EntryRow.objects.filter(payload__body__contains="文旅").exists()


def test_a_person_is_posted_and_posted_again(county: County, client_for: Clients) -> None:
    officer = client_for("officer")
    post = given(name="甲新", post="局长", unit="U003", rank="正职", identity="公务员", managed_by="U001")
    assert officer.post("/organization/new-person", post).headers["Location"] == "/organization/people/P0008"
    assert naming.post("P0008") == "局长"
    again = post | {"unit": "U004", "seen": 1}
    assert officer.post("/organization/people/P0008/post", again).status_code == 302
    state = store.state("P0008")
    assert isinstance(state, Person) and state.unit == "U004" and state.seq == 2
    assert officer.post("/organization/people/P0008/post", again).status_code == 422, "seen is stale now"


def test_a_fact_that_is_refused_leaves_no_name(county: County, client_for: Clients) -> None:
    form = given(name="县无源局", kind="县直部门", parent="U001", group="", happened=date(2099, 1, 1))
    answer = client_for("officer").post("/organization/new-unit", form)
    assert answer.status_code == 422
    assert naming.name("U012") == "U012"


def test_a_corrected_name_leaves_the_ledger_as_it_was(county: County, client_for: Clients) -> None:
    before = EntryRow.objects.count()
    answer = client_for("officer").post("/organization/names/P0006", {"name": "甲镕", "post": "副局长"})
    assert answer.status_code == 302 and naming.name("P0006") == "甲镕"
    assert EntryRow.objects.count() == before


@pytest.mark.parametrize("username", ["leader", "clerk", "official", "auditor", "admin"])
def test_only_the_office_founds_posts_and_corrects(
    county: County, client_for: Clients, username: str
) -> None:
    client = client_for(username)
    for page in ("new-unit", "new-person", "new-group", "names/U003", "people/P0006/post"):
        assert client.post(f"/organization/{page}", given(name="x")).status_code == 403, page


def test_a_group_says_why_its_members_can_be_compared(county: County, client_for: Clients) -> None:
    page = client_for("leader").get("/organization/groups/G01").content.decode()
    assert "职能相近的县直部门" in page and "甲06" in page and "柳湾村" in page


@pytest.mark.parametrize("page", ["units/U999", "units/P0006", "people/U003", "groups/U003", "names/Q00001"])
def test_what_is_no_unit_person_or_group_is_not_found(county: County, client_for: Clients, page: str) -> None:
    county.write("Q00001", ProblemRaised(source=Source.VISIT, category="供水", text="水压不足"))
    assert client_for("officer").get(f"/organization/{page}").status_code == 404


def test_the_tree_costs_the_same_number_of_queries_however_large(
    county: County, client_for: Clients, django_assert_max_num_queries: Callable[..., object]
) -> None:
    client = client_for("officer")
    client.get("/organization/")
    with django_assert_max_num_queries(16):  # type: ignore[attr-defined]
        client.get("/organization/")
    for n in range(100, 150):
        county.write(f"U{n}", UnitFounded(kind=UnitKind.DEPARTMENT, parent="U001"), unit=f"U{n}")
    with django_assert_max_num_queries(16):  # type: ignore[attr-defined]
        assert "U149" in client.get("/organization/").content.decode()
