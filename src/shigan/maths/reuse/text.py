"""Text as it is compared: width, case, punctuation and traditional characters make no difference.

    plain = normalized("《关于　做好ＡＢ工作的通知》")
    plain.text          # 关于做好ab工作的通知
    plain.offsets[0]    # 1: where its first character stands in the original

Each character is decomposed (NFKD), case-folded, written with its simplified character, and kept if it is a
letter or a digit. It decides alone, without its neighbours: so the normal form of a part is a part of the
normal form, whatever stands around it.
Sources: Unicode Standard Annex 15 (NFKD); `variants` for the simplified characters.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from shigan.maths.reuse.variants import SIMPLIFIED, TRADITIONAL

Codes = NDArray[np.uint32]
"""Code points."""
Places = NDArray[np.int32]

SEVERAL: Final = 1 << 31
"""Marks, in `Table.of`, a character that becomes several."""
LONGEST: Final = 18
"""So many characters one character becomes at most (U+FDFA)."""
LAST: Final = 0x33480
"""From this code point on stands nothing that is compared."""
THEMSELVES: Final = (
    (0x3400, 0x4DBF),
    (0x4E00, 0x9FFF),
    (0xAC00, 0xD7A3),
    (0x20000, 0x2F7FF),
    (0x30000, LAST - 1),
)
"""First and last of the ideographs and syllables that stay what they are (but for `variants`)."""


class Normal(NamedTuple):
    """The normal form: `text`, and for each of its characters where it stands in the original (`offsets`)."""

    text: str
    offsets: Places

    def original(self, start: int, end: int) -> tuple[int, int]:
        """The part [start, end) of the normal form as a part of the original; both half-open."""
        if start >= end:
            at = int(self.offsets[start]) if start < len(self.offsets) else 0
            return at, at
        return int(self.offsets[start]), int(self.offsets[end - 1]) + 1


class Table(NamedTuple):
    """What each code point becomes. `of` (LAST,): 0 nothing; a code point; or `SEVERAL` | start « 8 | length
    in `flat`."""

    of: Codes
    flat: Codes


def normalized(text: str) -> Normal:
    """The normal form of a text and where its characters come from."""
    codes, offsets = normal_codes(codes_of(text))
    return Normal(text_of(codes), offsets)


def codes_of(text: str) -> Codes:
    """(N,) the code points of a text."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)


def text_of(codes: Codes) -> str:
    """The text of code points; the inverse of `codes_of`."""
    return codes.astype("<u4").tobytes().decode("utf-32-le", "surrogatepass")


def normal_codes(codes: Codes) -> tuple[Codes, Places]:
    """The code points of the normal form, and the offset of each."""
    table = the_table()
    found = table.of[np.minimum(codes, LAST - 1)]
    if (found >= SEVERAL).any():
        return _widened(found, table.flat)
    kept = np.flatnonzero(found)
    return found[kept], kept.astype(np.int32)


def _widened(found: Codes, flat: Codes) -> tuple[Codes, Places]:
    """As `normal_codes`, where some characters become several, all with the offset of the one."""
    several = found >= SEVERAL
    lengths = np.where(several, found & 255, found != 0).astype(np.int64)
    offsets = np.repeat(np.arange(len(found)), lengths)
    within = np.arange(len(offsets)) - (np.cumsum(lengths) - lengths)[offsets]
    codes, spread = found[offsets], several[offsets]
    codes[spread] = flat[((codes[spread] & (SEVERAL - 1)) >> 8) + within[spread]]
    return codes, offsets.astype(np.int32)


@lru_cache(maxsize=1)
def the_table() -> Table:
    """The table of all code points, made once a process."""
    simple = dict(zip(TRADITIONAL, SIMPLIFIED, strict=True))
    of, flat = np.zeros(LAST, np.uint32), list[int]()
    for first, last in THEMSELVES:
        of[first : last + 1] = np.arange(first, last + 1)
    of[[ord(character) for character in simple]] = [ord(character) for character in simple.values()]
    for code in map(int, np.flatnonzero(of == 0)):
        plain = _plain(chr(code), simple)
        if len(plain) == 1:
            of[code] = ord(plain)
        elif plain:
            of[code] = SEVERAL | len(flat) << 8 | len(plain)
            flat += map(ord, plain)
    return Table(of, np.array(flat, np.uint32))


def _plain(character: str, simple: dict[str, str]) -> str:
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", character).casefold())
    return "".join(simple.get(part, part) for part in decomposed if part.isalnum())
