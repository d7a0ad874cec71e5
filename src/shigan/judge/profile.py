"""The evidence profile (考核画像): all findings about one subject in one year, in no order of merit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from shigan.judge.finding import Finding, only


@dataclass(frozen=True, slots=True)
class Profile:
    """`about` is a person, a team (its unit's code), a comparison group or a unit; `unit` and `group` say
    where it stands, `scheme` names the appraisal scheme that its figures were read with (or is empty)."""

    about: str
    year: int
    unit: str
    group: str
    scheme: str
    findings: tuple[Finding, ...]

    def of(self, measure: str, item: str | None = None) -> tuple[Finding, ...]:
        """The findings of a measure, or of one item of it."""
        return only(self.findings, measure, item)

    def one(self, measure: str, item: str | None = None) -> Finding | None:
        """The first finding of a measure (or item), or None."""
        return next(iter(self.of(measure, item)), None)

    def to_plain(self) -> dict[str, Any]:
        """JSON-ready."""
        return {
            "about": self.about,
            "year": self.year,
            "unit": self.unit,
            "group": self.group,
            "scheme": self.scheme,
            "findings": [f.to_plain() for f in self.findings],
        }

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Self:
        """The profile again."""
        findings = tuple(Finding.from_plain(each) for each in plain["findings"])
        return cls(**{**plain, "findings": findings})
