"""The rules of reading personal files: for what, how long a stated purpose holds, what a second person
must approve."""

from __future__ import annotations

from dataclasses import dataclass

from shigan.facts import KINDS
from shigan.facts.faults import Fault, _
from shigan.policy.number import Minutes, Names
from shigan.policy.reading import About


@dataclass(frozen=True, kw_only=True)
class ReadingsPolicy:
    """`marked` are the titles of the kinds of fact whose records need an approval."""

    about: About
    purposes: Names
    purpose_holds: Minutes
    approval_holds: Minutes
    marked: Names

    def marked_kinds(self) -> frozenset[str]:
        """The kinds of fact that are marked, by class name."""
        return frozenset(name for name, kind in KINDS.items() if kind.TITLE in self.marked.value)

    def check(self) -> None:
        if not self.purposes.value or any(len(each) > 40 for each in self.purposes.value):
            raise Fault(_("查阅用途没有写，或超过 40 字"), remedy=_("逐项写短。"), place="purposes")
        if strange := set(self.marked.value) - {kind.TITLE for kind in KINDS.values()}:
            raise Fault(
                _("没有“{kind}”这种事项"), remedy=_("按事项种类表改正名称。"), place="marked",
                kind=min(strange),
            )  # fmt: skip
        for place, number in (("purpose_holds", self.purpose_holds), ("approval_holds", self.approval_holds)):
            if not 1 <= number.value <= 7 * 24 * 60:
                raise Fault(_("时间应在 1 分钟到 7 天之间"), remedy=_("改短。"), place=place)
