"""The many-facet Rasch model: how good each person, how severe each rater, how hard each item, in logits.

Linacre 1989, Many-Facet Rasch Measurement: the log-odds of score h against h - 1 are

    person - rater - item - step_h,

with one set of steps for all (the rating scale of Wright & Masters 1982, Rating Scale Analysis). It takes the
marks of one line as independent and every rater as honest; here it is a peer of the county's own model.

Estimated by joint maximum likelihood. Persons and raters with nothing but top marks would have no finite
measure; a small share of their marks is spread over all scores, which moves their sum by ε (Bertoli-Barsotti,
Lando & Punzo 2014, Estimating a Rasch model via fuzzy empirical probability functions, in: Analysis and
Modeling of Complex Data in Behavioral and Social Sciences, Springer). With ε = 0.3 the measures are, to 0.02,
those of `immer_jml(est_method="jml")` of the R package immer, which moves the persons alike.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import connected_components
from scipy.sparse.linalg import cg

from shigan.maths.raters.sheets import BLANK, Floats, Indices, Sheets

EPSILON = 0.3
"""Score points by which the adjustment lifts a sum of nought and lowers a full one."""

FAINT = 1e-4
"""The share of any other mark that goes to every score: whatever the marks, all measures are finite."""

SETTLED = 1e-6  # logits
ROUNDS = 200
LONGEST_STEP = 1.0  # logits; longer steps of Newton's method overshoot where nearly all marks are at the top


@dataclass(frozen=True, slots=True)
class Ratings:
    """Scores in long form, C of them: `person`, `rater`, `item` (C,) numbers from 0, `score` (C,) 0 to `top`.

    `persons`, `raters`, `items`: how many there are; some may have no score.
    """

    person: Indices
    rater: Indices
    item: Indices
    score: Indices
    persons: int
    raters: int
    items: int
    top: int

    @classmethod
    def of(cls, sheets: Sheets) -> Ratings:
        """Every mark that is not blank as a score: officials are the persons, sheets the raters."""
        line, item = np.nonzero(sheets.marks != BLANK)
        return cls(
            sheets.official[line], sheets.sheet[line], item, sheets.marks[line, item].astype(np.int64),
            len(sheets.unit), len(sheets.home), sheets.items, sheets.grades - 1,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Facets:
    """Measures in logits. P persons, R raters, I items, `top` steps; nan for whoever has no score.

    `person` (P,): larger is better; `rater` (R,) severity: larger is more severe; `item` (I,) difficulty;
    `step` (top,). Items and steps have mean 0, raters mean 0 within each connected part of the data: measures
    of persons in different parts rest on the raters of both being equally severe on average.
    `person_se`, `rater_se`: from the information on the one measure, all others taken as known.
    `infit`, `outfit` (R,): mean squared residuals, 1 if a rater marks as the model expects, larger if more
    erratically; infit is weighted by information (Wright & Masters 1982, ch. 5).
    """

    person: Floats
    rater: Floats
    item: Floats
    step: Floats
    person_se: Floats
    rater_se: Floats
    infit: Floats
    outfit: Floats


class _Law(NamedTuple):
    """Of each score: `at_least` (top, C), the chance of reaching h = 1 .. top; its mean and variance (C,)."""

    at_least: Floats
    mean: Floats
    variance: Floats


class _Target(NamedTuple):
    """What the model must reproduce: the mean of each fuzzy score (C,); how many reach each step (top,)."""

    score: Floats
    reached: Floats


def many_facet(ratings: Ratings, epsilon: float = EPSILON) -> Facets:
    """Fit the model by Newton's method, the three facets together and the steps in turn with them.

    Raises ValueError for no scores or scores outside 0 to `top`, ArithmeticError if nothing settles.
    """
    _check(ratings)
    design, target = _design(ratings), _targets(ratings, epsilon)
    place, step = np.zeros(design.shape[1]), np.zeros(ratings.top)
    for _ in range(ROUNDS):
        move = _newton_of_places(design, target, _law(design @ place, step))
        place = place + np.clip(move, -LONGEST_STEP, LONGEST_STEP)
        turn = _newton_of_steps(target, _law(design @ place, step))
        step = step + turn / max(1.0, np.abs(turn).max() / LONGEST_STEP)  # whole, or the mean were lost
        if max(np.abs(move).max(), np.abs(turn).max()) < SETTLED:
            return _measures(ratings, _centred(ratings, place), step)
    raise ArithmeticError(f"the measures do not settle in {ROUNDS} rounds")


def _check(ratings: Ratings) -> None:
    if not len(ratings.score):
        raise ValueError("no measures without scores")
    if ratings.score.min() < 0 or ratings.score.max() > ratings.top:
        raise ValueError(f"scores must lie between 0 and {ratings.top}")


def _design(ratings: Ratings) -> sparse.csr_array:
    """Which measures a score rests on: (C, P + R + I) with +1 for the person, -1 for rater and item."""
    count = len(ratings.score)
    first_item = ratings.persons + ratings.raters
    columns = np.stack([ratings.person, ratings.persons + ratings.rater, first_item + ratings.item], axis=1)
    signs = np.tile([1.0, -1.0, -1.0], count)
    starts = np.arange(0, 3 * count + 1, 3)
    return sparse.csr_array((signs, columns.ravel(), starts), shape=(count, first_item + ratings.items))


def _targets(ratings: Ratings, epsilon: float) -> _Target:
    """The fuzzy scores: of each score `spread` goes to every possible score, the rest stays where it was."""
    top = ratings.top
    spread = np.maximum(_spread(ratings.person, ratings, epsilon), _spread(ratings.rater, ratings, epsilon))[
        :, None
    ]
    steps = np.arange(1, top + 1)
    kept = 1 - spread * (top + 1)
    reached = spread * (top + 1 - steps) + kept * (ratings.score[:, None] >= steps)
    return _Target(reached.sum(axis=1), reached.sum(axis=0))


def _spread(group: Indices, ratings: Ratings, epsilon: float) -> Floats:
    """The share of each score (C,) that goes to every score, seen from its person or its rater.

    Somebody with n scores of nought or n full ones: ε / (n · top(top+1)/2), which moves the sum by ε.
    """
    counts, sums = np.bincount(group), np.bincount(group, ratings.score)
    extreme = (sums == 0) | (sums == counts * ratings.top)
    share = epsilon / (np.maximum(counts, 1) * ratings.top * (ratings.top + 1) / 2)
    return np.asarray(np.where(extreme, share, FAINT)[group])


def _law(place: Floats, step: Floats) -> _Law:
    """The model's chances where person - rater - item is `place` (C,)."""
    scores = np.arange(len(step) + 1)[:, None]
    odds = place * scores - np.concatenate([[0.0], np.cumsum(step)])[:, None]
    chances = np.exp(odds - odds.max(axis=0))
    chances /= chances.sum(axis=0)
    at_least = np.cumsum(chances[:0:-1], axis=0)[::-1]
    mean = at_least.sum(axis=0)
    variance = (2.0 * scores[1:, 0] - 1) @ at_least - mean**2  # k² is the sum of the first k odd numbers
    return _Law(at_least, mean, variance)


def _newton_of_places(design: sparse.csr_array, target: _Target, law: _Law) -> Floats:
    """Newton's step for persons, raters and items together, (P + R + I,).

    The equations do not say where each facet has its middle; conjugate gradients (Hestenes & Stiefel 1952)
    leave it where it is, and take far fewer rounds than going from facet to facet where units hardly overlap.
    """
    information = (design.T @ sparse.diags_array(law.variance) @ design).tocsr()
    scale = sparse.diags_array(1 / np.maximum(information.diagonal(), 1e-12))
    move, _ = cg(information, design.T @ (target.score - law.mean), rtol=1e-6, maxiter=1000, M=scale)
    return np.asarray(move)


def _newton_of_steps(target: _Target, law: _Law) -> Floats:
    """Newton's step for the steps, (top,), within those of mean 0."""
    top = len(target.reached)
    sums = law.at_least.sum(axis=1)
    later = np.maximum.outer(np.arange(top), np.arange(top))
    information = sums[later] - law.at_least @ law.at_least.T
    centre = np.eye(top) - 1 / top
    return np.asarray(np.linalg.pinv(centre @ information @ centre) @ (sums - target.reached))


class _Places(NamedTuple):
    """Measures without their errors: person (P,), rater (R,), item (I,)."""

    person: Floats
    rater: Floats
    item: Floats


def _centred(ratings: Ratings, place: Floats) -> _Places:
    """The facets apart, items at mean 0 and the raters of each connected part at mean 0."""
    person, rater, item = np.split(place, [ratings.persons, ratings.persons + ratings.raters])
    mine, theirs = np.split(_parts(ratings), [ratings.persons])
    scored = np.bincount(ratings.rater, minlength=ratings.raters) > 0
    raters = np.bincount(theirs, scored, minlength=mine.max() + 1)
    shift = np.bincount(theirs, rater * scored, minlength=mine.max() + 1) / np.maximum(raters, 1)
    middle = item[np.unique(ratings.item)].mean()
    return _Places(person - shift[mine] - middle, rater - shift[theirs], item - middle)


def _parts(ratings: Ratings) -> Indices:
    """The number of the connected part of each person and then each rater, (P + R,)."""
    size = ratings.persons + ratings.raters
    links = (np.ones(len(ratings.score)), (ratings.person, ratings.persons + ratings.rater))
    _, part = connected_components(sparse.csr_array(links, shape=(size, size)), directed=False)
    return np.asarray(part, dtype=np.int64)


def _measures(ratings: Ratings, places: _Places, step: Floats) -> Facets:
    """The measures with their errors and fit."""
    person, rater, item = places
    law = _law(person[ratings.person] - rater[ratings.rater] - item[ratings.item], step)
    left = (ratings.score - law.mean) ** 2
    rater_information = _sums(ratings.rater, law.variance, ratings.raters)
    scores = _sums(ratings.rater, np.ones_like(left), ratings.raters)
    return Facets(
        _known(ratings.person, person), _known(ratings.rater, rater), _known(ratings.item, item), step,
        _sums(ratings.person, law.variance, ratings.persons) ** -0.5, rater_information**-0.5,
        infit=_sums(ratings.rater, left, ratings.raters) / rater_information,
        outfit=_sums(ratings.rater, left / law.variance, ratings.raters) / scores,
    )  # fmt: skip


def _sums(group: Indices, values: Floats, size: int) -> Floats:
    """The sum of `values` (C,) in each group, (size,); nan for a group without any."""
    return _known(group, np.bincount(group, values, minlength=size).astype(np.float64))


def _known(group: Indices, values: Floats) -> Floats:
    """`values` (size,), but nan where no score belongs to the group."""
    return np.where(np.bincount(group, minlength=len(values)) > 0, values, np.nan)
