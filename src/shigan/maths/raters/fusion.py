"""Two readings of the same merit put together: what ballots say and what records of work say.

Merit of the officials compared is taken as N(0, s²), ballots give its posterior mean b with standard error e
(so s² = mean of b² + e²), and a standardised record x has the reliability ρ: x = √ρ·m/s + √(1 − ρ)·noise.
Then a record alone says m = s·x/√ρ with the variance s²(1 − ρ)/ρ, and since the two do not know one another

    1/e_f² = 1/e² + ρ/((1 − ρ)s²),        m_f = e_f² · (b/e² + √ρ·x/((1 − ρ)s)).

Records that agree with themselves may still be about something else than merit. So ρ is the smaller of what
their halves say and of what the ballots bear out, r²/(1 − e²/s²) with r the correlation of both.

Sources: weighting by precision, Cochran (1937), J. R. Stat. Soc. Suppl. 4:102–118; reliability of the whole
from its halves, Spearman (1910) and Brown (1910), Br. J. Psychol. 3:271–295 and 296–322; what a reliable
score says of the true one, Kelley (1927), Interpretation of Educational Measurements; r = sin(πτ/2), which a
few who are judged unjustly hardly move, Greiner (1909) after Kruskal (1958), JASA 53:814–861.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.stats import kendalltau

from shigan.maths.raters.sheets import Floats

FEWEST: Final = 10
"""A correlation of fewer pairs than this says nothing of reliability."""
HIGHEST: Final = 0.9
"""Records are never taken as surer than this: what they leave out no halving can show."""


@dataclass(frozen=True, slots=True)
class Fused:
    """(N,) each: place and standard error of both readings together, on the scale of the ballots; `z`, how
    many standard errors the records stand above (or below) the ballots. Without a record the place and error
    are those of the ballots and z is nan."""

    place: Floats
    error: Floats
    z: Floats


def reliability(one: Floats, other: Floats) -> float:
    """How much of the variance of two halves' mean is no chance, 0 to HIGHEST, by Spearman and Brown.

    `one`, `other`: (N,) the halves, nan where one is missing. 0 for fewer than FEWEST whole pairs.
    """
    both = np.isfinite(one) & np.isfinite(other)
    a, b = one[both], other[both]
    if len(a) < FEWEST or not a.std() or not b.std():
        return 0.0
    r = max(0.0, float(np.corrcoef(a, b)[0, 1]))
    return min(2 * r / (1 + r), HIGHEST)


def borne_out(ballots: Floats, error: Floats, records: Floats) -> float:
    """How much of the records' variance is the merit that ballots see too, 0 to HIGHEST; arguments as `fuse`.

    0 for fewer than FEWEST officials with records, and where the two do not go together.
    """
    both = np.isfinite(records)
    if both.sum() < FEWEST:
        return 0.0
    tau = float(np.nan_to_num(kendalltau(ballots[both], records[both])[0]))
    spread, noise = float(ballots[both].var()), float(np.mean(error[both] ** 2))
    told = max(0.0, float(np.sin(np.pi * tau / 2))) ** 2
    return min(told * (spread + noise) / max(spread, 1e-9), HIGHEST)


def standardised(values: Floats) -> Floats:
    """(N,) with mean 0 and variance 1; nan stays nan, and all alike become 0."""
    known = values[np.isfinite(values)]
    spread = known.std() if len(known) else 0.0
    return np.asarray((values - known.mean()) / spread if spread else values * 0.0)


def fuse(ballots: Floats, error: Floats, records: Floats, reliability: float) -> Fused:
    """Both readings of N officials who are compared with one another.

    `ballots`, `error`: (N,) posterior means and standard errors. `records`: (N,) standardised, nan without.
    Raises ValueError for a reliability outside 0 to 1 (exclusive) or an error that is not positive.
    """
    if not 0 <= reliability < 1 or not (error > 0).all():
        raise ValueError("errors must be positive and the reliability at least 0 and below 1")
    middle = ballots.mean() if len(ballots) else 0.0
    spread = np.sqrt(np.mean((ballots - middle) ** 2 + error**2)) if len(ballots) else 1.0
    said = np.isfinite(records) & (reliability > 0)
    noise = spread**2 * (1 - reliability) / max(reliability, 1e-9)
    told = spread * np.where(said, records, 0.0) / np.sqrt(max(reliability, 1e-9))
    precision = error**-2 + said / noise
    place = ((ballots - middle) * error**-2 + said * told / noise) / precision
    return Fused(
        middle + place,
        precision**-0.5,
        np.where(said, _contradiction(ballots - middle, error, spread, told, noise), np.nan),
    )


def _contradiction(ballots: Floats, error: Floats, spread: float, told: Floats, noise: float) -> Floats:
    """(records − ballots) / standard error, both without the prior: else the ballots, drawn to the middle,
    would seem to contradict every record that is far from it."""
    information = np.maximum(error**-2 - spread**-2, 1e-9)
    unshrunk = ballots * error**-2 / information
    return np.asarray((told - unshrunk) / np.sqrt(noise + 1 / information))
