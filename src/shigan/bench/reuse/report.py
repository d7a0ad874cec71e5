"""What the benchmark of text reuse prints: tables that fit into 100 columns, the last of them the bars."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import groupby

from rich.console import Console

from shigan.bench.reuse import figures
from shigan.bench.reuse.bars import Bar
from shigan.bench.reuse.figures import Read
from shigan.bench.reuse.metrics import Counts, document_pairs, plagdet
from shigan.bench.reuse.peers import PEERS, Answer
from shigan.bench.reuse.relays import KINDS, RATES
from shigan.bench.reuse.spans import Kind
from shigan.bench.tables import headed, put

WIDTH = 100
OURS = "shigan"
Pair = tuple[int, int]


def characters(all_: Sequence[Read], console: Console) -> None:
    """Characters by edit rate: copied from anybody, and from the very source."""
    table = headed("edits", "P", "R", "F1", "│", "P", "R", "F1", "│", *(f"named\n{kind}" for kind in KINDS))
    for rate in RATES:
        named = [figures.found(all_, kind, rate=rate, named=True) for kind in KINDS]
        row = [_three(figures.characters(all_, rate)), _three(figures.by_source(all_, rate))]
        table.add_row(f"{rate:.0%}", *row[0], "│", *row[1], "│", *map(_share, named))
    both = figures.characters(all_), figures.by_source(all_)
    table.add_row("all", *_three(both[0]), "│", *_three(both[1]), "│")
    note = (
        "left: characters of a relay copied from any earlier document; middle: from its very source,\n"
        "on both sides; right: (relay, source) where that source is named.\n"
        "Natural reuse counts neither way."
    )
    put(console, "Characters found of whole, partial and mosaic relays and chains", table, note)
    pieces = figures.granularity(all_)
    console.print(f"pieces per passage {pieces:.3f}; plagdet {plagdet(both[1].f1, pieces):.3f}")


def against(all_: Sequence[Read], answers: Sequence[Answer], console: Console) -> None:
    """(relay, source) pairs that each tool finds, by kind."""
    kinds = [*KINDS, Kind.CHAIN, Kind.NOTE, Kind.MASS]
    table = headed("pairs named", *kinds, "40 %", "MB per CPU-s")
    for answer in answers:
        found = [_named(all_, answer.pairs, kind) for kind in kinds]
        worst = _named(all_, answer.pairs, *KINDS, rate=max(RATES))
        table.add_row(answer.name, *map(_share, [*found, worst]), f"{answer.speed:.1f}")
    gone = sorted({peer.missing for peer in PEERS if peer.missing})
    note = "the peers ask whether whole documents are alike, not for passages; 40 %: edits of the first three"
    put(console, "Beside public tools, in this run", table, "\n".join([note, *gone]))


def _named(all_: Sequence[Read], pairs: set[Pair], *kinds: Kind, rate: float | None = None) -> float:
    asked = [
        (one.relay, one.source) for read in figures.of_kind(all_, *kinds, rate=rate) for one in read.seen
    ]
    return sum(pair in pairs for pair in asked) / len(asked) if asked else math.nan


def natural(true: dict[Pair, int], answers: Sequence[Answer], console: Console) -> None:
    """All pairs of documents that share a hundred characters, natural ones too."""
    table = headed("pairs of documents", "P", "R", "F1")
    for answer in answers:
        table.add_row(answer.name, *_three(document_pairs(answer.pairs, true)))
    note = (
        "true: 100 characters shared, as relays are known to, or in runs of 12, by brute force; 12 to 99\n"
        "count neither way. We link a passage to its first and its last holder, so that pairs between\n"
        "siblings are left out by design."
    )
    put(console, "Pairs of documents, mass copies left out", table, note)


def bars(all_: Sequence[Bar], console: Console) -> None:
    """Each bar beside its figure."""
    table = headed("bar", "figure", "must be", "")
    measured = [bar for bar in all_ if bar.met is not None]
    for title, group in groupby(measured, key=lambda bar: bar.title):
        table.add_row(f"[bold]{title}[/bold]")
        for bar in group:
            verdict = "[green]met[/green]" if bar.met else "[bold red]MISSED[/bold red]"
            table.add_row(f"  {bar.of}", f"{bar.figure:.4f}", bar.must, verdict)
    put(console, "Bars", table)
    met = sum(bar.met is True for bar in measured)
    console.print(f"{met} of {len(measured)} bars met; {len(all_) - len(measured)} not measured in this run.")


def _three(counts: Counts) -> list[str]:
    return [_share(value) for value in (counts.precision, counts.recall, counts.f1)]


def _share(value: float) -> str:
    """A share as tables show it: .703"""
    return "–" if math.isnan(value) else f"{value:.3f}".replace("0.", ".", 1)
