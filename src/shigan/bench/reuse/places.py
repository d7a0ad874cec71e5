"""How many planted names of foreign places are asked about, and how many texts at home are for nothing.

    python -m shigan.bench.reuse.places LAW.jsonl.xz

Home are the cities of city regulations. In a sentence that says 本市 or 全市 these words become the name of
a foreign place, drawn from all, in full and as people say it. Figures of cities whose rules were tuned on
(half of them, by their names' MD5) and of the others.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from hashlib import md5
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np

from shigan.bench.reuse.corpus import read
from shigan.judge.places import foreign, own_names, places, short
from shigan.policy import Rulebook

SEED: Final = 8
EACH: Final = 1500
"""Names planted of each sort."""
WORDS: Final = Rulebook.shipped().documents.wording.everyday_places.value
SENTENCE: Final = re.compile(r"[^。\n]*(?:本市|全市)[^。\n]*")


class Home(NamedTuple):
    """A regulation of a city."""

    city: str
    text: str


def homes(path: Path) -> list[Home]:
    """The regulations whose title begins with the name of a prefecture."""
    found = ((re.match(r"\w{2,4}市", base.title), base.text) for base in read(path))
    return [Home(city[0], text) for city, text in found if city and _is_prefecture(city[0])]


def _is_prefecture(name: str) -> bool:
    return any(place.prefecture == name for place in places().get(name, ()))


def tuned(home: Home) -> bool:
    """Whether rules were tuned on this city."""
    return md5(home.city.encode(), usedforsecurity=False).digest()[-1] % 2 == 0


def sorts() -> Iterator[tuple[str, list[str]]]:
    """Each sort of name with all of its names."""
    all_ = {place for found in places().values() for place in found}
    rows = {
        "province": {p.name for p in all_ if p.name == p.province},
        "prefecture": {p.name for p in all_ if p.name == p.prefecture},
        "county": {p.name for p in all_ if p.prefecture and p.name not in (p.prefecture, p.province)},
    }
    for sort, names in rows.items():
        yield f"{sort} in full", sorted(names)
        yield f"{sort} in short", sorted({short(name) for name in names} - names)


def caught(names: Sequence[str], sentences: Sequence[Home], random: np.random.Generator) -> float:
    """The share of planted names that are asked about."""
    hits = list[bool]()
    while len(hits) < EACH:
        name = names[int(random.integers(len(names)))]
        home = sentences[int(random.integers(len(sentences)))]
        if name not in own_names([home.city]):
            planted = re.sub("本市|全市", name, home.text, count=1)
            hits.append(bool(foreign(planted, [home.city], WORDS)))
    return sum(hits) / EACH


def silent(all_: Iterable[Home]) -> list[Home]:
    """The sentences of texts in which one can plant, and in which nothing is asked as they are."""
    found = (Home(home.city, sentence) for home in all_ for sentence in SENTENCE.findall(home.text))
    return [home for home in found if not foreign(home.text, [home.city], WORDS)]


def main() -> None:
    """Print the figures."""
    all_ = homes(Path(sys.argv[1]))
    for title, side in (("tuned on", True), ("not tuned on", False)):
        mine = [home for home in all_ if tuned(home) is side]
        alarms = sum(bool(foreign(home.text, [home.city], WORDS)) for home in mine)
        print(f"cities {title}: {len(mine)} texts, {alarms / len(mine):.1%} asked about for nothing")
        random, sentences = np.random.default_rng([SEED, side]), silent(mine)
        shares = {sort: caught(names, sentences, random) for sort, names in sorts()}
        print("  " + ", ".join(f"{sort} {share:.3f}" for sort, share in shares.items()))
        print(f"  all {sum(shares.values()) / len(shares):.3f} (bar .90)")


if __name__ == "__main__":
    main()
