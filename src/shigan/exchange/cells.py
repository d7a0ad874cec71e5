"""One cell of a sheet, read forgivingly as to form and strictly as to meaning.

Every reader takes what a sheet may hold (`Cell`) and gives its value, or None for an empty cell, or
raises `Fault` with a remedy and without a place: whoever knows the address adds it with `Fault.at`.
Full-width digits and letters, blanks of every kind and zero-width characters never matter. A lone dash
or slash is an empty cell for every reader but `text`.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TypeVar

from shigan.facts.faults import Fault, _

Cell = None | str | int | float | bool | date | datetime | time
T = TypeVar("T")

FIRST_DAY, LAST_DAY = date(1949, 1, 1), date(2100, 12, 31)
SERIAL_ZERO = date(1899, 12, 30)
"""Day 0 of Excel's 1900 system for every serial after its invented 29 February 1900."""

_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_EMPTY = re.compile(r"[-/\\—–―─]*")
_NUMBER = re.compile(r"[+-]?(\d+|\d{1,3}(,\d{3})+)(\.\d+)?")
_CLOCK = r"(?:[ T]?\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?"
_DAY = re.compile(rf"(\d{{4}})(?:([-./])(\d{{1,2}})\2(\d{{1,2}})|年(\d{{1,2}})月(\d{{1,2}})[日号]?){_CLOCK}")
_MONTH = re.compile(r"(\d{4})(?:[-./](\d{1,2})|年(\d{1,2})月?)")
_ERRORS = ("#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!")


def text(v: Cell) -> str | None:
    """The words as written: trimmed, without invisible characters; full-width punctuation stays."""
    if v is None:
        return None
    if isinstance(v, bool):
        return "是" if v else "否"
    if isinstance(v, int | float):
        return _plain(v)
    if isinstance(v, date | time):
        return str(v).removesuffix(" 00:00:00")
    words = _INVISIBLE.sub("", v.replace("\r\n", "\n")).strip()
    if words in _ERRORS:
        raise Fault(
            _("这一格是 Excel 的错误值“{given}”。"), remedy=_("请改正公式，或直接填写内容。"), given=words
        )
    return words or None


def compact(v: Cell) -> str:
    """The text in half-width form (NFKC) without any blank: what titles and choices are compared by."""
    words = _INVISIBLE.sub("", v) if isinstance(v, str) else text(v) or ""
    return "".join(unicodedata.normalize("NFKC", words).split())


def whole(v: Cell) -> int | None:
    """A count: a whole number from 0."""
    n = number(v)
    if n is None:
        return None
    if n != n.to_integral_value():
        raise _bad(_("“{given}”不是整数。"), _("这里是个数，请填 0、1、2 这样的整数。"), v)
    if n < 0:
        raise _bad(_("“{given}”小于 0。"), _("个数不能是负数，请核对。"), v)
    return int(n)


def number(v: Cell) -> Decimal | None:
    """A decimal number, exact as Excel shows it (15 digits); `85%` is 0.85."""
    if isinstance(v, bool | date | time):
        raise _not_a_number(v)
    if isinstance(v, int | float):
        if not math.isfinite(v):
            raise _not_a_number(v)
        return Decimal(_plain(v))
    said = _said(v)
    if said is None:
        return None
    bare = said.removesuffix("%")
    if not _NUMBER.fullmatch(bare):
        raise _not_a_number(v)
    n = Decimal(bare.replace(",", ""))
    return n / 100 if said != bare else n


def percent(v: Cell) -> Decimal | None:
    """A percentage from 0 to 100, in percent: `85%` and `85` are both 85.

    A cell with a percentage format arrives here as `85%` (see `workbook.read`). A bare number between
    0 and 1 might mean either, so it is not guessed at but refused.
    """
    n = number(v)
    if n is None:
        return None
    if "%" in compact(v):
        n *= 100
    elif 0 < n < 1:
        raise _bad(
            _("“{given}”看不出是百分之几。"), _("请带上百分号，例如 {hundred}% 或 {given}%。"), v,
            hundred=_plain(n * 100),
        )  # fmt: skip
    if n > 100:
        raise _bad(_("百分比“{given}”大于 100。"), _("请填 0 到 100 之间的数。"), v)
    if n < 0:
        raise _bad(_("百分比“{given}”小于 0。"), _("请填 0 到 100 之间的数。"), v)
    return n


def day(v: Cell) -> date | None:
    """A calendar day from 1949 to 2100.

    Reads date cells, `2026-3-5`, `2026.3.5`, `2026/03/05`, `2026年3月5日`, `20260305` (a time of day after
    any of them is dropped) and bare Excel serials of the 1900 system. Date cells of a 1904 workbook arrive
    converted; its bare serials cannot be told apart and would be read 1462 days too early.
    """
    if isinstance(v, datetime):
        return _in_range(v.date(), v)
    if isinstance(v, date):
        return _in_range(v, v)
    said = _said(v)
    if said is None:
        return None
    if found := _DAY.fullmatch(said):
        return _make(*(int(part) for part in found.group(1, 3, 4, 5, 6) if part), v=v)
    if re.fullmatch(r"\d{8}", said):
        return _make(int(said[:4]), int(said[4:6]), int(said[6:]), v=v)
    if serial := _serial(said):
        return serial
    if _MONTH.fullmatch(said):
        raise _bad(_("“{given}”只写到月，没有日。"), _("请写全年月日，例如 2026-03-05。"), v)
    raise _bad(_("“{given}”不是日期。"), _("请写成 2026-03-05 或 2026年3月5日。"), v)


def month(v: Cell) -> date | None:
    """A month, as its first day: `2026.3`, `2026-03`, `2026年3月`, `202603`, or any whole day in it.

    Excel stores a typed `2026.10` as the number 2026.1, so the *number* 2026.1 is refused as ambiguous.
    """
    said = None if isinstance(v, date) else _said(v)
    if isinstance(v, float) and said is not None and re.fullmatch(r"\d{4}\.1", said):
        raise _bad(
            _("“{given}”可能是 1 月，也可能是 10 月（Excel 会去掉末尾的 0）。"),
            _("请写成 2026年1月 或 2026年10月。"), v,
        )  # fmt: skip
    if said and (found := _MONTH.fullmatch(said)):
        return _make(int(found[1]), int(found[2] or found[3]), 1, v=v)
    if said and re.fullmatch(r"\d{6}", said):
        return _make(int(said[:4]), int(said[4:]), 1, v=v)
    whole_day = day(v)
    return whole_day.replace(day=1) if whole_day else None


def choice(v: Cell, mapping: Mapping[str, T]) -> T | None:
    """What `mapping` gives for the words in the cell; widths and blanks do not matter."""
    said = compact(text(v))
    if _EMPTY.fullmatch(said):
        return None
    for words, meaning in mapping.items():
        if compact(words) == said:
            return meaning
    raise _bad(_("“{given}”不在可填的内容里。"), _("请填：{allowed}。"), v, allowed="、".join(mapping))


def code(v: Cell, pattern: str, example: str = "") -> str | None:
    """A code that `pattern` matches as a whole, tried as written and then in capitals."""
    said = compact(text(v))
    if _EMPTY.fullmatch(said):
        return None
    for candidate in (said, said.upper()):
        if re.fullmatch(pattern, candidate):
            return candidate
    remedy = _("请填写代码，例如 {example}。") if example else _("请对照代码表填写。")
    raise _bad(_("“{given}”不是这里要的代码。"), remedy, v, example=example)


def _said(v: Cell) -> str | None:
    """The half-width text of a cell without blanks (one is kept before a time of day); None if empty."""
    words = " ".join(unicodedata.normalize("NFKC", text(v) or "").split())
    words = re.sub(r" (?!\d{1,2}:)", "", words)
    return None if _EMPTY.fullmatch(words) else words


def _plain(n: float | Decimal) -> str:
    """A number without exponent or needless zeros, to the 15 digits that Excel keeps."""
    exact = n if isinstance(n, Decimal) else Decimal(n if isinstance(n, int) else f"{n:.15g}")
    shown = f"{exact:f}"
    return shown.rstrip("0").rstrip(".") if "." in shown else shown


def _serial(said: str) -> date | None:
    """The day of an Excel serial (a time of day is dropped), None where it is none or out of range."""
    if not re.fullmatch(r"\d{5}(\.\d+)?", said):
        return None
    found = SERIAL_ZERO + timedelta(days=int(said[:5]))
    return found if FIRST_DAY <= found <= LAST_DAY else None


def _make(year: int, month: int, day: int, *, v: Cell) -> date:
    try:
        return _in_range(date(year, month, day), v)
    except ValueError as error:
        if isinstance(error, Fault):
            raise
        raise _bad(_("“{given}”在日历上不存在。"), _("请核对年、月、日。"), v) from None


def _in_range(found: date, v: Cell) -> date:
    if not FIRST_DAY <= found <= LAST_DAY:
        raise _bad(_("日期“{given}”不在 1949 年到 2100 年之间。"), _("请核对年份。"), v)
    return found


def _not_a_number(v: Cell) -> Fault:
    return _bad(_("“{given}”不是数。"), _("请只写数字，不写单位和文字。"), v)


def _bad(said: str, remedy: str, v: Cell, **values: str) -> Fault:
    given = " ".join((text(v) or "").split())
    return Fault(said, remedy=remedy, given=given if len(given) <= 30 else given[:29] + "…", **values)
