"""The rules of showing figures about groups: the smaller the group, the less is said."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from shigan.facts.faults import Fault, _
from shigan.policy.number import Count, Flag, People, Percent, PercentList
from shigan.policy.reading import About


class Detail(StrEnum):
    NOTHING = "不显示"
    BANDS = "分档"
    SHARES = "比例"


@dataclass(frozen=True, kw_only=True)
class PublicationPolicy:
    """`bands` are the inner edges of the bands, in % of those who answered.

    From `fine_from` on are the rules of the ballot box (docs/box.md, «What is published»): how wide the bins
    of shares are, and with how many others a comment is shown.
    """

    about: About
    nothing_below: People
    shares_from: People
    bands: PercentList
    place_minimum: People
    merge_unanimous: Flag
    merge_free_text: Flag
    fine_from: People
    coarse_step: Percent
    fine_step: Percent
    fewest: Count
    comments_from: Count

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
        if self.fewest.value < 3:
            raise Fault(_("一档少于 3 票，会暴露个人"), remedy=_("改为 3 份以上。"), place="fewest")
        if not 0 < self.fine_step.value <= self.coarse_step.value <= 50:
            raise Fault(
                _("细档和粗档的宽度不对"), remedy=_("细档不宽于粗档，粗档不宽于 50%。"), place="fine_step"
            )
        if self.comments_from.value < 5:
            raise Fault(
                _("不足 5 条的文字意见也要显示，会暴露个人"),
                remedy=_("改为 5 份以上。"),
                place="comments_from",
            )
