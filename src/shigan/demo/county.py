"""演示县: a made-up county of a seed, its year as batches of drafts, and the list of what is planted in it.

Same seed and scale, same county, same drafts at the same moments. Nothing here is a real place or person.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from itertools import count

from shigan.demo import planted as misdeeds
from shigan.demo.documents import Paper, planned
from shigan.demo.ground import OFFICE_UNIT, Account, Name, ground
from shigan.demo.planted import Misdeed
from shigan.demo.scene import Batch, Scene, weave
from shigan.demo.year import openings
from shigan.facts.units import UnitKind
from shigan.policy import Rulebook
from shigan.work.admit import Admitted, admit
from shigan.work.state import State

SEED = 2026


class County:
    """`scale` 1 is a county of about 440 units, 1,000 officials and 100,000 entries; 10 is ten such
    districts, 0.02 a small one for tests. `names` and `accounts` are kept outside the ledger."""

    def __init__(self, seed: int = SEED, scale: float = 1.0) -> None:
        self.seed, self.scale = seed, scale
        self.land = ground(seed, scale)
        self.plan = misdeeds.plan(self.land, seed)

    @property
    def names(self) -> Mapping[str, Name]:
        """Name and post by code, for units, groups, officials and accounts."""
        return self.land.names

    @property
    def planted(self) -> tuple[Misdeed, ...]:
        """The misdeeds that the judges should find."""
        return self.plan.misdeeds()

    @property
    def papers(self) -> list[Paper]:
        """The documents of the year, each with what is planted in it."""
        return planned(Scene(self.land, self.plan, self.seed, self.scale))

    @property
    def expected_entries(self) -> int:
        """About how many entries the year has."""
        return round(100_000 * max(self.scale, 0.07))

    @cached_property
    def accounts(self) -> Mapping[str, Account]:
        """The demo's log-ins by user name."""
        land, officers = self.land, self.land.officers
        clerk, auditor = land.of_kind(UnitKind.DEPARTMENT)[-1], land.of_kind(UnitKind.DEPARTMENT)[2]
        township, official = land.of_kind(UnitKind.TOWNSHIP)[0], land.reviewer()
        return {
            "officer": Account(officers[1], OFFICE_UNIT, "officer"),
            "leader": Account(officers[0], OFFICE_UNIT, "leader"),
            "clerk": Account(clerk.clerk, clerk.code, "clerk"),
            "township": Account(township.clerk, township.code, "clerk"),
            "official": Account(official.code, official.unit, "official"),
            "auditor": Account(auditor.clerk, auditor.code, "auditor"),
            "admin": Account(officers[-1], OFFICE_UNIT, "admin"),
        }


def batches(county: County) -> Iterator[Batch]:
    """The year in order of time, from 2025-11-24 to 2026-11-20; every batch is one author's at one moment."""
    scene = Scene(county.land, county.plan, county.seed, county.scale)
    return weave(openings(scene))


def salts(seed: int = SEED) -> Callable[[], bytes]:
    """Salts that anybody can compute, for a ledger that comes out the same every time. For the demo only:
    with known salts an erased payload could be guessed."""
    numbers = count()
    key = f"shigan demo {seed}".encode()
    return lambda: hmac.digest(key, b"%d" % next(numbers), "sha256")


def replay(county: County) -> list[Admitted]:
    """The whole year admitted in memory with the demo's own salts. Raises `Refused` if one breaks a rule."""
    rules, fresh = Rulebook.shipped(), salts(county.seed)
    states: dict[str, State] = {}
    admitted = []
    for batch in batches(county):
        for each in admit(batch.drafts, batch.author, batch.now, rules, states.get, fresh):
            states[each.state.subject] = each.state
            admitted.append(each)
    return admitted
