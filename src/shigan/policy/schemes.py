"""Appraisal schemes (考核方案): one preset per kind of unit and subject.

A scheme never adds its parts up to one score: it says what the profile shows and what weighs how much
inside a part.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from shigan.facts.appraisal import Area, Nature, VoterClass
from shigan.facts.faults import Fault, _
from shigan.facts.units import UnitKind
from shigan.policy.number import UNITS, Number, Origin
from shigan.policy.reading import About


class Subject(StrEnum):
    TEAM = "领导班子"
    LEADER = "领导干部"


class Part(StrEnum):
    """A part of the evidence profile."""

    RESULTS = "实绩"
    EVALUATION = "民主测评"
    PROBLEMS = "问题整改"
    ROUTINE = "平时考核"
    RECORDING = "补录与年末"
    BLOCKS = "影响期与负面情形"


class Better(StrEnum):
    HIGHER = "higher"
    LOWER = "lower"


@dataclass(frozen=True, kw_only=True)
class Item:
    """A line of the evaluation sheet."""

    name: str
    words: str


@dataclass(frozen=True, kw_only=True)
class Option:
    """An answer on the sheet; without points it is counted as an answer but not in the mean (不了解)."""

    name: str
    points: Decimal | None = None


@dataclass(frozen=True, kw_only=True)
class Voters:
    """A class of ballots and who casts them."""

    name: VoterClass
    words: str
    weight: Decimal


@dataclass(frozen=True, kw_only=True)
class Indicator:
    """A result indicator; facts and sheets call it by `name`."""

    name: str
    area: Area
    nature: Nature
    unit: str
    better: Better
    weight: Decimal

    def check(self) -> None:
        if self.unit not in UNITS:
            raise Fault(
                _("单位“{unit}”不在单位表中"), remedy=_("改为：{known}。"), place="unit", unit=self.unit,
                known="、".join(UNITS),
            )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Scheme(Origin):
    """One preset; comparison groups (考核单元) name it by `name`."""

    name: str
    unit_kind: UnitKind
    subject: Subject
    parts: tuple[Part, ...]
    sheet: tuple[Item, ...]
    options: tuple[Option, ...]
    voters: tuple[Voters, ...]
    indicators: tuple[Indicator, ...]

    def points(self) -> dict[str, Decimal]:
        """The points of each option that counts in a mean."""
        return {o.name: o.points for o in self.options if o.points is not None}

    def weights(self) -> dict[VoterClass, Decimal]:
        """The weight of each voter class."""
        return {v.name: v.weight for v in self.voters}

    def process_share(self) -> Decimal:
        """The part of the weight that lies on process indicators, 0 to 1."""
        return sum((i.weight for i in self.indicators if i.nature is Nature.PROCESS), Decimal(0))

    def numbers(self) -> Iterator[Number[Decimal]]:
        """Weights and points as numbers of the rule book."""
        for voter in self.voters:
            yield self._number(
                f"voters.{voter.name}", voter.weight, "比", _("{scheme}：{name} 票（{voters}）权重 {value}"),
                name=voter.name, voters=voter.words,
            )  # fmt: skip
        for option in self.options:
            if option.points is not None:
                yield self._number(
                    f"options.{option.name}", option.points, "分", _("{scheme}：“{option}”记 {value} {unit}"),
                    option=option.name,
                )  # fmt: skip
        for each in self.indicators:
            yield self._number(
                f"indicators.{each.name}", each.weight, "比", _("{scheme}：{area}：{indicator}权重 {value}"),
                area=each.area, indicator=each.name,
            )  # fmt: skip

    def _number(self, key: str, value: Decimal, unit: str, words: str, **terms: str) -> Number[Decimal]:
        return Number(
            name=f"schemes[{self.name}].{key}", value=value, unit=unit, words=words,
            terms={"scheme": self.name, **terms},
            source=self.source, article=self.article, since=self.since, verified=self.verified,
            note=self.note,
        )  # fmt: skip

    def check(self) -> None:
        _sum_to_one([v.weight for v in self.voters], "voters")
        _sum_to_one([i.weight for i in self.indicators], "indicators")
        if not self.points():
            raise Fault(_("没有一个选项有分值"), remedy=_("给计分的选项写上 points。"), place="options")
        if any(not 0 <= points <= 100 for points in self.points().values()):
            raise Fault(_("分值不在 0 到 100 之间"), remedy=_("改正 points。"), place="options")


def _sum_to_one(weights: list[Decimal], place: str) -> None:
    if any(weight <= 0 for weight in weights):
        raise Fault(_("有权重不是正数"), remedy=_("不用的一项请删去。"), place=place)
    if (total := sum(weights, Decimal(0))) != 1:
        raise Fault(
            _("各项权重之和是 {total}，不是 1"),
            remedy=_("调整权重，使其和正好为 1。"),
            place=place,
            total=total,
        )


@dataclass(frozen=True, kw_only=True)
class SchemesPolicy:
    """All presets of the county."""

    about: About
    schemes: tuple[Scheme, ...]

    def of(self, name: str) -> Scheme:
        """The scheme of that name. Raises `Fault` when there is none."""
        for scheme in self.schemes:
            if scheme.name == name:
                return scheme
        raise Fault(
            _("没有名为“{name}”的考核方案"), remedy=_("可用的方案：{known}。"), name=name,
            known="、".join(s.name for s in self.schemes),
        )  # fmt: skip

    def fitting(self, kind: UnitKind, subject: Subject) -> tuple[Scheme, ...]:
        """The presets made for this kind of unit and subject."""
        return tuple(s for s in self.schemes if s.unit_kind is kind and s.subject is subject)
