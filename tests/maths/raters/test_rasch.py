"""The many-facet Rasch model: held to immer's `immer_jml` on real ratings, to its equations on made-up ones.

The real ratings are of two R packages (GPL) and of Guilford 1954, p. 282; they stand beside the clone and are
not part of it: see ../shared/data/README.md.
"""

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from shigan.maths.raters.rasch import Facets, Ratings, many_facet
from shigan.maths.raters.sheets import BLANK, Floats, Sheets

DATA = Path(__file__).resolve().parents[4] / "shared" / "data" / "raters"
REAL = ["ratings1_at_writing2009", "ratings2_at_writing", "ptam4_robitzsch_steinfeld2018"]
GUILFORD = "guilford1954_creativity"


def rows(name: str) -> list[dict[str, str]]:
    if not DATA.is_dir():
        pytest.skip("the real ratings are not at ../shared/data/raters")
    with (DATA / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def numbered(names: list[str]) -> tuple[list[str], np.ndarray[tuple[int], np.dtype[np.int64]]]:
    """The distinct names in order, and each one's number."""
    distinct, number = np.unique(np.array(names), return_inverse=True)
    return [str(name) for name in distinct], number.astype(np.int64)


class Real:
    """One of the data sets with the measures that immer found."""

    def __init__(self, name: str) -> None:
        lines = rows(f"{name}.csv")
        (persons, person), (raters, rater), (items, item) = (
            numbered([line[facet] for line in lines]) for facet in ("person", "rater", "item")
        )
        score = np.array([int(line["score"]) for line in lines])
        score -= score.min()
        sizes = len(persons), len(raters), len(items)
        self.ratings = Ratings(person, rater, item, score, *sizes, int(score.max()))
        saved = {x["person"]: float(x["jml_theta"]) for x in rows(f"reference/{name}__immer_jml_persons.csv")}
        self.person = np.array([saved[person] for person in persons])
        # immer's parameters are easiness and leniency, and it leaves out the last of a facet: their sum is 0.
        self.easy = {x["parameter"]: float(x["jml"]) for x in rows(f"reference/{name}__immer_jml_xsi.csv")}
        self.rater = self._whole([f"rater{rater}" for rater in raters])
        self.item = self._whole(items)

    def _whole(self, names: list[str]) -> Floats:
        hard = np.array([-self.easy.get(name, np.nan) for name in names])
        return np.where(np.isnan(hard), -np.nansum(hard), hard)


@pytest.mark.parametrize("name", REAL)
def test_measures_of_real_ratings_are_those_of_immer(name: str) -> None:
    real = Real(name)
    ours = many_facet(real.ratings)
    assert np.abs(ours.person - real.person).max() <= 0.02
    assert np.abs(ours.rater - real.rater).max() <= 0.02
    assert np.abs(ours.item - real.item).max() <= 0.002


def test_guilfords_raters_and_juniors_are_those_of_immer_but_for_the_origin() -> None:
    # immer stops before its maximum here (next test): items .1 off, and with them the origin of the persons.
    real = Real(GUILFORD)
    ours = many_facet(real.ratings)
    assert np.abs(ours.person - ours.person.mean() - real.person + real.person.mean()).max() <= 0.07
    assert np.abs(ours.rater - real.rater).max() <= 0.03


def test_guilfords_scores_are_likelier_under_our_measures_than_under_immers() -> None:
    real = Real(GUILFORD)
    ours = many_facet(real.ratings)
    steps = -np.array([real.easy[f"step{h}"] for h in range(1, 8)])
    theirs = replace(
        ours, person=real.person, rater=real.rater, item=real.item, step=np.append(steps, -steps.sum())
    )
    assert likelihood(real.ratings, ours) > likelihood(real.ratings, theirs) + 1.5


def chances(ratings: Ratings, facets: Facets) -> Floats:
    """The chance of every score, (C, top + 1), written down from the definition."""
    place = facets.person[ratings.person] - facets.rater[ratings.rater] - facets.item[ratings.item]
    sums = np.cumsum(np.column_stack([0 * place, place[:, None] - facets.step]), axis=1)
    odds = np.exp(sums)
    return np.asarray(odds / odds.sum(axis=1, keepdims=True))


def likelihood(ratings: Ratings, facets: Facets) -> float:
    chance = chances(ratings, facets)[np.arange(len(ratings.score)), ratings.score]
    return float(np.log(chance).sum())


def made_up(seed: int, persons: int = 60, raters: int = 40, share: float = 0.4) -> tuple[Ratings, Floats]:
    """Scores drawn from the model itself, and the true measures of the persons."""
    rng = np.random.default_rng(seed)
    person, rater = np.nonzero(rng.random((persons, raters)) < share)
    person, rater, item = person.repeat(5), rater.repeat(5), np.tile(np.arange(5), len(person))
    true = Facets(
        rng.normal(0.5, 1, persons), rng.normal(0, 0.8, raters), np.linspace(-0.4, 0.4, 5),
        np.array([-1.5, 0.0, 1.5]), *4 * [np.empty(0)],
    )  # fmt: skip
    ratings = Ratings(person, rater, item, np.zeros(len(item), np.int64), persons, raters, 5, 3)
    chance = chances(ratings, true)
    score = (rng.random((len(item), 1)) > np.cumsum(chance, axis=1)).sum(axis=1)
    return replace(ratings, score=score), true.person


def test_the_expected_sums_are_the_sums_given() -> None:
    ratings, _ = made_up(1)
    facets = many_facet(ratings)
    left = ratings.score - chances(ratings, facets) @ np.arange(4)
    for group in (ratings.person, ratings.rater):
        assert np.abs(np.bincount(group, left)).max() < 0.1  # what the faint share of each mark makes


def test_true_measures_are_found_again_within_their_errors() -> None:
    ratings, true = made_up(2, persons=200)
    facets = many_facet(ratings)
    off = (facets.person - true) - (facets.person - true).mean()
    assert 0.88 < np.mean(np.abs(off) < 1.96 * facets.person_se) <= 0.99


def test_steps_items_and_raters_have_mean_nought() -> None:
    facets = many_facet(made_up(3)[0])
    for facet in (facets.step, facets.item, facets.rater):
        assert abs(facet.mean()) < 1e-9


def test_somebody_with_only_top_marks_has_a_finite_measure_above_all_others() -> None:
    ratings, _ = made_up(4)
    score = np.where(ratings.person == 7, 3, ratings.score)
    facets = many_facet(replace(ratings, score=score))
    assert np.isfinite(facets.person).all()
    assert facets.person.argmax() == 7


def test_a_rater_who_gives_only_top_marks_is_the_most_lenient_and_finite() -> None:
    ratings, _ = made_up(5)
    facets = many_facet(replace(ratings, score=np.where(ratings.rater == 3, 3, ratings.score)))
    assert np.isfinite(facets.rater).all()
    assert facets.rater.argmin() == 3


def test_a_chain_of_marks_that_fixes_no_measure_still_ends() -> None:
    # Person 0 lost points only with rater 0, who marked nobody else: both could go to infinity together.
    person, rater = np.array([0, 0, 1, 1, 2, 2]), np.array([0, 1, 1, 2, 1, 2])
    score = np.array([1, 2, 1, 2, 0, 1])
    facets = many_facet(Ratings(person, rater, np.zeros(6, np.int64), score, 3, 3, 1, 2))
    assert np.isfinite(facets.person).all() and np.isfinite(facets.rater).all()


def test_a_handful_of_scores_on_a_long_scale_still_has_measures() -> None:
    person, score = np.array([0, 0, 1, 1, 1, 2, 2, 3]), np.array([7, 9, 0, 2, 9, 3, 3, 1])
    facets = many_facet(Ratings(person, np.arange(8) % 3, np.arange(8) % 2, score, 4, 3, 2, 9))
    assert np.isfinite(facets.person).all() and np.isfinite(facets.outfit).all()


def test_each_connected_part_has_raters_of_mean_nought_and_the_measures_it_has_alone() -> None:
    one, other = made_up(6)[0], made_up(7)[0]
    both = Ratings(
        np.concatenate([one.person, other.person + one.persons]),
        np.concatenate([one.rater, other.rater + one.raters]),
        np.concatenate([one.item, other.item]), np.concatenate([one.score, other.score]),
        one.persons + other.persons, one.raters + other.raters, 5, 3,
    )  # fmt: skip
    facets = many_facet(both)
    assert abs(facets.rater[: one.raters].mean()) < 1e-9
    assert abs(facets.rater[one.raters :].mean()) < 1e-9
    alone = many_facet(one).person
    # Items and steps are shared, so equal but for those.
    assert np.corrcoef(facets.person[: one.persons], alone)[0, 1] > 0.999


def test_a_rater_who_marks_at_random_has_a_bad_fit_and_an_honest_one_a_fit_of_one() -> None:
    ratings, _ = made_up(8)
    rng = np.random.default_rng(8)
    wild = np.where(ratings.rater == 5, rng.integers(0, 4, len(ratings.score)), ratings.score)
    facets = many_facet(replace(ratings, score=wild))
    assert facets.outfit.argmax() == 5 and facets.infit.argmax() == 5
    assert abs(np.median(facets.infit) - 1) < 0.1


def test_numbers_of_persons_and_raters_mean_nothing() -> None:
    ratings, _ = made_up(9)
    rng = np.random.default_rng(9)
    persons, raters = rng.permutation(ratings.persons), rng.permutation(ratings.raters)
    renamed = replace(ratings, person=persons[ratings.person], rater=raters[ratings.rater])
    assert np.allclose(many_facet(renamed).person[persons], many_facet(ratings).person, atol=1e-5)


def test_blank_marks_are_no_scores_and_who_has_none_has_no_measure() -> None:
    marks = np.array([[3, 2, BLANK], [1, BLANK, 2], [BLANK, BLANK, BLANK]], dtype=np.int8)
    place = np.array([0, 1, 2])
    ratings = Ratings.of(Sheets(np.array([0, 0, 0]), place, marks, np.zeros(1, int), np.zeros(1, int), place))
    assert ratings.score.tolist() == [3, 2, 1, 2]
    assert ratings.item.tolist() == [0, 1, 0, 2]
    facets = many_facet(ratings)
    assert np.isnan(facets.person).tolist() == [False, False, True]
    assert np.isnan(facets.person_se).tolist() == [False, False, True]


def test_no_scores_and_scores_off_the_scale_are_refused() -> None:
    ratings, _ = made_up(10)
    with pytest.raises(ValueError, match="between 0 and 2"):
        many_facet(replace(ratings, top=2))
    none = np.empty(0, np.int64)
    with pytest.raises(ValueError, match="without scores"):
        many_facet(Ratings(none, none, none, none, 2, 2, 2, 3))
