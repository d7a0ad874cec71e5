"""What a reading is worth, for one who knows the truth: order, places won and lost, honest doubt, flags.

`theta` is (N,) any method's figure of each official, larger is better, finite, on any scale; `merit` is (N,)
the truth. Only the two kinds of claims about doubt need more: an SD each, on the scale of theta.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr, ndtri
from scipy.stats import kendalltau, rankdata

from shigan.bench.raters.world import Mask, World
from shigan.maths.raters.sheets import Floats, Indices

NOBODY = float("nan")
"""The rate of something that cannot happen, as the victims' loss where nobody is aimed at."""


@dataclass(frozen=True, slots=True)
class Scores:
    """A method's reading of one county; see the functions of this module for each figure.

    Gains and losses are mean percentile places, against the truth and («moved») against the same method's
    reading of the county that was not attacked; a loss is negative.
    """

    tau: float
    top: float
    best_of_unit: float
    gain: float
    loss: float
    gain_moved: float
    loss_moved: float


def scores(world: World, theta: Floats, calm: Floats) -> Scores:
    """All figures of a reading; `calm`: (N,) the same method's reading of the marks `world.honest`."""
    return Scores(
        tau=tau(theta, world.merit),
        top=top_precision(theta, world.merit),
        best_of_unit=unit_precision(theta, world.merit, world.sheets.unit),
        gain=places_won(theta, world.merit, world.beneficiaries),
        loss=places_won(theta, world.merit, world.victims),
        gain_moved=places_won(theta, calm, world.beneficiaries),
        loss_moved=places_won(theta, calm, world.victims),
    )


def tau(theta: Floats, merit: Floats) -> float:
    """Kendall's tau-a in [-1, 1] (M. G. Kendall, Biometrika 30 (1938) 81-93): ties earn nothing.

    What ties two officials leaves their order to the lot, and tau-a is what the lot gives on average. Tau-b
    leaves tied pairs out of the count too, and so rewards a rule that hardly tells officials apart."""
    pairs = len(theta) * (len(theta) - 1) / 2
    untied = np.sqrt((pairs - _tied(theta)) * (pairs - _tied(merit)))
    return float(kendalltau(theta, merit).statistic * untied / pairs) if untied else 0.0


def _tied(values: Floats) -> float:
    count = np.unique(values, return_counts=True)[1]
    return float((count * (count - 1) / 2).sum())


def top_precision(theta: Floats, merit: Floats, share: float = 0.1) -> float:
    """Of those read as the county's best `share`, the part in [0, 1] that is; see `chosen` for ties."""
    count = max(1, round(share * len(theta)))
    return float(chosen(theta, count) @ chosen(merit, count)) / count


def unit_precision(theta: Floats, merit: Floats, unit: Indices, share: float = 0.2) -> float:
    """The same within units, each with its own best `share` (one official at least), hits over places."""
    hits, places = 0.0, 0
    for number in np.unique(unit):
        inside = unit == number
        count = max(1, round(share * int(inside.sum())))
        hits += float(chosen(theta[inside], count) @ chosen(merit[inside], count))
        places += count
    return hits / places


def chosen(theta: Floats, count: int) -> Floats:
    """(N,) how far each is among the best `count`, in [0, 1]; ties at the edge share what is left.

    So a method that gives everybody the same figure does as well as the lot would on average.
    """
    edge = np.sort(theta)[-count]
    above, tied = theta > edge, theta == edge
    shared: Floats = above + tied * ((count - above.sum()) / tied.sum())
    return shared


def places(theta: Floats) -> Floats:
    """(N,) percentile places in (0, 100), the best highest; ties have their mean place."""
    ranks: Floats = (rankdata(theta) - 0.5) * (100 / len(theta))
    return ranks


def places_won(theta: Floats, reference: Floats, who: Indices) -> float:
    """Mean percentile places by which `who` stand higher in theta than in the reference; NaN for nobody.

    Against the truth even an honest reading moves the very best down, since an error can only move them
    down; against the same method's calm reading it moves nobody.
    """
    return float(np.mean((places(theta) - places(reference))[who])) if len(who) else NOBODY


def coverage(
    theta: Floats, sd: Floats, merit: Floats, *, shrunken: bool = True, level: float = 0.95
) -> float:
    """Share of officials whose merit lies in theta ± z sd, once theta is brought to merit's scale.

    The two scales differ by a constant and a factor that no county can know, so both are estimated with the
    truth, from all officials at once, and sd is multiplied by the factor. Which regression gives the factor
    depends on the kind of figure. Truth scatters round a posterior mean: `shrunken` regresses merit on
    theta. An unshrunken estimate scatters round the truth: theta is regressed on merit and the line turned
    round; the other regression would hide the estimate's error in a flatter slope. Two constants for
    hundreds of officials cannot hide an interval that is too short.
    """
    together = np.cov(theta, merit, bias=True)
    slope = together[0, 1] / together[0, 0] if shrunken else together[1, 1] / together[0, 1]
    error = merit - merit.mean() - slope * (theta - theta.mean())
    return float(np.mean(np.abs(error) <= ndtri((1 + level) / 2) * abs(slope) * sd))


@dataclass(frozen=True, slots=True)
class PairClaims:
    """What came of «A stands above B» for all pairs, each claimed the way its chance exceeds one half.

    `edge`: pairs claimed with a chance of 0.95 to 0.99; `edge_wrong`: the share of them that is wrong (an
    honest reading is wrong in 1 to 5 % of them); `sure`, `sure_wrong`: the same from 0.95 up; `all`: pairs;
    `gap`: expected calibration error, the mean distance of the claimed chance from the share that is right,
    over ten bins of the chance (M. P. Naeini et al., AAAI 2015).
    """

    all: int
    edge: int
    edge_wrong: float
    sure: int
    sure_wrong: float
    gap: float


def pair_claims(theta: Floats, sd: Floats, merit: Floats, unit: Indices | None = None) -> PairClaims:
    """Claims Φ(|θa − θb| / √(sd_a² + sd_b²)) on all pairs, or on the pairs inside units; needs no scale.

    Errors of two officials are taken as independent.
    """
    first, second = np.triu_indices(len(theta), 1)
    if unit is not None:
        inside = unit[first] == unit[second]
        first, second = first[inside], second[inside]
    apart = theta[first] - theta[second]
    chance = ndtr(np.abs(apart) / np.hypot(sd[first], sd[second]))
    right = apart * (merit[first] - merit[second]) > 0
    edge, sure = (chance >= 0.95) & (chance < 0.99), chance >= 0.95
    return PairClaims(
        all=len(first),
        edge=int(edge.sum()),
        edge_wrong=_share(~right, edge),
        sure=int(sure.sum()),
        sure_wrong=_share(~right, sure),
        gap=_calibration_gap(chance, right),
    )


def _calibration_gap(chance: Floats, right: Mask) -> float:
    bins = np.minimum(((chance - 0.5) * 20).astype(np.int64), 9)
    claimed = np.bincount(bins, chance, minlength=10)
    true = np.bincount(bins, right, minlength=10)
    return float(np.abs(claimed - true).sum() / len(chance))


@dataclass(frozen=True, slots=True)
class FlagRates:
    """`found`: share of the sheets that cheated which are flagged; `false`: of the honest ones."""

    found: float
    false: float


def flag_rates(flagged: Mask, cheated: Mask) -> FlagRates:
    """Rates of a flag per sheet (or per line, with both masks per line)."""
    return FlagRates(found=_share(flagged, cheated), false=_share(flagged, ~cheated))


def _share(what: Mask, among: Mask) -> float:
    """The part of `among` that is `what`; NaN of nothing."""
    return float(what[among].mean()) if among.any() else NOBODY
