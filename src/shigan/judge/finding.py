"""A finding: one figure (or sentence) about one subject, with its interval, its group and its evidence.

Findings are computed from the ledger, never written into it; they may hold floats and travel as plain JSON.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import MISSING, dataclass, field, fields
from typing import Any, Self

from shigan.facts.faults import told
from shigan.judge.measure import MEASURES, Measure


@dataclass(frozen=True, slots=True)
class Benchmark:
    """The comparison group's figures of the same measure: how many, quartiles, smallest and largest."""

    n: int
    median: float
    q1: float
    q3: float
    low: float
    high: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """`measure` is a key of MEASURES, `item` says which one of it (an indicator, a class, a quarter).

    `value`, `low` and `high` are in `unit`; `low`…`high` is the interval of the policy's confidence, or None
    where an interval makes no sense (a plain count). `n` is how many cases the value rests on, `evidence`
    their positions in the ledger. `series` is a row of figures (twelve months). `words` is a Chinese
    template for `values`, kept apart so that a page can translate it.
    """

    measure: str
    about: str
    item: str = ""
    value: float | None = None
    low: float | None = None
    high: float | None = None
    unit: str = ""
    n: int = 0
    evidence: tuple[int, ...] = ()
    series: tuple[float, ...] = ()
    words: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    compare: Benchmark | None = None

    @property
    def how(self) -> Measure:
        """How this measure is computed."""
        return MEASURES[self.measure]

    def sentence(self, translate: Callable[[str], str] = str) -> str:
        """The words with their values; `translate` turns the template into another language first."""
        return told(self.words, self.values, translate)

    def to_plain(self) -> dict[str, Any]:
        """JSON-ready; what is empty is left out."""
        plain = {f.name: getattr(self, f.name) for f in fields(self) if f.name != "compare"}
        plain = {key: list(v) if isinstance(v, tuple) else v for key, v in plain.items() if _said(key, v)}
        if self.compare is not None:
            plain["compare"] = {f.name: getattr(self.compare, f.name) for f in fields(self.compare)}
        return plain

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Self:
        """The finding again."""
        own: dict[str, Any] = {key: tuple(v) if isinstance(v, list) else v for key, v in plain.items()}
        if "compare" in own:
            own["compare"] = Benchmark(**own["compare"])
        return cls(**own)


_EMPTY = {f.name: {} if f.default is MISSING else f.default for f in fields(Finding)}


def _said(key: str, value: Any) -> bool:
    return bool(value != _EMPTY[key])


def only(findings: Iterable[Finding], measure: str, item: str | None = None) -> tuple[Finding, ...]:
    """The findings of one measure, or of one item of it."""
    return tuple(f for f in findings if f.measure == measure and item in (None, f.item))
