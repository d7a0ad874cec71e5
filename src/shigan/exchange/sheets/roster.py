"""名册: units with kind, parent and group; officials with unit, post, rank, identity and group.

A row without 姓名 is a unit, a row with one is an official. Names and posts stay outside the ledger.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import partial
from typing import TypeVar

from shigan.exchange import cells
from shigan.exchange.sheets.known import Known, Name, Place
from shigan.exchange.sheets.sheet import (
    SheetKind,
    Understood,
    Wish,
    cell,
    day,
    each_row,
    need,
    settle,
    told,
    words,
)
from shigan.exchange.workbook import Column, Reading, Row
from shigan.exchange.workbook.write import Value
from shigan.facts import Fact
from shigan.facts.faults import Fault, _
from shigan.facts.units import GroupFormed, Identity, PersonPosted, Rank, UnitChanged, UnitFounded, UnitKind
from shigan.ledger.entry import Entry
from shigan.policy import Rulebook
from shigan.policy.schemes import Subject
from shigan.work.admit import Draft
from shigan.work.units import CLOSED, LEFT, Person, Unit

E = TypeVar("E", bound=StrEnum)
NEW = "新"
YES_NO = {"是": True, "否": False, "√": True, "✓": True, "×": False}


def chosen(kind: type[E], **aliases: E) -> partial[E | None]:
    """The reader of a cell that holds one word of a list."""
    return partial(cells.choice, mapping={each.value: each for each in kind} | aliases)


def listed(kind: type[StrEnum]) -> tuple[str, ...]:
    """The words of a list, for a drop-down."""
    return tuple(each.value for each in kind)


COLUMNS = (
    Column(
        "code",
        ("编号", "单位编号", "干部编号"),
        hint=_("已登记的填编号；新增的留空，同名的新人填“新”"),
        width=10,
    ),
    Column("unit", ("单位", "单位名称", "工作单位", "所在单位"), required=True, example="县住建局", width=20),
    Column(
        "kind",
        ("单位类型", "单位类别", "单位性质"),
        chosen(UnitKind),
        choices=listed(UnitKind),
        hint=_("单位这一行必填"),
    ),
    Column("parent", ("上级单位", "主管单位", "隶属单位"), example="青石镇", hint=_("县一级单位留空")),
    Column("person", ("姓名", "干部姓名"), hint=_("单位这一行留空"), example="张某某"),
    Column("post", ("职务", "单位职务", "现任职务", "单位及职务"), example="党组成员、副局长", width=24),
    Column("rank", ("职务层次", "正副职"), chosen(Rank, 正=Rank.HEAD, 副=Rank.DEPUTY), choices=listed(Rank)),
    Column("identity", ("身份", "人员身份", "编制类型"), chosen(Identity), choices=listed(Identity)),
    Column("team", ("班子成员", "是否班子成员"), partial(cells.choice, mapping=YES_NO), choices=("是", "否")),
    Column("group", ("考核单元", "考核组别", "考核分组"), example="县直一组副职", width=18),
    Column("scheme", ("考核方案",), hint=_("新考核单元用哪个方案；只有一个合适的可不填"), width=20),
    Column("managed", ("管理单位", "干部管理单位"), hint=_("有干部管理权限的单位")),
    Column("since", ("任现职时间", "任职时间", "任现职日期"), cells.day, example="2024-03-05"),
    Column("trial", ("试用期", "是否试用期"), partial(cells.choice, mapping=YES_NO), choices=("是", "否")),
)
NOTES = (
    _("先写单位各行（姓名留空，上级写在下级前面），再写干部各行；考核单元写名称即可，新名称会新设。"),
    _("姓名和职务不写进台账，只存在可以更正和删除的名册里。"),
    _("没有民族、宗教、家庭、健康各栏；本系统不收这些内容。"),
)


@dataclass
class _Hand:
    """What reading one roster needs at hand: what is known, and the rows that brought a new name."""

    known: Known
    named: list[int] = field(default_factory=list)

    def call(self, row: Row, code: str, name: Name) -> None:
        if self.known.call(code, name):
            self.named.append(row.number)


def drafts(reading: Reading, known: Known) -> Understood:
    """Groups, units and posts that are not in the ledger as the sheet says."""
    before = dict(known.renamed)
    hand = _Hand(known)
    units = each_row(reading, lambda row: () if words(row, "person") else _unit(row, hand))
    people = each_row(reading, lambda row: _person(row, hand) if words(row, "person") else ())
    understood = settle(reading, [*units, *people], known, hand.named)
    understood.names = {c: n for c, n in known.renamed.items() if before.get(c) != n}
    return understood


def _unit(row: Row, hand: _Hand) -> Iterable[Wish]:
    known, name = hand.known, str(need(row, "unit", "单位"))
    code = _unit_code(row, name, known)
    parent = ""
    if said := words(row, "parent"):
        with told(row, "parent"):
            parent = known.unit(said)
    state = known.ledger.look(code)
    if state is None and code in known.places:
        with told(row, "unit"):
            raise Fault(_("单位“{name}”写了两行"), remedy=_("请只留一行。"), name=name)
    kind = UnitKind(state.source) if isinstance(state, Unit) else need(row, "kind", "单位类型")
    group, formed = _group(row, kind, Subject.TEAM, code, known)
    known.places[code] = Place(code, group, kind)
    hand.call(row, code, Name(name))
    wishes = [Wish(Draft(group, fact, code, _since(row, known)), row, "group") for fact in formed]
    if not isinstance(state, Unit):
        return [*wishes, _wish(code, UnitFounded(kind=kind, parent=parent, group=group), code, row, known)]
    parent, group = parent or state.origin, group or state.topic
    if (parent, group) != (state.origin, state.topic):
        wishes.append(_wish(code, UnitChanged(parent=parent, group=group), code, row, known))
    return wishes


def _unit_code(row: Row, name: str, known: Known) -> str:
    said = cells.compact(words(row, "code")).upper()
    if said and said != NEW:
        with told(row, "code"):
            return _chosen_code(said, "U", known)
    with told(row, "unit"):
        found = known.called("U", name)
        if len(found) > 1:
            return known.unit(name)
        return found[0] if found and said != NEW else known.take("U")
    raise AssertionError


def _chosen_code(said: str, letter: str, known: Known) -> str:
    if not re.fullmatch(rf"{letter}\d{{2,9}}", said):
        raise Fault(
            _("“{said}”不是{letter}字头的编号"),
            remedy=_("请改正，或留空由系统编号。"),
            said=said,
            letter=letter,
        )
    if not known.there(said):
        known.reserve(said)
    return said


def _person(row: Row, hand: _Hand) -> Iterable[Wish]:
    known, name = hand.known, words(row, "person")
    with told(row, "unit"):
        unit = known.unit(str(need(row, "unit", "单位")))
    code = _person_code(row, name, unit, known)
    managed = ""
    if said := words(row, "managed"):
        with told(row, "managed"):
            managed = known.unit(said)
    kind = UnitKind(known.places[unit].kind)
    group, formed = _group(row, kind, Subject.LEADER, unit, known)
    state = known.ledger.look(code)
    old = state if isinstance(state, Person) and state.stage != LEFT else None
    fact = PersonPosted(
        rank=Rank(cell(row, "rank") or (old.source if old else need(row, "rank", "职务层次"))),
        identity=Identity(cell(row, "identity") or (old.identity if old else Identity.CIVIL_SERVANT)),
        in_team=_yes(row, "team", old.in_team if old else False),
        group=group or (old.topic if old else ""),
        managed_by=managed or (old.origin if old else ""),
        on_probation=_yes(row, "trial", old.on_probation if old else False),
    )
    wishes = [Wish(Draft(group, each, unit, _since(row, known)), row, "group") for each in formed]
    known.places[code] = Place(unit, fact.group)
    hand.call(row, code, Name(name, words(row, "post") or known.names.get(code, Name("")).post))
    if old is None or not _same_post(old, fact, unit):
        wishes.append(_wish(code, fact, unit, row, known))
    return wishes


def _person_code(row: Row, name: str, unit: str, known: Known) -> str:
    """The code given, that of the only one of this name in the unit, or a new one; a namesake elsewhere may
    be the same person after a transfer, which nobody but the office knows."""
    said = cells.compact(words(row, "code")).upper()
    if said and said != NEW:
        with told(row, "code"):
            return _chosen_code(said, "P", known)
    with told(row, "person"):
        here = known.called("P", name, unit)
        if said != NEW and len(here) > 1:
            return known.person(name, unit)
        if said != NEW and here:
            if known.ledger.look(here[0]) is None:
                raise Fault(
                    _("“{name}”在本单位写了两行"),
                    remedy=_("同一人请只留一行；同名的两人，请在“编号”列填“新”。"),
                    name=name,
                )
            return here[0]
        elsewhere = [c for c in known.called("P", name) if known.ledger.look(c) is not None]
        if said != NEW and elsewhere:
            raise Fault(
                _("“{name}”已登记在{unit}（{code}）"),
                remedy=_("同一人调动的，在“编号”列填 {code}；不是同一人的，填“新”。"),
                name=name,
                unit=known.name(known.places[elsewhere[0]].unit),
                code=elsewhere[0],
            )
        return known.take("P")
    raise AssertionError


def _same_post(old: Person, fact: PersonPosted, unit: str) -> bool:
    return (old.unit, old.source, old.identity, old.in_team, old.topic, old.origin, old.on_probation) == (
        unit,
        fact.rank,
        fact.identity,
        fact.in_team,
        fact.group,
        fact.managed_by,
        fact.on_probation,
    )


def _group(row: Row, kind: UnitKind, subject: Subject, unit: str, known: Known) -> tuple[str, list[Fact]]:
    """The code of the row's comparison group, and the fact that forms it where it is new."""
    said = words(row, "group")
    if not said:
        return "", []
    if known.called("G", said) or re.fullmatch(r"[Gg]\d+", cells.compact(said)):
        with told(row, "group"):
            return known.group(said), []
    with told(row, "scheme"):
        scheme = _scheme(words(row, "scheme"), kind, subject, known.rules)
    code = known.take("G")
    known.call(code, Name(said))
    known.schemes[code] = scheme
    return code, [GroupFormed(scheme=scheme, words=_("名册所列：{name}").format(name=said))]


def _scheme(said: str, kind: UnitKind, subject: Subject, rules: Rulebook) -> str:
    if said:
        return rules.schemes.of(said).name
    fitting = [scheme.name for scheme in rules.schemes.fitting(kind, subject)]
    if len(fitting) == 1:
        return fitting[0]
    raise Fault(
        _("新考核单元要用哪个考核方案，没有写"),
        remedy=_("请在“考核方案”列填：{known}。"),
        known="、".join(fitting or [scheme.name for scheme in rules.schemes.schemes]),
    )


def _yes(row: Row, key: str, before: bool) -> bool:
    value = cell(row, key)
    return before if value is None else bool(value)


def _since(row: Row, known: Known) -> date:
    return day(row, "since") or known.day


def _wish(code: str, fact: Fact, unit: str, row: Row, known: Known) -> Wish:
    return Wish(Draft(code, fact, unit, _since(row, known)), row, "person" if code[0] == "P" else "unit")


def rows(known: Known, entries: Iterable[Entry], units: Collection[str] | None) -> Iterable[Sequence[Value]]:
    """Units first, then officials, each in the order of their codes."""
    for key in ("U", "P"):
        for state in sorted(known.ledger.listing(key), key=lambda s: s.subject):
            if (units is None or state.unit in units) and state.stage not in (CLOSED, LEFT):
                yield _line(state, known)


def _line(state: object, known: Known) -> Sequence[Value]:
    if isinstance(state, Person):
        name = known.names.get(state.subject, Name(state.subject))
        return (
            state.subject,
            known.told(state.unit),
            None,
            None,
            name.name,
            name.post,
            state.source,
            state.identity,
            state.in_team,
            known.told(state.topic),
            _named(state.topic, known),
            known.told(state.origin),
            state.since,
            state.on_probation,
        )
    assert isinstance(state, Unit)
    return (
        state.subject,
        known.name(state.subject),
        state.source,
        known.told(state.origin),
        None,
        None,
        None,
        None,
        None,
        known.told(state.topic),
        _named(state.topic, known),
        None,
        state.since,
        None,
    )


def _named(group: str, known: Known) -> str:
    return known.schemes.get(group, "")


KIND = SheetKind(
    key="roster",
    title="名册",
    words=_("单位和干部：编号、上级、职务层次、身份、考核单元"),
    facts=(),
    columns=lambda rules: COLUMNS,
    template=lambda rules, variant: COLUMNS,
    drafts=drafts,
    rows=rows,
    notes=NOTES,
)
