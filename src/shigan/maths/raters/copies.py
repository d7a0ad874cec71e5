"""Sheets that are copies of one another share one vote.

Two sheets of one unit are copies when they agree on at least ALIKE of at least SHARED common officials, and
on at least TELLING patterns that are not the usual one: all-top sheets agree with everybody and prove
nothing.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array, triu
from scipy.sparse.csgraph import connected_components

from shigan.maths.raters.sheets import Floats, Indices, Sheets

ALIKE = 0.9
SHARED = 5
TELLING = 3


def groups(sheets: Sheets, number: Indices) -> Indices:
    """(S,) a number for each group of copies; a sheet without copies has its own."""
    usual = _usual(sheets, number)
    own = sheets.home[sheets.sheet] == sheets.unit[sheets.official]
    both = _pairs(sheets, number, own & ~usual)
    keep = both.data >= TELLING
    a, b, s = both.row[keep], both.col[keep], len(sheets.home)
    keep = sheets.home[a] == sheets.home[b]
    a, b = a[keep], b[keep]
    common, differ = _compare(sheets, number, a, b)
    found = (common >= SHARED) & (differ <= (1 - ALIKE) * common)
    graph = coo_array((np.ones(int(found.sum())), (a[found], b[found])), shape=(s, s))
    group: Indices = connected_components(graph, directed=False)[1].astype(np.int64)
    return group


def _usual(sheets: Sheets, number: Indices) -> NDArray[np.bool_]:
    """(L,) whether a line is the pattern that its official got most often, or that occurs most of all."""
    seen = int(number.max(initial=0)) + 1
    most = int(np.bincount(number, minlength=1).argmax())
    code = sheets.official * seen + number
    pairs, count = np.unique(code, return_counts=True)
    order = np.lexsort((count, pairs // seen))
    official = (pairs // seen)[order]
    last = np.r_[official[1:] != official[:-1], True]
    main = np.full(len(sheets.unit), -1)
    main[official[last]] = (pairs % seen)[order][last]
    usual: NDArray[np.bool_] = (number == most) | (number == main[sheets.official])
    return usual


def _pairs(sheets: Sheets, number: Indices, lines: NDArray[np.bool_]) -> coo_array:
    """How many (official, pattern) each two sheets have in common, by pair."""
    seen = int(number.max(initial=0)) + 1
    _codes, code = np.unique(sheets.official[lines] * seen + number[lines], return_inverse=True)
    size = (len(sheets.home), int(code.max(initial=0)) + 1)
    marks = csr_array((np.ones(len(code)), (sheets.sheet[lines], code)), shape=size)
    return triu(marks @ marks.T, 1, format="coo")


def _compare(sheets: Sheets, number: Indices, a: Indices, b: Indices) -> tuple[Floats, Floats]:
    """For each pair how many officials they share and on how many they differ."""
    size = (len(sheets.home), len(sheets.unit))
    mark = csr_array((number + 1.0, (sheets.sheet, sheets.official)), shape=size)
    left, right = mark[a], mark[b]
    common = (left > 0).multiply(right > 0)
    differ = common.multiply(left != right)
    return np.asarray(common.sum(axis=1), np.float64), np.asarray(differ.sum(axis=1), np.float64)


def shares(group: Indices) -> Floats:
    """(S,) the vote of each sheet: one for all copies together."""
    return 1.0 / np.bincount(group)[group]
