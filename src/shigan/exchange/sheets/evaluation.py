"""测评计票: one line a person (or team) and class of sheets: heads, sheets, and the counts of every option.

Counts stand in columns named «item·option» (`德·优秀`), or in columns named by the option alone for the
overall item, or for the item that a column 测评项目 names (then one line an item).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

from shigan.exchange import cells
from shigan.exchange.sheets.known import Known
from shigan.exchange.sheets.roster import listed
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
from shigan.exchange.sheets.subject import CODE, PERSON, UNIT, YEAR, line, subject, year
from shigan.exchange.workbook import Column, Reading, Row
from shigan.exchange.workbook.write import Value
from shigan.facts.appraisal import EvaluationCounted, ItemTally, VoterClass
from shigan.facts.faults import Fault, Said, _
from shigan.ledger.entry import Entry
from shigan.policy import Rulebook, Scheme
from shigan.work.admit import Draft

OVERALL, BLANK = _("总体评价"), "弃权"
_CLASSES = {
    said: c for c in VoterClass for said in (c.value, f"{c.value}票", f"{c.value}类", f"{c.value}类票")
}
HEADS = (
    ("expected", "应到", "应到人数"),
    ("present", "实到", "实到人数"),
    ("issued", "发出", "发出票数"),
    ("returned", "收回", "收回票数"),
    ("valid", "有效", "有效票"),
    ("void", "作废", "无效票"),
)
_WRONG = {"实到": "present", "发出": "issued", "收回": "returned"}
"""Which column is blamed when the fact says that one number is more than another."""

FIXED = (
    CODE,
    UNIT,
    PERSON,
    YEAR,
    Column("session", ("测评会议", "会议名称", "会议"), example="2026年度述职测评会", width=24),
    Column("day", ("测评日期", "会议日期", "日期"), cells.day, True, example="2026-12-20"),
    Column(
        "voters",
        ("票类", "票种", "类别"),
        lambda cell: cells.choice(cell, _CLASSES),
        True,
        choices=listed(VoterClass),
        width=8,
    ),
    *(Column(key, tuple(titles), cells.whole, True, numeric=True, width=8) for key, *titles in HEADS),
)
ITEM = Column("item", ("测评项目", "测评内容"), hint=_("一行一个项目时填；只测总体的不填"))
NOTES = (
    _("一人（或一个班子）一类票一行；各等次票数与弃权之和应等于有效票。"),
    _("应到 ≥ 实到 ≥ 发出 ≥ 收回 = 有效 + 作废；对不平的整张表都不写入。"),
    _("这张表只填合计；要逐张录入的，改用“测评票”。少于规定份数的票类不显示任何数字。"),
)


@cache
def columns(rules: Rulebook) -> tuple[Column, ...]:
    """All columns that are understood: every item with every option of all schemes, and the overall item."""
    schemes = rules.schemes.schemes
    items = dict.fromkeys([OVERALL, *(item.name for s in schemes for item in s.sheet)])
    options = dict.fromkeys([*(option.name for s in schemes for option in s.options), BLANK])
    counts = [_count(item, option) for item in items for option in options]
    return (*FIXED, ITEM, *counts)


def _count(item: str, option: str) -> Column:
    titles = [f"{item}{mark}{option}" for mark in ("·", "", "-", "—", "_", "/", "：")]
    if item == OVERALL:
        titles = [option, *titles, f"{option}票", f"{option}票数"]
    return Column(f"{item}·{option}", tuple(titles), cells.whole, numeric=True, width=9)


def template(rules: Rulebook, variant: str = "") -> Sequence[Column]:
    """The columns of one scheme's sheet; without one, of the overall item only."""
    if not variant:
        scheme, items = rules.schemes.schemes[1 % len(rules.schemes.schemes)], [OVERALL]
    else:
        scheme = rules.schemes.of(variant)
        items = [item.name for item in scheme.sheet]
    return (*FIXED, *(_count(item, option) for item in items for option in (*_options(scheme), BLANK)))


def _options(scheme: Scheme) -> list[str]:
    return [option.name for option in scheme.options]


@dataclass
class _Count:
    """One class's sheets for one person, gathered from one line or from a line an item."""

    row: Row
    unit: str
    heads: dict[str, int]
    tallies: list[ItemTally] = field(default_factory=list)
    lines: int = 0


_Key = tuple[str, str, str, date]
"""Subject with year, session, class, day."""


def drafts(reading: Reading, known: Known) -> Understood:
    """Counts that the ledger does not hold yet; lines of one person and class are put together."""
    counts: dict[_Key, _Count] = {}
    each_row(reading, lambda row: _gather(row, known, counts))
    wishes: dict[int, _Count] = {}
    made = []
    for (code, session, voters, happened), count in counts.items():
        try:
            fact = _fact(count, session, voters)
        except Skip:
            continue
        made.append(Wish(Draft(code, fact, count.unit, happened), count.row, "voters"))
        wishes[count.row.number] = count
    understood = settle(reading, made, known)
    fresh = sum(wishes[wish.row.number].lines for wish in understood.wishes)
    understood.again = len(reading.good) - fresh if not reading.faults else 0
    return understood


def _gather(row: Row, known: Known, counts: dict[_Key, _Count]) -> Sequence[Wish]:
    code, unit = subject(row, known)
    happened: date = need(row, "day", "测评日期")
    voters = str(need(row, "voters", "票类"))
    heads = {key: int(need(row, key, title)) for key, title, *_more in HEADS}
    tallies = list(_tallies(row, _scheme(row, code, known)))
    key = (f"{code}/{year(row, happened)}", words(row, "session"), voters, happened)
    count = counts.setdefault(key, _Count(row, unit, heads))
    repeated = {t.item for t in count.tallies} & {t.item for t in tallies}
    with told(row, "item" if "item" in row.cell else "voters"):
        if repeated or heads != count.heads:
            raise Fault(
                _("与第 {row} 行是同一会议同一票类，{what}"),
                remedy=_("一人一类票只填一行；分项目填的，各行的应到、有效等数应相同，项目不重复。"),
                row=count.row.number,
                what=_("项目重复") if repeated else _("人数、票数不同"),
            )
    count.tallies += tallies
    count.lines += 1
    return ()


def _fact(count: _Count, session: str, voters: str) -> EvaluationCounted:
    given: dict[str, Any] = {**count.heads, "tallies": tuple(count.tallies), "session": session}
    try:
        return EvaluationCounted(voters=VoterClass(voters), **given)
    except Fault as fault:
        with told(count.row, blamed(count.row, fault)):
            raise
        raise AssertionError from fault


def blamed(row: Row, fault: Fault) -> str:
    """The column of the number that does not agree."""
    if item := fault.values.get("item"):
        return next((k for k in row.cell if k.startswith(f"{item}·")), "valid")
    if less := fault.values.get("less"):
        return _WRONG[str(less)]
    return "valid"


def _scheme(row: Row, code: str, known: Known) -> Scheme:
    """The scheme whose options the counts follow: the subject's own, else the first that has them all."""
    own = known.scheme(code)
    if own:
        return own
    said = {key.partition("·")[2] for key in _filled(row)} - {BLANK}
    fitting = (s for s in known.rules.schemes.schemes if said <= set(_options(s)))
    with told(row, "voters"):
        found = next(fitting, None)
        if found is None:
            raise Fault(
                _("等次“{said}”不属于同一个考核方案"),
                remedy=_("请用该单位测评表的等次，或先在名册里填考核单元。"),
                said="、".join(sorted(said)),
            )
    assert found is not None
    return found


def _filled(row: Row) -> dict[str, int]:
    """The counts of a row by «item·option»."""
    return {k: v for k, v in row.cell.items() if "·" in k and isinstance(v, int)}


def _tallies(row: Row, scheme: Scheme) -> Iterator[ItemTally]:
    options, filled = _options(scheme), _filled(row)
    by_item: dict[str, dict[str, int]] = defaultdict(dict)
    for key, n in filled.items():
        item, _dot, option = key.partition("·")
        if option != BLANK and option not in options:
            with told(row, key):
                raise Fault(
                    _("方案“{scheme}”没有“{option}”这一等次"),
                    remedy=_("可用：{known}；或改正考核单元。"),
                    scheme=scheme.name,
                    option=option,
                    known="、".join(options),
                )
        by_item[item][option] = n
    if not by_item:
        with told(row, "voters"):
            raise Fault(_("这一行没有一个等次的票数"), remedy=_("补上票数，或删去这一行。"))
    for item, counts in by_item.items():
        named = words(row, "item") if item == OVERALL else ""
        yield ItemTally(
            item=named or item, counts=tuple(counts.get(o, 0) for o in options), blank=counts.get(BLANK, 0)
        )


def rows(known: Known, entries: Iterable[Entry], units: Collection[str] | None) -> Iterable[Sequence[Value]]:
    """One line for each count; its columns are all that are understood."""
    wide = columns(known.rules)
    for entry in entries:
        fact = entry.fact
        if not isinstance(fact, EvaluationCounted) or not (units is None or entry.unit in units):
            continue
        code, _slash, of_year = entry.subject.partition("/")
        scheme = known.scheme(code) or _longest(fact, known.rules)
        value: dict[str, Value] = dict(
            zip(("code", "unit", "person"), line(code, entry.unit, known), strict=True)
        )
        value |= {"year": int(of_year), "session": fact.session or None, "day": entry.happened}
        value |= {"voters": fact.voters, **{key: getattr(fact, key) for key, *_titles in HEADS}}
        for tally in fact.tallies:
            value |= {f"{tally.item}·{o}": n for o, n in zip(_options(scheme), tally.counts, strict=False)}
            value[f"{tally.item}·{BLANK}"] = tally.blank
        yield [value.get(column.key) for column in wide]


def _longest(fact: EvaluationCounted, rules: Rulebook) -> Scheme:
    n = max(len(tally.counts) for tally in fact.tallies)
    return next((s for s in rules.schemes.schemes if len(s.options) == n), rules.schemes.schemes[0])


def variants(rules: Rulebook) -> dict[str, Said]:
    """One scheme for each different sheet, told by its items and options; none for the overall item."""
    found = {"": Said(OVERALL, {})}
    for scheme in rules.schemes.schemes:
        items = "、".join(item.name for item in scheme.sheet)
        said = Said(_("{items}：{options}"), {"items": items, "options": "、".join(_options(scheme))})
        if said not in found.values():
            found[scheme.name] = said
    return found


KIND = SheetKind(
    key="evaluation",
    title="测评计票",
    words=_("民主测评计票：一人一类票一行，数目对平"),
    facts=("EvaluationCounted",),
    columns=columns,
    template=template,
    drafts=drafts,
    rows=rows,
    notes=NOTES,
    variants=variants,
)
