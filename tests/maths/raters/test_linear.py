"""The crossed linear model: lme4's published fit, and restricted likelihood from its definition."""

import numpy as np
import pytest
from scipy.optimize import minimize

from shigan.maths.raters.linear import Crossed, crossed
from shigan.maths.raters.sheets import Floats, Indices

# Diameters in mm of 6 samples on 24 plates: Davies & Goldsmith (eds.) 1972, Statistical Methods in Research
# and Production, 4th ed., section 6.6; the first example of crossed effects in lme4's documentation.
PENICILLIN = """
27 23 26 23 23 21  27 23 26 23 23 21  25 21 25 24 24 20  26 23 25 23 23 20  25 22 26 22 23 20
24 22 25 23 22 19  24 20 23 21 22 19  26 22 26 24 24 21  24 21 24 22 22 20  24 21 24 23 22 19
26 23 26 24 24 21  25 22 26 24 24 20  26 24 26 24 25 22  26 23 26 23 23 20  26 23 25 24 24 22
25 22 25 23 23 20  25 21 24 23 23 20  25 22 24 23 23 19  24 21 23 21 21 19  26 23 26 24 24 21
25 21 24 22 22 18  25 22 25 22 22 20  24 21 24 22 24 19  24 21 24 22 21 18
"""


def test_penicillin_is_fitted_as_lme4_fits_it() -> None:
    # What `lmer(diameter ~ 1 + (1 | plate) + (1 | sample), Penicillin)` prints.
    diameter = np.array(PENICILLIN.split(), dtype=float)
    fit = crossed(diameter, np.tile(np.arange(6), 24), np.repeat(np.arange(24), 6), 6, 24)
    assert round(fit.criterion, 4) == 330.8606
    assert round(fit.spread_sheet, 4) == 0.8467
    assert round(fit.spread_official, 4) == 1.9316
    assert round(fit.spread_rest, 4) == 0.5499
    assert round(fit.level, 2) == 22.97


class Small:
    """Forty lines of 8 officials on 12 sheets, and the model by its covariance of all lines."""

    def __init__(self, seed: int) -> None:
        rng = np.random.default_rng(seed)
        pairs = rng.choice(8 * 12, 40, replace=False)
        self.official, self.sheet = pairs // 12, pairs % 12
        self.by_official = np.eye(8)[self.official]
        self.by_sheet = np.eye(12)[self.sheet]
        effects = self.by_official @ rng.normal(0, 0.8, 8) + self.by_sheet @ rng.normal(0, 0.5, 12)
        self.y = 2 + effects + rng.normal(0, 0.6, 40)
        self.fit = crossed(self.y, self.official, self.sheet, 8, 12)

    def covariance(self, spreads: Floats) -> Floats:
        official, sheet, rest = np.asarray(spreads) ** 2
        shared = official * self.by_official @ self.by_official.T + sheet * self.by_sheet @ self.by_sheet.T
        return np.asarray(shared + rest * np.eye(40))

    def criterion(self, spreads: Floats) -> float:
        """Minus twice the restricted log-likelihood (Patterson & Thompson 1971, Biometrika 58:545)."""
        covariance, ones = self.covariance(spreads), np.ones(40)
        weight = np.linalg.solve(covariance, ones)
        left = self.y - (weight @ self.y) / weight.sum()
        fit = left @ np.linalg.solve(covariance, left)
        determinants = np.linalg.slogdet(covariance)[1] + np.log(weight.sum())
        return float(determinants + fit + 39 * np.log(2 * np.pi))


def spreads_of(fit: Crossed) -> Floats:
    return np.array([fit.spread_official, fit.spread_sheet, fit.spread_rest])


@pytest.mark.parametrize("seed", range(4))
def test_the_spreads_are_those_of_greatest_restricted_likelihood(seed: int) -> None:
    small = Small(seed)
    assert small.criterion(spreads_of(small.fit)) == pytest.approx(small.fit.criterion, abs=1e-6)
    best = minimize(small.criterion, [0.5, 0.5, 0.5], method="Nelder-Mead", options={"xatol": 1e-6})
    assert spreads_of(small.fit) == pytest.approx(np.abs(best.x), abs=1e-3)


def test_effects_are_the_best_linear_unbiased_predictions_and_errors_theirs() -> None:
    # Henderson 1975, Biometrics 31:423: u = σ_u² Z'P y, error variance σ_u² - σ_u⁴ Z'PZ.
    small = Small(5)
    covariance, ones = np.linalg.inv(small.covariance(spreads_of(small.fit))), np.ones((40, 1))
    projected = covariance - covariance @ ones @ ones.T @ covariance / covariance.sum()
    share = small.fit.spread_official**2
    assert small.fit.official == pytest.approx(share * small.by_official.T @ projected @ small.y, abs=1e-6)
    error = share - share**2 * np.diag(small.by_official.T @ projected @ small.by_official)
    assert small.fit.official_se == pytest.approx(np.sqrt(error), abs=1e-6)


def drawn(seed: int, of_sheets: float = 0.5) -> tuple[Floats, Indices, Indices, Floats]:
    """Lines of 300 officials on 200 sheets: y, official, sheet, and the officials' true effects."""
    rng = np.random.default_rng(seed)
    official, sheet = np.nonzero(rng.random((300, 200)) < 0.08)
    effect = rng.normal(0, 0.7, 300)
    noise = rng.normal(0, of_sheets, 200)[sheet] + rng.normal(0, 0.9, len(sheet))
    return 2.5 + effect[official] + noise, official, sheet, effect


def test_true_spreads_are_found_and_intervals_cover() -> None:
    y, official, sheet, effect = drawn(6)
    fit = crossed(y, official, sheet, 300, 200)
    assert spreads_of(fit) == pytest.approx([0.7, 0.5, 0.9], abs=0.06)
    assert 0.91 < np.mean(np.abs(fit.official - effect) < 1.96 * fit.official_se) < 0.985


def test_sheets_that_are_all_alike_have_no_spread() -> None:
    y, official, sheet, _ = drawn(8, of_sheets=0.0)
    fit = crossed(y, official, sheet, 300, 200)
    assert fit.spread_sheet < 0.1
    assert np.abs(fit.sheet).max() < 0.05


def test_a_constant_moves_only_the_level() -> None:
    y, official, sheet, _ = drawn(9)
    one, other = crossed(y, official, sheet, 300, 200), crossed(y + 10, official, sheet, 300, 200)
    assert other.level == pytest.approx(one.level + 10, abs=1e-4)
    assert other.official == pytest.approx(one.official, abs=1e-4)


def test_who_has_no_line_has_effect_nought_and_the_spread_as_error() -> None:
    y, official, sheet, _ = drawn(10)
    fit = crossed(y, official, sheet, 301, 201)
    assert fit.official[300] == 0 and fit.sheet[200] == 0
    assert fit.official_se[300] == pytest.approx(fit.spread_official)


def test_lines_that_are_all_equal_are_refused() -> None:
    with pytest.raises(ValueError, match="all equal"):
        crossed(np.full(9, 3.0), np.arange(9) % 3, np.arange(9) // 3, 3, 3)
