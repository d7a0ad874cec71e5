"""What was published of an evaluation, as tables with a small picture in every row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext

from shigan.box.manifest import Manifest, Part
from shigan.facts.boxes import BoxCell, BoxClosed, BoxDetail, BoxGroup
from shigan.web import naming, pictures, store
from shigan.web.pictures import Dot, Scale
from shigan.work.boxes.rules import RULED

WHOLE = Scale(0, 100, 50)
WIDE = 110
"""Of the pictures, in pixels."""


@dataclass(frozen=True)
class Line:
    """One target, or one choice: its code or words, its places on the sheet, its picture."""

    about: str
    cells: list[BoxCell]
    picture: SafeString


@dataclass(frozen=True)
class Table:
    """One part of the sheet in one group."""

    part: Part
    lines: list[Line]

    @property
    def picked(self) -> bool:
        """Whether it is a list to tick."""
        return self.part.kind == "pick"


@dataclass(frozen=True)
class Shown:
    """One group: which classes, how many ballots, why something is not told, the tables."""

    group: BoxGroup
    names: str
    why: str
    tables: list[Table]


def shown(made: Manifest, fact: BoxClosed) -> list[Shown]:
    """Every group, in the order of the result."""
    return [_group(made, group, fact.cells) for group in fact.groups]


def rules() -> list[str]:
    """The rules of publication in force, in words."""
    policy = store.rulebook().publication
    return [getattr(policy, key).sentence(gettext) for key in RULED]


def head() -> SafeString:
    """The marks over the column of pictures."""
    return pictures.small_scale(WHOLE, gettext("百分比"), WIDE)


def _group(made: Manifest, group: BoxGroup, cells: Sequence[BoxCell]) -> Shown:
    names = gettext("；").join(f"{v} {made.by_class[v].name}" for v in group.voters if v in made.by_class)
    own = [cell for cell in cells if cell.group == group.voters]
    return Shown(group, names, _why(made, group), [_table(part, own) for part in made.parts] if own else [])


def _why(made: Manifest, group: BoxGroup) -> str:
    if group.detail is BoxDetail.NOTHING:
        words = gettext("有效票 {n} 张，不足 {least} 张，按公布规则不显示任何数字。")
        return words.format(n=group.valid, least=made.rule.nothing_below)
    if group.detail is BoxDetail.BANDS:
        words = gettext("有效票 {n} 张，不足 {least} 张，按公布规则只显示前两档合计的大致范围。")
        return words.format(n=group.valid, least=made.rule.shares_from)
    return ""


def _table(part: Part, cells: Sequence[BoxCell]) -> Table:
    own = [cell for cell in cells if cell.part == part.id]
    if part.kind == "pick":
        return Table(part, [_line(cell.item, [cell]) for cell in own])
    return Table(part, [_line(target, [c for c in own if c.target == target]) for target in part.targets])


def _line(about: str, cells: list[BoxCell]) -> Line:
    dots = [Dot(cell.item, low=float(cell.upper_low), high=float(cell.upper_high)) for cell in cells]
    label = naming.name(about)
    words = gettext("，").join(f"{c.item} {c.upper_low}–{c.upper_high}%" for c in cells)
    return Line(about, cells, pictures.small_intervals(dots, WHOLE, f"{label}：{words}", WIDE))
