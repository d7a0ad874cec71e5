"""The misdeeds planted in the demo county, and whether the judges found them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Protocol

from shigan.demo.ground import COUNTY, DISTRICT, INSPECTION_UNIT, OFFICE_UNIT, Ground, Unit
from shigan.facts.units import UnitKind

PAPER, RELAPSE, RUSH, LATE, GOOD, COPIED, SHEETS = (
    "paper", "relapse", "rush", "late", "good", "copied", "sheets",
)  # fmt: skip
KINDS: Mapping[str, str] = {
    PAPER: "纸面整改", RELAPSE: "整改后反弹", RUSH: "年末突击", LATE: "补录", GOOD: "平时考核“好”超名额",
    COPIED: "进展照抄邻村", SHEETS: "测评票成团",
}  # fmt: skip
"""Each kind of misdeed with its Chinese name; the judges' flags bear the same words."""

FAINT = "（较轻，未必看得出）"


@dataclass(frozen=True, slots=True)
class Misdeed:
    """A misdeed planted at the unit `about`; `words` says what was done there."""

    kind: str
    about: str
    words: str


class Raised(Protocol):
    """What a report needs of a judge's flag."""

    @property
    def kind(self) -> str: ...
    @property
    def about(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Plan:
    """Which units do what. `good` gives the quarter, `copied` the village that is copied from; the `faint` do
    it by halves, so that the judges may well miss them."""

    paper: frozenset[str] = frozenset()
    relapse: frozenset[str] = frozenset()
    rush: frozenset[str] = frozenset()
    late: frozenset[str] = frozenset()
    good: Mapping[str, int] = field(default_factory=dict)
    copied: Mapping[str, str] = field(default_factory=dict)
    sheets: frozenset[str] = frozenset()
    faint: frozenset[str] = frozenset()

    def misdeeds(self) -> tuple[Misdeed, ...]:
        """The list, by kind and unit."""
        words = {
            PAPER: ("进展和销号申报照抄整改措施，核验多为未解决", self.paper),
            RELAPSE: ("当时核验已解决，回头看大多反弹", self.relapse),
            RUSH: ("2025年12月下旬集中填报一年的任务进展", self.rush),
            LATE: ("大部分事项发生半个月后才补录", self.late),
            SHEETS: ("B 票中一部分人一致抬高一人、压低他人", self.sheets),
        }
        told = [(kind, unit, said) for kind, (said, units) in words.items() for unit in units]
        told += [(GOOD, unit, f"2026年第{q}季度“好”超过名额") for unit, q in self.good.items()]
        told += [(COPIED, unit, f"进展照抄 {source}") for unit, source in self.copied.items()]
        found = [Misdeed(k, unit, said + (FAINT if unit in self.faint else "")) for k, unit, said in told]
        return tuple(sorted(found, key=lambda each: (list(KINDS).index(each.kind), each.about)))


def plan(land: Ground, seed: int) -> Plan:
    """Who misbehaves: different units for each kind, a few in a county, at least one in the smallest."""
    random = Random(f"{seed}/planted")
    quiet = {COUNTY, OFFICE_UNIT, INSPECTION_UNIT}
    free = [unit for unit in land.appraised() if unit.code not in quiet and int(unit.code[1:]) % DISTRICT > 2]
    random.shuffle(free)
    full = len(free) / 115

    def take(n: float, least_team: int = 0) -> list[str]:
        fit = [unit for unit in free if len(land.team(unit.code)) >= least_team]
        taken = fit[: max(1, round(n * full))]
        for unit in taken:
            free.remove(unit)
        return [unit.code for unit in taken]

    sheets, good, (paper, relapse, rush, late) = take(3, 8), take(5, 6), (take(n) for n in (4, 4, 3, 4))
    lists = sheets, good, paper, relapse, rush, late
    return Plan(
        paper=frozenset(paper), relapse=frozenset(relapse), rush=frozenset(rush), late=frozenset(late),
        good={unit: random.randint(1, 3) for unit in good}, sheets=frozenset(sheets),
        copied=_neighbours(land, random, max(1, round(2 * full))),
        faint=frozenset(units[-1] for units in lists if len(units) > 1),
    )  # fmt: skip


def _neighbours(land: Ground, random: Random, groups: int) -> dict[str, str]:
    """Villages that copy, each with the village of the same township that it copies from."""
    towns: dict[str, list[Unit]] = {}
    for village in land.of_kind(UnitKind.VILLAGE):
        towns.setdefault(village.parent, []).append(village)
    copied: dict[str, str] = {}
    for town in random.sample(sorted(towns), groups):
        source, *others = random.sample(towns[town], min(6, len(towns[town])))
        copied |= {other.code: source.code for other in others}
    return copied


@dataclass(frozen=True, slots=True)
class Report:
    """Which planted misdeeds were found and missed, and which flags nobody planted."""

    found: tuple[Misdeed, ...]
    missed: tuple[Misdeed, ...]
    false: tuple[tuple[str, str], ...]

    def words(self) -> str:
        """The report for a terminal, a line a kind."""
        lines = [f"埋设 {len(self.found) + len(self.missed)} 处：查出 {len(self.found)}，"
                 f"漏查 {len(self.missed)}，误报 {len(self.false)}"]  # fmt: skip
        for kind, title in KINDS.items():
            found, missed = (
                sorted(m.about for m in ms if m.kind == kind) for ms in (self.found, self.missed)
            )
            false = sorted(about for each, about in self.false if each == kind)
            lines.append(f"  {title}：查出 {_listed(found)}；漏查 {_listed(missed)}；误报 {_listed(false)}")
        return "\n".join(lines)


def _listed(codes: list[str]) -> str:
    return f"{len(codes)}（{'、'.join(codes)}）" if codes else "0"


def report(flags: Iterable[Raised], planted: Iterable[Misdeed]) -> Report:
    """Compare the judges' flags with what was planted, by kind and unit."""
    raised = {(flag.kind, flag.about.partition("/")[0]) for flag in flags}
    planted = tuple(planted)
    return Report(
        tuple(m for m in planted if (m.kind, m.about) in raised),
        tuple(m for m in planted if (m.kind, m.about) not in raised),
        tuple(sorted(raised - {(m.kind, m.about) for m in planted})),
    )


def write(planted: Iterable[Misdeed], path: Path) -> None:
    """The one list of what is planted, as JSON."""
    rows = [{"kind": m.kind, "title": KINDS[m.kind], "about": m.about, "words": m.words} for m in planted]
    path.write_text(json.dumps(rows, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
