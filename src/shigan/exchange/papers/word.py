"""The Word document of a paper: GB/T 9704-2012 with the fonts an office PC has, named and not carried."""

from __future__ import annotations

import copy
import io
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import docx as python_docx
from docx.enum.table import WD_ALIGN_VERTICAL, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Length, Mm, Pt
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from shigan.exchange.papers.model import (
    Block,
    Heading,
    Note,
    PageBreak,
    Paper,
    Para,
    Picture,
    Table,
    annex_lines,
    numbered,
    paragraphs,
    said,
)
from shigan.exchange.papers.pdf import png

FANG, HEI, KAI, SONG, TITLE = "仿宋_GB2312", "黑体", "楷体_GB2312", "宋体", "方正小标宋简体"
BODY, TEXT_WIDTH = 16, 156
"""三号 in points; the text area in mm."""
PITCH = 28.95
"""Points between lines: 225 mm / 22, rounded down so that 22 lines fit."""
TIGHTER = -0.25
"""Points added to each character: 28 of 16 pt are a little wider than 156 mm."""

_LEFT, _CENTER, _RIGHT = WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT
_SIDES = {"left": _LEFT, "center": _CENTER, "right": _RIGHT}
_HEADS = {1: HEI, 2: KAI, 3: FANG, 4: FANG}


def docx(paper: Paper) -> bytes:
    """The paper as .docx; text goes in as text, whatever it contains."""
    made = _Writer()
    made.page(paper.mark)
    made.paper(paper)
    out = io.BytesIO()
    made.file.core_properties.title = _legible(paper.title).replace("\n", "")[:255]
    moment = datetime.combine(paper.day, datetime.min.time()) if paper.day else datetime(2000, 1, 1)
    made.file.core_properties.created = made.file.core_properties.modified = moment.replace(tzinfo=UTC)
    made.file.core_properties.author = _legible(paper.sign)[:255]
    made.file.save(out)
    return out.getvalue()


class _Writer:
    def __init__(self) -> None:
        self.file = python_docx.Document()
        normal = self.file.styles["Normal"]
        _font(normal, FANG, BODY)
        normal.element.rPr.find(qn("w:sz")).addprevious(_tag("w:spacing", val=round(TIGHTER * 20)))
        for gap in ("w:autoSpaceDE", "w:autoSpaceDN"):  # no gap between Chinese and figures: 2026年3月5日
            normal.element.get_or_add_pPr().append(_tag(gap, val=0))
        for level in _HEADS:
            style = self.file.styles[f"Heading {level}"]
            _font(style, _HEADS[level], BODY)
            style.font.bold = style.font.italic = False
            style.font.color.rgb = None

    def paper(self, paper: Paper) -> None:
        if paper.number:
            self.line(paper.number, align=_RIGHT)
            self.line("")
        for part in paper.title.strip().split("\n"):
            self.line(part, TITLE, 22, align=_CENTER)
        self.line("")
        if paper.to:
            self.line(f"{paper.to}：")
        for block, number in numbered(paper.blocks):
            self.block(block, number)
        if paper.annexes:
            self.line("")
            for line in annex_lines(paper.annexes):
                self.line(line, indent=2)
        self.signature(paper)
        if paper.remark:
            self.line(f"（{paper.remark}）", indent=2)

    def block(self, block: Block, number: str) -> None:
        match block:
            case Heading():
                line = self.line(number + block.text, _HEADS[block.level], indent=2)
                line.style = self.file.styles[f"Heading {block.level}"]
                line.paragraph_format.keep_with_next = True
            case Para():
                for text in paragraphs(block.text):
                    self.line(text, indent=2, align=WD_ALIGN_PARAGRAPH.JUSTIFY)
            case Note():
                self.line(block.text, size=12, pitch=20)
            case Table():
                self.table(block)
            case Picture():
                self.picture(block)
            case PageBreak():
                self.file.add_paragraph().add_run().add_break(WD_BREAK.PAGE)

    def line(
        self,
        text: str,
        font: str = "",
        size: float = BODY,
        *,
        indent: float = 0,
        align: WD_ALIGN_PARAGRAPH | None = None,
        pitch: float = PITCH,
    ) -> Paragraph:
        """One paragraph at exact pitch; `indent` of the first line in characters."""
        paragraph = self.file.add_paragraph()
        _write(paragraph, text, font, size)
        _lay(paragraph, pitch)
        paragraph.paragraph_format.first_line_indent = Pt(indent * (size + TIGHTER))
        if align is not None:
            paragraph.alignment = align
        return paragraph

    def signature(self, paper: Paper) -> None:
        """The date four characters from the right edge, the unit centred above it."""
        day = said(paper.day) if paper.day else ""
        if not (paper.sign or day):
            return
        self.line("").paragraph_format.keep_with_next = True
        overhang = (_width(paper.sign) - _width(day)) / 2
        gap = max(4.0, overhang)
        if paper.sign:
            unit = self.line(paper.sign, align=_RIGHT)
            unit.paragraph_format.right_indent = Pt(BODY * (gap - overhang))
            unit.paragraph_format.keep_with_next = bool(day)
        if day:
            self.line(day, align=_RIGHT).paragraph_format.right_indent = Pt(BODY * gap)

    def table(self, block: Table) -> None:
        if block.caption:
            self.line(block.caption, HEI, 12, align=_CENTER, pitch=24).paragraph_format.keep_with_next = True
        table = self.file.add_table(rows=0, cols=len(block.head), style="Table Grid")
        table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
        margins = _tag("w:tblCellMar")
        margins.extend([_tag("w:left", w=57, type="dxa"), _tag("w:right", w=57, type="dxa")])
        table._tbl.tblPr.find(qn("w:tblLook")).addprevious(margins)
        shares = block.widths or [1] * len(block.head)
        widths = [Mm(TEXT_WIDTH * share / sum(shares)) for share in shares]
        for column, width in zip(table.columns, widths, strict=True):
            column.width = width
        _row(table, block.head, widths, ["center"] * len(block.head), HEI, block.small)
        _flag(table.rows[0], "w:tblHeader")
        for row in block.rows[:1]:
            _row(table, row, widths, block.align or ["left"] * len(row), FANG, block.small)
        for row in block.rows[1:]:
            _like_last(table, row)
        self.line("", size=6, pitch=8)

    def picture(self, block: Picture) -> None:
        paragraph = self.file.add_paragraph()
        paragraph.alignment = _CENTER
        shape = paragraph.add_run().add_picture(
            io.BytesIO(png(block.svg, block.width)), width=Mm(block.width)
        )
        shape._inline.docPr.set("descr", block.words)

    def page(self, mark: str) -> None:
        section = self.file.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.top_margin, section.bottom_margin = Mm(37), Mm(35)
        section.left_margin, section.right_margin = Mm(28), Mm(26)
        section.header_distance, section.footer_distance = Mm(20), Mm(23)
        _grid(section)
        self.file.settings.odd_and_even_pages_header_footer = True
        for footer, side in ((section.footer, _RIGHT), (section.even_page_footer, _LEFT)):
            _page_number(footer.paragraphs[0], side)
        for header in (section.header, section.even_page_header):
            header.paragraphs[0].alignment = _RIGHT
            _write(header.paragraphs[0], mark, HEI, 8)


def _row(
    table: Any,
    texts: Sequence[str],
    widths: Sequence[Length],
    align: Sequence[str],
    font: str,
    small: bool,
) -> None:
    row = table.add_row()
    _flag(row, "w:cantSplit")
    for cell, text, width, side in zip(row.cells, texts, widths, align, strict=True):
        cell.width, cell.vertical_alignment = width, WD_ALIGN_VERTICAL.CENTER
        paragraph = cell.paragraphs[0]
        paragraph._p.get_or_add_pPr().append(_tag("w:snapToGrid", val=0))
        _write(paragraph, text, font, 9 if small else 12)
        _lay(paragraph, 12.5 if small else 18)
        paragraph.alignment = _SIDES[side]


def _like_last(table: Any, texts: Sequence[str]) -> None:
    """A row laid out as the one above it: copying is ten times as fast as laying out each cell."""
    made = copy.deepcopy(table._tbl.tr_lst[-1])
    table._tbl.append(made)
    for run, text in zip(made.iterfind(f".//{qn('w:r')}"), texts, strict=True):
        Run(run, table).text = _legible(text)


def _write(paragraph: Paragraph, text: str, font: str, size: float) -> None:
    run = paragraph.add_run(_legible(text))
    run.font.size = Pt(size)
    if font:
        _font(run, font, size)


def _legible(text: str) -> str:
    """The text without control characters, which XML cannot hold."""
    return "".join(letter for letter in text if letter >= " " or letter in "\n\t")


def _lay(paragraph: Paragraph, pitch: float) -> None:
    layout = paragraph.paragraph_format
    layout.space_before = layout.space_after = Pt(0)
    layout.line_spacing_rule, layout.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(pitch)


def _font(styled: Any, name: str, size: float) -> None:
    """Name the font for Chinese and for Latin letters; Word keeps the two apart."""
    styled.font.name, styled.font.size = name, Pt(size)
    fonts = styled.element.get_or_add_rPr().get_or_add_rFonts()
    for kind in ("w:eastAsia", "w:hAnsi", "w:ascii", "w:cs"):
        fonts.set(qn(kind), name)
    for theme in ("w:asciiTheme", "w:eastAsiaTheme", "w:hAnsiTheme", "w:cstheme"):
        fonts.attrib.pop(qn(theme), None)


def _grid(section: Any) -> None:
    """22 lines a page; a character grid would be read differently by Word, WPS and LibreOffice."""
    properties = section._sectPr
    for old in properties.findall(qn("w:docGrid")):
        properties.remove(old)
    properties.append(_tag("w:docGrid", type="lines", linePitch=579))  # in twentieths of a point


def _page_number(paragraph: Paragraph, side: WD_ALIGN_PARAGRAPH) -> None:
    """`— 1 —` in 四号 宋体, one character from the outer edge."""
    paragraph.alignment = side
    layout = paragraph.paragraph_format
    layout.left_indent = layout.right_indent = Pt(14)
    _write(paragraph, "— ", SONG, 14)
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        run = paragraph.add_run()
        _font(run, SONG, 14)
        element = _tag("w:fldChar", fldCharType=kind) if kind else _tag("w:instrText")
        element.text = text or None
        run._r.append(element)
    _write(paragraph, " —", SONG, 14)


def _flag(row: Any, name: str) -> None:
    row._tr.get_or_add_trPr().append(_tag(name))


def _tag(name: str, **attributes: object) -> Any:
    """An element of Word's own XML with attributes of the same namespace."""
    element = OxmlElement(name)
    for attribute, value in attributes.items():
        element.set(qn(f"w:{attribute}"), str(value))
    return element


def _width(text: str) -> float:
    """Width in characters: Latin letters and figures are half as wide."""
    return sum(0.5 if letter.isascii() else 1 for letter in text)
