"""The figures of a run, kept by county and method, written to a file and read from it."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from shigan.bench.raters.methods import ORACLE, OTHERS
from shigan.bench.raters.metrics import Scores

NONE = float("nan")


@dataclass(frozen=True, kw_only=True)
class Figures(Scores):
    """One method on one county; NaN where there is nothing to count.

    `covered`: share of officials inside their 95 % interval.
    `edge`: share of all pairs that are claimed 95 to 99 % sure, `edge_wrong`: of those the wrong ones,
    `sure_wrong`: of all claimed 95 % and more. `found`, `false`: shares of the sheets that cheated and of
    the honest ones that are flagged. `seconds` of the reading, which for our model gives two methods at once;
    `megabytes` it took at its most, over what the process held before, NaN where the system does not tell.
    """

    case: str
    seed: int
    method: str
    covered: float = NONE
    edge: float = NONE
    edge_wrong: float = NONE
    sure_wrong: float = NONE
    found: float = NONE
    false: float = NONE
    seconds: float = NONE
    megabytes: float = NONE


@dataclass(slots=True)
class Book:
    """All figures of counties of `units` units, with an oracle of `draws` draws."""

    units: int
    draws: int
    rows: dict[tuple[str, int, str], Figures] = field(default_factory=dict)

    def add(self, rows: Iterable[Figures]) -> None:
        """Keep these, in place of older ones of the same county and method."""
        self.rows |= {(row.case, row.seed, row.method): row for row in rows}

    def has(self, case: str, seed: int, methods: Iterable[str]) -> bool:
        """Whether all these methods have read this county."""
        return all((case, seed, method) in self.rows for method in methods)

    def only(self, cases: Iterable[str], seeds: Iterable[int], methods: Iterable[str]) -> Book:
        """The figures of these counties and methods."""
        cases, seeds, methods = set(cases), set(seeds), set(methods)
        rows = (r for r in self.rows.values() if r.case in cases and r.seed in seeds and r.method in methods)
        book = Book(self.units, self.draws)
        book.add(sorted(rows, key=lambda row: (row.case, row.seed, row.method)))
        return book

    def values(self, figure: str, method: str, case: str | None = None) -> list[float]:
        """A figure of a method in all counties, or in those of one case; NaN is left out."""
        rows = (row for row in self.rows.values() if row.method == method and case in (None, row.case))
        return [value for row in rows if not math.isnan(value := getattr(row, figure))]

    def mean(self, figure: str, method: str, case: str) -> float:
        """The mean over seeds; NaN of nothing."""
        values = self.values(figure, method, case)
        return math.fsum(values) / len(values) if values else NONE

    def of_oracle(self, method: str, case: str) -> float:
        """A method's mean tau over the oracle's; NaN without one of them."""
        return self.mean("tau", method, case) / self.mean("tau", ORACLE, case)

    def best_other(self, case: str) -> str:
        """The rule or peer with the best mean tau."""
        known = {method: self.mean("tau", method, case) for method in OTHERS}
        return max(known, key=lambda method: -1.0 if math.isnan(known[method]) else known[method])

    def write(self, path: Path) -> None:
        """All figures as JSON, null for NaN; the file is whole at every moment."""
        rows = [
            {key: None if isinstance(value, float) and math.isnan(value) else value for key, value in row}
            for row in (asdict(each).items() for each in self.rows.values())
        ]
        text = json.dumps({"units": self.units, "draws": self.draws, "figures": rows}, indent=1)
        waiting = path.with_name(path.name + ".part")
        waiting.write_text(text + "\n", "utf-8")
        waiting.replace(path)


def from_file(path: Path) -> Book:
    """What `Book.write` wrote. Raises ValueError if the file is something else."""
    try:
        data = json.loads(path.read_text("utf-8"))
        book = Book(data["units"], data["draws"])
        book.add(_row(row) for row in data["figures"])
    except (KeyError, TypeError, AttributeError) as other:
        raise ValueError(f"{path} does not hold figures of this benchmark") from other
    return book


def _row(data: dict[str, Any]) -> Figures:
    known: dict[str, Any] = {key: NONE if value is None else value for key, value in data.items()}
    return Figures(**known)
