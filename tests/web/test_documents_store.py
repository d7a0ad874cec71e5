"""A document number is refused a second time through the store, within one writing and after it."""

from __future__ import annotations

from datetime import date

import pytest

from shigan.facts.documents import Direction, DocumentKind, DocumentRegistered, Form, Level
from shigan.web import store
from shigan.work.admit import Author, Draft
from shigan.work.state import Refused
from tests.web.conftest import County

AUTHOR = Author("P0001", "U002")
DAY = date(2026, 3, 2)


def draft(code: str, number: str) -> Draft:
    fact = DocumentRegistered(
        title="关于清理蓄水池的通知",
        kind=DocumentKind.NOTICE,
        direction=Direction.ISSUED,
        level=Level.COUNTY,
        form=Form.NUMBERED,
        number=number,
        dated=DAY,
        length=300,
    )
    return Draft(code, fact, "U002", DAY)


def test_one_number_is_registered_once(county: County) -> None:
    store.append([draft("D00001", "西组发〔2026〕5号")], AUTHOR)
    with pytest.raises(Refused, match="D00001"):
        store.append([draft("D00002", "西组发[2026]5号")], AUTHOR)
    with pytest.raises(Refused, match="D00003"):
        store.append([draft("D00003", "西组发〔2026〕6号"), draft("D00004", "西组发〔2026〕6号")], AUTHOR)
    assert store.state("D00003") is None, "all or none"
