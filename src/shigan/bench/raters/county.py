"""A county from a seed: who marks whom, and what everybody honestly thinks; then the attack, if any.

    python -m shigan.bench.raters.county 101 clean

The process is deliberately not the fitted model of `shigan.maths.raters`: five true traits, and per-sheet
halo, noise and spacing of the grades that no judge estimates. Its figures follow the design paper of the
rater model, section 3: how many sheets, 80 % top marks, 60 % of lines all-top, and an official explaining
about a third of the variance of a single mark.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass

import numpy as np

from shigan.bench.raters import attacks
from shigan.bench.raters.metrics import tau
from shigan.bench.raters.world import GRADES, ITEMS, NOBODY, TOP, Mask, Opinions, Scenario, Voters, World
from shigan.maths.raters import Sheets
from shigan.maths.raters.sheets import Floats, Indices, Marks

SMALLEST, LARGEST, USUAL = 5, 60, 20
"""Officials of a unit: least, most, mean."""
STAFF, CITIZENS, LEADERS = 10, 10, 1 / 3
"""Extra sheets a unit."""
OWN_LINES = 16.0
"""Lines an official gets from the own unit, on average and where the unit is large enough."""
GUESTS = 0.15
"""Share of officials who also mark another unit."""
GUEST_LINES, CITIZEN_LINES = 5.0, 2.5
"""Lines of a guest's sheet in the other unit, and of a citizen's."""
LEADER_KNOWS, LEADER_KNOWS_OWN = 0.08, 0.8
"""Chance that a county leader marks an official, and one of the only unit known if disconnected."""
SHARED_SD, ALONE_SD = 1.05, 0.5
"""SDs of what the five traits share and of what each has alone: they correlate at .82."""
SEVERITY_SD, SEVERE_SD = 0.5, 1.5
LENIENCY_SD = 0.3
VANTAGE_SD = 0.45
IMPRESSION_SD = 0.6
NOISE, CITIZEN_NOISE = 0.7, 1.4
TOP_CUT, CEILING_CUT = -1.3, -1.95
"""Below which a mark falls short of the best: 80 % are the best, and 90 %."""
FEWEST_LINES = 3


@dataclass(frozen=True, slots=True)
class _Roll:
    """The officials' units, and each sheet's home, class and voter."""

    unit: Indices
    home: Indices
    voters: Indices
    voter: Indices
    units: int


def county(
    seed: int, scenario: Scenario | str = Scenario.CLEAN, *, share: float | None = None, units: int = 60
) -> World:
    """The county of a seed under a scenario: 20 officials and about 40 sheets a unit.

    `share`: for `breakdown`, the part in (0, 1) of every unit's sheets that the bloc casts. The same seed
    gives the same honest county in every scenario but severity, ceiling, thin and disconnected, which
    change the county itself. Raises ValueError for an unknown scenario, or a share that is missing, out of
    range or given to another scenario.
    """
    scenario = Scenario(scenario)
    if (share is not None) != (scenario is Scenario.BREAKDOWN):
        raise ValueError("a share belongs to the scenario «breakdown», and only there")
    if share is not None and not 0 < share < 1:
        raise ValueError("a bloc's share lies between 0 and 1")
    world = _honest(seed, scenario, units)
    return attacks.attack(world, np.random.default_rng([seed, 4]), share)


def _honest(seed: int, scenario: Scenario, units: int) -> World:
    """The county before anybody cheats; its parts have their own random numbers."""
    roll = _roll(np.random.default_rng([seed, 0]), units)
    sheet, official = _lines(np.random.default_rng([seed, 1]), roll, scenario)
    opinions = _opinions(np.random.default_rng([seed, 2]), roll, scenario)
    random = np.random.default_rng([seed, 3])
    traits = _traits(random, opinions, len(roll.unit))
    marks = honest_marks(random, opinions, traits, sheet, official, roll.voters)
    return World(
        scenario=scenario,
        sheets=Sheets(sheet, official, marks, roll.home, roll.voters, roll.unit, GRADES),
        honest=marks, merit=traits.mean(axis=1), traits=traits, opinions=opinions, voter=roll.voter,
        attacked=np.zeros(len(sheet), bool), lowest=marks, highest=marks,
        beneficiaries=np.empty(0, np.int64), victims=np.empty(0, np.int64),
    )  # fmt: skip


def _traits(random: np.random.Generator, opinions: Opinions, officials: int) -> Floats:
    """(N, ITEMS) true traits, correlated by what they share."""
    shared = random.normal(0, opinions.shared, (officials, 1))
    return shared + random.normal(0, opinions.alone, (officials, ITEMS))


def honest_marks(
    random: np.random.Generator,
    opinions: Opinions,
    traits: Floats,
    sheet: Indices,
    official: Indices,
    voters: Indices,
) -> Marks:
    """(L, ITEMS) marks of honest lines.

    On the line of sheet r (class g) about official j, item k is seen as
    x = -severity_r + vantage_jg + halo_r (merit_j + impression) + (1 - halo_r) trait_jk + noise_r e,
    the impression being drawn once a line; the mark is the number of the sheet's cuts below x.
    """
    merit = traits.mean(axis=1)
    vantage = random.normal(0, opinions.vantage, (len(traits), len(Voters)))
    impression = random.normal(0, opinions.impression, len(sheet))
    halo = opinions.halo[sheet]
    line = vantage[official, voters[sheet]] - opinions.severity[sheet] + halo * (merit[official] + impression)
    seen = line[:, None] + (1 - halo)[:, None] * traits[official]
    seen += opinions.noise[sheet, None] * random.standard_normal(seen.shape)
    marks: Marks = (seen[:, :, None] > opinions.cuts[sheet, None, :]).sum(axis=2).astype(np.int8)
    return marks


def _roll(random: np.random.Generator, units: int) -> _Roll:
    """Officials by unit; then one sheet an official, the staff's, the leaders' and the citizens'.

    The leaders' home is one unit number above the officials' units: the county leadership itself.
    """
    unit = np.repeat(np.arange(units), _sizes(random, units))
    leaders = round(LEADERS * units)
    each = np.arange(units)
    home = [unit, np.repeat(each, STAFF), np.full(leaders, units), np.repeat(each, CITIZENS)]
    kinds = (Voters.PEER, Voters.STAFF, Voters.LEADER, Voters.CITIZEN)
    voters = [np.full(len(part), kind) for part, kind in zip(home, kinds, strict=True)]
    homes = np.concatenate(home)
    voter = np.full(len(homes), NOBODY)
    voter[: len(unit)] = np.arange(len(unit))
    return _Roll(unit, homes, np.concatenate(voters).astype(np.int64), voter, units)


def _sizes(random: np.random.Generator, units: int) -> Indices:
    """(units,) officials of each unit, skewed, SMALLEST to LARGEST, USUAL on average."""
    wish = random.lognormal(0, 0.6, units)
    sizes: Indices = np.clip(np.round(wish * USUAL / wish.mean()), SMALLEST, LARGEST).astype(np.int64)
    while (missing := USUAL * units - int(sizes.sum())) != 0:
        step = int(np.sign(missing))
        room = np.flatnonzero(sizes < LARGEST if step > 0 else sizes > SMALLEST)
        sizes[random.choice(room)] += step
    return sizes


def _lines(random: np.random.Generator, roll: _Roll, scenario: Scenario) -> tuple[Indices, Indices]:
    """The sheet and the official of every line, by sheet."""
    fame = random.uniform(0.35, 1.65, len(roll.unit))  # how many know an official differs widely
    chance = _chances(random, roll, scenario)
    marked = random.random(chance.shape) < np.minimum(chance * fame, 0.97)
    marked[np.arange(len(roll.unit)), np.arange(len(roll.unit))] = False  # nobody marks himself
    _at_least(random, marked, _colleagues(roll), FEWEST_LINES)
    if scenario is Scenario.THIN:
        _thin(random, marked)
    sheet, official = np.nonzero(marked)
    return sheet, official


def _chances(random: np.random.Generator, roll: _Roll, scenario: Scenario) -> Floats:
    """(S, N) the chance that a sheet marks an official of ordinary fame; disconnected, in one unit only."""
    size = np.bincount(roll.unit)[roll.unit]
    served = (roll.home[:, None] == roll.unit) & (roll.voters == Voters.CITIZEN)[:, None]
    chance = np.where(_colleagues(roll), OWN_LINES / (size + STAFF - 1), 0.0)
    chance = np.where(served, CITIZEN_LINES / size, chance)
    guest = np.flatnonzero(random.random(len(roll.unit)) < GUESTS)
    goal = random.integers(0, roll.units, len(roll.unit))[guest]
    leader = np.flatnonzero(roll.voters == Voters.LEADER)
    if scenario is Scenario.DISCONNECTED:
        known = random.permutation(roll.units)[: len(leader)]
        chance[leader] = np.where(known[:, None] == roll.unit, LEADER_KNOWS_OWN, 0.0)
    else:
        chance[leader] = LEADER_KNOWS
        chance[guest] = np.where(goal[:, None] == roll.unit, GUEST_LINES / size, chance[guest])
    return chance


def _colleagues(roll: _Roll) -> Mask:
    """(S, N) sheets of an official's own unit, the staff's included."""
    own: Mask = roll.home[:, None] == roll.unit
    return own & np.isin(roll.voters, (Voters.PEER, Voters.STAFF))[:, None]


def _at_least(random: np.random.Generator, marked: Mask, able: Mask, fewest: int) -> None:
    """Give officials with too few lines some more, from sheets of the own unit."""
    for official in np.flatnonzero(marked.sum(axis=0) < fewest).tolist():
        others = np.flatnonzero(able[:, official] & ~marked[:, official])
        others = others[others != official]  # its own sheet has the same number
        missing = fewest - int(marked[:, official].sum())
        marked[random.choice(others, missing, replace=False), official] = True


def _thin(random: np.random.Generator, marked: Mask) -> None:
    """Leave every official 3 to 6 lines, picked at random."""
    order = np.where(marked, random.random(marked.shape), 2.0).argsort(axis=0).argsort(axis=0)
    goal: Indices = random.integers(3, 7, size=(1, marked.shape[1]))
    marked &= order < goal


def _opinions(random: np.random.Generator, roll: _Roll, scenario: Scenario) -> Opinions:
    """Every sheet's own way of marking."""
    sheets = len(roll.home)
    spread = SEVERE_SD if scenario is Scenario.SEVERITY else SEVERITY_SD
    leniency = np.append(random.normal(0, LENIENCY_SD, roll.units), 0.0)
    noise = NOISE * random.lognormal(0, 0.3, sheets)
    noise[roll.voters == Voters.CITIZEN] *= CITIZEN_NOISE
    top = CEILING_CUT if scenario is Scenario.CEILING else TOP_CUT
    spacing = random.lognormal(0, 0.25, sheets)
    return Opinions(
        severity=random.normal(0, spread, sheets) - leniency[roll.home],
        halo=random.beta(6, 4, sheets),
        noise=noise,
        cuts=top + spacing[:, None] * (np.arange(GRADES - 1) - (GRADES - 2)),
        shared=SHARED_SD,
        alone=ALONE_SD,
        vantage=VANTAGE_SD,
        impression=IMPRESSION_SD,
    )


def mean_marks(sheets: Sheets) -> Floats:
    """(N,) each official's mean mark, the plainest of all readings; NaN without a line."""
    lines = sheets.marks.mean(axis=1)
    count = np.bincount(sheets.official, minlength=len(sheets.unit))
    with np.errstate(invalid="ignore"):
        return np.bincount(sheets.official, lines, minlength=len(sheets.unit)) / count


def summary(world: World) -> str:
    """The marginal figures of a county, for eyes."""
    sheets = world.sheets
    top = sheets.marks == TOP
    lines = np.bincount(sheets.official, minlength=len(sheets.unit))
    return "\n".join((
        f"officials {len(sheets.unit)}, sheets {len(sheets.home)}, lines {sheets.lines}",
        f"lines per official {lines.min()}-{lines.max()}, median {np.median(lines):.0f}",
        f"top marks {top.mean():.3f}, all-top lines {top.all(axis=1).mean():.3f}",
        f"attacked lines {world.attacked.mean():.3f}, sheets {world.attackers.mean():.3f}",
        f"beneficiaries {len(world.beneficiaries)}, victims {len(world.victims)}",
        f"tau of the mean {tau(mean_marks(sheets), world.merit):.3f}",
    ))  # fmt: skip


def main(arguments: list[str]) -> None:
    """Print the figures of `seed scenario [share]`."""
    share = float(arguments[2]) if len(arguments) > 2 else None
    print(summary(county(int(arguments[0]), arguments[1], share=share)))


if __name__ == "__main__":
    main(sys.argv[1:])
