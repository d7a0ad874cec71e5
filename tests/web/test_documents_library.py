"""The index of very many documents: in files, fresh for every process, never the truth."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from shigan.facts.documents import DocumentWithdrawn
from shigan.facts.erasure import Asker, Basis, ErasureRequested
from shigan.judge import stock
from shigan.judge.direction import Document
from shigan.web import erasing, store
from shigan.web.pages.documents import library
from shigan.work.admit import Author
from shigan.work.erasure import Erasure
from tests.web.conftest import County
from tests.web.papers import DAY, NOTICE, OWN, registered

LATER = """关于集中供水管网防冻的函

入冬以前，各水管站把裸露在外的管道用棉毡包好，阀门井盖上草帘，夜间留人巡查，冻裂的当天换好，不让群众化雪做饭。
"""


@pytest.fixture
def filed(
    county: County, settings: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[County]:
    """Three documents, and an index that goes to files from the second on."""
    settings.DATA = tmp_path  # type: ignore[attr-defined]
    monkeypatch.setattr(stock, "FRESH", 1)
    library.forget()
    county.write("D00001", registered(NOTICE), unit="U002", ago=30)
    county.write("D00002", registered(NOTICE, dated=DAY + timedelta(days=5)), ago=20)
    county.write("D00003", registered(f"关于清淤的函\n{OWN}", dated=DAY + timedelta(days=9)), ago=10)
    yield county
    library.forget()


def cards(folder: Path) -> str:
    return "".join(path.read_text("utf-8") for path in folder.rglob("cards.json"))


def test_many_documents_lie_in_files_that_a_new_process_opens(
    filed: County, tmp_path: Path, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    library.keep()
    assert "D00003" in cards(tmp_path) and len(list(tmp_path.rglob("cards.json"))) == 1
    assert "清理" not in cards(tmp_path).replace("关于清理乡村蓄水池的通知", "")
    with django_assert_max_num_queries(12):
        verdict = library.shelf().draft(Document.read("稿", NOTICE))
    assert verdict.parent is not None and verdict.parent.document.name == "D00002"
    assert library.shelf().files is not None and not library.shelf().fresh


def test_what_another_process_registered_is_a_source_at_once(filed: County) -> None:
    library.keep()
    assert not library.shelf().draft(Document.read("稿", LATER)).sources
    filed.write("D00004", registered(LATER, dated=DAY - timedelta(days=90)), ago=5)
    verdict = library.shelf().draft(Document.read("稿", LATER))
    assert [source.document.name for source in verdict.sources] == ["D00004"]


def test_a_withdrawn_document_leaves_the_files(filed: County, tmp_path: Path) -> None:
    library.keep()
    assert len(library.shelf()) == 3
    filed.write("D00001", DocumentWithdrawn(reason="登记有误"), unit="U002")
    library.keep()
    assert "D00001" not in cards(tmp_path) and len(library.shelf()) == 2
    found = library.shelf().draft(Document.read("稿", NOTICE)).sources
    assert [source.document.name for source in found] == ["D00002"]


def test_of_an_erased_document_no_byte_stays_in_the_files(filed: County, tmp_path: Path) -> None:
    library.keep()
    assert "关于清淤的函" in cards(tmp_path)
    request = ErasureRequested(about="D00003", seqs=(1,), basis=Basis.PURPOSE, asker=Asker.PERSON)
    filed.write("E00001", request)
    case = store.state("E00001")
    assert isinstance(case, Erasure)
    erasing.approve(case, Author("P0002", "U001"), date.today())
    library.keep()
    held = b"".join(path.read_bytes() for path in (tmp_path / library.FOLDER).rglob("*") if path.is_file())
    assert "关于清淤的函".encode() not in held and b"D00001" in held
    assert b"D00003" not in held and "D00003" not in library.shelf().numbers


def test_while_very_many_are_taken_in_a_page_says_so(
    filed: County, client_for: Callable[[str], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(library, "AT_ONCE", 2)
    page = client_for("officer").post("/documents/check", {"words": NOTICE}).content.decode()
    assert "正在为 3 份文件建立索引" in page and "过几分钟再试" in page
    assert "正在为 3 份文件" in client_for("officer").get("/search", {"q": "蓄水池"}).content.decode()
    library.keep()
    page = client_for("officer").post("/documents/check", {"words": NOTICE}).content.decode()
    assert "与以前的文件相同，主要来自" in page


def test_files_of_a_ledger_that_is_not_this_one_are_not_used(filed: County, tmp_path: Path) -> None:
    library.keep()
    for path in tmp_path.rglob("cards.json"):
        path.write_text(re.sub(r'"as_of": \[(\d+), "\w+"', r'"as_of": [\1, "00"', path.read_text()))
    assert len(library.shelf()) == 3 and '"00"' not in cards(tmp_path)
