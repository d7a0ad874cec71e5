"""What a copied text forgets to change (残留): another place's name, another level's words, another issuer.

A residue is a question, never a verdict: the words are shown where they stand.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from enum import StrEnum
from typing import NamedTuple

from shigan.judge.places import foreign, places


class Sort(StrEnum):
    PLACE = "place"
    LEVEL = "level"
    ISSUER = "issuer"


class Residue(NamedTuple):
    """[start, end) of the text says `words`; `own` is what the own place would say, if that is known."""

    sort: Sort
    words: str
    start: int
    end: int
    own: str = ""


COUNTY, PREFECTURE = ("县", "区", "旗"), ("市", "州", "盟")
"""Level words that stand for one rank each: of those of the own rank a document says only its own."""


def residues(text: str, level: str, home: Collection[str], everyday: Collection[str] = ()) -> list[Residue]:
    """The residues in a text whose own level is `level` (县, 区, 旗, 市, 州, 盟) and own places `home`."""
    found = [*_levels(text, level, home), *_places(text, home, everyday)]
    return sorted(found, key=lambda residue: residue.start)


def other_issuer(said: str, known: str) -> bool:
    """Whether the issuer in the text is another one than the register names (short and full names agree)."""
    one, other = ("".join(each.split()).replace("中共", "") for each in (said, known))
    return bool(one and other) and not (one in other or other in one) and not _subsequence(one, other)


def _subsequence(one: str, other: str) -> bool:
    """县委组织部 is 西河县委员会组织部 in short."""
    few, many = sorted((one, other), key=len)
    rest = iter(many)
    return all(letter in rest for letter in few)


def _places(text: str, home: Collection[str], everyday: Collection[str]) -> Iterator[Residue]:
    for m in foreign(text, home, everyday):
        yield Residue(Sort.PLACE, m.name, m.start, m.end, m.like)


def _levels(text: str, level: str, home: Collection[str]) -> Iterator[Residue]:
    """全区, 我区, and 区委 with no name before it, where the own level is another word."""
    for word in _others(level, home):
        pattern = (
            rf"[全我]{word}(?![域间别块级场（(])|(?:(?<![\u4e00-\u9fff])|(?<=[由在向经和])){word}委(?!员)"
        )
        for found in re.finditer(pattern, text):
            yield Residue(Sort.LEVEL, found[0], *found.span(), own=found[0].replace(word, level))


def _others(level: str, home: Collection[str]) -> list[str]:
    """The level words that the own documents do not use of themselves."""
    ranks = [rank for rank in (COUNTY, PREFECTURE) if level in rank]
    words = [word for rank in ranks for word in rank if word != level]
    if level in PREFECTURE:  # a prefecture is no county, whatever its counties are called
        words += COUNTY
    region = any(p.province.endswith("自治区") for name in home for p in places().get(name, ()))
    return [word for word in words if not (word == "区" and region)]
