"""The counties that the gaming benchmark reads, by name, in the order in which they are printed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from shigan.bench.raters.county import county
from shigan.bench.raters.world import Scenario, World

SHARES = (0.2, 0.3, 0.4, 0.5, 0.6)
"""Shares of every unit's sheets in a bloc, for `breakdown`."""

HONEST = ("clean", "severity", "thin", "ceiling")
ATTACKED = ("random", "canvass", "retaliate", "copy", "clique", "scorch", "mix", "stealth")
BEYOND = ("disconnected", "uniform", "half")
OWN_COUNTY = (Scenario.SEVERITY, Scenario.THIN, Scenario.CEILING, Scenario.DISCONNECTED)
"""Scenarios whose honest county is not the clean one; nobody is attacked there."""


@dataclass(frozen=True, slots=True)
class Case:
    """A scenario; `share` only for `breakdown`, as in `county.county`."""

    scenario: Scenario
    share: float | None = None

    @property
    def name(self) -> str:
        """As it is printed and asked for."""
        return str(self.scenario) if self.share is None else f"{self.scenario} {self.share}"

    @property
    def from_clean(self) -> bool:
        """Whether its honest marks are those of the clean county of the same seed."""
        return self.scenario not in (Scenario.CLEAN, *OWN_COUNTY)

    def county(self, seed: int, units: int) -> World:
        """The county of a seed."""
        return county(seed, self.scenario, share=self.share, units=units)


CLEAN = Case(Scenario.CLEAN)
CASES: Mapping[str, Case] = MappingProxyType({
    case.name: case
    for case in (
        *(Case(Scenario(name)) for name in (*HONEST, *ATTACKED, *BEYOND)),
        *(Case(Scenario.BREAKDOWN, share) for share in SHARES),
    )
})  # fmt: skip


def chosen(text: str) -> tuple[Case, ...]:
    """Cases named with commas between them; «all», and «breakdown» for all its shares.

    In the order of CASES, each once. Raises ValueError for an unknown name.
    """
    wanted = {name.strip() for name in text.split(",") if name.strip()}
    unknown = wanted - {"all", *CASES, *Scenario}
    if unknown or not wanted:
        raise ValueError(f"no such scenario: {', '.join(sorted(unknown))}; there are {', '.join(CASES)}")
    return tuple(case for case in CASES.values() if wanted & {"all", case.name, str(case.scenario)})
