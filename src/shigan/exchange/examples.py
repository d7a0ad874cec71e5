"""Made-up sheets to try with: a small county's roster, problem ledger, results, evaluation, routine grades.

They look as offices keep such sheets: a merged title, notes above and below, dates in five manners,
full-width figures. Nobody in them exists. `tools/examples.py` writes them to docs/examples; the command
`shigan judge --demo-sheets` writes and judges them anywhere.
"""

from __future__ import annotations

import io
import random
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

import xlsxwriter

from shigan.policy import Rulebook, Scheme

YEAR = 2026
SEED = 20261123
TEAMS, PEOPLE = "县直部门领导班子", "县直部门领导干部"
UNITS = (
    "县住建局",
    "县水务局",
    "县教育局",
    "县农业农村局",
    "县卫健局",
    "县交通局",
    "县民政局",
    "县市场监管局",
)
SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨"
STEMS = "甲乙丙丁戊己庚辛"

Cell = str | int | float | date | None
Rows = list[list[Cell]]


def write(folder: Path) -> list[Path]:
    """Write the sheets; returns their paths in the order in which they are read."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for name, data in sheets():
        paths.append(folder / name)
        paths[-1].write_bytes(data)
    return paths


def sheets() -> Iterator[tuple[str, bytes]]:
    """File name and content of each sheet; the same at every call."""
    dice = random.Random(SEED)
    rules = Rulebook.shipped()
    teams, people = rules.schemes.of(TEAMS), rules.schemes.of(PEOPLE)
    yield "1-名册.xlsx", _book("演示县县管干部名册", _roster(dice))
    yield "2-问题台账.xlsx", _book("演示县２０２６年问题整改台账", _problems(dice))
    yield "3-实绩.xlsx", _book("演示县 2026 年实绩登记", _results(dice, teams, people))
    yield (
        "4-测评计票-干部.xlsx",
        _book("2026 年度民主测评计票汇总（领导干部）", _sheets_of_people(dice, people)),
    )
    yield (
        "5-测评计票-班子.xlsx",
        _book("2026 年度民主测评计票汇总（领导班子）", _sheets_of_teams(dice, teams)),
    )
    yield "6-平时考核.xlsx", _book("演示县 2026 年平时考核登记", _routine(dice))
    yield "7-测评票-县领导.xlsx", _book("2026 年度县领导测评票录入", _leaders_ballots(dice, people))
    yield "8-测评票-干部职工.xlsx", _book("2026 年度民主测评 C 票录入", _staff_ballots(dice, people))


def officials() -> list[tuple[str, str, str]]:
    """(unit, name, post): a head and a deputy in each unit."""
    found = []
    for at, unit in enumerate(UNITS):
        found.append((unit, f"{SURNAMES[at]}某{STEMS[at]}", "党组书记、局长"))
        found.append((unit, f"{SURNAMES[at + 8]}某{STEMS[at]}", "党组成员、副局长"))
    return found


def _book(title: str, rows: Rows) -> bytes:
    """A workbook with a merged title, a note, the header and the rows."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        book.set_properties({"created": datetime(YEAR, 11, 1)})
        sheet = book.add_worksheet("Sheet1")
        bold = book.add_format({"bold": True, "align": "center", "font_size": 14})
        box = book.add_format({"border": 1, "text_wrap": True, "valign": "vcenter"})
        day = book.add_format({"border": 1, "num_format": 'yyyy"年"m"月"d"日"'})
        sheet.merge_range(0, 0, 0, len(rows[0]) - 1, title, bold)
        sheet.write(1, 0, "填报单位：县委组织部　　（演示数据，人物单位均为虚构）")
        for at, row in enumerate(rows, start=2):
            for place, cell in enumerate(row):
                if isinstance(cell, date):
                    sheet.write_datetime(at, place, cell, day)
                elif cell is None:
                    sheet.write_blank(at, place, None, box)
                else:
                    sheet.write(at, place, cell, box)
        sheet.write(len(rows) + 2, 0, "填表人：　　　　审核人：")
        sheet.set_column(0, len(rows[0]) - 1, 14)
        sheet.freeze_panes(3, 0)
    return out.getvalue()


def _roster(dice: random.Random) -> Rows:
    rows: Rows = [
        [
            "单位",
            "单位类型",
            "上级单位",
            "姓名",
            "职务",
            "职务层次",
            "身份",
            "班子成员",
            "考核单元",
            "任现职时间",
        ],
        ["演示县", "县", *[None] * 8],
        ["县委组织部", "县直部门", "演示县", *[None] * 7],
        ["县纪委监委", "县直部门", "演示县", *[None] * 7],
        ["县审计局", "县直部门", "演示县", *[None] * 7],
    ]
    rows += [[unit, "县直部门", "演示县", *[None] * 5, "县直班子一组", None] for unit in UNITS]
    for unit, name, post in officials():
        rank, group = ("副职", "县直副职一组") if "副" in post else ("正职", "县直正职一组")
        since = date(2021 + dice.randrange(5), dice.randrange(1, 13), dice.randrange(1, 28))
        rows.append([unit, None, None, name, post, rank, "公务员", "是", group, f"{since:%Y.%m.%d}"])
    return rows


_CASES = tuple(
    line.split("|")
    for line in """
民生|{place}路灯不亮，夜里不敢走|{place}路灯全部亮起|更换灯具，每月夜查一次|路灯已换新，夜间可正常照明
民生|{place}自来水水压不足，三楼以上接不到水|早晚高峰三楼以上能接到水|加装增压泵|增压泵已投用
服务|{place}办事窗口要交两遍同样的材料|同一材料只收一次|打通两个系统，取消重复材料 4 项|抽查 20 件未再重收
作风|{place}一年填报同类表格 9 张|同类表格并为 1 张|清理报表，统一从系统取数|并为 1 张，已执行两个月
安全|{place}学校周边路口没有减速带|校门两侧各设减速带和标识|会同交警勘查施划|减速带和标识已设置
环境|{place}沟渠有异味，夏天开不了窗|沟渠水质达到功能区标准|清淤截污，封堵 3 处直排口|两次监测达标
""".strip().splitlines()
)
_PLACES = ("城东三组", "河西小区", "青石桥头", "柳湾村口", "北门市场", "南关小学", "石板街", "东山片区")
_METHODS = ("实地核验", "随机走访", "回访群众", "抽样检测")


def _problems(dice: random.Random) -> Rows:
    rows: Rows = [
        [
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
            "核验情况",
            "是否销号",
            "回头看日期·是否反弹",
        ]
    ]
    for at in range(48):
        rows.append([at + 1, *_problem(dice, at)])
    return rows


def _problem(dice: random.Random, at: int) -> list[Cell]:
    """A row from 来源 on: some closed, some waiting for the check, some sent back, some not begun."""
    kind, said, goal, measures, result = _CASES[at % len(_CASES)]
    place, unit_at = _PLACES[at // len(_CASES)], dice.randrange(len(UNITS))
    people = officials()[2 * unit_at : 2 * unit_at + 2]
    raised = date(YEAR, 1, 10) + timedelta(days=dice.randrange(180))
    term = dice.choice(("立行立改", "限期", "限期"))
    due = raised + timedelta(days=25 if term == "立行立改" else 75)
    row: list[Cell] = [
        dice.choice(("巡察", "调研", "民主生活会", "信访", "督查")),
        kind,
        said.format(place=place),
        _day(dice, raised),
        goal.format(place=place),
        measures,
        people[0][1],
        UNITS[unit_at],
        people[1][1],
        f"{term} {due:%Y-%m-%d}",
    ]
    step = dice.random()
    if step < 0.1:
        return [*row, *[None] * 9]
    moved = raised + timedelta(days=dice.randrange(5, 20))
    row.append(f"{moved:%Y.%m.%d}：已现场查看，{measures[:6]}已动工。")
    if step < 0.25:
        return [*row, *[None] * 8]
    claimed = moved + timedelta(days=dice.randrange(8, 50))
    row += [result, _day(dice, claimed), dice.choice(("现场可看", "监测记录第 3 期", "办件系统清单"))]
    if step < 0.35:
        return [*row, *[None] * 5]
    checked = claimed + timedelta(days=dice.randrange(3, 12))
    checker = f"{dice.choice(('县委组织部', '县纪委监委', '县审计局'))}·{dice.choice(_METHODS)}"
    row += [checker, _day(dice, checked)]
    if step < 0.5:
        return [*row, "只做了一半，群众说还有问题", dice.choice(("部分解决", "否")), None]
    looked = checked + timedelta(days=92)
    seen = f"{looked:%Y-%m-%d}·{'反弹' if dice.random() < 0.15 else '未反弹'}"
    return [*row, "看了现场，问了两户，已解决", "是", seen if looked < date(YEAR, 11, 1) else None]


def _day(dice: random.Random, day: date) -> Cell:
    """The same day as five people would write it."""
    manners: list[Cell] = [
        f"{day:%Y-%m-%d}",
        f"{day.year}.{day.month}.{day.day}",
        f"{day.year}年{day.month}月{day.day}日",
        day,
        (day - date(1899, 12, 30)).days,
    ]
    return dice.choice(manners)


def _results(dice: random.Random, teams: Scheme, people: Scheme) -> Rows:
    rows: Rows = [["单位", "姓名", "年度", "领域", "指标", "性质", "数值", "计量单位", "依据", "统计日期"]]
    subjects = [(unit, "", teams) for unit in UNITS] + [(u, n, people) for u, n, _post in officials()]
    for unit, name, scheme in subjects:
        able = dice.gauss(0, 1)
        for each in scheme.indicators:
            value: Cell = round(min(99.5, max(40, 84 + 5 * able + dice.gauss(0, 6))), 1)
            if each.unit != "%":
                value = max(0, round(2 - able + dice.gauss(0, 1)))
            rows.append(
                [
                    unit,
                    name or None,
                    f"{YEAR}年",
                    each.area,
                    each.name,
                    each.nature,
                    value,
                    each.unit,
                    f"{each.area}类台账 2026 年第三季度",
                    _day(dice, date(YEAR, 9, 30)),
                ]
            )
    return rows


_HEADS: list[Cell] = ["票类", "应到", "实到", "发出", "收回", "有效", "作废"]


def _sheets_of_people(dice: random.Random, scheme: Scheme) -> Rows:
    options = [*(option.name for option in scheme.options), "弃权"]
    items = [item.name for item in scheme.sheet]
    head: list[Cell] = ["单位", "姓名", "测评会议", "测评日期", *_HEADS]
    rows: Rows = [[*head, *(f"{item}·{option}" for item in items for option in options)]]
    for unit, name, _post in officials():
        liked = dice.gauss(0, 0.5)
        heads, valid = _heads(dice, 16)
        counts = [n for _item in items for n in _counts(dice, valid, liked, len(options))]
        rows.append([unit, name, "2026年度述职测评会", "2026.11.10", "B票", *heads, *counts])
    return rows


def _sheets_of_teams(dice: random.Random, scheme: Scheme) -> Rows:
    options = [*(option.name for option in scheme.options), "弃权"]
    rows: Rows = [["单位", "测评会议", "测评日期", *_HEADS, *options]]
    for unit in UNITS:
        liked = dice.gauss(0, 0.5)
        for voters, n in (("A", 12), ("B", 24), ("C", 40)):
            heads, valid = _heads(dice, n)
            counts = _counts(dice, valid, liked, len(options))
            rows.append([unit, "2026年度述职测评会", "2026年11月10日", voters, *heads, *counts])
    return rows


_BALLOT: list[Cell] = ["测评单位", "测评会议", "测评日期", *_HEADS, "票号", "单位", "姓名"]


def _leaders_ballots(dice: random.Random, scheme: Scheme) -> Rows:
    """One form on the officials of all units, so that units can be told apart by the same eyes."""
    rows: Rows = [[*_BALLOT, *(item.name for item in scheme.sheet)]]
    heads, valid = _heads(dice, 12)
    held: list[Cell] = ["县委组织部", "2026年度县领导测评", "2026.11.12", "A票", *heads]
    return rows + _ballots(dice, held, valid, [(unit, name) for unit, name, _post in officials()], scheme)


def _staff_ballots(dice: random.Random, scheme: Scheme) -> Rows:
    """Each unit's form on its own head and deputy."""
    rows: Rows = [[*_BALLOT, *(item.name for item in scheme.sheet)]]
    for unit in UNITS:
        heads, valid = _heads(dice, 24)
        held: list[Cell] = [unit, "2026年度述职测评会", "2026年11月10日", "C票", *heads]
        own = [(unit, name) for of, name, _post in officials() if of == unit]
        rows += _ballots(dice, held, valid, own, scheme)
    return rows


def _ballots(
    dice: random.Random, held: list[Cell], n: int, people: Sequence[tuple[str, str]], scheme: Scheme
) -> Rows:
    """`n` sheets, a row for each person; what is the same for all stands in the first row only."""
    rows: Rows = []
    liked = [dice.gauss(0, 0.5) for _person in people]
    for number in range(1, n + 1):
        strict = dice.gauss(0, 0.35)
        for at, (unit, name) in enumerate(people):
            told = held if not rows else [None] * len(held)
            marks = _line(dice, strict - liked[at], len(scheme.sheet), len(scheme.options))
            rows.append([*told, number if at == 0 else None, unit, name, *marks])
    return rows


def _line(dice: random.Random, severity: float, items: int, options: int) -> Sequence[Cell]:
    """One person's marks on one sheet: of one piece, mostly the best; now and then «do not know»."""
    if dice.random() < 0.04:
        return [options] * items
    seen = 0.5 + severity + dice.gauss(0, 0.4)
    return [min(int(max(0.0, dice.gauss(seen, 0.35))), options - 2) + 1 for _item in range(items)]


def _heads(dice: random.Random, n: int) -> tuple[list[Cell], int]:
    """应到, 实到, 发出, 收回, 有效, 作废, which agree; and the valid sheets once more."""
    present = n - dice.randrange(2)
    returned = present - (dice.random() < 0.2)
    void = int(dice.random() < 0.15)
    return [n, present, present, returned, returned - void, void], returned - void


def _counts(dice: random.Random, valid: int, liked: float, options: int) -> Sequence[Cell]:
    """How many of the valid sheets chose each option; most are kind."""
    counts = [0] * options
    for _sheet in range(valid):
        place = max(0.0, dice.gauss(0.5 - liked, 0.7))
        counts[min(int(place), options - 3) if dice.random() > 0.04 else options - 2] += 1
    return counts


def _routine(dice: random.Random) -> Rows:
    rows: Rows = [["序号", "单位", "姓名", "年度", "一季度", "二季度", "三季度", "四季度"]]
    for at, (unit, name, _post) in enumerate(officials(), start=1):
        grades = dice.choices(("好", "较好", "一般"), (2, 7, 1), k=3)
        rows.append([at, unit, name, YEAR, *grades, None])
    return rows
