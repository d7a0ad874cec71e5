"""The crossed linear model: a line's mean mark = level + official + sheet + error, all but the level random.

    y = μ + u_official + v_sheet + e,   u ~ N(0, σ_u²),  v ~ N(0, σ_v²),  e ~ N(0, σ²)

Fitted by restricted maximum likelihood as lme4 does (Bates, Mächler, Bolker & Walker 2015, J. Stat. Software
67(1), section 3): the criterion profiled to the relative spreads θ = (σ_u/σ, σ_v/σ), each value by one sparse
factorisation of Henderson's equations, minimised by a trust-region method without derivatives. It takes marks
as continuous and every sheet as honest; here it is a peer of the county's own model.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.optimize import minimize
from scipy.sparse.linalg import SuperLU, splu

from shigan.maths.raters.sheets import Floats, Indices

SETTLED = 1e-5  # of θ


@dataclass(frozen=True, slots=True)
class Crossed:
    """The fit, in the unit of y. N officials, S sheets; who has no line has effect 0 and the largest error.

    `level` μ; `official` (N,) and `sheet` (S,): the best linear unbiased predictions of u and v;
    `official_se` (N,): the standard error of prediction, the doubt about μ included; `spread_official`,
    `spread_sheet`, `spread_rest`: σ_u, σ_v, σ; `criterion`: minus twice the restricted log-likelihood.
    """

    level: float
    official: Floats
    sheet: Floats
    official_se: Floats
    spread_official: float
    spread_sheet: float
    spread_rest: float
    criterion: float


@dataclass(frozen=True, slots=True)
class _Equations:
    """Henderson's equations before θ: products (N + S + 1)² of the columns, their products with y, y'y."""

    products: sparse.csc_array
    with_y: Floats
    of_y: float
    lines: int
    officials: int
    sheets: int


@dataclass(frozen=True, slots=True)
class _Solved:
    """The equations at one θ: factors, scale (N + S + 1,), solution, r²/(n - 1) and the criterion."""

    factors: SuperLU
    scale: Floats
    solution: Floats
    variance: float
    criterion: float


def crossed(y: Floats, official: Indices, sheet: Indices, officials: int, sheets: int) -> Crossed:
    """Fit y (L,) to the numbers of officials and sheets (L,), of which there are `officials` and `sheets`.

    Raises ValueError for fewer than three lines, or lines that are all equal.
    """
    if len(y) < 3 or np.ptp(y) == 0:
        raise ValueError("no spreads from fewer than three lines, or from lines that are all equal")
    equations = _equations(y, official, sheet, officials, sheets)
    best = minimize(
        lambda theta: _solve(equations, theta).criterion,
        x0=[1.0, 1.0], bounds=[(0, None), (0, None)], method="COBYQA", options={"final_tr_radius": SETTLED},
    )  # fmt: skip
    return _crossed(equations, best.x, _solve(equations, best.x))


def _equations(y: Floats, official: Indices, sheet: Indices, officials: int, sheets: int) -> _Equations:
    """The columns are one for each official, one for each sheet, and one of ones for the level."""
    lines, ones = len(y), np.ones((len(y), 1))
    columns = np.column_stack([official, officials + sheet, np.full(lines, officials + sheets)])
    starts = np.arange(0, 3 * lines + 1, 3)
    design = sparse.csr_array(
        (np.tile(ones, 3).ravel(), columns.ravel(), starts), shape=(lines, officials + sheets + 1)
    )
    return _Equations((design.T @ design).tocsc(), design.T @ y, float(y @ y), lines, officials, sheets)


def _solve(equations: _Equations, theta: Floats) -> _Solved:
    """Factor and solve [ΛZ'ZΛ + I, ΛZ'X; X'ZΛ, X'X]; then the profiled REML criterion (article, 3.4).

    The determinant of the whole is |L_θ|²|R_X|²; the part of y'y that the solution does not explain is the
    penalised residual sum of squares r².
    """
    sizes = (equations.officials, equations.sheets, 1)
    scale = np.repeat([*theta, 1.0], sizes)
    ridge = np.repeat([1.0, 1.0, 0.0], sizes)
    spread = sparse.diags_array(scale)
    matrix = (spread @ equations.products @ spread + sparse.diags_array(ridge)).tocsc()
    factors = splu(matrix, permc_spec="MMD_AT_PLUS_A", diag_pivot_thresh=0.0, options={"SymmetricMode": True})
    right = scale * equations.with_y
    solution = factors.solve(right)
    freedom = equations.lines - 1
    variance = (equations.of_y - float(right @ solution)) / freedom
    determinant = float(np.log(np.abs(factors.U.diagonal())).sum())
    criterion = determinant + freedom * (1 + np.log(2 * np.pi * variance))
    return _Solved(factors, scale, solution, variance, criterion)


def _crossed(equations: _Equations, theta: Floats, solved: _Solved) -> Crossed:
    """What the solution says in the unit of y."""
    effects = solved.scale * solved.solution
    official, sheet, level = np.split(effects, np.cumsum([equations.officials, equations.sheets]))
    sigma = float(np.sqrt(solved.variance))
    unit = np.eye(len(effects), equations.officials)
    inverse = np.einsum("ij,ij->j", unit, solved.factors.solve(unit))
    return Crossed(
        float(level[0]), official, sheet, sigma * theta[0] * np.sqrt(inverse),
        float(sigma * theta[0]), float(sigma * theta[1]), sigma, solved.criterion,
    )  # fmt: skip
