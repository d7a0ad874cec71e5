"""What the system itself asks of people (F71): fields and seconds a form, minutes a role, and the budget."""

from __future__ import annotations

from dataclasses import dataclass

from shigan.facts import KINDS, Fact, fields
from shigan.facts.fact import inner
from shigan.policy.burden import Budget, BurdenPolicy
from shigan.web import rights
from shigan.web.forms import Minutes, asked

POLICY_ROLES = {
    rights.OFFICER: "officer",
    rights.LEADER: "leader",
    rights.CLERK: "clerk",
    rights.OFFICIAL: "official",
    rights.ADMIN: "administrator",
}
"""The role of the budget for each role of an account that is asked to fill in anything."""


@dataclass(frozen=True)
class Form:
    """One form: required fields, expected seconds, how often a person fills it in a year."""

    kind: str
    fields: int
    seconds: int
    yearly: int

    @property
    def minutes_year(self) -> float:
        """Minutes that it costs one person in a year."""
        return self.seconds * self.yearly / 60


@dataclass(frozen=True)
class Load:
    """What one person in a role must fill in, beside the budget."""

    role: str
    forms: tuple[Form, ...]
    budget: Budget

    @property
    def minutes_month(self) -> float:
        """Required minutes in a month, on average over the year."""
        return sum(form.minutes_year for form in self.forms) / 12

    @property
    def minutes_week(self) -> float:
        """Required minutes in a week, on average over the year."""
        return sum(form.minutes_year for form in self.forms) * 7 / 365

    @property
    def fields(self) -> int:
        """Required fields of the longest form."""
        return max((form.fields for form in self.forms), default=0)

    @property
    def excess(self) -> list[str]:
        """The parts of the budget that are exceeded: none in a good house."""
        parts = {
            "minutes_week": self.minutes_week,
            "minutes_month": self.minutes_month,
            "fields": self.fields,
        }
        return [name for name, needed in parts.items() if needed > getattr(self.budget, name).value]


def cost(kind: type[Fact], policy: BurdenPolicy) -> tuple[int, int]:
    """Required fields and expected seconds of a kind's form. The day is filled in already; a table of rows
    comes as a sheet and counts as one file."""
    tables = [f for f in fields(kind) if f.required and inner(f.type)]
    kinds = [*map(Minutes.kind, asked(kind)), *("file" for _each in tables)]
    return len(kinds), policy.expected(kinds)


def load(role: str, policy: BurdenPolicy) -> Load:
    """What a role (of the budget) must fill in, under the given policy."""
    forms = []
    for kind, times in policy.yearly.get(role, {}).items():
        count, seconds = cost(KINDS[kind], policy)
        forms.append(Form(kind, count, seconds, times.value))
    return Load(role, tuple(forms), policy.roles[role])
