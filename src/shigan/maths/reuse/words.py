"""Which documents hold some words: an index of every two letters in a row.

    words = Words()
    words.add(7, normalized(text))
    words.holding("蓄水池")         # numbers of documents that hold 蓄水 and 水池, ascending

Chinese has no blanks between words, so every two neighbouring letters are one entry. Of two letters or one
the answer is exact; of more it may hold a document in which they do not stand in this order: whoever asks
looks into the text. It is the same index as that of fingerprints, its layers and files too.
Source: n-gram indexing of Chinese, Nie, Gao, Zhang & Zhou (2000), IRAL, 141–148.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from shigan.maths.reuse.index import Index, Layer, place
from shigan.maths.reuse.kernel import BITS, Numbers, Prints
from shigan.maths.reuse.text import Codes, Normal, codes_of

POINT: Final = 21
"""Bits of a code point: two of them fill the hash of a posting."""


class Words(Index):
    """Documents by every two letters in a row of their normal form."""

    def holding(self, words: str) -> Numbers:
        """The documents that hold every two neighbouring letters of the words (in normal form)."""
        codes = codes_of(words)
        if not len(codes):
            return np.zeros(0, np.int32)
        ends = [(low, low + 1) for low in np.unique(_pairs(codes)[:-1]).tolist()] if len(codes) > 1 else [
            (int(codes[0]) << POINT, int(codes[0]) + 1 << POINT)
        ]  # fmt: skip
        columns = [self._held(*each) for each in ends]
        found = min(columns, key=len)
        for column in columns:
            found = found[np.isin(found, column, assume_unique=True)]
        return found

    def _held(self, first: int, end: int) -> Numbers:
        """The documents with a pair in [first, end), ascending."""
        parts = [_between(layer, first, end) for layer in self.settled()]
        return np.unique(np.concatenate([np.zeros(0, np.int32), *parts]))

    def _prints(self, normal: Normal) -> Prints:
        return np.unique(_pairs(codes_of(normal.text))) << BITS


def _pairs(codes: Codes) -> Prints:
    """Each letter with the next; the last one with none."""
    wide: Prints = codes.astype(np.int64)
    pairs: Prints = wide << POINT
    pairs[:-1] |= wide[1:]
    return pairs


def _between(layer: Layer, first: int, end: int) -> Numbers:
    low, high = place(layer, np.array([first, end]) << BITS).tolist()
    return layer.docs[low:high]
