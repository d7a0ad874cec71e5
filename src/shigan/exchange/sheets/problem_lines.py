"""问题台账 as a table: its columns, and the line that the ledger makes of each problem."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from functools import partial

from shigan.exchange import cells
from shigan.exchange.sheets.known import Known
from shigan.exchange.sheets.roster import YES_NO, listed
from shigan.exchange.sheets.terms import progress_said
from shigan.exchange.workbook import Column
from shigan.exchange.workbook.write import Value
from shigan.facts.faults import _
from shigan.facts.problems import (
    FixClaimed,
    LookedBack,
    MeasureSet,
    ProblemRaised,
    ProgressReported,
    ResultChecked,
    Source,
    Verdict,
)
from shigan.ledger.entry import Entry

SOURCES = {each.value: each for each in Source} | {
    "巡察反馈": Source.INSPECTION,
    "巡视巡察": Source.INSPECTION,
    "走访": Source.VISIT,
    "调研走访": Source.VISIT,
    "组织生活会": Source.MEETING,
    "群众来信": Source.LETTERS,
    "督查检查": Source.SUPERVISION,
}
CLOSED = {
    "是": Verdict.SOLVED,
    "已销号": Verdict.SOLVED,
    "已解决": Verdict.SOLVED,
    "√": Verdict.SOLVED,
    "部分": Verdict.PARTLY,
    "部分解决": Verdict.PARTLY,
    "否": Verdict.UNSOLVED,
    "未销号": Verdict.UNSOLVED,
    "未解决": Verdict.UNSOLVED,
    "×": Verdict.UNSOLVED,
}
RELAPSED = YES_NO | {"反弹": True, "已反弹": True, "未反弹": False, "无反弹": False, "无": False}
NOT_NOTED = _("原台账没有记所见情况")

COLUMNS = (
    Column("code", ("编号", "问题编号"), hint=_("已在清单上的填编号，新问题留空"), width=10),
    Column(
        "source", ("来源", "问题来源"), partial(cells.choice, mapping=SOURCES), True, choices=listed(Source)
    ),
    Column("category", ("问题类别", "类别", "问题类型"), required=True, example="民生", width=12),
    Column(
        "text",
        ("具体问题（原文）", "问题", "问题描述", "存在问题", "问题表现"),
        required=True,
        example="三组路灯不亮，夜里不敢走",
        width=36,
        hint=_("照原话写，一件事一行"),
    ),
    Column(
        "raised",
        ("提出日期", "提出时间", "发现日期", "反馈日期", "交办日期", "交办时间"),
        cells.day,
        True,
        example="2026-03-05",
    ),
    Column("goal", ("整改目标（可检验）", "目标"), width=28, example="三组 12 盏路灯全部亮起"),
    Column("measures", ("整改措施", "措施"), width=36),
    Column("measured", ("措施日期", "制定日期"), cells.day, hint=_("留空的，按提出日期记")),
    Column("leader", ("责任领导", "牵头领导", "包案领导"), hint=_("填名册里的姓名或编号")),
    Column("unit", ("责任单位", "整改单位", "牵头单位"), required=True, example="县住建局", width=18),
    Column("owner", ("责任人", "具体责任人"), hint=_("填名册里的姓名或编号")),
    Column(
        "term", ("整改时限", "时限", "时限类别"), example="限期", hint=_("立行立改、限期或长期，可连写日期")
    ),
    Column("due", ("完成期限", "整改期限", "完成时限", "期限"), cells.day, example="2026-06-30"),
    Column(
        "progress",
        ("进展", "整改进展", "进展情况", "整改情况"),
        width=36,
        hint=_("多次进展各写一行，行首写日期：2026-04-01：…"),
    ),
    Column("progressed", ("进展日期", "填报日期"), cells.day),
    Column("result", ("整改结果", "整改成效"), width=28),
    Column("claimed", ("申报日期", "完成日期", "整改完成日期"), cells.day),
    Column("evidence", ("佐证", "佐证材料"), width=24, hint=_("在哪里能看到结果")),
    Column(
        "checker",
        ("验收人·验收方式", "验收人", "验收单位", "验收人及方式", "核验人"),
        width=24,
        example="县纪委监委·实地核验",
    ),
    Column("method", ("验收方式", "核验方式")),
    Column("checked", ("验收日期", "核验日期", "销号日期"), cells.day),
    Column("found", ("核验情况", "验收意见", "看到的情况"), width=28),
    Column(
        "closed",
        ("是否销号", "销号情况", "核验结论"),
        partial(cells.choice, mapping=CLOSED),
        choices=("是", "部分解决", "否"),
    ),
    Column(
        "looked", ("回头看日期·是否反弹", "回头看", "回头看日期", "回头看情况"), example="2026-09-30·未反弹"
    ),
    Column(
        "relapsed", ("是否反弹", "反弹情况"), partial(cells.choice, mapping=RELAPSED), choices=("是", "否")
    ),
)
NOTES = (
    _("先导入名册：责任单位、责任领导、责任人、验收人都要在名册里。"),
    _("只有别的单位的人看过结果才算销号；没有人看过的，验收各栏留空，导入后安排核验。"),
    _("再次导入同一张表不会重复；加了新行或填了后面各栏的，只补新的部分。"),
)


def rows(known: Known, entries: Iterable[Entry], units: Collection[str] | None) -> Iterable[Sequence[Value]]:
    """A line for each problem, from all that was written of it; of repeated facts the last one."""
    told_of: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        if units is None or entry.unit in units:
            told_of[entry.subject].append(entry)
    for code in sorted(told_of):
        yield _line(code, told_of[code], known)


def _line(code: str, entries: Sequence[Entry], known: Known) -> Sequence[Value]:
    value: dict[str, Value] = {"code": code}
    for entry in entries:
        value |= _cells(entry, known)
    reported = [(e.happened, e.fact.text) for e in entries if isinstance(e.fact, ProgressReported)]
    value["progress"] = progress_said(reported) or None
    return [value.get(column.key) for column in COLUMNS]


def _cells(entry: Entry, known: Known) -> dict[str, Value]:
    fact, on = entry.fact, entry.happened
    match fact:
        case ProblemRaised():
            return {
                "source": fact.source,
                "category": fact.category,
                "text": fact.text,
                "raised": on,
                "unit": known.told(entry.unit),
            }
        case MeasureSet():
            return {
                "goal": fact.goal,
                "measures": fact.measures,
                "measured": on,
                "leader": known.told(fact.leader),
                "owner": known.told(fact.owner),
                "term": fact.term,
                "due": fact.due,
            }
        case FixClaimed():
            checked = dict.fromkeys(("checker", "method", "checked", "found", "closed", "looked", "relapsed"))
            return {"result": fact.result, "evidence": fact.evidence, "claimed": on, **checked}
        case ResultChecked():
            verdict = {Verdict.SOLVED: "是", Verdict.PARTLY: "部分解决", Verdict.UNSOLVED: "否"}[fact.verdict]
            return {
                "checker": known.told(entry.by_unit),
                "method": fact.method,
                "checked": on,
                "found": fact.found,
                "closed": verdict,
            }
        case LookedBack():
            return {"looked": on, "relapsed": fact.relapsed}
    return {}
