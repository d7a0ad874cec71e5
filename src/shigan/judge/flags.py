"""Patterns worth a second look. A flag asks; it says nothing of motives and changes no figure.

It speaks of units, texts and sheets, never of a person. Where many units are tested at once, the
Benjamini–Hochberg rule keeps the expected share of false alarms at what the policy's confidence leaves.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from enum import StrEnum
from typing import Any, NamedTuple, Self

from shigan.facts.faults import _, told
from shigan.judge.chance import discoveries, upper_tail
from shigan.judge.copies import Text, copied
from shigan.judge.figures import level
from shigan.judge.finding import Finding
from shigan.judge.problems import Case
from shigan.judge.standing import over_quota
from shigan.judge.tables import Tables
from shigan.policy import Rulebook


class Kind(StrEnum):
    PAPER = "paper"
    RELAPSE = "relapse"
    RUSH = "rush"
    LATE = "late"
    GOOD = "good"
    COPIED = "copied"
    SHEETS = "sheets"


TITLES = {
    Kind.PAPER: _("疑似纸面整改"),
    Kind.RELAPSE: _("反弹偏多"),
    Kind.RUSH: _("年末突击"),
    Kind.LATE: _("补录偏多"),
    Kind.GOOD: _("“好”超名额"),
    Kind.COPIED: _("进展文字雷同"),
    Kind.SHEETS: _("票型异常"),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Flag:
    """`about` is a unit's code, `things` the codes it points to (problems, tasks, other units). `strength`
    is a share of the unit's cases, or one minus the tail probability of the test: 0 to 1, for sorting."""

    kind: str
    about: str
    words: str
    values: Mapping[str, Any] = field(default_factory=dict)
    evidence: tuple[int, ...] = ()
    things: tuple[str, ...] = ()
    strength: float = 1.0

    def sentence(self, translate: Any = str) -> str:
        """The words with their values."""
        return told(self.words, self.values, translate)

    def to_plain(self) -> dict[str, Any]:
        """JSON-ready."""
        plain = {f.name: getattr(self, f.name) for f in fields(self)}
        return {key: list(v) if isinstance(v, tuple) else v for key, v in plain.items()}

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Self:
        """The flag again."""
        told: dict[str, Any] = {key: tuple(v) if isinstance(v, list) else v for key, v in plain.items()}
        return cls(**told)


def flags(
    tables: Tables,
    rules: Rulebook,
    cases: Sequence[Case],
    paper: Mapping[str, Sequence[int]],
    units: Mapping[str, Sequence[Finding]],
) -> Iterator[Flag]:
    """The flags of the year but those of `judge.sheet_flags`; `units` are the findings of each unit."""
    yield from _paper(cases, paper)
    yield from _relapse(units, rules)
    yield from _late(units, rules)
    yield from _rush(units)
    yield from _good(units)
    yield from _copied(tables)


def _paper(cases: Iterable[Case], paper: Mapping[str, Sequence[int]]) -> Iterator[Flag]:
    """Units with problems whose reports repeat the plan or one another."""
    groups: dict[str, list[Case]] = defaultdict(list)
    reported: dict[str, int] = defaultdict(int)
    for case in cases:
        reported[case.unit] += bool(case.reports)
        if case.code in paper:
            groups[case.unit].append(case)
    for unit, own in sorted(groups.items()):
        unsolved = sum(any(not check.good for check in case.checks) for case in own)
        yield Flag(
            kind=Kind.PAPER,
            about=unit,
            things=tuple(case.code for case in own),
            evidence=tuple(p for case in own for p in paper[case.code]),
            strength=len(own) / reported[unit],
            words=_(
                "{k} 个问题的进展或申报照抄措施、以前的进展或其他问题的文字，其中 {unsolved} 个核验后未解决，"
                "请看结果"
            ),
            values={"k": len(own), "unsolved": unsolved},
        )


def _relapse(units: Mapping[str, Sequence[Finding]], rules: Rulebook) -> Iterator[Flag]:
    """Units whose relapse is above that of all others by more than chance."""
    found = _said(units, "problems.relapse")
    for unit, tail, rate in _above_others(found, rules):
        f = found[unit]
        yield Flag(
            kind=Kind.RELAPSE,
            about=unit,
            evidence=f.evidence,
            strength=1 - tail,
            words=_("回头看 {n} 个问题，{k} 个反弹；其他单位的反弹率是 {rate}%"),
            values={"n": f.n, "k": _cases(f), "rate": f"{100 * rate:.0f}"},
        )


def _late(units: Mapping[str, Sequence[Finding]], rules: Rulebook) -> Iterator[Flag]:
    """Units whose late entries pass the policy's limit, and are above all others' by more than chance."""
    found = _said(units, "late.share")
    for unit, tail, rate in _above_others(found, rules):
        f = found[unit]
        if f.words:
            yield Flag(
                kind=Kind.LATE,
                about=unit,
                evidence=f.evidence,
                strength=1 - tail,
                words=_("记入 {n} 条，{k} 条是补录，超过 {limit}%；其他单位的补录占比是 {rate}%"),
                values={"n": f.n, "k": _cases(f), "rate": f"{100 * rate:.0f}", **f.values},
            )


def _said(units: Mapping[str, Sequence[Finding]], measure: str) -> dict[str, Finding]:
    return {unit: f for unit, own in units.items() for f in own if f.measure == measure and f.n}


def _cases(share: Finding) -> int:
    """How many of the n cases a share in % stands for."""
    return round((share.value or 0) * share.n / 100)


def _above_others(found: Mapping[str, Finding], rules: Rulebook) -> Iterator[tuple[str, float, float]]:
    """Units with a share above that of all others by more than chance, each with its tail and their rate."""
    cases, n = sum(map(_cases, found.values())), sum(f.n for f in found.values())
    rates = {u: (cases - _cases(f)) / (n - f.n) for u, f in found.items() if n > f.n}
    tails = {u: upper_tail(_cases(found[u]), found[u].n, p) for u, p in rates.items() if _cases(found[u]) > 1}
    for unit in discoveries(tails, 1 - level(rules), among=len(found)):
        yield unit, tails[unit], rates[unit]


def _rush(units: Mapping[str, Sequence[Finding]]) -> Iterator[Flag]:
    """Year-end rush beyond the policy's factor, and above an even pace by more than chance."""
    for unit, f in _said(units, "late.rush").items():
        if f.words and f.low is not None and f.low > 1:
            share = len(f.evidence) / f.n
            yield Flag(
                kind=Kind.RUSH,
                about=unit,
                evidence=f.evidence,
                strength=share,
                words=f.words,
                values=f.values,
            )


def _good(units: Mapping[str, Sequence[Finding]]) -> Iterator[Flag]:
    for unit, own in sorted(units.items()):
        over = [f for f in own if f.measure == "routine.good" and over_quota(f)]
        if over:
            yield Flag(
                kind=Kind.GOOD,
                about=unit,
                evidence=tuple(p for f in over for p in f.evidence),
                strength=max(over_quota(f) / f.n for f in over),
                words=_("第 {quarters} 季度登记为“好”的人数超过名额，共超 {over} 名"),
                values={"quarters": "、".join(f.item for f in over), "over": sum(map(over_quota, over))},
            )


class Written(NamedTuple):
    """A report on a problem or task."""

    position: int
    subject: str
    unit: str
    text: str


def _copied(tables: Tables) -> Iterator[Flag]:
    """Units whose reports repeat those of other units."""
    reports = sorted(_reports(tables))
    found: dict[str, list[tuple[Written, Written]]] = defaultdict(list)
    for copy in copied([Text(r.unit, "", r.text) for r in reports]):
        found[reports[copy.text].unit].append((reports[copy.text], reports[copy.source]))
    total: dict[str, int] = defaultdict(int)
    for report in reports:
        total[report.unit] += 1
    for unit, pairs in sorted(found.items()):
        sources = sorted({source.unit for _text, source in pairs})
        yield Flag(
            kind=Kind.COPIED,
            about=unit,
            evidence=tuple(p for t, s in pairs for p in (t.position, s.position)),
            things=(*sources, *dict.fromkeys(text.subject for text, _source in pairs)),
            strength=len(pairs) / total[unit],
            words=_("{k} 条进展文字与 {sources} 先报的相同或八成相同，请看各自的结果"),
            values={"k": len(pairs), "sources": "、".join(sources)},
        )


def _reports(tables: Tables) -> Iterator[Written]:
    for kind, column in (("ProgressReported", "text"), ("FixClaimed", "result"), ("TaskProgressed", "text")):
        for row in tables.rows(tables[kind].select("position", "subject", "unit", column)):
            yield Written(*row)
