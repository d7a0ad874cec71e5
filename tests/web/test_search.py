"""Search finds people, units, problems, codes and entries, and nothing that the account may not see."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from shigan.facts.documents import DocumentWithdrawn, Form
from shigan.facts.problems import ProblemRaised, Source
from shigan.web import sealing
from shigan.web.pages.documents import library
from tests.web.conftest import County
from tests.web.papers import NOTICE, OWN, registered

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


@pytest.fixture
def papers(county: County) -> Iterator[County]:
    """D00001 of U002, D00002 of the clerk's U003."""
    library.forget()
    county.write("D00001", registered(NOTICE, number="西水〔2026〕3号", form=Form.NUMBERED), unit="U002")
    county.write("D00002", registered("关于清淤的函\n" + OWN), unit="U003")
    yield county
    library.forget()


@pytest.mark.parametrize(
    ("words", "code", "shown"),
    [
        ("管水员", "D00001", "<mark>管水员</mark>"), ("裂 缝", "D00001", "<mark>裂</mark>"),
        ("补助２０００元", "D00002", "<mark>补助2000元</mark>"),
        ("西水 [2026] 3 号", "D00001", "西水〔2026〕3号"),
        ("清淤的函", "D00002", "关于清淤的函"), ("镇", "D00002", "<mark>镇</mark>"),
    ],
)  # fmt: skip
def test_words_of_title_number_and_text_find_documents(
    papers: County, client_for: Clients, words: str, code: str, shown: str
) -> None:
    page = client_for("officer").get("/search", {"q": words}).content.decode()
    assert f"/documents/{code}" in page and shown in page


def test_documents_of_other_units_are_not_found_by_their_words(papers: County, client_for: Clients) -> None:
    for words in ("管水员", "蓄水池", "西水"):
        page = client_for("clerk").get("/search", {"q": words}).content.decode()
        assert "D00001" not in page
        assert "D0000" not in client_for("official").get("/search", {"q": words}).content.decode()
    assert "D00002" in client_for("clerk").get("/search", {"q": "水务站"}).content.decode()


def test_a_document_that_is_gone_is_not_found_by_its_words(papers: County, client_for: Clients) -> None:
    assert "D00001" in client_for("officer").get("/search", {"q": "管水员"}).content.decode()
    papers.write("D00001", DocumentWithdrawn(reason="登记有误"), unit="U002")
    assert "D00001" not in client_for("officer").get("/search", {"q": "管水员"}).content.decode()


def test_what_is_asked_for_in_texts_costs_no_query_a_hit(
    papers: County, client_for: Clients, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = client_for("officer")
    client.get("/search", {"q": "管水员"})
    for n in range(3, 18):
        papers.write(f"D{n:05d}", registered(f"第{n}号函\n{NOTICE}"), unit="U002")
    with django_assert_max_num_queries(25):
        page = client.get("/search", {"q": "管水员"}).content.decode()
    assert page.count("<mark>管水员</mark>") == 16
