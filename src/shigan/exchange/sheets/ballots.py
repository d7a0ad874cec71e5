"""测评票: single paper sheets, a row for each person (or team) on a sheet, as the paper form has them.

Whoever types a sheet in goes down its rows and along its items: 1 for the best option, 2 for the next, or the
option's name, nothing where there is no mark. The sheet's number keeps its rows together and is written
nowhere. What stays the same from row to row (session, day, class, number, who came) is given once.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from typing import Any, NamedTuple

from shigan.exchange import cells
from shigan.exchange.sheets import evaluation
from shigan.exchange.sheets.evaluation import HEADS, blamed
from shigan.exchange.sheets.known import Known
from shigan.exchange.sheets.sheet import (
    SheetKind,
    Skip,
    Understood,
    Wish,
    each_row,
    need,
    settle,
    told,
    words,
)
from shigan.exchange.sheets.subject import CODE, PERSON, UNIT, YEAR, subject, year
from shigan.exchange.workbook import Column, Reading, Row
from shigan.exchange.workbook.write import Value
from shigan.facts.appraisal import BLANK, SheetsEntered, VoterClass, by_marks
from shigan.facts.faults import Fault, Said, _
from shigan.ledger.entry import Entry
from shigan.policy import Rulebook, Scheme
from shigan.policy.schemes import Subject
from shigan.work.admit import Draft

ITEM = "item·"
"""The keys of item columns begin with this."""
CARRIED = ("year", "host", "session", "day", "voters", "number")
"""Columns in which an empty cell says the same as the row above."""
VALID = "valid"
"""The one number that may be left out: as many as there are sheets."""
_BLANKS = ("", "-", "—", "/", "弃权", "未划")

_EVALUATION = {column.key: replace(column, required=False) for column in evaluation.FIXED}
FIXED = (
    CODE,
    UNIT,
    PERSON,
    YEAR,
    Column(
        "host",
        ("测评单位", "组织测评单位", "主持单位"),
        hint=_("哪个单位开的测评会；空着的，按被测评人的单位"),
        width=18,
    ),
    _EVALUATION["session"],
    _EVALUATION["day"],
    _EVALUATION["voters"],
    Column("number", ("票号", "票编号", "票序号"), example="1", hint=_("只用来分清各张票，不写入"), width=8),
    *(_EVALUATION[key] for key, *_titles in HEADS),
)
NOTES = (
    _("与纸票一样：一张票上一人（或一个班子）一行，没划的各项留空，行不能少。"),
    _("各项照票面从左到右填 1、2、3……（1 为最好一等），或填等次名称。"),
    _(
        "票号、票类、会议、日期、测评单位空着的，同上一行；应到、实到、发出、收回、作废在每个票类的第一行填一次。"
    ),
    _("编票号前先把票打乱；票号不写入台账，台账里各张票按标记排序，看不出先后。"),
    _("不足规定份数的票类先与别的票类合并。写入后，这张表和纸票按规定保管或销毁。"),
)


@cache
def columns(rules: Rulebook) -> tuple[Column, ...]:
    """The fixed columns and one for each item of any scheme, in the schemes' order."""
    items = dict.fromkeys(item.name for scheme in rules.schemes.schemes for item in scheme.sheet)
    return (*FIXED, *map(_item, items))


def _item(name: str) -> Column:
    return Column(ITEM + name, (name,), example="1", numeric=True, width=8)


def template(rules: Rulebook, variant: str = "") -> Sequence[Column]:
    """The columns of one scheme's sheet; without one, of the first for officials."""
    scheme = rules.schemes.of(variant or next(iter(_variants(rules))))
    return (*FIXED, *(_item(item.name) for item in scheme.sheet))


def _variants(rules: Rulebook) -> dict[str, Said]:
    """One scheme for each different sheet of the evaluation, those for officials first."""
    found = {name: words for name, words in evaluation.variants(rules).items() if name}
    officials = [name for name in found if rules.schemes.of(name).subject is Subject.LEADER]
    return {name: found[name] for name in dict.fromkeys([*officials, *found])}


class _Key(NamedTuple):
    """What one entry is about: `host` is empty where the sheet does not name the unit."""

    year: int
    host: str
    session: str
    voters: str
    day: date


@dataclass
class _Bundle:
    """One class's sheets of one session as they come in. `targets` in the order of the first sheet, each with
    its unit; `sheets` by number, with the marks of each target; `numbered` the row each sheet begins at."""

    row: Row
    heads: dict[str, int] = field(default_factory=dict)
    targets: dict[str, str] = field(default_factory=dict)
    sheets: dict[str, dict[str, str]] = field(default_factory=dict)
    numbered: dict[str, Row] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)


def drafts(reading: Reading, known: Known) -> Understood:
    """The classes of sheets that the ledger does not hold yet; one with a fault in any row is left out."""
    found: dict[_Key, _Bundle] = {}
    carried: dict[str, object] = {}
    each_row(reading, lambda row: _gather(row, known, carried, found))
    made, lines = [], {}
    for key, bundle in found.items():
        if wish := _wish(key, bundle, known):
            made.append(wish)
            lines[wish.row.number] = len(bundle.rows)
    understood = settle(reading, made, known)
    fresh = sum(lines[wish.row.number] for wish in understood.wishes)
    understood.again = len(reading.good) - fresh if not reading.faults else 0
    return understood


def _gather(row: Row, known: Known, carried: dict[str, object], found: dict[_Key, _Bundle]) -> Iterable[Wish]:
    _carry(row, carried)
    bundle = found.setdefault(_key(row, known), _Bundle(row))
    bundle.rows.append(row)
    _take_heads(row, bundle)
    code, unit = subject(row, known)
    number = cells.compact(need(row, "number", "票号"))
    sheet = bundle.sheets.setdefault(number, {})
    bundle.numbered.setdefault(number, row)
    if code in sheet:
        with told(row, "number"):
            raise Fault(
                _("第 {number} 号票上，{who}已有一行"),
                remedy=_("换了一张票的，写上新的票号；重复的删去。"),
                number=number,
                who=known.name(code),
            )
    bundle.targets.setdefault(code, unit)
    scheme = known.scheme(code)
    sheet[code] = "".join(_mark(row, key, scheme) for key in _items(row, known.rules))
    return ()


def _carry(row: Row, carried: dict[str, object]) -> None:
    """Fill empty cells with what the row above says."""
    for key in CARRIED:
        if row.cell.get(key) is None and key in carried:
            row.cell[key] = carried[key]
        carried[key] = row.cell.get(key)


def _key(row: Row, known: Known) -> _Key:
    happened: date = need(row, "day", "测评日期")
    session, voters = str(need(row, "session", "测评会议")), str(need(row, "voters", "票类"))
    host = ""
    if said := words(row, "host"):
        with told(row, "host"):
            host = known.unit(said)
    return _Key(year(row, happened), host, session, voters, happened)


def _take_heads(row: Row, bundle: _Bundle) -> None:
    for key, title, *_more in HEADS:
        n = row.cell.get(key)
        if not isinstance(n, int):
            continue
        if bundle.heads.setdefault(key, n) != n:
            with told(row, key):
                raise Fault(
                    _("“{title}”是 {n}，这一票类前面写的是 {before}"),
                    remedy=_("一个票类只写一次，或各行相同。"),
                    title=title,
                    n=n,
                    before=bundle.heads[key],
                )


def _items(row: Row, rules: Rulebook) -> list[str]:
    """The keys of the item columns that the sheet has, in the scheme's order."""
    return [column.key for column in columns(rules) if column.key.startswith(ITEM) and column.key in row.cell]


def _mark(row: Row, key: str, scheme: Scheme | None) -> str:
    said = cells.compact(words(row, key))
    names = [cells.compact(option.name) for option in scheme.options] if scheme else []
    if said in _BLANKS:
        return BLANK
    if said in names:
        return str(names.index(said) + 1)
    if said.isdecimal() and 1 <= int(said) <= (len(names) or 9):
        return str(int(said))
    with told(row, key):
        raise Fault(
            _("“{said}”不是这里可填的等次"),
            remedy=_("可填：{known}；没划的留空。"),
            said=said,
            known="、".join(f"{n} {name}" for n, name in enumerate(names, 1)) or "1、2、3……",
        )
    raise AssertionError(key)


def _wish(key: _Key, bundle: _Bundle, known: Known) -> Wish | None:
    """The entry of a bundle; None where one of its rows has a fault, now or before."""
    if not any(row.faults for row in bundle.rows):
        _ask_for_missing_rows(bundle, known)
    if any(row.faults for row in bundle.rows):
        return None
    try:
        host, fact = key.host or _host(bundle), _fact(key, bundle, known)
    except Skip:
        return None
    return Wish(Draft(f"{host}/{key.year}", fact, host, key.day), bundle.row, "voters")


def _ask_for_missing_rows(bundle: _Bundle, known: Known) -> None:
    for number, sheet in bundle.sheets.items():
        if missing := [known.name(code) for code in bundle.targets if code not in sheet]:
            fault = Fault(
                _("第 {number} 号票少了{names}"),
                remedy=_("补上这几行；没划的各项留空。"),
                number=number,
                names="、".join(missing),
            )
            bundle.numbered[number].blame("number", fault)


def _host(bundle: _Bundle) -> str:
    units = set(bundle.targets.values())
    if len(units) > 1:
        with told(bundle.row, "host"):
            raise Fault(
                _("被测评人分属 {n} 个单位，没有写测评单位"),
                remedy=_("在“测评单位”写上是哪个单位开的会。"),
                n=len(units),
            )
    return units.pop()


def _fact(key: _Key, bundle: _Bundle, known: Known) -> SheetsEntered:
    row = bundle.row
    for head, title, *_more in HEADS:
        if head != VALID and head not in bundle.heads:
            need(row, head, title)
    counts: dict[str, Any] = {VALID: len(bundle.sheets), **bundle.heads}
    sheets = by_marks("".join(sheet[code] for code in bundle.targets) for sheet in bundle.sheets.values())
    try:
        return SheetsEntered(
            voters=VoterClass(key.voters), session=key.session, targets=tuple(bundle.targets), sheets=sheets,
            items=tuple(item.removeprefix(ITEM) for item in _items(row, known.rules)), **counts,
        )  # fmt: skip
    except Fault as fault:
        with told(row, blamed(row, fault)):
            raise
        raise AssertionError from fault


def rows(known: Known, entries: Iterable[Entry], units: Collection[str] | None) -> Iterable[Sequence[Value]]:
    """None: single sheets are told nobody."""
    return ()


KIND = SheetKind(
    key="ballots",
    title="测评票",
    words=_("民主测评的各张纸票：一张票上一人一行，不记票号和姓名"),
    facts=(),
    columns=columns,
    template=template,
    drafts=drafts,
    rows=rows,
    notes=NOTES,
    variants=_variants,
    exported=False,
)
