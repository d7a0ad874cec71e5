"""The rules of documents (公文): how long, how many, what they may not ask for, and the word lists."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from shigan.policy.number import Characters, Count, Flag, Percent, Text, Words
from shigan.policy.reading import About


@dataclass(frozen=True, kw_only=True)
class Copying:
    """When a document counts as copied. `honest` is how long a plain relay (转发) may be."""

    share: Percent
    specific: Percent
    listed: Percent
    honest: Characters
    formula_families: Count


@dataclass(frozen=True, kw_only=True)
class Wording:
    """Word lists of the reading of documents: each county may add its own."""

    vague: Words
    nobody: Words
    slogans: Words
    everyday_places: Words


@dataclass(frozen=True, kw_only=True)
class Home:
    """Whose documents these are: the county's own level word (县, 区, 州 …) and the names of places that
    belong to it or stand above it; any other place named is asked about."""

    level: Text
    names: Words


@dataclass(frozen=True, kw_only=True)
class Eras:
    """Words that came into use (`came`) or went out of use (`went`) on the day `since`, by the reform or law
    that did it: they tell which of two documents is the older where a date is missing."""

    came: Mapping[str, Words]
    went: Mapping[str, Words]


@dataclass(frozen=True, kw_only=True)
class DocumentsPolicy:
    """`demands` are words with which a document asks the lower level for more paper."""

    about: About
    length: Characters
    special_length: Characters
    only_down: Flag
    numbered: Flag
    demands: Words
    copying: Copying
    wording: Wording
    home: Home
    eras: Eras
