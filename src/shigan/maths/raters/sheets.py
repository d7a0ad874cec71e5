"""The sheets of evaluations as arrays: who marked whom how, with nothing that tells a person.

A *sheet* is what one voter handed in; a *line* is one official on one sheet, with a mark for each item.
A sheet is a bare number with its home unit and its class of voters; nothing else is known of it, and every
figure of this package is the same whatever the numbers are.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]
Marks = NDArray[np.int8]

BLANK = -1
"""The mark of an item that was left blank or marked «do not know»."""


@dataclass(frozen=True, slots=True)
class Sheets:
    """Lines, sheets and officials; L lines, S sheets, N officials, K items, `grades` options.

    `sheet`, `official`: (L,) numbers from 0. `marks`: (L, K), 0 the worst option, `grades` - 1 the best,
    BLANK where there is none. `home`, `voters`: (S,) a sheet's home unit and class. `unit`: (N,) an
    official's unit. Units and classes are numbers from 0; no two lines have the same sheet and official.
    """

    sheet: Indices
    official: Indices
    marks: Marks
    home: Indices
    voters: Indices
    unit: Indices
    grades: int = 4

    @property
    def lines(self) -> int:
        """How many lines there are."""
        return len(self.sheet)

    @property
    def items(self) -> int:
        """How many items a line has."""
        return int(self.marks.shape[1])

    @property
    def units(self) -> int:
        """How many units there are; a sheet's home may judge no official of its own."""
        return int(max(self.unit.max(initial=-1), self.home.max(initial=-1))) + 1

    def only(self, keep: NDArray[np.bool_]) -> Sheets:
        """The same sheets and officials with some of the lines, by mask (L,)."""
        return Sheets(
            self.sheet[keep], self.official[keep], self.marks[keep],
            self.home, self.voters, self.unit, self.grades,
        )  # fmt: skip


def sums(of: Indices, values: ArrayLike, groups: int) -> Floats:
    """(groups,) the group-by: the sum of the values of each group."""
    return np.bincount(of, values, groups).astype(np.float64, copy=False)
