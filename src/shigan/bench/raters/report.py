"""What the gaming benchmark prints: tables that fit into 100 columns, the last of them the bars."""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Sequence
from itertools import groupby

from rich.console import Console
from rich.table import Table

from shigan.bench.raters.bars import Bar, bars
from shigan.bench.raters.cases import CASES
from shigan.bench.raters.figures import Book
from shigan.bench.raters.methods import METHODS, NAIVE, ORACLE, ROBUST
from shigan.bench.raters.peers import PEERS
from shigan.bench.raters.rules import RULES
from shigan.bench.tables import headed, put

WIDTH = 100
SHOWN = (NAIVE, ROBUST, ORACLE)
Cases = Sequence[str]
Show = Callable[[float], str]


def show(book: Book, console: Console) -> None:
    """Print every table of what the book holds."""
    cases = [name for name in CASES if any(row.case == name for row in book.rows.values())]
    console.print(_opening(book))
    for section in (_order, _precision, _places, _doubt):
        section(book, cases, console)
    _cost(book, console)
    _bars(bars(book), console)


def _opening(book: Book) -> str:
    seeds = ", ".join(map(str, sorted({row.seed for row in book.rows.values()})))
    return (
        f"\nCounties of {book.units} units; seeds {seeds}, every figure is their mean.\n"
        "nobody cheats, naive: our model without its doubts. robust: with them.\n"
        "oracle: one who knows each sheet's true law and every attack."
        "\n"
        "best other: the rule or peer with the best τ."
    )


def _share(value: float) -> str:
    """A share or a tau: .703"""
    return "–" if math.isnan(value) else f"{value:.3f}".replace("0.", ".", 1)


def _signed(value: float) -> str:
    return "–" if math.isnan(value) else f"{value:+.1f}"


def _broken(names: Sequence[str]) -> list[str]:
    """Names of two words on two lines."""
    return [name.replace("-", "-\n", 1).replace(" ", "\n", 1) for name in names]


def _order(book: Book, cases: Cases, console: Console) -> None:
    """Kendall's tau of everybody."""
    for title, methods in (
        ("Kendall τ with true merit: rules in use", list(RULES)),
        ("Kendall τ with true merit: published peers", list(PEERS)),
    ):
        table = headed("scenario", *_broken(methods))
        for case in cases:
            table.add_row(case, *(_starred(book, method, case) for method in methods))
        put(console, title, table, "* the best of all rules and peers")
    _ours(book, cases, console)


def _starred(book: Book, method: str, case: str) -> str:
    return _share(book.mean("tau", method, case)) + ("*" if method == book.best_other(case) else " ")


def _ours(book: Book, cases: Cases, console: Console) -> None:
    table = headed(
        "scenario", *_broken(SHOWN), "naive/\noracle", "robust/\noracle", "lead", "over the best other"
    )
    for case in cases:
        taus = [_share(book.mean("tau", method, case)) for method in SHOWN]
        ratios = [_share(book.of_oracle(method, case)) for method in (NAIVE, ROBUST)]
        best = book.best_other(case)
        lead = book.mean("tau", ROBUST, case) - book.mean("tau", best, case)
        table.add_row(case, *taus, *ratios, f"{lead:+.3f}", best)
    put(
        console,
        "Kendall τ with true merit: our model",
        table,
        "lead: τ of robust less that of the best other",
    )


def _precision(book: Book, cases: Cases, console: Console) -> None:
    table = _two_blocks(book, cases, _share, ("top", "best_of_unit"))
    note = "left: of the county's best 10 %; right: of the best 20 % of each unit"
    put(console, "Of those read as the best, the share that is", table, note)


def _places(book: Book, cases: Cases, console: Console) -> None:
    note = (
        "left: against the truth, where any error costs the very best places, the oracle's too;\n"
        "right: against the same method's reading of the same county without the attack"
    )
    for title, pair in (
        ("Percentile places won by beneficiaries", ("gain", "gain_moved")),
        ("Percentile places won by victims", ("loss", "loss_moved")),
    ):
        aimed = [case for case in cases if book.values(pair[0], "mean", case)]
        if aimed:
            put(console, title, _two_blocks(book, aimed, _signed, pair), note)


def _two_blocks(book: Book, cases: Cases, shown: Show, pair: tuple[str, str]) -> Table:
    """Two figures of the mean, the best other, our two readings and the oracle, side by side."""
    heads = _broken(["mean", "best other", *SHOWN])
    table = headed("scenario", *heads, "│", *heads)
    for case in cases:
        methods = ("mean", book.best_other(case), *SHOWN)
        left, right = ([shown(book.mean(figure, method, case)) for method in methods] for figure in pair)
        table.add_row(case, *left, "│", *right)
    return table


def _doubt(book: Book, cases: Cases, console: Console) -> None:
    table = headed(
        "scenario", "covered\nnaive", "\nrobust", "\noracle", "│", "claimed\nrobust", "│",
        "wrong\nnaive", "\nrobust", "\noracle", "│", "flagged\ncheats", "\nhonest",
    )  # fmt: skip
    for case in cases:
        covered, wrong = (
            [_share(book.mean(figure, method, case)) for method in SHOWN]
            for figure in ("covered", "edge_wrong")
        )
        claimed = _share(book.mean("edge", ROBUST, case))
        flags = [_share(book.mean(figure, ROBUST, case)) for figure in ("found", "false")]
        table.add_row(case, *covered, "│", claimed, "│", *wrong, "│", *flags)
    note = (
        "covered: officials inside their 95 % interval; claimed: of all pairs, those said to differ with\n"
        "95–99 % certainty; wrong: of those; flagged: share of sheets that cheated, and of honest ones"
    )
    put(console, "Honest doubt: intervals, claims on pairs, flags of sheets", table, note)


def _cost(book: Book, console: Console) -> None:
    table = headed("method", "seconds", "MB")
    for method in METHODS:
        seconds, memory = book.values("seconds", method), book.values("megabytes", method)
        if seconds and method != NAIVE:
            most = f"{max(memory):.0f}" if memory else "–"
            table.add_row(method, f"{statistics.median(seconds):.2f}", most)
    note = (
        "seconds: the median county, one thread; MB: the most that a reading took over what was held;\n"
        f"{ROBUST} gives «{NAIVE}» with it"
    )
    put(console, "What a reading costs", table, note)


def _bars(all_: Sequence[Bar], console: Console) -> None:
    table = headed("bar", "figure", "must be", "")
    table.add_column("", no_wrap=True)
    measured = [bar for bar in all_ if bar.met is not None]
    for title, group in groupby(measured, key=lambda bar: bar.title):
        table.add_row(f"[bold]{title}[/bold]")
        for bar in group:
            table.add_row(f"  {bar.case}", _figure(bar), bar.must, _verdict(bar), bar.note)
    put(console, "Bars of the robust reading", table)
    met = sum(bar.met is True for bar in measured)
    console.print(f"{met} of {len(measured)} bars met; {len(all_) - len(measured)} not measured in this run.")


def _figure(bar: Bar) -> str:
    """With enough decimals that a figure just short of its bar does not look as if it were on it."""
    return f"{bar.figure:+.2f}" if bar.title.startswith("places") else f"{bar.figure:.4f}"


def _verdict(bar: Bar) -> str:
    return "[green]met[/green]" if bar.met else "[bold red]MISSED[/bold red]"
