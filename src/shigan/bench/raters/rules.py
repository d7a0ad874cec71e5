"""The rules in use: how offices compute a figure from the sheets of an evaluation, as they do it.

Each is a pure function from `Sheets` to (N,) figures of the officials, larger is better, in the unit it
names; nan for an official without a mark. All believe every mark; the benchmark shows what that costs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np

from shigan.bench.raters.world import Voters
from shigan.maths.raters.sheets import BLANK, Floats, Indices, Sheets

Rule = Callable[[Sheets], Floats]

TRIMMED = 0.1
BANDS = ((0.9, 200.0), (0.8, 190.0), (0.7, 180.0), (0.6, 170.0), (0.0, 160.0))
TOO_MANY_LOW, LOW_POINTS = 1 / 3, 130.0
GROUPS = MappingProxyType({Voters.LEADER: 0, Voters.PEER: 1, Voters.STAFF: 2, Voters.CITIZEN: 2})
WEIGHTS = (0.3, 0.3, 0.4)


def mean(sheets: Sheets) -> Floats:
    """The mean mark of the official's lines, in grades. In use everywhere."""
    return _mean(sheets.official, line_means(sheets), len(sheets.unit))


def excellent_rate(sheets: Sheets) -> Floats:
    """优秀率: the share of best marks among all marks, 0 to 1. The figure most regulations set limits for."""
    return _share(sheets, sheets.marks == sheets.grades - 1)


def trimmed_mean(sheets: Sheets) -> Floats:
    """去掉最高最低分: the mean in grades without the highest and the lowest tenth of the official's lines.

    At least one at each end, as juries do; where no line would be left all count.
    """
    order, rank, count = _ranked(sheets)
    cut = np.maximum(1, np.floor(TRIMMED * count))
    kept = ((rank >= cut) & (rank < count - cut)) | (count <= 2)
    return _mean(sheets.official[order][kept], line_means(sheets)[order][kept], len(sheets.unit))


def banded(sheets: Sheets) -> Floats:
    """优秀率 in bands of points: 瑞委〔2012〕6号, annex 3 (瑞安 2012).

    200 from 90 % best marks, 190 from 80 %, 180 from 70 %, 170 from 60 %, else 160; but 130 where the two
    worst of the four marks (基本称职 and 不称职) are a third or more.
    """
    best = excellent_rate(sheets)
    shares, points = zip(*BANDS, strict=True)
    figure = np.select([best >= share for share in shares], points, np.nan)
    low = _share(sheets, (sheets.marks == 0) | (sheets.marks == 1))
    return np.where(low >= TOO_MANY_LOW, LOW_POINTS, figure)


def median(sheets: Sheets) -> Floats:
    """The median of the official's lines, in grades. Proposed against outliers, seldom used."""
    order, rank, count = _ranked(sheets)
    middle = (rank == (count - 1) // 2) | (rank == count // 2)
    return _mean(sheets.official[order][middle], line_means(sheets)[order][middle], len(sheets.unit))


def group_weights(sheets: Sheets) -> Floats:
    """Class means weighted, in grades: leaders .3, peers .3, staff and citizens together .4.

    Weights of three classes are what regulations and the applications offices use provide for (one in public:
    Cikian/tj-cadre-assess-server). A class without a line leaves its weight to the others.
    """
    size, groups = len(sheets.unit), np.array([GROUPS[voters] for voters in Voters])
    lines, group = line_means(sheets), groups[sheets.voters][sheets.sheet]
    means = np.stack([_mean(sheets.official[of], lines[of], size) for of in (group == g for g in range(3))])
    weights = np.where(np.isnan(means), 0.0, np.array(WEIGHTS)[:, None])
    return _ratio((np.nan_to_num(means) * weights).sum(axis=0), weights.sum(axis=0))


def z_score(sheets: Sheets) -> Floats:
    """The mean of lines standardised within their sheet: the usual remedy for severe and lenient voters.

    In standard deviations of a sheet; a sheet whose lines are all alike says 0 of everybody.
    """
    lines, size = line_means(sheets), len(sheets.home)
    from_mean = lines - _mean(sheets.sheet, lines, size)[sheets.sheet]
    spread = np.sqrt(_mean(sheets.sheet, from_mean**2, size))[sheets.sheet]
    scores = from_mean / np.where(spread < 1e-9, np.inf, spread)
    return _mean(sheets.official, scores, len(sheets.unit))


RULES: Mapping[str, Rule] = MappingProxyType({
    "mean": mean,
    "excellent rate": excellent_rate,
    "trimmed mean": trimmed_mean,
    "banded": banded,
    "median": median,
    "group weights": group_weights,
    "z-score": z_score,
})  # fmt: skip


def line_means(sheets: Sheets) -> Floats:
    """(L,) the mean mark of each line in grades, 0 to grades - 1; nan for a line without a mark."""
    marked = sheets.marks != BLANK
    return _ratio(np.where(marked, sheets.marks, 0).sum(axis=1), marked.sum(axis=1))


def _share(sheets: Sheets, chosen: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> Floats:
    """(N,) the share of an official's marks that are `chosen` (L, K)."""
    size, marked = len(sheets.unit), (sheets.marks != BLANK).sum(axis=1)
    return _ratio(
        np.bincount(sheets.official, chosen.sum(axis=1), size), np.bincount(sheets.official, marked, size)
    )


def _ranked(sheets: Sheets) -> tuple[Indices, Indices, Indices]:
    """Lines with a mark, by official and then by mean; of each its rank from 0 and the official's lines."""
    lines = line_means(sheets)
    order = np.lexsort((lines, sheets.official))
    order = order[~np.isnan(lines[order])]
    official = sheets.official[order]
    count = np.bincount(official, minlength=len(sheets.unit))
    rank = np.arange(len(order)) - (np.cumsum(count) - count)[official]
    return order, rank, count[official]


def _mean(group: Indices, values: Floats, size: int) -> Floats:
    """(size,) the mean of the values in each group, nan ones left out; nan for a group without any."""
    known = ~np.isnan(values)
    sums = np.bincount(group, np.where(known, values, 0.0), size)
    return _ratio(sums, np.bincount(group, known, size))


def _ratio(part: Floats | Indices, whole: Floats | Indices) -> Floats:
    """part / whole, nan where the whole is nought."""
    return np.where(whole > 0, part / np.where(whole > 0, whole, 1), np.nan)
