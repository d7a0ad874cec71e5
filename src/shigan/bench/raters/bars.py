"""The bars that the reading of sheets must clear, each met, missed or not measured."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from shigan.bench.raters.cases import ATTACKED, CASES, HONEST
from shigan.bench.raters.figures import NONE, Book
from shigan.bench.raters.methods import NAIVE, ORACLE, OTHERS, ROBUST

OF_ORACLE = {name: 0.96 for name in HONEST} | {name: 0.95 for name in ATTACKED}
OF_ORACLE |= {name: 0.92 for name in ("scorch", "mix", "stealth")}
LEADS = {"canvass": 0.10, "retaliate": 0.10, "mix": 0.10, "clique": 0.05, "random": 0.05}
COST = 0.003
LIFTED, PUSHED = ("canvass", "clique", "mix"), ("canvass", "clique", "retaliate", "mix")
GAIN, LOSS = 2.0, -4.0
FALSE = 0.005
COVERED = {name: (0.93, 0.97) for name in HONEST} | {name: (0.92, 0.98) for name in ATTACKED}
WRONG = 0.04


@dataclass(frozen=True, slots=True)
class Bar:
    """What is asked (`title`, `must`) of which case, the robust reading's figure, and what helps to judge it.

    `met` is None if the figure was not measured.
    """

    title: str
    case: str
    figure: float
    must: str
    met: bool | None
    note: str = ""


def bars(book: Book) -> list[Bar]:
    """All bars, in the order of the task; those of cases that were not read are not measured."""
    parts = (_near_oracle, _ahead, _cheap, _unmoved, _unflagged, _covered, _right)
    return [bar for part in parts for bar in part(book)]


def _least(title: str, case: str, figure: float, least: float, note: str = "") -> Bar:
    return Bar(title, case, figure, f"≥ {_short(least)}", _met(figure, figure >= least), note)


def _most(title: str, case: str, figure: float, most: float, note: str = "") -> Bar:
    return Bar(title, case, figure, f"≤ {_short(most)}", _met(figure, figure <= most), note)


def _met(figure: float, is_so: bool) -> bool | None:
    return None if math.isnan(figure) else is_so


def _short(number: float) -> str:
    """A number as tables show it: .96, 2, −4."""
    return f"{number:g}".replace("0.", ".", 1).replace("-", "−")


def _near_oracle(book: Book) -> Iterator[Bar]:
    for case, least in OF_ORACLE.items():
        note = f"τ {book.mean('tau', ROBUST, case):.3f} of {book.mean('tau', ORACLE, case):.3f}"
        yield _least("share of the oracle's τ", case, book.of_oracle(ROBUST, case), least, note)


def _ahead(book: Book) -> Iterator[Bar]:
    """Without one of the rules and peers nobody knows whether we are ahead of all."""
    for case in CASES:
        complete = all(book.values("tau", other, case) for other in OTHERS)
        best = book.best_other(case)
        ours, theirs = book.mean("tau", ROBUST, case), book.mean("tau", best, case)
        lead, note = (ours - theirs, f"{best} {theirs:.3f}") if complete else (NONE, "")
        if case in LEADS:
            yield _least("τ ahead of the best rule or peer", case, lead, LEADS[case], note)
        else:
            yield Bar("τ ahead of the best rule or peer", case, lead, "> 0", _met(lead, lead > 0), note)


def _cheap(book: Book) -> Iterator[Bar]:
    naive, robust = (book.mean("tau", method, "clean") for method in (NAIVE, ROBUST))
    note = f"τ {naive:.4f} − {robust:.4f}"
    yield _most("τ lost to robustness", "clean", naive - robust, COST, note)


def _unmoved(book: Book) -> Iterator[Bar]:
    """Both measures; the oracle's own figure tells what the first costs anybody."""
    for figure, kind in (("gain", "truth"), ("gain_moved", "calm reading")):
        for case in LIFTED:
            title = f"places of beneficiaries, from {kind}"
            yield _most(title, case, book.mean(figure, ROBUST, case), GAIN, _oracles(book, figure, case))
    for figure, kind in (("loss", "truth"), ("loss_moved", "calm reading")):
        for case in PUSHED:
            title = f"places of victims, from {kind}"
            yield _least(title, case, book.mean(figure, ROBUST, case), LOSS, _oracles(book, figure, case))


def _oracles(book: Book, figure: str, case: str) -> str:
    known = book.mean(figure, ORACLE, case)
    return "" if math.isnan(known) else f"oracle {known:+.1f}"


def _unflagged(book: Book) -> Iterator[Bar]:
    yield _most("share of honest sheets flagged", "clean", book.mean("false", ROBUST, "clean"), FALSE)


def _covered(book: Book) -> Iterator[Bar]:
    for case, (least, most) in COVERED.items():
        share = book.mean("covered", ROBUST, case)
        must, met = f"{_short(least)} to {_short(most)}", _met(share, least <= share <= most)
        yield Bar("share of 95 % intervals that cover", case, share, must, met)


def _right(book: Book) -> Iterator[Bar]:
    for case in (*HONEST, *ATTACKED):
        wrong = book.mean("edge_wrong", ROBUST, case)
        yield _most("share wrong of pairs claimed 95–99 %", case, wrong, WRONG)
