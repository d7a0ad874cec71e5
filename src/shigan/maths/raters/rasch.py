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

SETTLED = 1e-5
"""How far off the measures may be, all together, in standard errors (Newton's decrement)."""
ROUNDS = 200
HALVINGS = 40
RIDGE = 1e-6
TINY = 1e-12


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
    """Of each score: `at_least` (top, C), the chance of reaching h = 1 .. top; its mean and variance (C,).

    `shared` (top, C): the covariance of the score with reaching h. `norm`: the logarithm of what the odds of
    all scores add up to, summed over the C.
    """

    at_least: Floats
    mean: Floats
    variance: Floats
    shared: Floats
    norm: float


class _Target(NamedTuple):
    """What the model must reproduce: the mean of each fuzzy score (C,); how many reach each step (top,)."""

    score: Floats
    reached: Floats


class _Fit(NamedTuple):
    """Where the search stands: measures and then steps (P + R + I + top,), their law, log-likelihood."""

    at: Floats
    law: _Law
    height: float


def many_facet(ratings: Ratings, epsilon: float = EPSILON) -> Facets:
    """Fit the model by Newton's method.

    Raises ValueError for no scores or scores outside 0 to `top`, ArithmeticError if nothing settles.
    """
    _check(ratings)
    design, target = _design(ratings), _targets(ratings, epsilon)
    fit = _fit(design, target, np.zeros(design.shape[1] + ratings.top))
    for _ in range(ROUNDS):
        move, distance = _newton(design, target, fit.law)
        fit = _climbed(design, target, fit, move)
        if distance < SETTLED:
            return _measures(ratings, *_centred(ratings, fit.at))
    raise ArithmeticError(f"the measures do not settle in {ROUNDS} rounds")


def _climbed(design: sparse.csr_array, target: _Target, fit: _Fit, move: Floats) -> _Fit:
    """The fit after the longest of the whole way, half of it, a quarter … that does not lead downhill."""
    for _ in range(HALVINGS):
        further = _fit(design, target, fit.at + move)
        if further.height >= fit.height - TINY * abs(fit.height):
            return further
        move = move / 2
    return fit


def _fit(design: sparse.csr_array, target: _Target, at: Floats) -> _Fit:
    place, step = design @ at[: design.shape[1]], at[design.shape[1] :]
    law = _law(place, step)
    return _Fit(at, law, float(target.score @ place - target.reached @ step - law.norm))


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
    of_person, of_rater = (_spread(who, ratings, epsilon) for who in (ratings.person, ratings.rater))
    spread = np.maximum(of_person, of_rater)[:, None]
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
    largest = odds.max(axis=0)
    chances = np.exp(odds - largest)
    sums = chances.sum(axis=0)
    chances /= sums
    at_least = _sums_from_the_end(chances[1:])
    mean = at_least.sum(axis=0)
    shared = (scores[:-1] - mean) * at_least + _sums_from_the_end(at_least)
    variance = np.maximum(shared.sum(axis=0), TINY)
    return _Law(at_least, mean, variance, shared, float((largest + np.log(sums)).sum()))


def _sums_from_the_end(rows: Floats) -> Floats:
    """Each row and all after it added up."""
    return np.asarray(np.cumsum(rows[::-1], axis=0)[::-1])


def _newton(design: sparse.csr_array, target: _Target, law: _Law) -> tuple[Floats, float]:
    """Newton's step for persons, raters, items and steps together, (P + R + I + top,), and how far it goes.

    By conjugate gradients (Hestenes & Stiefel 1952): far fewer rounds than going from facet to facet where
    units hardly overlap. The equations do not say where each facet has its middle; the ridge keeps it.
    """
    reached = law.at_least.sum(axis=1)
    later = np.maximum.outer(np.arange(len(reached)), np.arange(len(reached)))
    of_places = design.T @ sparse.diags_array(law.variance) @ design
    of_both = sparse.csr_array(-(design.T @ law.shared.T))
    of_steps = sparse.csr_array(reached[later] - law.at_least @ law.at_least.T)
    information = sparse.block_array([[of_places, of_both], [of_both.T, of_steps]]).tocsr()
    slope = np.concatenate([design.T @ (target.score - law.mean), reached - target.reached])
    diagonal = np.maximum(information.diagonal(), TINY)
    ridge, scale = sparse.diags_array(RIDGE * diagonal), sparse.diags_array(1 / diagonal)
    move, _ = cg(information + ridge, slope, rtol=1e-6, maxiter=1000, M=scale)
    return np.asarray(move), float(np.sqrt(abs(slope @ move)))


class _Places(NamedTuple):
    """Measures without their errors: person (P,), rater (R,), item (I,)."""

    person: Floats
    rater: Floats
    item: Floats


def _centred(ratings: Ratings, at: Floats) -> tuple[_Places, Floats]:
    """The facets and the steps: items, steps, and the raters of each connected part at mean 0."""
    sizes = np.cumsum([ratings.persons, ratings.raters, ratings.items])
    person, rater, item, step = np.split(at, sizes)
    mine, theirs = np.split(_parts(ratings), [ratings.persons])
    scored = np.bincount(ratings.rater, minlength=ratings.raters) > 0
    raters = np.bincount(theirs, scored, minlength=mine.max() + 1)
    shift = np.bincount(theirs, rater * scored, minlength=mine.max() + 1) / np.maximum(raters, 1)
    middle = item[np.unique(ratings.item)].mean()
    person = person - shift[mine] - middle - step.mean()
    return _Places(person, rater - shift[theirs], item - middle), step - step.mean()


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
