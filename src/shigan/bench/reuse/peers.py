"""What public tools find of the same relays: pairs of documents, by MinHash of character 5-grams.

They ask whether two whole documents are alike; that is their question, not a fault of theirs. Both are
dependencies of development only: where one is missing, `missing` says so and the benchmark goes on without.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import Any, TypeAlias

Pairs: TypeAlias = set[tuple[int, int]]
"""(later, earlier) documents that a tool takes for alike."""

HASHES, GRAM, SEED = 128, 5, 42


@dataclass(frozen=True, slots=True)
class Peer:
    """A tool with its setting; `pairs` reads texts in their order."""

    name: str
    module: str
    pairs: Callable[[Sequence[str]], Pairs]

    @property
    def missing(self) -> str:
        """Why it cannot be asked here; empty if it can."""
        return "" if find_spec(self.module) else f"{self.module} is not installed"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a tool found, and its speed in MB of UTF-8 per CPU-second."""

    name: str
    pairs: Pairs
    speed: float


def answers(texts: Sequence[str]) -> Iterator[Answer]:
    """The answers of the tools that are installed."""
    size = sum(len(text.encode()) for text in texts) / 1e6
    for peer in PEERS:
        if not peer.missing:
            start = time.process_time()
            pairs = peer.pairs(texts)
            yield Answer(peer.name, pairs, size / (time.process_time() - start))


def grams(text: str) -> list[str]:
    """The distinct 5-grams of its letters and digits, in a fixed order."""
    clean = "".join(filter(str.isalnum, text.lower()))
    return sorted({clean[at : at + GRAM] for at in range(max(1, len(clean) - GRAM + 1))})


def datasketch(threshold: float) -> Callable[[Sequence[str]], Pairs]:
    """MinHash and LSH of datasketch (MIT licence), bands as it chooses them."""

    def pairs(texts: Sequence[str]) -> Pairs:
        tool: Any = import_module("datasketch")
        index, found = tool.MinHashLSH(threshold=threshold, num_perm=HASHES), Pairs()
        for number, text in enumerate(texts):
            sketch = tool.MinHash(num_perm=HASHES, seed=SEED)
            sketch.update_batch([gram.encode() for gram in grams(text)])
            found |= {(number, int(other)) for other in index.query(sketch)}
            index.insert(number, sketch)
        return found

    return pairs


def rensa(threshold: float, bands: int) -> Callable[[Sequence[str]], Pairs]:
    """R-MinHash and LSH of rensa (MIT licence)."""

    def pairs(texts: Sequence[str]) -> Pairs:
        tool: Any = import_module("rensa")
        index = tool.RMinHashLSH(threshold=threshold, num_perm=HASHES, num_bands=bands)
        found = Pairs()
        for number, text in enumerate(texts):
            sketch = tool.RMinHash(num_perm=HASHES, seed=SEED)
            sketch.update(grams(text))
            found |= {(number, int(other)) for other in index.query(sketch)}
            index.insert(number, sketch)
        return found

    return pairs


PEERS: tuple[Peer, ...] = (
    Peer("datasketch 0.5", "datasketch", datasketch(0.5)),
    Peer("datasketch 0.2", "datasketch", datasketch(0.2)),
    Peer("rensa 0.5", "rensa", rensa(0.5, 32)),
    Peer("rensa 0.2", "rensa", rensa(0.2, 64)),
)
