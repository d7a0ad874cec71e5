"""公文: what the register shows, what a draft is told, and that nothing of a draft is kept."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from shigan.facts.documents import Direction, DocumentWithdrawn, Form, Level
from shigan.web import boards, sealing, store
from shigan.web.models import BoardRow, EntryRow, StateRow
from shigan.web.pages.documents import library
from tests.web.conftest import County
from tests.web.papers import DAY, NOTICE, OWN, registered

Clients = Callable[[str], Client]
THIS = date.today().year
RELAY = NOTICE.replace("关于清理乡村蓄水池的通知", "关于转发《关于清理乡村蓄水池的通知》的通知")


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    library.forget()
    yield
    library.forget()


@pytest.fixture
def papers(county: County) -> County:
    """D00001 of the county's office, copied whole by D00002 of U003, with duties of its own in D00003."""
    county.write("D00001", registered(NOTICE), unit="U002", ago=30)
    later = {"dated": DAY + timedelta(days=5), "level": Level.TOWNSHIP}
    county.write("D00002", registered(NOTICE, **later), ago=20)
    later["dated"] = DAY + timedelta(days=9)
    county.write("D00003", registered(RELAY + OWN, asked_by="县委办", **later), ago=10)
    sealing.seal()
    boards.judge_now()
    return county


def said(answer: Any) -> str:
    return str(answer.content.decode())


def in_order() -> list[str]:
    held = library.shelf().held
    return [held[number].card.name for number in sorted(held)]


def everything(folder: Path) -> set[Path]:
    return {path for path in folder.rglob("*") if path.suffix not in (".sqlite3-wal", ".sqlite3-shm")}


def test_the_register_lists_documents_with_what_the_judges_said(papers: County, client_for: Clients) -> None:
    page = said(client_for("officer").get("/documents/"))
    assert "D00001" in page and "照抄" in page and "转发并提出具体要求" in page


@pytest.mark.parametrize(
    ("asked", "codes"),
    [
        ("unit=U002", {"D00001"}),
        ("label=照抄", {"D00002"}),
        ("q=转发", {"D00003"}),
        ("direction=收文", set()),
    ],
)
def test_the_register_is_narrowed_by_what_is_asked(
    papers: County, client_for: Clients, asked: str, codes: set[str]
) -> None:
    answer = client_for("officer").get(f"/documents/?{asked}")
    assert {code for code in ("D00001", "D00002", "D00003") if f"/documents/{code}" in said(answer)} == codes


def test_a_clerk_sees_the_own_units_documents_only(papers: County, client_for: Clients) -> None:
    page = said(client_for("clerk").get("/documents/"))
    assert "D00002" in page and "D00001" not in page
    assert client_for("clerk").get("/documents/D00001").status_code == 403


def test_a_source_beyond_the_readers_scope_is_told_by_its_unit_only(
    papers: County, client_for: Clients
) -> None:
    page = said(client_for("clerk").get("/documents/D00002"))
    assert "县委组织部的一份文件" in page and "/documents/D00001" not in page
    assert client_for("clerk").get("/documents/D00002/beside/D00001").status_code == 403


def test_a_document_shows_its_sources_in_colour_and_by_letter(papers: County, client_for: Clients) -> None:
    page = said(client_for("officer").get("/documents/D00002"))
    assert '<span class="sg-hue-0' in page and '<sup class="sg-from">A</sup>' in page
    assert "没有自己的内容" in page and "style=" not in page


def test_a_document_shows_the_words_that_say_when_and_how_much(papers: County, client_for: Clients) -> None:
    page = said(client_for("officer").get("/documents/D00003"))
    assert "6月20日前" in page and "2000元" in page and "县委办" in page


def test_a_document_and_its_source_stand_side_by_side(papers: County, client_for: Clients) -> None:
    page = said(client_for("officer").get("/documents/D00003/beside/D00001"))
    assert page.count("现就清理乡村蓄水池的事情通知如下") == 2
    assert page.count("联系电话0970-1234567") == 1


def test_the_chain_goes_from_the_first_source_to_those_who_hand_it_on(
    papers: County, client_for: Clients
) -> None:
    page = said(client_for("officer").get("/documents/D00001"))
    assert "sg-chain" in page and "/documents/D00002" in page and "/documents/D00003" in page


def test_each_units_number_stands_beside_last_years(papers: County, client_for: Clients) -> None:
    papers.write("D00009", registered(OWN), ago=20)
    page = said(client_for("officer").get("/documents/units"))
    assert f"县住建局：{THIS} 年" in page and "上年 0 件" in page and "上年同期" in page


def test_an_earlier_year_is_compared_with_the_one_before_it_and_says_that_it_is_no_longer_judged(
    papers: County, client_for: Clients
) -> None:
    then = date(THIS - 3, 3, 2)
    papers.write("D00009", registered(OWN, dated=then), ago=(date.today() - then).days)
    page = said(client_for("officer").get("/documents/units", {"year": THIS - 2}))
    assert f"县住建局：{THIS - 2} 年 0 件，上年 1 件" in page
    assert "上年同期" not in page and f"{THIS - 2} 年已不再判读" in page
    assert f"{THIS - 3} 年 1 件" in page


@pytest.mark.parametrize("year", ["1900", "x", ""])
def test_a_year_that_cannot_be_chosen_shows_the_running_one(
    papers: County, client_for: Clients, year: str
) -> None:
    assert "上年同期" in said(client_for("officer").get("/documents/units", {"year": year}))


def test_a_draft_is_told_what_it_copies_and_what_it_lacks(papers: County, client_for: Clients) -> None:
    page = said(client_for("officer").post("/documents/check", {"words": NOTICE}))
    assert "100% 与以前的文件相同" in page and "没有自己的内容" in page and "登记这份文件" in page
    page = said(client_for("officer").post("/documents/check", {"words": NOTICE + "请各单位切实抓好落实。"}))
    assert "没有写明谁、何时、多少" in page


@pytest.mark.parametrize("address", ["/documents/check", "/documents/new"])
def test_pasted_words_with_a_secrecy_mark_are_not_shown_again(
    papers: County, client_for: Clients, address: str
) -> None:
    answer = client_for("officer").post(address, {"words": "机密★1年\n" + NOTICE})
    assert answer.status_code == 422 and "密级标志" in said(answer)
    assert "蓄水池" not in said(answer) and "机密★" not in said(answer)


def test_nothing_of_a_draft_is_kept(
    papers: County, client_for: Clients, settings: object, tmp_path: Path
) -> None:
    settings.DATA = tmp_path  # type: ignore[attr-defined]
    counts = [model.objects.count() for model in (EntryRow, StateRow, BoardRow)]
    file = SimpleUploadedFile("draft.txt", (NOTICE + OWN).encode())
    before = everything(tmp_path)
    page = said(client_for("officer").post("/documents/check", {"file": file, "words": ""}))
    assert "与以前的文件相同" in page
    assert [model.objects.count() for model in (EntryRow, StateRow, BoardRow)] == counts
    assert everything(tmp_path) == before
    assert len(library.shelf()) == 3


def test_an_archive_is_answered_with_a_line_for_each_draft(papers: County, client_for: Clients) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.txt", NOTICE)
        archive.writestr("b.txt", OWN * 3)
        archive.writestr("c.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old")
    file = SimpleUploadedFile("drafts.zip", packed.getvalue())
    page = said(client_for("officer").post("/documents/check", {"file": file, "words": ""}))
    assert "a.txt" in page and "b.txt" in page and "另存为" in page


@pytest.mark.parametrize("address", ["/documents/check", "/documents/new"])
def test_a_secret_paper_is_refused_in_a_sentence_and_not_kept(
    papers: County, client_for: Clients, address: str
) -> None:
    file = SimpleUploadedFile("x.txt", ("机密★1年\n" + NOTICE).encode())
    answer = client_for("officer").post(address, {"file": file, "words": ""})
    assert answer.status_code == 422 and "密" in said(answer) and "蓄水池" not in said(answer)
    assert StateRow.objects.filter(key="D").count() == 3


def test_a_paper_with_nothing_in_it_is_refused(papers: County, client_for: Clients) -> None:
    answer = client_for("officer").post("/documents/check", {"words": ""})
    assert answer.status_code == 422 and "没有文件，也没有文字" in said(answer)


def test_the_head_of_a_paper_fills_in_the_form(papers: County, client_for: Clients) -> None:
    text = f"西组发〔2026〕7号\n{NOTICE}\n演示县委组织部\n2026年3月2日\n"
    answer = client_for("officer").post("/documents/new", {"words": text})
    form = answer.context["form"]
    assert (
        form["title"].value() == "关于清理乡村蓄水池的通知" and form["number"].value() == "西组发〔2026〕7号"
    )
    assert str(form["dated"].value()) == "2026-03-02" and form["form"].value() == Form.NUMBERED


def typed(**changes: object) -> dict[str, object]:
    day = (DAY + timedelta(days=30)).isoformat()
    return {
        "title": "关于清理的通知", "number": "", "unit": "U003", "kind": "通知", "direction": "发文",
        "level": "县",
        "form": "白头", "dated": day, "happened": day, "addressees": "0", "seen": "0",
        "text": NOTICE.replace("\n", "\r\n"),
    } | changes  # fmt: skip


def test_a_document_is_registered_with_length_and_digest_of_its_text(
    papers: County, client_for: Clients
) -> None:
    answer = client_for("clerk").post("/documents/new", typed())
    assert answer.status_code == 302 and answer["Location"] == "/documents/D00004"
    fact = next(store.entries("D00004")).fact
    assert fact.text == NOTICE.strip() and fact.direction is Direction.ISSUED  # type: ignore[union-attr]
    assert len(library.shelf()) == 4, "the next draft is compared with it at once"


def test_a_clerk_registers_for_the_own_unit_only(papers: County, client_for: Clients) -> None:
    assert client_for("clerk").post("/documents/new", typed(unit="U004")).status_code == 403


def test_a_number_given_twice_comes_back_with_all_that_was_typed(papers: County, client_for: Clients) -> None:
    numbered = typed(form="正式文号", number="西住建〔2026〕1号")
    client_for("clerk").post("/documents/new", numbered)
    answer = client_for("clerk").post("/documents/new", numbered)
    assert answer.status_code == 422 and "D00004" in said(answer) and "池壁有裂缝" in said(answer)


def test_a_withdrawn_document_is_no_longer_a_source(papers: County, client_for: Clients) -> None:
    assert len(library.shelf()) == 3
    papers.write("D00001", DocumentWithdrawn(reason="登记有误"), unit="U002")
    page = said(client_for("officer").get("/documents/D00002"))
    assert "没有与以前文件相同的段落" in page
    assert "撤回" in said(client_for("officer").get("/documents/D00001"))


def test_a_document_dated_before_others_is_put_between_them(papers: County) -> None:
    assert in_order() == ["D00001", "D00002", "D00003"]
    papers.write("D00004", registered(OWN, dated=DAY + timedelta(days=1)), ago=5)
    assert in_order() == ["D00001", "D00004", "D00002", "D00003"]


def test_a_later_document_that_others_name_is_put_before_them(papers: County) -> None:
    library.shelf()
    papers.write("D00004", registered(NOTICE + OWN, dated=DAY + timedelta(days=20)), ago=5)
    assert in_order() == ["D00001", "D00002", "D00004", "D00003"]


def test_a_list_costs_no_query_a_row(
    papers: County, client_for: Clients, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = client_for("officer")
    client.get("/documents/")
    for n in range(4, 24):
        papers.write(f"D{n:05d}", registered(OWN), ago=5)
    with django_assert_max_num_queries(16):
        client.get("/documents/")
