from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from shigan.exchange import cells
from shigan.exchange.cells import FIRST_DAY, LAST_DAY, SERIAL_ZERO, Cell
from shigan.facts.faults import Fault

DAYS = st.dates(FIRST_DAY, LAST_DAY)
FULL_WIDTH = str.maketrans("0123456789.-/", "０１２３４５６７８９．－／")
DAY_FORMS: list[Callable[[date], Cell]] = [
    lambda d: d,
    lambda d: datetime(d.year, d.month, d.day, 8, 30),
    lambda d: f"{d.year}.{d.month}.{d.day}",
    lambda d: f"{d.year}-{d.month}-{d.day}",
    lambda d: f"{d:%Y/%m/%d}",
    lambda d: f"{d:%Y-%m-%d} 08:30:00",
    lambda d: f"{d.year}年{d.month}月{d.day}日",
    lambda d: f" {d.year} 年 {d.month} 月 {d.day} 日\u3000",
    lambda d: f"{d:%Y%m%d}",
    lambda d: int(f"{d:%Y%m%d}"),
    lambda d: float(f"{d:%Y%m%d}"),
    lambda d: (d - SERIAL_ZERO).days,
    lambda d: (d - SERIAL_ZERO).days + 0.354,
    lambda d: str((d - SERIAL_ZERO).days),
    lambda d: f"\u200b{d.year}.{d.month}.{d.day}".translate(FULL_WIDTH),
]
MONTH_FORMS: list[Callable[[date], Cell]] = [
    *DAY_FORMS,
    lambda d: f"{d.year}.{d.month}",
    lambda d: f"{d:%Y-%m}",
    lambda d: f"{d.year}年{d.month}月",
    lambda d: f"{d:%Y%m}",
    lambda d: int(f"{d:%Y%m}"),
]


@given(DAYS, st.sampled_from(DAY_FORMS))
def test_a_day_is_the_same_day_in_every_accepted_form(d: date, form: Callable[[date], Cell]) -> None:
    assert cells.day(form(d)) == d


@given(DAYS, st.sampled_from(MONTH_FORMS))
def test_a_month_is_the_same_month_in_every_accepted_form(d: date, form: Callable[[date], Cell]) -> None:
    assert cells.month(form(d)) == d.replace(day=1)


@given(st.one_of(st.none(), st.text(), st.integers(), st.floats(allow_nan=False), st.booleans(), DAYS))
@example(float("inf"))
@example(float("nan"))
def test_whatever_a_cell_holds_every_reader_answers_or_raises_a_fault(v: Cell) -> None:
    readers = (cells.text, cells.whole, cells.number, cells.percent, cells.day, cells.month)
    for read in readers:
        try:
            read(v)
        except Fault as fault:
            assert fault.remedy and "{" not in fault.remedy.format(**fault.values)


@given(st.integers(0, 10**12))
def test_a_count_survives_commas_full_width_and_text(n: int) -> None:
    forms: list[Cell] = [n, float(n), str(n), f"{n:,}", f"{n:,}".translate(FULL_WIDTH), f"\u3000{n}.0 "]
    assert {cells.whole(form) for form in forms} == {n}


@pytest.mark.parametrize("v", [None, "", "  \u3000\n", "\u200b\ufeff", "-", "—", "——", "/"])
def test_an_empty_cell_is_none_for_every_reader(v: Cell) -> None:
    readers: list[Callable[[Cell], object]] = [cells.day, cells.month, cells.whole, cells.percent]
    assert [read(v) for read in readers] == [None] * 4
    assert cells.choice(v, {"是": 1}) is None
    assert cells.code(v, r"U\d+") is None


@pytest.mark.parametrize(
    ("v", "words"),
    [
        ("2026-02-30", "日历上不存在"),
        ("2025.13.1", "日历上不存在"),
        ("20260230", "日历上不存在"),
        ("1931-9-18", "1949"),
        (date(2101, 1, 1), "1949"),
        ("2026年3月", "只写到月"),
        (2026.3, "只写到月"),
        ("三月五日", "不是日期"),
        ("26.3.5", "不是日期"),
        ("2026.3-5", "不是日期"),
        (True, "不是日期"),
        ("#REF!", "错误值"),
    ],
)
def test_an_impossible_day_is_refused_in_words(v: Cell, words: str) -> None:
    with pytest.raises(Fault, match=words):
        cells.day(v)


def test_a_number_that_excel_shortened_from_october_is_not_taken_for_january() -> None:
    assert cells.month("2026.1") == date(2026, 1, 1)
    assert cells.month("2026.10") == date(2026, 10, 1)
    assert cells.month(2026.11) == date(2026, 11, 1)
    with pytest.raises(Fault, match="10 月"):
        cells.month(2026.1)


@pytest.mark.parametrize(
    ("v", "n"), [("85%", 85), ("８５％", 85), (85, 85), ("0.5%", Decimal("0.5")), (0, 0)]
)
def test_a_percentage_is_read_in_percent(v: Cell, n: object) -> None:
    assert cells.percent(v) == n


@pytest.mark.parametrize(
    ("v", "words"), [("101%", "大于 100"), (100.5, "大于"), ("-1", "小于"), (0.85, "百分号")]
)
def test_a_percentage_outside_0_to_100_or_of_doubtful_size_is_refused(v: Cell, words: str) -> None:
    with pytest.raises(Fault, match=words):
        cells.percent(v)


@pytest.mark.parametrize("v", ["-3", -3, 2.5, "12人", "1,23", "1e5", True, date(2026, 1, 1), "十二"])
def test_what_is_no_count_is_refused(v: Cell) -> None:
    with pytest.raises(Fault):
        cells.whole(v)


def test_a_number_is_what_excel_shows_and_not_its_binary_tail() -> None:
    assert cells.number(0.1 + 0.2) == Decimal("0.3")
    assert cells.number("1，234.50") == Decimal("1234.50")
    assert cells.number(" －3.5 ") == Decimal("-3.5")
    assert cells.number("12%") == Decimal("0.12")


def test_text_keeps_full_width_punctuation_and_loses_only_what_cannot_be_seen() -> None:
    assert cells.text("\u3000水压不足，\u200b户户反映。\r\n第二行 ") == "水压不足，户户反映。\n第二行"
    assert cells.text(45.0) == "45"
    assert cells.text(date(2026, 3, 5)) == "2026-03-05"


def test_a_choice_ignores_width_and_blanks_and_names_what_is_allowed() -> None:
    grades = {"好": 1, "较好": 2, "一般（差）": 3}
    assert cells.choice(" 较 好 ", grades) == 2
    assert cells.choice("一般(差)", grades) == 3
    with pytest.raises(Fault, match="请填：好、较好"):
        cells.choice("优良", grades)


def test_a_code_is_found_in_full_width_and_small_letters() -> None:
    assert cells.code(" ｐ０１２３ ", r"P\d{4}") == "P0123"
    with pytest.raises(Fault, match="例如 P0123"):
        cells.code("张三", r"P\d{4}", example="P0123")


def test_braces_in_a_cell_are_shown_and_never_filled() -> None:
    with pytest.raises(Fault) as caught:
        cells.day("{given}{0}")
    assert "{given}{0}" in str(caught.value)
