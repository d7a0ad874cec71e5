"""How fast and in how much memory all documents are related, and how soon a draft is answered.

    python -m shigan.bench.reuse.speed LAW.jsonl.xz                 both engines: MB per CPU-second
    python -m shigan.bench.reuse.speed LAW.jsonl.xz --copies 52     1.7 GB of text through files: memory
    python -m shigan.bench.reuse.speed LAW.jsonl.xz --drafts        one draft against 10⁵ documents
    python -m shigan.bench.reuse.speed LAW.jsonl.xz --relays        relays aligned with their sources

Copies are written in shifted alphabets, so that a copy shares nothing with another. Making them is not
timed. Megabytes are of UTF-8. Seconds are of the processor: compare within one run only.
"""

from __future__ import annotations

import argparse
import json
import lzma
import resource
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import numpy as np

from shigan.bench.reuse import relays
from shigan.bench.reuse.corpus import corpus
from shigan.bench.reuse.spans import Kind
from shigan.maths import reuse
from shigan.maths.reuse.engine import Name, engine
from shigan.maths.reuse.kernel import USUAL
from shigan.maths.reuse.relate import relate
from shigan.maths.reuse.text import codes_of, text_of

BARS: Final[dict[Name, tuple[float, float]]] = {"numpy": (40, 15), "numba": (300, 60)}
"""MB of text per CPU-second: the kernel alone, the whole pass."""
MEMORY, ANSWER, ALIGNED = 300, 10, 5
"""Megabytes above the base; milliseconds at the 95th percentile; milliseconds a relay."""
SEED: Final = 808
FIRST, LETTERS, STEP = 0x4E00, 20902, 389
ROUNDS: Final = 3
DOCUMENTS: Final = 100_000
BATCH: Final = 100


class Copies:
    """A corpus so many times, each time in another alphabet; and the seconds that writing it took."""

    def __init__(self, texts: Sequence[str], copies: int) -> None:
        self.texts, self.copies, self.seconds = texts, copies, 0.0

    def __iter__(self) -> Iterator[tuple[int, str]]:
        for copy in range(self.copies):
            for at, text in enumerate(self.texts):
                start = time.process_time()
                written = shifted(text, copy)
                self.seconds += time.process_time() - start
                yield copy * len(self.texts) + at, written

    @property
    def megabytes(self) -> float:
        """UTF-8 of all copies; ideographs stay three bytes long."""
        return self.copies * sum(len(text.encode()) for text in self.texts) / 1e6


def shifted(text: str, copy: int) -> str:
    """The text with every ideograph moved on in the alphabet, the same way for each copy."""
    codes = codes_of(text).copy()
    ideographs = (codes >= FIRST) & (codes < FIRST + LETTERS)
    codes[ideographs] = (codes[ideographs] - FIRST + copy * STEP) % LETTERS + FIRST
    return text_of(codes)


def main() -> None:
    """Print the figures asked for, bars beside them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("path", type=Path)
    parser.add_argument("--copies", type=int, default=1)
    parser.add_argument("--drafts", action="store_true")
    parser.add_argument("--relays", action="store_true")
    given = parser.parse_args()
    with lzma.open(given.path, "rt", encoding="utf-8") as lines:
        texts = [json.loads(line)["text"] for line in lines]
    if given.relays:
        aligned(given.path)
    elif given.drafts:
        drafts(texts)
    elif given.copies > 1:
        large(texts, given.copies)
    else:
        small(texts)


def small(texts: Sequence[str]) -> None:
    """Kernel and whole pass of both engines, the best of three rounds, in memory."""
    copies = Copies(texts, 1)
    print(f"{copies.megabytes:.0f} MB in {len(texts)} documents; MB per CPU-second")
    for name, (kernel_bar, pass_bar) in BARS.items():
        relate(enumerate(texts[:20]), name)  # numba compiles
        kernel, whole, found = 0.0, 0.0, ""
        for _ in range(ROUNDS):
            start = time.process_time()
            for first in range(0, len(texts), BATCH):
                engine(name).print_texts(texts[first : first + BATCH], USUAL)
            printed = time.process_time()
            islands, runs = relate(enumerate(texts), name)
            kernel = max(kernel, copies.megabytes / (printed - start))
            whole = max(whole, copies.megabytes / (time.process_time() - printed))
            found = f"{len(islands)} islands {reuse.digest(islands)}, {len(runs)} runs {reuse.digest(runs)}"
        print(
            f"{name:<6} kernel {kernel:6.0f} (bar {kernel_bar}), whole {whole:6.0f} (bar {pass_bar}); {found}"
        )


def large(texts: Sequence[str], copies: int, name: Name = "numba") -> None:
    """The whole pass through files: MB per CPU-second and peak memory above what the corpus takes."""
    many = Copies(texts, copies)
    with tempfile.TemporaryDirectory() as folder:
        relate(enumerate(texts[:20]), name)
        base, start = _resident(), time.process_time()
        islands, _ = relate(many, name, folder=Path(folder))
        seconds = time.process_time() - start - many.seconds
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{many.megabytes:.0f} MB in {copies * len(texts)} documents, {len(islands)} islands")
    print(f"{many.megabytes / seconds:.0f} MB per CPU-second (bar {BARS[name][1]}), {seconds:.1f} s")
    print(f"{peak - base:.0f} MB above {base:.0f} MB (bar {MEMORY})")


def drafts(texts: Sequence[str], asked: int = 1000) -> None:
    """CPU milliseconds of a query against an index of 10⁵ documents mapped from files."""
    with tempfile.TemporaryDirectory() as folder:
        index = reuse.Index()
        for number, text in Copies(texts, -(-DOCUMENTS // len(texts))):
            index.add(number, reuse.normalized(text))
        index.save(Path(folder))
        index = reuse.Index.load(Path(folder))
        times, chance = [], np.random.default_rng(1)
        for at in chance.integers(len(texts), size=asked):
            draft = shifted(texts[at], int(chance.integers(50)))
            start = time.process_time()
            index.query(reuse.normalized(draft))
            times.append(1000 * (time.process_time() - start))
    parts = statistics.quantiles(times, n=20)
    print(
        f"a draft against {DOCUMENTS}, CPU: median {parts[9]:.1f} ms, p95 {parts[18]:.1f} ms (bar {ANSWER})"
    )


def aligned(path: Path, documents: int = 500) -> None:
    """CPU milliseconds in which a relay is aligned with all its sources, whose normal forms are kept."""
    made = relays.made(corpus(path, SEED, documents), relays.Plan(SEED, 10, chains=10, notes=20, copies=60))
    index, normal = reuse.Index(), [reuse.normalized(document.text) for document in made]
    for number, each in enumerate(normal):
        index.add(number, each)
    asked = [document.number for document in made if document.kind is not Kind.BASE]
    islands = {number: index.query(normal[number], before=number) for number in asked}
    best = float("inf")
    for _ in range(ROUNDS):
        start = time.process_time()
        for number, found in islands.items():
            reuse.passages(normal[number], found, normal.__getitem__)
        best = min(best, time.process_time() - start)
    sources = sum(len({island.source for island in found}) for found in islands.values()) / len(asked)
    each_one = 1000 * best / len(asked)
    print(
        f"{len(asked)} relays of {sources:.1f} sources aligned, CPU: {each_one:.1f} ms each (bar {ALIGNED})"
    )


def _resident() -> float:
    """Megabytes that this process holds now."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() / 2**20


if __name__ == "__main__":
    main()
