"""`shigan bench reuse`: relays of known truth are made, read by us and by public tools, and scored."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from shigan.bench.reuse import bars, directions, figures, method, peers, relays, report, told, truth, versions
from shigan.bench.reuse.corpus import Corpus, corpus
from shigan.bench.reuse.corpus import read as bases_of
from shigan.bench.reuse.method import Reading
from shigan.bench.reuse.peers import Answer
from shigan.bench.reuse.relays import Plan
from shigan.bench.reuse.report import WIDTH as WIDTH
from shigan.bench.reuse.spans import Document, Kind
from shigan.maths.reuse.engine import Name

NATURAL_RUN = 12
NUMPY: Name = "numpy"


def command(
    plan: Plan,
    path: Path | None,
    documents: int,
    console: Console,
    *,
    with_peers: bool = True,
    numba: bool = True,
    pairs: bool = False,
) -> None:
    """Make, read and score; print the tables. `path`: a corpus, or None for generated prose.

    Raises ValueError if no document of the corpus is long enough, or short enough, to be copied from.
    """
    found = corpus(path, plan.seed, documents)
    made = relays.made(found, plan)
    console.print(_opening(made, plan, path))
    name = method.FASTEST if numba else NUMPY
    reading = method.read(made, name)
    ours = Answer(report.OURS, reading.pairs, _size(made) / reading.relating)
    read = figures.reads(made, reading)
    texts = [document.text for document in made]
    answers = [ours, *(peers.answers(texts) if with_peers else ())]
    report.characters(read, console)
    report.against(read, answers, console)
    if pairs:
        report.natural(*_without_mass(made, answers), console)
    direction = _direction(found, path)
    report.bars(bars.bars(read, figures.steadiness(reading, read), direction), console)
    console.print(_told(made))
    console.print(_costs(reading, name))


def _direction(found: Corpus, path: Path | None) -> float:
    """The share of pairs of versions told rightly by their texts, of all in the file: few laws have any."""
    bases = bases_of(path) if path else found.bases
    return versions.accuracy(versions.versions(bases), told.later)


def _told(made: Sequence[Document]) -> str:
    """Direction of relays whose dates are not asked."""
    lines = ["Direction of relays without dates (not told: half; oracle: all that is planted):"]
    for kind in directions.KINDS:
        found = directions.directions(made, told.later, kind)
        lines.append(
            f"  {kind}: {found.all} pairs, {found.right} right, {found.wrong} wrong: "
            f"{found.accuracy:.2f}, oracle {found.oracle:.2f}"
        )
    return "\n".join(lines)


def _opening(documents: Sequence[Document], plan: Plan, path: Path | None) -> str:
    kinds = {kind: sum(each.kind is kind for each in documents) for kind in Kind}
    counts = ", ".join(f"{count} {kind}" for kind, count in kinds.items() if count)
    source = path.name if path else "generated prose"
    size = f"{len(documents)} documents, {_size(documents):.1f} MB of UTF-8"
    return f"\n{size}, of {source}, seed {plan.seed}:\n{counts}"


def _size(documents: Sequence[Document]) -> float:
    return sum(len(document.text.encode()) for document in documents) / 1e6


def _costs(reading: Reading, name: Name) -> str:
    """Where our seconds went."""
    relays = len(reading.each)
    return (
        f"CPU-seconds with {name}: all documents related {reading.relating:.1f};\n"
        f"{relays} relays looked up {reading.asking:.1f} and aligned {reading.aligning:.1f}, "
        f"{1000 * (reading.asking + reading.aligning) / max(1, relays):.1f} ms each"
    )


def _without_mass(
    documents: Sequence[Document], answers: Sequence[Answer]
) -> tuple[dict[tuple[int, int], int], list[Answer]]:
    """How many characters each two documents share by brute force, and the answers on the same documents."""
    kept = [document for document in documents if document.kind is not Kind.MASS]
    runs, family = truth.Runs([document.text for document in kept], NATURAL_RUN), figures.families(documents)
    true = dict[tuple[int, int], int]()
    for place, later in enumerate(kept):
        for earlier, count in runs.earlier(place).items():
            true[later.number, kept[earlier].number] = count
        for number in family[later.number]:
            count = truth.shared(later, documents[number])
            true[later.number, number] = max(count, true.get((later.number, number), 0))
    numbers = {document.number for document in kept}
    return true, [
        Answer(each.name, {pair for pair in each.pairs if numbers.issuperset(pair)}, each.speed)
        for each in answers
    ]
