"""How long words are kept after a thing was last written to; what is due is a list, never a machine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from shigan.facts.faults import Fault, _
from shigan.policy.number import Years
from shigan.policy.reading import About

KEYS: Final[Mapping[str, str]] = {
    "problems": "Q", "visits": "V", "meetings": "M", "tasks": "T", "documents": "D", "suggestions": "S",
    "appraisals": "P/", "readings": "F",
}  # fmt: skip
"""Name in the file → key of the things it speaks of."""


@dataclass(frozen=True, kw_only=True)
class RetentionPolicy:
    """Years by kind of thing, counted from its newest entry; a kind without a line never falls due."""

    about: About
    keep: Mapping[str, Years]

    def years(self) -> Mapping[str, int]:
        """Years by key of thing: `{"Q": 10, …}`."""
        return {KEYS[name]: number.value for name, number in self.keep.items()}

    def check(self) -> None:
        if strange := self.keep.keys() - KEYS.keys():
            raise Fault(
                _("保存期限里没有“{name}”这一类"),
                remedy=_("可用：{known}。"),
                place="keep",
                name=min(strange),
                known="、".join(KEYS),
            )
        if any(number.value < 1 for number in self.keep.values()):
            raise Fault(_("保存期限不足一年"), remedy=_("写一年以上。"), place="keep")
