from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
import xlsxwriter

from shigan.exchange import cells
from shigan.exchange.workbook import (
    Column,
    Reading,
    Sheet,
    find_table,
    mark_faults,
    read_table,
    read_workbook,
)
from shigan.exchange.workbook.write import Value, write_table, write_template
from shigan.facts.faults import Fault

KINDS = {"立行立改": "at-once", "限期": "dated", "长期": "long"}
COLUMNS = [
    Column("ordinal", ("序号",), cells.whole, numeric=True),
    Column("words", ("具体问题", "问题"), required=True, example="村口路灯不亮", width=40),
    Column("unit", ("责任单位",), required=True, hint="填单位全称"),
    Column("kind", ("整改时限",), partial(cells.choice, mapping=KINDS), choices=tuple(KINDS)),
    Column("due", ("完成日期", "办结日期"), cells.day, example="2026-03-05"),
    Column("share", ("满意率",), cells.percent, numeric=True),
]


def workbook(fill: Callable[[Any, Any], None]) -> bytes:
    """An .xlsx whose one sheet `fill(book, sheet)` writes."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        fill(book, book.add_worksheet("问题台账"))
    return out.getvalue()


def plain(rows: Sequence[Sequence[object]]) -> bytes:
    def fill(_book: Any, sheet: Any) -> None:
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)

    return workbook(fill)


def read(data: bytes) -> Reading:
    return read_table(read_workbook(data), COLUMNS)


def messy(book: Any, sheet: Any) -> None:
    """Titles, notes, a two-storey header, merged units, hidden column, header again, total, signature."""
    sheet.merge_range("A1:G1", "××县 2026 年问题整改台账")
    sheet.write("A2", "填报单位：县委组织部")
    sheet.merge_range("A4:A5", "序号")
    sheet.merge_range("B4:B5", "责 任 单 位")
    sheet.merge_range("C4:C5", "具体问题\n（原文）")
    sheet.merge_range("D4:E4", "整改")
    sheet.write("D5", "整改时限")
    sheet.write("E5", "办结日期")
    sheet.merge_range("F4:F5", "备注")
    sheet.merge_range("G4:G5", "满意率（％）")
    sheet.set_column("G:G", None, None, {"hidden": True})
    sheet.merge_range("A6:G6", "一、县直单位")
    sheet.write_row("A7", ["１", "", "路灯不亮，夜里不敢走。", "立 行 立 改", "2026.3.5 "])
    sheet.merge_range("B7:B8", "县住建局\u3000")
    sheet.write("G7", 0.855, book.add_format({"num_format": "0.0%"}))
    sheet.write_row("A8", [2, None, "水压不足", "限期"])
    sheet.write("E8", 46086)
    sheet.write_row("A11", ["序号", "责任单位", "具体问题", "整改时限", "办结日期"])
    sheet.write_row("A12", [3, "县水利局", "渠道淤塞", "长期"])
    sheet.write_datetime("E12", datetime(2026, 3, 5), book.add_format({"num_format": 'yyyy"年"m"月"d"日"'}))
    sheet.write("A13", 4)
    sheet.write_row("A14", ["", "合 计", "3 件"])
    sheet.write("B15", "填表人：　　　　审核人：")


def test_a_messy_sheet_is_read_whole() -> None:
    reading = read(workbook(messy))
    assert not reading.faults
    assert [row.number for row in reading.rows] == [7, 8, 12]
    assert [row.cell["unit"] for row in reading.rows] == ["县住建局", "县住建局", "县水利局"]
    assert {row.cell["due"] for row in reading.rows} == {date(2026, 3, 5)}
    assert [row.cell["kind"] for row in reading.rows] == ["at-once", "dated", "long"]
    assert reading.rows[0].cell["share"] == Decimal("85.5")
    assert reading.table.sheet.rows[6][6] == "85.5%"
    assert reading.rows[0].cell["words"] == "路灯不亮，夜里不敢走。"


def test_a_preview_tells_what_was_understood_and_what_was_left_out() -> None:
    reading = read(workbook(messy))
    assert ("具体问题 （原文）", "words") in reading.understood
    assert reading.table.ignored == ["备注"]
    assert reading.table.hidden == ["满意率（％）"]
    assert reading.skipped == [(6, "小标题"), (11, "重复的表头"), (14, "合计行"), (15, "填表人等签署")]


def test_every_fault_stands_at_its_cell() -> None:
    rows: list[list[object]] = [
        ["序号", "具体问题", "责任单位", "整改时限", "完成日期", "满意率"],
        [1, "路灯不亮", "", "很快", "2026-02-30", "101%"],
        [2, "水压不足", "县水利局", "长期", "2026-3-5", 98],
    ]
    reading = read(plain(rows))
    assert [fault.place for fault in reading.faults] == [f"问题台账!{c}2" for c in "CDEF"]
    assert [row.number for row in reading.good] == [3]
    assert "请填：立行立改、限期、长期" in str(reading.faults[1])


def test_an_error_value_in_a_cell_is_a_fault_and_not_a_blank() -> None:
    def fill(_book: Any, sheet: Any) -> None:
        sheet.write_row("A1", ["具体问题", "责任单位", "完成日期"])
        sheet.write_row("A2", ["路灯不亮", "县住建局"])
        sheet.write_formula("C2", "=1/0", None, "#DIV/0!")

    (fault,) = read(workbook(fill)).faults
    assert fault.place == "问题台账!C2"
    assert "#DIV/0!" in str(fault)


def test_wrong_columns_are_told_by_name_with_those_that_were_found() -> None:
    with pytest.raises(Fault) as caught:
        read(plain([["名册"], ["序号", "具体问题", "单位名称"], [1, "路灯不亮", "县住建局"]]))
    assert "缺少这些列：责任单位" in str(caught.value)
    assert "第 2 行的表头里有：序号、具体问题、单位名称" in str(caught.value)


def test_a_sheet_without_any_known_title_has_no_header() -> None:
    with pytest.raises(Fault, match="没有找到表头"):
        read(plain([["姓名", "性别"], ["甲", "男"]]))


def test_two_columns_of_one_title_are_not_chosen_between() -> None:
    with pytest.raises(Fault, match="出现了 2 次") as caught:
        read(plain([["具体问题", "责任单位", "责任单位"], ["路灯不亮", "甲", "乙"]]))
    assert caught.value.place == "问题台账!B1、C1"


def test_columns_may_come_in_any_order_with_others_between() -> None:
    (row,) = read(plain([["备注", "责任单位", "领导", "问题"], ["", "县住建局", "甲", "路灯不亮"]])).rows
    assert (row.cell["unit"], row.cell["words"]) == ("县住建局", "路灯不亮")
    assert "due" not in row.cell


def test_a_hidden_sheet_is_read_last_and_other_sheets_are_named() -> None:
    rows: list[list[cells.Cell]] = [["具体问题", "责任单位"], ["路灯不亮", "县住建局"]]
    sheets = [Sheet("旧", rows, visible=False), Sheet("空", []), Sheet("新", rows), Sheet("说明", [["请填"]])]
    reading = read_table(sheets, COLUMNS)
    assert reading.table.sheet.name == "新"
    assert reading.unread == ["旧", "说明"]


def test_a_fault_found_later_can_be_put_at_its_cell() -> None:
    reading = read(plain([["具体问题", "责任单位"], ["路灯不亮", "县住建局"]]))
    reading.rows[0].blame("unit", Fault("没有代码“{code}”。", code="U999"))
    assert str(reading.faults[0]) == "问题台账!B2：没有代码“U999”。"


def test_a_fresh_template_is_understood_and_holds_no_rows() -> None:
    out = io.BytesIO()
    long = Column("origin", ("来源",), choices=tuple(f"第{n}种很长的问题来源名称" for n in range(40)))
    write_template(out, "问题台账", [*COLUMNS, long], notes=["每行一个问题。"])
    reading = read_table(read_workbook(out.getvalue()), [*COLUMNS, long])
    assert [key for _title, key in reading.understood] == [column.key for column in [*COLUMNS, long]]
    assert reading.rows == []
    assert reading.unread == ["填写说明"]


def test_a_table_written_comes_back_the_same() -> None:
    out = io.BytesIO()
    given: list[list[Value]] = [
        [1, "路灯不亮", "县住建局", "限期", date(2026, 3, 5), Decimal("85.5")],
        [2, "水压不足\n多年", "县水利局", None, None, None],
    ]
    write_table(out, "整改/台账[2026]", COLUMNS, given, watermark="干部一科 & 2026-03-05")
    reading = read(out.getvalue())
    back = [list(row.cell.values()) for row in reading.rows]
    given[0][3] = "dated"
    assert back == given
    assert reading.table.sheet.name == "整改 台账 2026"


@pytest.mark.parametrize(
    "words", ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "{=1}", "https://x.cn", "  =1"]
)
def test_a_users_words_are_never_a_formula_or_a_link(words: str) -> None:
    out = io.BytesIO()
    write_table(out, words, COLUMNS[1:3], [[words, words]])
    marked = io.BytesIO()
    mark_faults(marked, Sheet("甲", [[words, words]]), [Fault("“{words}”不对。", words=words, place="甲!A1")])
    for data in (out.getvalue(), marked.getvalue()):
        xml = _xml(data)
        assert "<f>" not in xml
        assert "<hyperlink" not in xml
    assert read_workbook(out.getvalue())[0].rows[2] == [words, words]


def test_the_uploaded_sheet_comes_back_with_its_faults_marked() -> None:
    data = plain([["台账"], [], ["具体问题", "责任单位", "完成日期"], ["路灯不亮", None, "2026-02-30"]])
    reading = read(data)
    out = io.BytesIO()
    mark_faults(out, reading.table.sheet, [*reading.faults, Fault("缺少附件。", place="整表")])
    sheet, listed = read_workbook(out.getvalue())
    assert sheet.rows[3] == ["路灯不亮", None, "2026-02-30"]
    assert [row[0] for row in listed.rows] == ["问题台账!B4", "问题台账!C4", "整表"]
    comments = _xml(out.getvalue(), "xl/comments1.xml")
    assert 'ref="B4"' in comments
    assert "日历上不存在" in comments


def test_marking_a_sheet_with_no_cells_still_lists_the_faults() -> None:
    out = io.BytesIO()
    mark_faults(out, Sheet("空", []), [Fault("缺少 {what}。", what="表头", place="空!B3")])
    assert read_workbook(out.getvalue())[1].rows == [["空!B3", "缺少 表头。"]]


def test_a_table_of_ten_thousand_rows_is_found_and_read() -> None:
    rows: list[list[cells.Cell]] = [[f"第{n}件", "县住建局"] for n in range(10_000)]
    sheet = Sheet("大", [["问题", "责任单位"], *rows])
    assert len(read_table([sheet], COLUMNS).rows) == 10_000
    assert find_table(sheet, COLUMNS).place(10_001, "unit") == "大!B10001"


def _xml(data: bytes, member: str = "xl/worksheets/sheet1.xml") -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(member).decode()
