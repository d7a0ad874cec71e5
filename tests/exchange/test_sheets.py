"""The six sheets: messy ones read whole, every fault at its cell, the same sheet twice adds nothing."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from shigan.exchange import examples
from shigan.exchange.sheets import KINDS, Known, export, read_sheets, template
from shigan.exchange.sheets.terms import progress_of, progress_said
from shigan.exchange.workbook import read_workbook
from shigan.facts.faults import Fault
from shigan.work.problems import FIXED, Problem
from tests.exchange.sheetmaking import ROSTER, RULES, Memory, county, workbook

LEDGER_HEAD = [
    "序号",
    "来源",
    "问题类别",
    "具体问题（原文）",
    "提出日期",
    "整改目标（可检验）",
    "整改措施",
    "责任领导",
    "责任单位",
    "责任人",
    "整改时限",
    "进展",
    "整改结果",
    "申报日期",
    "佐证",
    "验收人·验收方式",
    "验收日期",
    "是否销号",
    "回头看日期·是否反弹",
]
WHOLE = [
    2,
    "巡察",
    "民生",
    "水压不足",
    "2026.3.5",
    "三楼出水",
    "换泵",
    "赵某甲",
    "县住建局",
    "钱某乙",
    "限期 2026-06-30",
    "2026-04-01：泵已到货",
    "换泵完毕",
    "2026年6月1日",
    "泵房",
    "县审计局·实地核验",
    date(2026, 6, 8),
    "是",
    "2026-09-10·未反弹",
]


def places(plan: Any) -> dict[str, str]:
    return {fault.place.partition("!")[2]: str(fault) for fault in plan.faults}


def line(**changed: object) -> list[object]:
    return [changed.get(title, value) for title, value in zip(LEDGER_HEAD, WHOLE, strict=True)]


def messy() -> bytes:
    """As it comes from an office: merged title, full-width figures, a serial date, a hidden column."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet("整改台账")
        sheet.merge_range("A1:S1", "演示县２０２６年问题整改台账")
        sheet.write("A2", "填报单位：县委组织部")
        sheet.write_row("A3", [f" {title} " for title in LEDGER_HEAD])
        row: list[Any] = [*WHOLE]
        row[0], row[4], row[8], row[10] = "１", 46086, "县 住建局\u3000", "限期（２０２６年６月３０日）"
        row[16] = "2026/6/8 "
        sheet.write_row("A4", row)
        sheet.merge_range("A5:S5", "二、乡镇")
        sheet.write_row("A6", [2, "督查", "作风", "报表多", "2026年5月6日", "", "", "", "县审计局"])
        sheet.write_row("A9", [3, "", "  "])
        sheet.write("A10", "合计")
        sheet.write("D10", "2 件")
        sheet.write("A12", "填表人：　审核人：")
        sheet.set_column("H:H", None, None, {"hidden": True})
    return out.getvalue()


def test_a_messy_ledger_comes_in_whole_and_in_order() -> None:
    ledger = county()
    plan = ledger.take_in(messy())
    assert not plan.faults
    kinds = [e.kind for e in ledger.written if e.subject == "Q00001"]
    assert kinds == [
        "ProblemRaised",
        "MeasureSet",
        "ProgressReported",
        "FixClaimed",
        "ResultChecked",
        "LookedBack",
    ]
    state = ledger.states["Q00001"]
    assert isinstance(state, Problem)
    assert (state.stage, state.since, state.closed) == (FIXED, date(2026, 3, 5), date(2026, 6, 8))
    assert (state.leader, state.owner, state.checked_by) == ("P0001", "P0002", "U004")
    assert plan.parts[0][1].reading.table.hidden == [" 责任领导 ".strip()]


def test_what_the_unit_did_is_the_units_and_the_check_is_the_checkers() -> None:
    ledger = county()
    ledger.take_in(workbook(LEDGER_HEAD, WHOLE))
    acted = {e.kind: e.by_unit for e in ledger.written if e.subject == "Q00001"}
    assert (
        acted["FixClaimed"] == "U003"
        and acted["ResultChecked"] == "U004"
        and acted["ProblemRaised"] == "U002"
    )
    assert {e.by for e in ledger.written} == {"A0001"}


def test_the_same_sheet_twice_adds_nothing_and_a_grown_one_only_what_is_new() -> None:
    ledger = county()
    first = line(**dict.fromkeys(LEDGER_HEAD[12:]))
    ledger.take_in(workbook(LEDGER_HEAD, first))
    n = len(ledger.written)
    again = ledger.take_in(workbook(LEDGER_HEAD, [*first, "  "]))
    assert (again.drafts, again.faults, again.parts[0][1].again, len(ledger.written)) == ([], [], 1, n)
    other = line(**{"具体问题（原文）": "路灯不亮"})
    grown = ledger.take_in(workbook(LEDGER_HEAD, WHOLE, other))
    assert not grown.faults
    of_first = [type(d.fact).__name__ for d in grown.drafts if d.subject == "Q00001"]
    assert of_first == ["FixClaimed", "ResultChecked", "LookedBack"]
    assert {d.subject for d in grown.drafts} == {"Q00001", "Q00002"}


@pytest.mark.parametrize(
    ("changed", "cell", "said"),
    [
        ({"责任单位": "县住建居"}, "I2", "是不是：县住建局（U003）"),
        ({"责任单位": "县住建局、县审计局"}, "I2", "不止一个"),
        ({"提出日期": "2026-02-30"}, "E2", "在日历上不存在"),
        ({"责任人": "P9999"}, "J2", "没有干部“P9999”"),
        ({"验收人·验收方式": "县住建局·实地核验"}, "P2", "责任单位不能核验自己的整改"),
        ({"验收人·验收方式": "县审计局·查阅材料"}, "P2", "看不到结果"),
        ({"验收人·验收方式": "市某某组·实地核验"}, "P2", "接收其结论的本县单位"),
        ({"验收人·验收方式": None}, "P2", "没有写谁用什么方式验收"),
        ({"验收日期": "2026-05-08"}, "Q2", "早于申报日期"),
        ({"申报日期": None}, "N2", "没有填写"),
        ({"整改措施": None}, "G2", "没有填"),
        ({"整改时限": "立行立改 2026-06-30"}, "G2", "立行立改的期限超过"),
        ({"整改时限": "尽快"}, "K2", "看不出"),
        ({"进展": "泵已到货"}, "L2", "进展没有写日期"),
        ({"来源": "听说"}, "B2", "不在可填的内容里"),
        ({"回头看日期·是否反弹": "2026-07-01·未反弹"}, "S2", "最早在"),
    ],
)
def test_each_fault_of_a_problem_stands_at_its_cell(changed: dict[str, object], cell: str, said: str) -> None:
    plan = county().take_in(workbook(LEDGER_HEAD, line(**changed)))
    assert said in places(plan).get(cell, ""), places(plan)


def test_nothing_is_written_where_one_row_has_a_fault() -> None:
    ledger = county()
    n = len(ledger.written)
    other = line(**{"具体问题（原文）": "路灯不亮", "责任单位": "没有的局"})
    assert len(ledger.take_in(workbook(LEDGER_HEAD, WHOLE, other)).faults) == 1
    assert len(ledger.written) == n


def test_a_day_that_has_not_come_is_refused() -> None:
    row = ["调研", "民生", "路灯不亮", "2027-03-05", "县住建局"]
    plan = county().take_in(workbook(["来源", "问题类别", "具体问题", "提出日期", "责任单位"], row))
    assert "还没有到" in places(plan)["C2"]


def test_one_problem_written_twice_is_told_at_the_second_row() -> None:
    plan = county().take_in(workbook(LEDGER_HEAD, WHOLE, line(序号=3)))
    assert "与第 2 行是同一个单位的同一个问题" in places(plan)["D3"]


def test_namesakes_are_told_apart_by_their_unit_or_else_by_their_code() -> None:
    ledger = county()
    head = ["单位", "姓名", "年度", "一季度"]
    ledger.take_in(workbook(head, ["县审计局", "钱某乙", 2026, "好"]))
    assert ledger.written[-1].subject == "P0003/2026"
    plan = ledger.take_in(workbook(["姓名", "年度", "二季度"], ["钱某乙", 2026, "好"]), key="routine")
    assert "P0002（县住建局）、P0003（县审计局）" in places(plan)["A2"]


def test_a_namesake_elsewhere_may_be_a_transfer_which_only_the_office_knows() -> None:
    ledger = county()
    head = ["编号", "单位", "姓名", "职务", "职务层次"]
    moved = ["县审计局", "赵某甲", "局长", "正职"]
    plan = ledger.take_in(workbook(head, [None, *moved]))
    assert "在“编号”列填 P0001；不是同一人的，填“新”" in places(plan)["C2"]
    assert not ledger.take_in(workbook(head, ["P0001", *moved])).faults
    assert ledger.states["P0001"].unit == "U004" and ledger.called["P0001"].post == "局长"
    assert not ledger.take_in(workbook(head, ["新", "县住建局", "赵某甲", "副局长", "副职"])).faults
    assert ledger.called["P0004"].name == "赵某甲"


def test_names_stay_outside_the_ledger() -> None:
    ledger = county()
    assert not any("某" in str(entry.fact) for entry in ledger.written)
    assert ledger.called["P0001"].name == "赵某甲"


RESULTS = ["单位", "姓名", "年度", "领域", "指标", "性质", "数值", "计量单位", "依据", "统计日期"]
SOLVED = ["县住建局", None, 2026, "社会", "群众诉求经核验解决率", "结果", 86.5, "%", "办结清单", "2026-09-30"]


@pytest.mark.parametrize(
    ("at", "value", "cell", "said"),
    [
        (6, 101, "G2", "大于 100"),
        (6, "101%", "G2", "大于 100"),
        (6, 0.85, "G2", "看不出是百分之几"),
        (6, "很好", "G2", "不是数"),
        (7, "件", "H2", "计量单位是“%”"),
        (3, "天文", "D2", "不在可填的内容里"),
        (9, "2026年9月", "J2", "没有日"),
        (1, "孙某丙", "B2", "没有干部"),
    ],
)
def test_each_fault_of_a_result_stands_at_its_cell(at: int, value: object, cell: str, said: str) -> None:
    row: list[object] = [*SOLVED]
    row[at] = value
    assert said in places(county().take_in(workbook(RESULTS, row))).get(cell, "")


def test_what_the_scheme_knows_of_an_indicator_need_not_be_typed() -> None:
    ledger = county()
    row = ["县住建局", None, None, None, "群众诉求经核验解决率", None, "８６.５％", None, "办结清单", 46295]
    assert not ledger.take_in(workbook(RESULTS, row)).faults
    assert not ledger.take_in(workbook(RESULTS, SOLVED)).drafts  # the same, written otherwise


def test_a_result_written_twice_is_a_fault_at_the_second() -> None:
    assert "与第 2 行重复" in places(county().take_in(workbook(RESULTS, SOLVED, SOLVED)))["E3"]


SHEET = ["单位", "姓名", "测评日期", "票类", "应到", "实到", "发出", "收回", "有效", "作废"]
COUNTS = ["优秀", "称职", "基本称职", "不称职", "不了解", "弃权"]


@pytest.mark.parametrize(
    ("heads", "counts", "cell", "said"),
    [
        ((12, 12, 12, 13, 13, 0), (13, 0, 0, 0, 0, 0), "H2", "收回 13 多于发出 12"),
        ((12, 13, 12, 12, 12, 0), (12, 0, 0, 0, 0, 0), "F2", "实到 13 多于应到 12"),
        ((12, 12, 12, 12, 11, 0), (11, 0, 0, 0, 0, 0), "I2", "不等于收回"),
        ((12, 12, 12, 12, 12, 0), (9, 1, 0, 0, 0, 1), "K2", "有效票是 12 份"),
        ((12, 12, 12, 12, 12, 0), (9.5, 1, 0, 0, 0, 1), "K2", "不是整数"),
    ],
)
def test_ballots_that_do_not_agree_are_told_at_the_number(
    heads: tuple[int, ...], counts: tuple[float, ...], cell: str, said: str
) -> None:
    row = ["县住建局", "赵某甲", "2026-11-10", "A票", *heads, *counts]
    assert said in places(county().take_in(workbook([*SHEET, *COUNTS], row))).get(cell, "")


def test_an_option_of_another_scheme_is_refused() -> None:
    row = ["县住建局", "赵某甲", "2026-11-10", "A", 12, 12, 12, 12, 12, 0, 10, 2]
    plan = county().take_in(workbook([*SHEET, "优秀", "良好"], row))
    assert "没有“良好”这一等次" in places(plan)["L2"]


def test_counts_an_item_a_line_make_one_fact() -> None:
    ledger = county()
    heads = ["县住建局", "赵某甲", "2026-11-10", "A", 12, 12, 12, 12, 12, 0]
    rows = [[*heads, item, 10, 2] for item in ("德", "能")]
    data = workbook([*SHEET, "测评项目", "优秀", "称职"], *rows)
    assert not ledger.take_in(data).faults
    assert [t.item for t in ledger.written[-1].fact.tallies] == ["德", "能"]  # type: ignore[union-attr]
    assert (again := ledger.take_in(data)).drafts == [] and again.parts[0][1].again == 2
    other = ledger.take_in(workbook([*SHEET, "优秀", "称职"], [*heads, 12, 0]))
    assert "票已登记过" in places(other)["D2"]


def test_a_grade_that_differs_from_the_ledgers_is_refused_at_its_cell() -> None:
    ledger, head = county(), ["单位", "姓名", "年度", "一季度", "二季度", "四季度"]
    ledger.take_in(workbook(head, ["县住建局", "赵某甲", "2026年度", "好", None, None]))
    plan = ledger.take_in(workbook(head, ["县住建局", "赵某甲", 2026, "一般", "较好", "好"]))
    assert "已登记为“好”" in places(plan)["D2"]
    plan = ledger.take_in(workbook(head, ["县住建局", "赵某甲", 2026, "好", "较好", "好"]))
    assert "还没有到" in places(plan)["F2"]


def test_the_kind_is_recognised_and_the_wrong_one_is_named() -> None:
    assert [k.key for k, _r in read_sheets(ROSTER, "名册.xlsx", RULES)] == ["roster"]
    with pytest.raises(Fault, match="这是“名册”，不是“实绩”"):
        read_sheets(ROSTER, "名册.xlsx", RULES, "results")
    with pytest.raises(Fault, match="认不出是哪种表"):
        read_sheets(workbook(["甲", "乙"], [1, 2]), "表.xlsx", RULES)
    with pytest.raises(Fault, match="缺少这些列：数值"):
        read_sheets(workbook([t for t in RESULTS if t != "数值"], [1]), "表.xlsx", RULES)


@pytest.mark.parametrize("key", [key for key, kind in KINDS.items() if kind.exported])
def test_what_is_exported_adds_nothing_when_it_comes_back(key: str) -> None:
    ledger = Memory()
    plan = ledger.take_in(*(data for _name, data in examples.sheets()))
    assert not plan.faults
    out = io.BytesIO()
    export(out, KINDS[key], Known(ledger, date(2026, 1, 1)), ledger.written, None, "测试导出")
    back = ledger.take_in(out.getvalue(), key=key)
    assert (back.faults, back.drafts, back.names) == ([], [], {})
    assert back.parts[0][1].again == len(back.parts[0][1].reading.rows) > 0


@pytest.mark.parametrize("key", KINDS)
def test_a_template_is_recognised_as_what_it_is(key: str) -> None:
    for variant in KINDS[key].variants(RULES) or ("",):
        out = io.BytesIO()
        template(out, KINDS[key], RULES, variant)
        assert [(k.key, r.rows) for k, r in read_sheets(out.getvalue(), "模板.xlsx", RULES)] == [(key, [])]
        assert read_workbook(out.getvalue())[1].name == "填写说明"


@given(
    st.lists(
        st.tuples(
            st.dates(date(1990, 1, 1), date(2050, 1, 1)),
            st.text("已完成换泵，。 ab", min_size=1).map(str.strip),
        ),
        min_size=1,
    )
)
def test_progress_reads_back_as_it_was_written(reports: list[tuple[date, str]]) -> None:
    assert progress_of(progress_said(reports), None) == reports
