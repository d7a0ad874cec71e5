"""Search finds people, units, problems, codes and entries, and nothing that the account may not see."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from shigan.facts.problems import ProblemRaised, Source
from shigan.web import sealing
from tests.web.conftest import County

Clients = Callable[[str], Client]


@pytest.fixture(autouse=True)
def problem(county: County) -> None:
    county.write("Q00012", ProblemRaised(source=Source.VISIT, category="供水", text="村东水压不足"))
    sealing.seal()


@pytest.mark.parametrize(
    ("words", "where"),
    [
        ("Q00012", "/problems/Q00012"), ("q00012", "/problems/Q00012"), ("U003", "/organization/units/U003"),
        ("P0006", "/organization/people/P0006"), ("#3", "/ledger/3"), ("＃3", "/ledger/3"),
        (" 3 ", "/ledger/3"),
    ],
)  # fmt: skip
def test_a_code_or_number_leads_straight_to_its_page(client_for: Clients, words: str, where: str) -> None:
    answer = client_for("officer").get("/search", {"q": words})
    assert answer.status_code == 302 and answer.headers["Location"] == where


def test_words_find_people_units_and_problems(client_for: Clients) -> None:
    officer = client_for("officer")
    assert "people/P0006" in officer.get("/search", {"q": "甲06"}).content.decode()
    assert "units/U003" in officer.get("/search", {"q": "住建"}).content.decode()
    assert "/problems/Q00012" in officer.get("/search", {"q": "水压"}).content.decode()


def test_nothing_outside_the_own_scope_is_found(client_for: Clients) -> None:
    assert "/problems/Q00012" in client_for("clerk").get("/search", {"q": "水压"}).content.decode()
    for username in ("other_clerk", "township", "admin"):
        assert "/problems/Q00012" not in client_for(username).get("/search", {"q": "水压"}).content.decode()
    assert "people/P0006" not in client_for("clerk").get("/search", {"q": "甲0"}).content.decode()
    assert "units/U003" not in client_for("township").get("/search", {"q": "住建"}).content.decode()


@pytest.mark.parametrize(
    "words", ["", "Q99999", "#999999", "没有这回事", "%", "'; DROP TABLE entry", "#" + "9" * 40]
)
def test_what_is_not_there_is_said_in_words(client_for: Clients, words: str) -> None:
    answer = client_for("officer").get("/search", {"q": words})
    assert answer.status_code == 200
    assert "没有找到" in answer.content.decode() or not words
