"""Red line 7: what bears a secrecy mark is refused, wherever the mark stands; the mere word is none."""

from __future__ import annotations

import io

import pytest
import xlsxwriter

from shigan.exchange.sheets import read_sheets
from shigan.exchange.sheets.secrecy import marked
from shigan.facts.faults import Fault
from tests.exchange.sheetmaking import RULES, workbook

HEAD = ["单位", "姓名", "年度", "一季度"]
ROW = ["县住建局", "赵某甲", 2026, "好"]


@pytest.mark.parametrize(
    "mark",
    [
        "机密★1年",
        "秘密",
        "绝密★长期",
        "★",
        "密级：机密",
        "【秘密】",
        "机 密 ★ ５ 年",
        "秘密★",
        "（机密）",
        "秘密*3年",
    ],
)
def test_a_mark_in_a_cell_refuses_the_file(mark: str) -> None:
    assert marked(mark)
    with pytest.raises(Fault, match="密级标志"):
        read_sheets(workbook([mark], HEAD, ROW), "表.xlsx", RULES)


@pytest.mark.parametrize("name", ["机密-名册.xlsx", "名册（秘密）.xlsx", "名册★.xlsx"])
def test_a_mark_in_the_name_refuses_the_file(name: str) -> None:
    with pytest.raises(Fault, match="密级标志"):
        read_sheets(workbook(HEAD, ROW), name, RULES)


def test_a_mark_in_the_page_header_refuses_the_file() -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEAD)
        sheet.write_row(1, 0, ROW)
        sheet.set_header("&R机密★1年")
    with pytest.raises(Fault, match="密级标志"):
        read_sheets(out.getvalue(), "表.xlsx", RULES)


def test_a_mark_in_a_text_box_a_sheets_name_or_a_hidden_sheet_refuses_the_file() -> None:
    for where in ("box", "name", "hidden"):
        out = io.BytesIO()
        with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
            sheet = book.add_worksheet()
            sheet.write_row(0, 0, HEAD)
            other = book.add_worksheet("秘密" if where == "name" else "附")
            other.write(3, 3, "秘密★1年" if where == "hidden" else "说明")
            if where == "box":
                sheet.insert_textbox(5, 5, "机密★1年")
            if where == "hidden":
                other.hide()
        with pytest.raises(Fault, match="密级标志"):
            read_sheets(out.getvalue(), "表.xlsx", RULES)


@pytest.mark.parametrize("words", ["选举设秘密写票处", "未组织保守国家秘密教育", "工作秘密管理不严"])
def test_the_word_in_a_sentence_is_no_mark(words: str) -> None:
    assert not marked(words)
