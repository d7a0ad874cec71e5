"""The rules of showing figures about groups: the smaller the group, the less is said."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from shigan.facts.faults import Fault, _
from shigan.policy.number import Flag, People, PercentList
from shigan.policy.reading import About


class Detail(StrEnum):
    NOTHING = "不显示"
    BANDS = "分档"
    SHARES = "比例"


@dataclass(frozen=True, kw_only=True)
class PublicationPolicy:
    """`bands` are the inner edges of the bands, in % of those who answered."""

    about: About
    nothing_below: People
    shares_from: People
    bands: PercentList
    place_minimum: People
    merge_unanimous: Flag
    merge_free_text: Flag

    def detail(self, people: int) -> Detail:
        """How much may be shown about a group of so many people."""
        if people < self.nothing_below.value:
            return Detail.NOTHING
        return Detail.BANDS if people < self.shares_from.value else Detail.SHARES

    def check(self) -> None:
        if self.nothing_below.value < 5:
            raise Fault(
                _("不足 5 人的组也要显示，会暴露个人"), remedy=_("改为 5 人以上。"), place="nothing_below"
            )
        if self.shares_from.value < self.nothing_below.value:
            raise Fault(_("显示比例的人数少于不显示的人数"), remedy=_("核对两个人数。"), place="shares_from")
