"""Findings in the words of pages: a figure comes with its unit, interval, comparison and evidence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext, ngettext

from shigan.judge.finding import Finding
from shigan.judge.profile import Profile

MOST = 300
"""So many entries are opened at once; an address must stay short enough for old browsers."""
WHOLE = ("件", "次", "人", "条", "名", "日", "份")
"""Units whose figures are whole numbers."""


def shown(value: float | None, unit: str = "", *, rough: bool = False) -> str:
    """A figure as people write it: whole where the unit is whole or the figure is rough, else one decimal."""
    if value is None:
        return "—"
    if rough:
        return f"{value:,.0f}"
    text = f"{value:,.0f}" if unit in WHOLE and value == round(value) else f"{value:,.1f}"
    return text.removesuffix(".0")


def evidence_link(positions: Sequence[int]) -> str:
    """The address that opens these entries, or nothing where there are none."""
    try:
        return f"{reverse('evidence')}?e={','.join(map(str, positions[:MOST]))}" if positions else ""
    except NoReverseMatch:
        return ""


@dataclass(frozen=True)
class Figure:
    """A finding for a template."""

    finding: Finding

    @property
    def title(self) -> str:
        """What the figure is."""
        return gettext(self.finding.how.title)

    @property
    def item(self) -> str:
        """Which one of its measure."""
        return gettext(self.finding.item) if self.finding.item else ""

    @property
    def rough(self) -> bool:
        """Whether a decimal would promise more than few cases tell: places, and shares with an interval."""
        return self.finding.unit in ("位", "%") and self.finding.low is not None

    @property
    def value(self) -> str:
        """The figure without its unit."""
        return shown(self.finding.value, self.finding.unit, rough=self.rough)

    @property
    def unit(self) -> str:
        """The unit of measure."""
        return gettext(self.finding.unit) if self.finding.unit and self.finding.value is not None else ""

    @property
    def interval(self) -> str:
        """`68–75`, or nothing where an interval makes no sense."""
        if self.finding.low is None or self.finding.high is None:
            return ""
        ends = (
            shown(end, self.finding.unit, rough=self.rough) for end in (self.finding.low, self.finding.high)
        )
        return "–".join(ends)

    @property
    def compare(self) -> str:
        """The comparison group's median and middle half."""
        group = self.finding.compare
        if group is None:
            return ""
        values: dict[str, Any] = {
            "n": group.n,
            "median": shown(group.median),
            "q1": shown(group.q1),
            "q3": shown(group.q3),
        }
        if self.finding.about.startswith("P"):
            return gettext("同类 {n} 人：中位 {median}，中间一半 {q1}–{q3}").format(**values)
        return gettext("同类 {n} 家：中位 {median}，中间一半 {q1}–{q3}").format(**values)

    @property
    def words(self) -> str:
        """The sentence that comes with the figure."""
        return self.finding.sentence(gettext) if self.finding.words else ""

    @property
    def link(self) -> str:
        """Where its entries are opened."""
        return evidence_link(self.finding.evidence)

    @property
    def basis(self) -> str:
        """On how many entries it rests."""
        n = len(self.finding.evidence)
        return ngettext("依据 %(n)s 条", "依据 %(n)s 条", n) % {"n": n}

    @property
    def how(self) -> str:
        """How it is computed."""
        return gettext(self.finding.how.words)

    @property
    def source(self) -> str:
        """Where the method comes from."""
        return gettext(self.finding.how.source) if self.finding.how.source else ""

    @property
    def rules_link(self) -> str:
        """The page of the rule book whose numbers it uses, or nothing."""
        numbers = self.finding.how.numbers
        return reverse("policy", args=[numbers[0].split(".")[0]]) if numbers else ""

    @property
    def amount(self) -> str:
        """The figure with its unit."""
        if self.unit == "%":
            return f"{self.value}%"
        return gettext("{value}{unit}").format(value=self.value, unit=self.unit).strip()

    def __str__(self) -> str:
        if not self.interval:
            return self.amount
        return gettext("{amount}（{interval}）").format(amount=self.amount, interval=self.interval)


def figure(profile: Profile | None, measure: str, item: str | None = None) -> Figure | None:
    """One figure of a profile, if it is there."""
    found = profile.one(measure, item) if profile else None
    return Figure(found) if found else None


def figures(profile: Profile | None, measures: Iterable[str]) -> list[Figure]:
    """All figures of some measures, in the order of the measures."""
    return [Figure(f) for measure in measures for f in profile.of(measure)] if profile else []
