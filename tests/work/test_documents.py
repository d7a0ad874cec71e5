"""The register of documents, without any database."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from shigan.facts import Fault, from_plain, to_plain
from shigan.facts.documents import (
    Direction,
    DocumentKind,
    DocumentRegistered,
    DocumentWithdrawn,
    Form,
    Level,
    counted,
    text_digest,
)
from shigan.facts.units import UnitFounded, UnitKind
from shigan.ledger.entry import Entry
from shigan.policy import Rulebook
from shigan.work.admit import Author, Draft, admit
from shigan.work.documents import ERASED, REGISTERED, WITHDRAWN, Document, fold, plain_number
from shigan.work.secrecy import bears_mark
from shigan.work.state import Refused, State

DAY = date(2026, 3, 2)
NOW = datetime(2026, 6, 1, tzinfo=UTC)
OFFICE = Author("P0001", "U002")
TEXT = "各乡镇：\n  请于 3 月 20 日前清理蓄水池。"


def document(text: str = TEXT, **told: Any) -> DocumentRegistered:
    plain: dict[str, Any] = {
        "title": "关于清理蓄水池的通知",
        "kind": DocumentKind.NOTICE,
        "direction": Direction.ISSUED,
        "level": Level.COUNTY,
        "form": Form.NUMBERED,
        "number": "西水发〔2026〕5号",
        "dated": DAY,
        "length": counted(text),
        "digest": text_digest(text),
        "text": text,
    }
    return DocumentRegistered(**(plain | told))


class Book:
    """A register in memory."""

    def __init__(self) -> None:
        self.states: dict[str, State] = {}
        for unit in ("U002", "U003"):
            self.add(unit, UnitFounded(kind=UnitKind.DEPARTMENT), unit)

    def add(self, code: str, fact: Any, unit: str = "U002", day: date = DAY) -> State:
        (made,) = admit(
            [Draft(code, fact, unit, day)],
            OFFICE,
            NOW,
            Rulebook.shipped(),
            self.states.get,
            find=lambda key, mark: (
                s for s in self.states.values() if s.subject[0] == key and s.mark == mark
            ),
        )
        self.states[code] = made.state
        return made.state


def test_a_document_is_registered_with_its_number_length_and_who_asked() -> None:
    state = Book().add("D00001", document(asked_by="省发〔2026〕1号"))
    assert isinstance(state, Document)
    assert (state.stage, state.mark, state.origin) == (REGISTERED, "西水发〔2026〕5号", "省发〔2026〕1号")
    assert state.length == 18 and state.source == "通知"


def test_the_state_does_not_hold_the_text() -> None:
    assert "蓄水池。" not in str(Book().add("D00001", document()))


def test_one_number_is_issued_once_however_it_is_typed() -> None:
    book = Book()
    book.add("D00001", document())
    with pytest.raises(Refused, match="已登记为 D00001"):
        book.add("D00002", document(number="西水发 [2026] 5 号"), unit="U003")


def test_two_numbers_alike_in_one_batch_are_refused_too() -> None:
    drafts = [Draft(code, document(), "U002", DAY) for code in ("D00001", "D00002")]
    with pytest.raises(Refused, match="已登记"):
        list(admit(drafts, OFFICE, NOW, Rulebook.shipped(), lambda code: None))


def test_two_units_may_each_register_the_notice_both_received() -> None:
    book = Book()
    received = document(direction=Direction.RECEIVED, issuer="省水利厅", level=Level.PROVINCE)
    book.add("D00001", received, "U002")
    book.add("D00002", received, "U003")
    with pytest.raises(Refused, match="D00001"):
        book.add("D00003", received, "U002")


def test_a_number_is_free_again_after_a_withdrawal() -> None:
    book = Book()
    book.add("D00001", document())
    assert book.add("D00001", DocumentWithdrawn(reason="登记有误")).stage == WITHDRAWN
    assert book.add("D00002", document()).stage == REGISTERED


@pytest.mark.parametrize("told", [{"dated": date(2026, 3, 3)}, {"number": "西水发〔2027〕5号"}])
def test_dates_must_be_in_order(told: dict[str, Any]) -> None:
    with pytest.raises(Refused, match="成文日期"):
        Book().add("D00001", document(**told))


@pytest.mark.parametrize(
    "text",
    [
        "机密★1年\n关于某事的通知",
        "关于某事的通知\n秘 密\n★\n3年",
        "密级：秘密\n正文",
        "【绝密】\n正文",
        "关于某事的通知（机密）",
        "秘密\n正文",
        "機密★1年\n正文",
        "机\u200b密 ☆ ３ 年\n正文",
        "机密⭐\ufe0f长期\n正文",
        "000001 机密 特急\n正文",
        "机密（1年）\n正文",
        "绝密·启用前 数学试卷\n正文",
        "【密级】机密\n正文",
        "密级　秘密\n正文",
        "- 2 -  中共青河县委文件 秘密★10年\n正文",
        "秘密级\n正文",
    ],
)
def test_what_bears_a_secrecy_mark_is_refused_in_a_sentence_that_does_not_repeat_it(text: str) -> None:
    with pytest.raises(Fault, match="密级标志") as refused:
        Book().add("D00001", document(text))
    assert "某事" not in str(refused.value)


@pytest.mark.parametrize("title", ["机密★1年 关于某事的通知", "关于某事的通知【秘密】"])
def test_a_title_that_bears_a_mark_is_refused_too(title: str) -> None:
    with pytest.raises(Fault, match="密级标志"):
        Book().add("D00001", document(title=title))


@pytest.mark.parametrize(
    "line",
    [
        "采用秘密投票方式。",
        "国家秘密分为绝密、机密、秘密三级。",
        "密级：绝密、机密、秘密，由承办人提出。",
        "严守党和国家秘密，保守工作机密。",
        "做好保密工作，乙方应保守商业秘密2年。",
        "工作秘密、商业秘密、个人隐私不予公开。",
        "采用**秘密**投票。",
        "★为必须满足的指标；★★★酒店",
        "标有“机密”字样的文件由专人保管。",
        "机密级计算机不得联网。",
        "1.秘密",
        "★3年以上工作经验",
    ],
)
def test_a_sentence_that_only_speaks_of_secrets_is_no_mark(line: str) -> None:
    assert not bears_mark(f"{line}\n下一段。")


def test_a_numbered_document_needs_its_number_and_other_forms_need_none() -> None:
    with pytest.raises(Fault, match="没有文号"):
        document(number="")
    assert document(number="", form=Form.SLIP).form is Form.SLIP


def test_length_and_digest_are_those_of_the_text() -> None:
    with pytest.raises(Fault, match="摘要值"):
        document(length=3)
    assert document("", length=3, digest="").length == 3, "a paper that was not read in"


def test_a_text_typed_in_parts_is_as_long_as_it_is_kept() -> None:
    fact = document("Café" + "e\u0301" * 3)
    assert from_plain(DocumentRegistered, to_plain(fact)).length == 7


def test_numbers_are_compared_without_blanks_and_in_one_kind_of_bracket() -> None:
    assert plain_number("西组发（2026）5 号") == plain_number("西组发〔2026〕5号") == "西组发〔2026〕5号"


def test_an_erased_document_still_has_its_place() -> None:
    fact = document()
    entry = Entry("D00001", 1, "DocumentRegistered", "U002", DAY, NOW, "P0001", "U002", "", fact)
    assert fold(None, replace(entry, fact=None)).stage == ERASED
