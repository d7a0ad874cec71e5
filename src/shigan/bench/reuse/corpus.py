"""The documents that relays are made of: of a file, or generated prose; and text that is in none of them."""

from __future__ import annotations

import datetime as dt
import json
import lzma
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from shigan.bench.reuse import prose
from shigan.bench.reuse.spans import SENTENCE

HELD_OUT = 0.12
"""The share of the documents of a corpus that only lend words to others."""
SHORTEST_SENTENCE = 15


@dataclass(frozen=True, slots=True)
class Base:
    """A document as it was found."""

    title: str
    date: dt.date
    text: str


class Foreign:
    """Text that the benchmark holds nowhere else: sentences in a seeded order, none twice until all were."""

    def __init__(self, texts: Iterable[str], random: np.random.Generator) -> None:
        found = [match.group() for text in texts for match in SENTENCE.finditer(text)]
        self.sentences = [sentence for sentence in found if len(sentence) >= SHORTEST_SENTENCE]
        self.random, self.next = random, 0
        random.shuffle(self.sentences)

    def sentence(self) -> str:
        """The next one."""
        self.next += 1
        return self.sentences[(self.next - 1) % len(self.sentences)]

    def text(self, length: int) -> str:
        """Sentences of about `length` characters together, one at least."""
        parts = [self.sentence()]
        while sum(map(len, parts)) < length:
            parts.append(self.sentence())
        return "".join(parts)

    def fragment(self, length: int) -> str:
        """Up to `length` characters out of the middle of sentences."""
        text = ""
        while len(text) < length:
            text += self.sentences[self.random.integers(len(self.sentences))].strip()[2:-2]
        return text[:length]


@dataclass(frozen=True, slots=True, eq=False)
class Corpus:
    """What relays are made of, and what their own text is made of."""

    bases: Sequence[Base]
    foreign: Foreign


def read(path: Path) -> list[Base]:
    """The dated documents of a file of JSON lines with title, date and text (.xz)."""
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    return [
        Base(row["title"], dt.date.fromisoformat(row["date"]), row["text"]) for row in rows if row["date"]
    ]


def corpus(path: Path | None, seed: int, count: int) -> Corpus:
    """At most `count` documents of the file, or as many of generated prose, and foreign text beside them."""
    random = np.random.default_rng([seed, 1])
    bases = read(path) if path else [Base(*each) for each in prose.documents(count, random)]
    chosen = [bases[at] for at in random.permutation(len(bases))[:count]]
    out = max(2, round(len(chosen) * HELD_OUT))
    kept = sorted(chosen[out:], key=lambda base: (base.date, base.title))
    return Corpus(kept, Foreign((base.text for base in chosen[:out]), random))
