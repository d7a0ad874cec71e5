"""What a made-up county holds: the sheets as a judge sees them, and the truth that no judge sees."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum

import numpy as np
from numpy.typing import NDArray

from shigan.maths.raters import Sheets
from shigan.maths.raters.sheets import Floats, Indices, Marks

Mask = NDArray[np.bool_]

ITEMS = 5
GRADES = 4
TOP = GRADES - 1
NOBODY = -1
"""The official behind a sheet that no official cast."""


class Voters(IntEnum):
    """The classes of sheets."""

    LEADER = 0
    PEER = 1
    STAFF = 2
    CITIZEN = 3


class Scenario(StrEnum):
    """What is done to the sheets of a county, a closed list."""

    CLEAN = "clean"
    SEVERITY = "severity"
    CEILING = "ceiling"
    THIN = "thin"
    DISCONNECTED = "disconnected"
    UNIFORM = "uniform"
    RANDOM = "random"
    COPY = "copy"
    CLIQUE = "clique"
    CANVASS = "canvass"
    STEALTH = "stealth"
    SCORCH = "scorch"
    RETALIATE = "retaliate"
    HALF = "half"
    MIX = "mix"
    BREAKDOWN = "breakdown"


@dataclass(frozen=True, slots=True)
class Opinions:
    """The law by which honest marks arise; S sheets. See `county.honest_marks` for the formula.

    `severity`: (S,) how much lower a sheet sees everybody, its unit's leniency taken off. `halo`: (S,) in
    [0, 1], the weight of the overall impression. `noise`: (S,) SD of a single mark's error. `cuts`:
    (S, GRADES - 1) rising thresholds. `shared`, `alone`: SDs of what an official's true traits share and
    of what each has alone; means are 0. `vantage`, `impression`: SDs of a class's bias on an official and
    of a line's overall impression.
    """

    severity: Floats
    halo: Floats
    noise: Floats
    cuts: Floats
    shared: float
    alone: float
    vantage: float
    impression: float


@dataclass(frozen=True, slots=True)
class World:
    """A county with its truth; N officials, S sheets, L lines.

    `sheets`: what a judge sees. `honest`: (L, ITEMS) the marks the same lines would carry without the
    attack. `merit`: (N,) mean of the true `traits` (N, ITEMS). `voter`: (S,) the official who cast the
    sheet, or NOBODY. `attacked`: (L,) lines that were not cast honestly. `lowest`, `highest`: (L, ITEMS)
    the honest grades that one who knows the attack cannot rule out; both equal the mark where it is
    honest. `beneficiaries`, `victims`: officials whom the attack is to lift and to push down.
    """

    scenario: Scenario
    sheets: Sheets
    honest: Marks
    merit: Floats
    traits: Floats
    opinions: Opinions
    voter: Indices
    attacked: Mask
    lowest: Marks
    highest: Marks
    beneficiaries: Indices
    victims: Indices

    @property
    def attackers(self) -> Mask:
        """(S,) sheets with at least one line that was not cast honestly."""
        return np.bincount(self.sheets.sheet[self.attacked], minlength=len(self.sheets.home)) > 0
