"""The rule book's pages: every number with its source; a new version is previewed, then adopted as a fact."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from shigan.facts.notes import PolicyAdopted
from shigan.ledger.entry import Entry
from shigan.policy import NAMES, numbers, shipped, version
from shigan.web import store
from shigan.work import notes
from tests.web.conftest import County

Clients = Callable[[str], Client]
OLD = shipped("problems")
NEW = OLD.replace("[measure_days]\nvalue = 15", "[measure_days]\nvalue = 10")


def given(text: str, **more: object) -> dict[str, object]:
    return {"text": text, "reason": "县委研究", "seen": 0, **more}


@pytest.mark.parametrize("name", NAMES)
def test_every_number_stands_as_a_sentence_with_its_source(
    county: County, client_for: Clients, name: str
) -> None:
    page = client_for("clerk").get(f"/rules/{name}").content.decode()
    for number in numbers(getattr(store.rulebook(), name)):
        assert number.sentence().split("“")[0][:20] in page
        assert number.source in page
    assert "未核对" in page or "已逐字核对" in page


def test_a_new_version_is_previewed_and_nothing_is_written_yet(county: County, client_for: Clients) -> None:
    assert NEW != OLD
    page = client_for("officer").post("/rules/problems/adopt", given(NEW)).content.decode()
    assert "应在 15 日内定出" in page and "应在 10 日内定出" in page
    assert store.rulebook().problems.measure_days.value == 15
    assert store.state("R-problems") is None


def test_an_adopted_version_is_in_force_and_stands_in_the_ledger(county: County, client_for: Clients) -> None:
    answer = client_for("officer").post("/rules/problems/adopt", given(NEW, adopt="1"))
    assert answer.status_code == 302
    assert store.rulebook().problems.measure_days.value == 10
    (entry,) = store.entries("R-problems")
    assert (
        isinstance(entry.fact, PolicyAdopted) and entry.fact.text == NEW and entry.fact.reason == "县委研究"
    )
    page = client_for("clerk").get("/rules/problems").content.decode()
    assert "应在 10 日内定出" in page and "县委研究" in page


def test_an_earlier_software_s_text_stays_in_force_with_the_numbers_it_did_not_know(
    county: County, client_for: Clients
) -> None:
    old = re.sub(r"\[checker_of_other_unit\]\n(?:.+\n)+", "", NEW)
    assert old != NEW
    fact = PolicyAdopted(name="problems", version=version(old), reason="县委研究", text=old)
    now = datetime.now(UTC)
    entry = Entry("R-problems", 1, "PolicyAdopted", "U001", now.date(), now, "P0001", "U002", "", fact)
    store.write_states([notes.fold_policy(None, entry)])
    assert store.rulebook().problems.measure_days.value == 10
    assert store.rulebook().problems.checker_of_other_unit.value is True
    assert client_for("clerk").get("/rules/problems").status_code == 200


def test_a_version_comes_as_a_file_too(county: County, client_for: Clients) -> None:
    file = SimpleUploadedFile("problems.toml", NEW.encode("utf-8-sig"))
    page = client_for("leader").post("/rules/problems/adopt", given("", file=file)).content.decode()
    assert "应在 10 日内定出" in page
    bad = SimpleUploadedFile("problems.toml", NEW.encode("gb18030"))
    page = client_for("leader").post("/rules/problems/adopt", given("", file=bad)).content.decode()
    assert "UTF-8" in page


def test_a_wrong_unit_is_refused_with_place_and_remedy(county: County, client_for: Clients) -> None:
    bad = OLD.replace('unit = "日"', 'unit = "斤"', 1)
    answer = client_for("officer").post("/rules/problems/adopt", given(bad, adopt="1"))
    assert answer.status_code == 422
    assert "problems.toml/measure_days" in answer.content.decode() and "斤" in answer.content.decode()
    assert store.state("R-problems") is None


def test_weights_that_do_not_sum_to_one_are_refused(county: County, client_for: Clients) -> None:
    bad = shipped("schemes").replace("weight = 0.3 }", "weight = 0.4 }", 1)
    answer = client_for("officer").post("/rules/schemes/adopt", given(bad, adopt="1"))
    assert answer.status_code == 422 and "不是 1" in answer.content.decode()


def test_two_who_adopt_at_once_the_second_is_told(county: County, client_for: Clients) -> None:
    assert client_for("officer").post("/rules/problems/adopt", given(NEW, adopt="1")).status_code == 302
    answer = client_for("leader").post("/rules/problems/adopt", given(OLD, adopt="1"))
    assert answer.status_code == 422 and "刚刚有了新的记录" in answer.content.decode()


@pytest.mark.parametrize("username", ["clerk", "official", "auditor", "admin"])
def test_only_officers_and_leaders_adopt(county: County, client_for: Clients, username: str) -> None:
    assert client_for(username).post("/rules/problems/adopt", given(NEW, adopt="1")).status_code == 403
    assert store.state("R-problems") is None


def test_an_unknown_policy_is_not_found(county: County, client_for: Clients) -> None:
    assert client_for("officer").get("/rules/nothing").status_code == 404
