from __future__ import annotations

import io
import re
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import docx as python_docx
import pytest
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from shigan.exchange.papers import Heading, Note, PageBreak, Paper, Para, Picture, Table, docx, pdf
from shigan.exchange.papers import pdf as pdf_writer_function
from shigan.exchange.papers.model import hanzi, numbered
from shigan.facts.faults import Fault

WILD = '#let x = 1; $a^2$ *粗* _斜_ <b> @引 \\ [括] {x} "引号" `码` // = 等 &amp; \x07'
LETTER = Paper(
    "关于整改群众反映问题的\n督办通知书",
    [
        Para("请于3月12日前办结。\n\n" + WILD),
        Heading(1, "事项"),
        Heading(2, "要求"),
        Heading(3, "时限"),
        Heading(4, "延期"),
        Heading(1, "后果"),
        Heading(2, "提醒"),
    ],
    number="示组督〔2026〕5号",
    to="县住房和城乡建设局",
    sign="中共示例县委组织部",
    day=date(2026, 3, 5),
    annexes=["问题登记表", "核验记录"],
    remark="联系人：督查室",
    mark="干部一科导出",
)
BOOK = Paper(
    WILD,
    [
        Table(["单位", "比例"], [[f"第{n}家", "70%"] for n in range(60)], [2, 1], ["left", "right"], "表1"),
        Note("注：区间为95%区间。"),
        Picture(
            '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><circle r="5"/></svg>', "一个圆", 40
        ),
        PageBreak(),
        Para("县" * 28 * 23),
    ],
)


def pages(data: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", data))


def reopened(paper: Paper) -> Any:
    return python_docx.Document(io.BytesIO(docx(paper)))


def test_headings_are_numbered_level_by_level() -> None:
    assert [number for _block, number in numbered(LETTER.blocks)] == [
        "",
        "一、",
        "（一）",
        "1.",
        "（1）",
        "二、",
        "（一）",
    ]
    assert [hanzi(n) for n in (1, 10, 11, 20, 21, 99)] == ["一", "十", "十一", "二十", "二十一", "九十九"]


def test_a_letter_is_one_page_of_pdf() -> None:
    data = pdf(LETTER)
    assert data.startswith(b"%PDF")
    assert pages(data) == 1


def test_a_page_holds_twenty_two_lines_of_twenty_eight_characters() -> None:
    """After the title and its blank line 20 lines remain, the first indented by two characters."""
    assert pages(pdf(Paper("题", [Para("县" * (28 * 20 - 2))]))) == 1
    assert pages(pdf(Paper("题", [Para("县" * (28 * 20 - 1))]))) == 2


def test_a_long_table_runs_over_pages_and_a_break_begins_a_new_one() -> None:
    assert pages(pdf(BOOK)) == 5


def test_the_same_paper_gives_the_same_pdf() -> None:
    assert pdf(LETTER) == pdf(LETTER)


def test_a_folder_without_fonts_is_told_with_the_command_that_fetches_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import sys

    import typst

    module = sys.modules[pdf_writer_function.__module__]
    monkeypatch.setattr(module, "FONTS", tmp_path)
    if {"noto serif cjk sc", "noto serif sc", "fangsong"} & {
        name.lower() for name in typst.Fonts().families()
    }:
        pytest.skip("this machine has Chinese fonts of its own")
    with pytest.raises(Fault, match="make setup"):
        pdf(LETTER)


def test_a_word_document_opens_again_with_every_word_as_written() -> None:
    texts = [paragraph.text for paragraph in reopened(LETTER).paragraphs]
    assert WILD.replace("\x07", "") in texts
    assert texts[0] == "示组督〔2026〕5号"
    assert "县住房和城乡建设局：" in texts
    assert "（一）要求" in texts
    assert "附件：1.问题登记表" in texts
    assert texts[-3:] == ["中共示例县委组织部", "2026年3月5日", "（联系人：督查室）"]


def test_a_word_document_has_the_margins_and_the_grid_of_the_standard() -> None:
    section = reopened(LETTER).sections[0]
    assert abs(section.page_width - Mm(210)) < Mm(0.1)
    assert abs(section.page_height - Mm(297)) < Mm(0.1)
    assert abs(section.top_margin - Mm(37)) < Mm(0.1)
    assert abs(section.left_margin - Mm(28)) < Mm(0.1)
    assert abs(section.page_width - section.left_margin - section.right_margin - Mm(156)) < Mm(0.1)
    assert abs(section.page_height - section.top_margin - section.bottom_margin - Mm(225)) < Mm(0.1)
    grid = section._sectPr.find(qn("w:docGrid"))
    assert grid.get(qn("w:linePitch")) == "579"


def test_a_word_document_names_the_fonts_for_chinese_and_latin_letters() -> None:
    made = reopened(LETTER)

    def east_asian(of: Any) -> str:
        name: str = of.element.rPr.rFonts.get(qn("w:eastAsia"))
        return name

    normal = made.styles["Normal"]
    assert (east_asian(normal), normal.font.name, normal.font.size) == ("仿宋_GB2312", "仿宋_GB2312", Pt(16))
    assert east_asian(made.styles["Heading 1"]) == "黑体"
    assert east_asian(made.styles["Heading 2"]) == "楷体_GB2312"
    title = made.paragraphs[2].runs[0]
    assert (east_asian(title), title.font.size) == ("方正小标宋简体", Pt(22))


def test_page_numbers_stand_outside_right_on_odd_and_left_on_even_pages() -> None:
    made = reopened(LETTER)
    section = made.sections[0]
    assert made.settings.odd_and_even_pages_header_footer
    for footer in (section.footer, section.even_page_footer):
        assert footer.paragraphs[0].text == "—  —"
        assert "PAGE" in footer.paragraphs[0]._p.xml
    assert section.footer.paragraphs[0].alignment != section.even_page_footer.paragraphs[0].alignment


def test_a_word_table_repeats_its_head_and_a_picture_has_words() -> None:
    table = reopened(BOOK).tables[0]
    assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert len(table.rows) == 61
    with zipfile.ZipFile(io.BytesIO(docx(BOOK))) as archive:
        assert any(name.endswith(".png") for name in archive.namelist())
        assert "一个圆" in archive.read("word/document.xml").decode()


def test_a_table_of_uneven_rows_is_a_mistake_of_the_program() -> None:
    with pytest.raises(ValueError, match="2 columns"):
        Table(["甲", "乙"], [["一"]])


def test_empty_papers_and_empty_cells_are_no_trouble() -> None:
    paper = Paper("", [Para(""), Table(["甲"], []), Table(["甲"], [[""]])])
    assert pages(pdf(paper)) == 1
    assert reopened(paper).tables
