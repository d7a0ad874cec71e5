"""Policy (规矩): the field's numbers as dated, sourced TOML, one file and one frozen dataclass a subject.

Code writes `book.problems.look_back_months.value`; the rule book page walks `numbers(book.problems)`.
A policy adopted later is a fact that carries the TOML, so a policy is always loaded from text.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any

from shigan.facts.faults import Fault, _
from shigan.policy.appraisal import AppraisalPolicy
from shigan.policy.burden import BurdenPolicy
from shigan.policy.documents import DocumentsPolicy
from shigan.policy.ledger import LedgerPolicy
from shigan.policy.meetings import MeetingsPolicy
from shigan.policy.number import Number, Origin
from shigan.policy.problems import ProblemsPolicy
from shigan.policy.publication import PublicationPolicy
from shigan.policy.reading import numbers, read
from shigan.policy.readings import ReadingsPolicy
from shigan.policy.retention import RetentionPolicy
from shigan.policy.schemes import Scheme, SchemesPolicy
from shigan.policy.visits import VisitsPolicy

POLICIES: Mapping[str, type[Any]] = MappingProxyType(
    {
        "problems": ProblemsPolicy,
        "visits": VisitsPolicy,
        "meetings": MeetingsPolicy,
        "appraisal": AppraisalPolicy,
        "schemes": SchemesPolicy,
        "burden": BurdenPolicy,
        "ledger": LedgerPolicy,
        "publication": PublicationPolicy,
        "documents": DocumentsPolicy,
        "retention": RetentionPolicy,
        "readings": ReadingsPolicy,
    }
)
NAMES = tuple(POLICIES)

__all__ = [
    "NAMES", "AppraisalPolicy", "BurdenPolicy", "DocumentsPolicy", "LedgerPolicy", "MeetingsPolicy", "Number",
    "Origin", "ProblemsPolicy", "PublicationPolicy", "ReadingsPolicy", "RetentionPolicy", "Rulebook",
    "Scheme", "SchemesPolicy", "VisitsPolicy", "changes", "load", "numbers", "shipped", "version",
]  # fmt: skip


def load(name: str, text: str | bytes, kept: bool = False) -> Any:
    """The policy `name` (its dataclass in POLICIES) from TOML. Bad text raises `Fault`, nothing else.

    `kept`: it was adopted when the software knew fewer numbers; the shipped text says what it cannot say yet.
    """
    if name not in POLICIES:
        raise Fault(
            _("没有名为“{name}”的规矩"), remedy=_("可用：{known}。"), name=name, known="、".join(NAMES)
        )
    return read(POLICIES[name], name, text, shipped(name) if kept else "")


def shipped(name: str) -> str:
    """The text that comes with the software."""
    return resources.files(__name__).joinpath(f"{name}.toml").read_text("utf-8")


def version(text: str) -> str:
    """The short name of a text: 12 hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def changes(old: object, new: object) -> Iterator[tuple[Number[Any] | None, Number[Any] | None]]:
    """Numbers that differ between two versions of one policy, as (before, after)."""
    before, after = ({n.name: n for n in numbers(policy)} for policy in (old, new))
    for name in before | after:
        if before.get(name) != after.get(name):
            yield before.get(name), after.get(name)


@dataclass(frozen=True, kw_only=True, eq=False)
class Rulebook:
    """All policies in force at one time, with the texts they were read from."""

    problems: ProblemsPolicy
    visits: VisitsPolicy
    meetings: MeetingsPolicy
    appraisal: AppraisalPolicy
    schemes: SchemesPolicy
    burden: BurdenPolicy
    ledger: LedgerPolicy
    publication: PublicationPolicy
    documents: DocumentsPolicy
    retention: RetentionPolicy
    readings: ReadingsPolicy
    texts: Mapping[str, str]

    @classmethod
    @cache
    def shipped(cls) -> Rulebook:
        """The rule book that comes with the software."""
        texts = {name: shipped(name) for name in NAMES}
        return cls(**{name: load(name, text) for name, text in texts.items()}, texts=MappingProxyType(texts))

    def with_adopted(self, name: str, text: str, kept: bool = False) -> Rulebook:
        """The rule book after `text` became the policy `name`, now or (`kept`) under earlier software.

        Raises `Fault` where it cannot.
        """
        change: dict[str, Any] = {name: load(name, text, kept)}
        return replace(self, **change, texts=MappingProxyType({**self.texts, name: text}))

    def version(self, name: str = "") -> str:
        """The version of one policy, or of them all together."""
        return version(self.texts[name] if name else "".join(self.version(each) for each in NAMES))

    def __post_init__(self) -> None:
        for scheme in self.schemes.schemes:
            self._check_scheme(scheme)

    def _check_scheme(self, scheme: Scheme) -> None:
        place, cap = f"schemes.toml/schemes[{scheme.name}].indicators", self.appraisal.process_cap
        if strange := {i.area for i in scheme.indicators} - set(self.appraisal.fields.value):
            raise Fault(
                _("“{area}”不是实绩领域"), remedy=_("可用：{known}。"), place=place, area=min(strange),
                known="、".join(self.appraisal.fields.value),
            )  # fmt: skip
        if scheme.process_share() > cap.share:
            raise Fault(
                _("过程类指标占 {share}，超过上限 {cap}%"), remedy=_("减少过程类权重，增加结果类权重。"),
                place=place, share=scheme.process_share(), cap=cap.value,
            )  # fmt: skip
