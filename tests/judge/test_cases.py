"""The worked examples in tests/cases: what an officer reads there is what the judges find."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from shigan.facts import KINDS, Part, fields, from_plain
from shigan.facts.fact import inner, to_plain
from shigan.judge import Book, Finding, Tables, judge
from shigan.ledger.entry import Entry
from shigan.policy import Rulebook
from tests.judge.given import entry, fact, sealed

pytestmark = pytest.mark.filterwarnings("ignore:fetch_arrow_table:DeprecationWarning")

CASES = sorted((Path(__file__).parent.parent / "cases").glob("*.toml"))
TITLES = {cls.TITLE: kind for kind, cls in KINDS.items()}
HEADER = ("日", "记入", "编号", "事项", "单位", "由", "次数")
BOOKS = {"单位": "units", "干部": "persons", "班子": "teams", "单元": "groups"}
FIGURES = {"值": "value", "下限": "low", "上限": "high"}


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_a_worked_example_is_what_the_judges_find(path: Path) -> None:
    case = tomllib.loads(path.read_text("utf-8"))
    entries = sealed(each for row in case["事实"] for each in _entries(row))
    book = judge(Tables.of(entries), Rulebook.shipped(), case["年度"], case["今天"])
    for wanted in case["结论"]:
        _check(book, wanted)


def _entries(row: dict[str, Any]) -> Iterator[Entry]:
    kind = TITLES[row["事项"]]
    told = _keyed(KINDS[kind], {key: value for key, value in row.items() if key not in HEADER})
    full = from_plain(KINDS[kind], to_plain(fact(kind)) | told)
    codes = row["编号"] if isinstance(row["编号"], list) else [row["编号"]]
    for code in codes * row.get("次数", 1):
        yield entry(code, full, row["日"], row["单位"], row.get("由", ""), row.get("记入"))


def _keyed(cls: type[Part], told: dict[str, Any]) -> dict[str, Any]:
    """The fields by their keys instead of their Chinese names, as plain values."""
    keys = {field.label.name: field for field in fields(cls)}
    plain = {}
    for name, value in told.items():
        field = keys[name]
        part = inner(field.type)
        if isinstance(part, type) and issubclass(part, Part):
            value = [_keyed(part, each) for each in value]
        plain[field.key] = value.isoformat() if isinstance(value, date) else value
    return plain


def _check(book: Book, wanted: dict[str, Any]) -> None:
    found = _found(book, wanted)
    if wanted.get("没有"):
        assert not found, wanted
        return
    assert found, wanted
    said = "；".join(each.sentence() for each in found)
    assert wanted.get("话", "") in said, (wanted, said)
    if wanted["册"] != "提示":
        _check_figures(found[0], wanted)


def _found(book: Book, wanted: dict[str, Any]) -> Sequence[Any]:
    about, measure = wanted["对象"], wanted["指标"]
    if wanted["册"] == "提示":
        return [flag for flag in book.flags if (flag.kind, flag.about) == (measure, about)]
    return getattr(book, BOOKS[wanted["册"]])[about].of(measure, wanted.get("项"))


def _check_figures(finding: Finding, wanted: dict[str, Any]) -> None:
    for name, key in FIGURES.items():
        if name in wanted:
            value = None if wanted[name] == "无" else pytest.approx(wanted[name], abs=0.006)
            assert getattr(finding, key) == value, (wanted, finding)
    if "例数" in wanted:
        assert finding.n == wanted["例数"], (wanted, finding)
    if "依据" in wanted:
        assert len(finding.evidence) == wanted["依据"], (wanted, finding)
    if "各月" in wanted:
        assert list(finding.series) == wanted["各月"], (wanted, finding)
    if "中位" in wanted:
        assert finding.compare is not None and finding.compare.median == wanted["中位"], finding
