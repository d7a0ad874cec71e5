"""The ordinal core on real ratings: five criteria, four grades, as on a ballot line (Austrian writing)."""

import csv
from pathlib import Path

import numpy as np
import pytest

from shigan.maths.raters import BLANK, Sheets
from shigan.maths.raters.fit import Fit
from shigan.maths.raters.passes import engine
from shigan.maths.raters.sheets import Floats

DATA = Path(__file__).resolve().parents[4] / "shared" / "data" / "raters"


def rows(path: Path) -> list[dict[str, str]]:
    if not DATA.is_dir():
        pytest.skip("the real ratings are not at ../shared/data/raters")
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def sheets_of(path: Path) -> tuple[Sheets, list[str], list[str]]:
    """One sheet a rater, one line a person; with the persons' and the raters' names."""
    given = rows(path)
    persons, raters, items = (sorted({row[key] for row in given}) for key in ("person", "rater", "item"))
    pairs = sorted({(row["rater"], row["person"]) for row in given})
    at = {pair: line for line, pair in enumerate(pairs)}
    marks = np.full((len(pairs), len(items)), BLANK, np.int8)
    for row in given:
        marks[at[row["rater"], row["person"]], items.index(row["item"])] = int(row["score"])
    marks[marks != BLANK] -= marks[marks != BLANK].min()
    none = np.zeros(len(raters), np.int64)
    sheet = np.array([raters.index(rater) for rater, _ in pairs])
    official = np.array([persons.index(person) for _, person in pairs])
    unit = np.zeros(len(persons), np.int64)
    return Sheets(sheet, official, marks, none, none, unit, int(marks.max()) + 1), persons, raters


def agreement(ours: Floats, names: list[str], theirs: dict[str, float]) -> float:
    both = [(value, theirs[name]) for value, name in zip(ours, names, strict=True) if name in theirs]
    assert len(both) >= 0.9 * len(names)
    return float(np.corrcoef(np.array(both).T)[0, 1])


@pytest.mark.parametrize("name", ["ratings1_at_writing2009", "ratings2_at_writing"])
def test_the_ordinal_core_orders_persons_and_raters_as_facet_models_do(name: str) -> None:
    sheets, persons, raters = sheets_of(DATA / f"{name}.csv")
    fit = Fit(sheets, engine()).plain()
    reference = rows(DATA / "reference" / f"{name}__persons.csv")
    method = reference[0]["method"]
    person = {row["person"]: float(row["measure"]) for row in reference if row["method"] == method}
    severity = {
        row["rater"]: float(row["severity"])
        for row in rows(DATA / "reference" / f"{name}__raters.csv")
        if method.startswith(row["method"])
    }
    assert agreement(fit.places.official, persons, person) >= 0.98
    assert agreement(fit.places.sheet, raters, severity) >= 0.98
    assert fit.law.halo > 0.3  # the five marks of a line are not independent
