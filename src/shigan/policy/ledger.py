"""The rules of the ledger: when an entry is late (补录), how far clocks may differ, how often to seal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from shigan.facts import KINDS
from shigan.facts.faults import Fault, _
from shigan.policy.number import Clock, Days, Minutes, Seconds
from shigan.policy.reading import About


@dataclass(frozen=True, kw_only=True)
class LedgerPolicy:
    """`late` is for every kind of fact that `late_by_kind` does not name."""

    about: About
    late: Days
    late_by_kind: Mapping[str, Days]
    clock_tolerance: Seconds
    seal_interval: Minutes
    seal_daily: Clock

    def late_after(self, kind: str) -> int:
        """Days after the event from which an entry of this kind is 补录."""
        return self.late_by_kind.get(kind, self.late).value

    def check(self) -> None:
        if strange := self.late_by_kind.keys() - KINDS.keys():
            raise Fault(
                _("没有“{kind}”这种事项"),
                remedy=_("按事项种类表改正名称。"),
                place="late_by_kind",
                kind=min(strange),
            )
