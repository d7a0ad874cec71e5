"""What the system itself may ask of people: seconds for a form field, a budget for a role."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from shigan.facts import KINDS
from shigan.facts.faults import Fault, _
from shigan.policy.number import Count, Flag, Minutes, Seconds, Times
from shigan.policy.reading import About

FIELD_KINDS = ("choice", "date", "number", "short_text", "long_text", "file")
ROLES = ("officer", "leader", "clerk", "official", "voter", "scrutineer", "administrator", "villager")


@dataclass(frozen=True, kw_only=True)
class Budget:
    """Required minutes in a week and a month, and required fields on one form."""

    minutes_week: Minutes
    minutes_month: Minutes
    fields: Count

    def check(self) -> None:
        if self.minutes_month.value < self.minutes_week.value:
            raise Fault(_("每月时间少于每周时间"), remedy=_("核对两个时间。"), place="minutes_month")


@dataclass(frozen=True, kw_only=True)
class BurdenPolicy:
    """`seconds` by FIELD_KINDS, `roles` by ROLES; `opening` is what any form costs before its first field.

    `yearly`: how often one person in a role fills in each kind of fact in a year, by role and kind.
    """

    about: About
    opening: Seconds
    seconds: Mapping[str, Seconds]
    roles: Mapping[str, Budget]
    yearly: Mapping[str, Mapping[str, Times]]
    new_form_retires_one: Flag
    reminders_after_hours: Flag

    def expected(self, kinds: list[str]) -> int:
        """Expected seconds of a form with these kinds of required fields."""
        return self.opening.value + sum(self.seconds[kind].value for kind in kinds)

    def check(self) -> None:
        _same(self.seconds, FIELD_KINDS, "seconds")
        _same(self.roles, ROLES, "roles")
        for role, times in self.yearly.items():
            _known(role, ROLES, "yearly")
            for kind in times:
                _known(kind, tuple(KINDS), f"yearly.{role}")


def _same(found: Mapping[str, object], wanted: tuple[str, ...], place: str) -> None:
    if odd := sorted(found.keys() ^ set(wanted)):
        raise Fault(
            _("“{key}”缺少或多余"), remedy=_("正好写这几项：{known}。"), place=place, key=odd[0],
            known="、".join(wanted),
        )  # fmt: skip


def _known(key: str, known: tuple[str, ...], place: str) -> None:
    if key not in known:
        raise Fault(
            _("没有“{key}”"), remedy=_("可用：{known}。"), place=place, key=key, known="、".join(known)
        )
