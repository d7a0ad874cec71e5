"""From TOML text to a policy: every key must be known, every number must say its unit and its source.

A policy is a frozen dataclass. Its fields are numbers, tables of numbers (another dataclass, or a mapping
by name) and lists of tables. A table may say its `origin` once for all numbers in it that say none.
A dataclass may have `check()`, which raises `Fault` where its values contradict one another.
"""

from __future__ import annotations

import dataclasses
import re
import string
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from types import MappingProxyType, NoneType, UnionType
from typing import Annotated, Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from shigan.facts.faults import Fault, _
from shigan.policy.number import MEASURES, UNITS, Number, Origin, Units

T = TypeVar("T")
LONGEST_TEXT = 200_000
LARGEST = 10**9
ORIGIN_KEYS = tuple(f.name for f in dataclasses.fields(Origin))
TYPES = {
    int: _("整数"), Decimal: _("数"), str: _("带引号的文字"), bool: _("true 或 false"),
    date: _("日期，如 2026-11-23"), list: _("方括号列表"), dict: _("表"),
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class About:
    """The head of a policy file. No number in it may be in force only after `date`."""

    name: str
    title: str
    date: date


@dataclass(frozen=True)
class Spot:
    """Where the reader stands: file and key, and the origin that numbers here inherit."""

    file: str
    key: str = ""
    origin: Origin | None = None

    @property
    def place(self) -> str:
        return f"{self.file}/{self.key}" if self.key else self.file

    def down(self, key: str) -> Spot:
        return dataclasses.replace(self, key=f"{self.key}.{key}" if self.key else key)

    def fault(self, text: str, remedy: str, **values: Any) -> Fault:
        return Fault(text, remedy=remedy, place=self.place, **values)


def read(cls: type[T], name: str, text: str | bytes, rest: str = "") -> T:
    """The policy `name` as a `cls`. Raises `Fault` naming file, key and remedy; never anything else.

    `rest` is a whole text; what this one leaves out is taken from there, a number always as a whole.
    """
    spot = Spot(f"{name}.toml")
    raw = _parsed(text, spot)
    policy = _table(cls, _filled(raw, _parsed(rest, spot)) if rest else raw, spot)
    about = cast(Any, policy).about
    if about.name != name:
        raise spot.down("about.name").fault(
            _("这是“{found}”的规矩，不是“{name}”的"), _("请选对文件。"), found=about.name, name=name
        )
    for number in numbers(policy):
        if number.since > about.date:
            raise spot.down(number.name).fault(
                _("since 为 {since}，晚于本文件的日期 {date}"),
                _("核对 since；文件有改动的，同时改 about.date。"),
                since=number.since,
                date=about.date,
            )
    return policy


def numbers(policy: object) -> Iterator[Number[Any]]:
    """Every number in a policy, in the order of its file."""
    if isinstance(policy, Number):
        yield policy
    elif hasattr(policy, "numbers"):
        yield from policy.numbers()
    elif dataclasses.is_dataclass(policy):
        for field in dataclasses.fields(policy):
            yield from numbers(getattr(policy, field.name))
    elif isinstance(policy, Mapping | tuple):
        for each in policy.values() if isinstance(policy, Mapping) else policy:
            yield from numbers(each)


def _filled(own: dict[str, Any], rest: dict[str, Any]) -> dict[str, Any]:
    if "value" in own:
        return own
    both = {
        k: _filled(own[k], v) for k, v in rest.items() if isinstance(v, dict) and isinstance(own.get(k), dict)
    }
    return rest | own | both


def _parsed(text: str | bytes, spot: Spot) -> dict[str, Any]:
    if len(text) > LONGEST_TEXT:
        raise spot.fault(
            _("文件有 {n} 字，超过 {limit} 字"), _("删去与规矩无关的内容。"), n=len(text), limit=LONGEST_TEXT
        )
    try:
        decoded = (text if isinstance(text, bytes) else text.encode()).decode()
    except UnicodeError as error:
        start = getattr(error, "start", 0) + 1
        raise spot.fault(
            _("第 {n} 字节起不是 UTF-8 文字"), _("在编辑器中另存为 UTF-8 编码。"), n=start
        ) from error
    try:
        return tomllib.loads(decoded.removeprefix("\ufeff"), parse_float=Decimal)
    except (ValueError, ArithmeticError, RecursionError) as error:
        raise _broken(error, spot) from error


def _broken(error: Exception, spot: Spot) -> Fault:
    if found := re.search(r"line (\d+), column (\d+)", str(error)):
        return spot.fault(
            _("第 {line} 行第 {column} 列起不合 TOML 写法"),
            _("改正这一处，可参照系统自带的同名文件。"), line=found[1], column=found[2],
        )  # fmt: skip
    return spot.fault(
        _("不合 TOML 写法，有括号、引号没有写完或数太大"), _("从文件末尾往前查，可参照系统自带的同名文件。")
    )


def _table(cls: type[T], raw: Any, spot: Spot) -> T:
    """A dataclass from a table; `origin` in the table is inherited, not a field."""
    raw = dict(_of_type(dict, raw, spot))
    if "origin" in raw and cls is not Origin:
        spot = dataclasses.replace(spot, origin=_origin(raw.pop("origin"), spot.down("origin")))
    fields = {f.name: f for f in dataclasses.fields(cast(Any, cls))}
    required = [n for n, f in fields.items() if f.default is dataclasses.MISSING]
    _check_keys(raw, fields, required, spot)
    hints = get_type_hints(cls, include_extras=True)
    part = cls(**{key: _value(hints[key], each, spot.down(key)) for key, each in raw.items()})
    _check_part(part, spot)
    return part


def _check_keys(raw: dict[str, Any], known: Any, required: list[str], spot: Spot) -> None:
    for key in raw:
        if key not in known:
            raise spot.down(key).fault(
                _("不认识的键“{key}”"),
                _("删去它，或改为这里可用的键：{known}。"),
                key=key,
                known="、".join(known),
            )
    for key in required:
        if key not in raw:
            raise spot.fault(_("缺少“{key}”"), _("补上它，可参照系统自带的同名文件。"), key=key)


def _check_part(part: object, spot: Spot) -> None:
    if isinstance(part, Origin):
        _check_origin(part, spot)
    if check := getattr(part, "check", None):
        try:
            check()
        except Fault as fault:
            raise fault.at(spot.down(fault.place).place if fault.place else spot.place) from None


def _value(hint: Any, raw: Any, spot: Spot) -> Any:
    """`raw` as the type the policy asks for."""
    if get_origin(hint) is Annotated:
        number, units = get_args(hint)[:2]
        return _number(get_args(number)[0], units, raw, spot)
    if get_origin(hint) in (Union, UnionType):
        hint = next(a for a in get_args(hint) if a is not NoneType)
    if get_origin(hint) is Mapping:
        return _mapping(get_args(hint)[1], raw, spot)
    if get_origin(hint) is tuple:
        return _list(get_args(hint)[0], raw, spot)
    if dataclasses.is_dataclass(hint):
        return _table(cast(type[Any], hint), raw, spot)
    return _scalar(hint, raw, spot)


def _mapping(hint: Any, raw: Any, spot: Spot) -> Mapping[str, Any]:
    raw = dict(_of_type(dict, raw, spot))
    if "origin" in raw:
        spot = dataclasses.replace(spot, origin=_origin(raw.pop("origin"), spot.down("origin")))
    return MappingProxyType({key: _value(hint, each, spot.down(key)) for key, each in raw.items()})


def _list(hint: Any, raw: Any, spot: Spot) -> tuple[Any, ...]:
    found = []
    for n, each in enumerate(_of_type(list, raw, spot), 1):
        said = _said(each["name"]) if isinstance(each, dict) and "name" in each else n
        found.append(_value(hint, each, dataclasses.replace(spot, key=f"{spot.key}[{said}]")))
    if not found:
        raise spot.fault(_("列表是空的"), _("至少写一项。"))
    if len(keys := [getattr(each, "name", each) for each in found]) != len(set(keys)):
        raise spot.fault(_("有两项同名"), _("改名或删去重复的一项。"))
    return tuple(found)


def _scalar(hint: Any, raw: Any, spot: Spot) -> Any:
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return _choice(hint, raw, spot)
    if hint is Decimal and type(raw) is int:
        raw = Decimal(raw)
    if hint is Fraction:
        return _fraction(raw, spot)
    value = _of_type(hint, raw, spot)
    if isinstance(value, str) and not value.strip():
        raise spot.fault(_("是空的"), _("写上内容，或删去这一行。"))
    if isinstance(value, int | Decimal) and not _sane(value):
        raise spot.fault(_("这个数大得不合情理"), _("核对这个数。"))
    return value


def _sane(value: int | Decimal) -> bool:
    """Finite and small enough to count with; TOML allows nan, 1e999999 and hexadecimal giants."""
    return not (isinstance(value, Decimal) and value.is_nan()) and -LARGEST <= value <= LARGEST


def _choice(hint: type[StrEnum], raw: Any, spot: Spot) -> StrEnum:
    for each in hint:
        if raw == each.value:
            return each
    raise spot.fault(_("“{value}”不在选项中"), _("改为：{known}。"), value=_said(raw), known="、".join(hint))


def _fraction(raw: Any, spot: Spot) -> Fraction:
    above, slash, below = str(_of_type(str, raw, spot)).partition("/")
    if slash and above.isdecimal() and below.isdecimal() and len(raw) < 12 and int(below):
        return Fraction(int(above), int(below))
    raise spot.fault(_("“{value}”不是分数"), _('写成 "2/3" 的样子，带引号。'), value=_said(raw))


def _said(raw: Any) -> str:
    """The beginning of what the file says, for a sentence."""
    try:
        return str(raw)[:40]
    except ValueError:  # Python prints no integer of more than 4,300 digits
        return _("很大的数")


def _of_type(hint: Any, raw: Any, spot: Spot) -> Any:
    if type(raw) is hint:
        return raw
    wanted = TYPES[hint]
    raise spot.fault(_("“{value}”类型不对"), _("应写成{wanted}。"), value=_said(raw), wanted=wanted)


def _number(hint: Any, units: Units, raw: Any, spot: Spot) -> Number[Any]:
    """One number; what it says of its origin it must say whole, or else it inherits the table's."""
    raw = _of_type(dict, raw, spot)
    _check_keys(raw, ("value", "unit", "words", *ORIGIN_KEYS), ["value", "unit", "words"], spot)
    unit, words = _unit(raw["unit"], units, spot), _words(raw["words"], raw["unit"], spot)
    value = _value(hint, raw["value"], spot.down("value"))
    _check_range(value, unit, spot)
    own = {key: each for key, each in raw.items() if key in ORIGIN_KEYS}
    origin = _origin(own, spot) if own or spot.origin is None else spot.origin
    said = {key: getattr(origin, key) for key in ORIGIN_KEYS}
    return Number(name=spot.key, value=value, unit=unit, words=words, **said)


def _origin(raw: Any, spot: Spot) -> Origin:
    return _table(Origin, raw, dataclasses.replace(spot, origin=None))


def _check_origin(origin: Origin, spot: Spot) -> None:
    if origin.verified and not origin.article:
        raise spot.fault(
            _("标为已核对，却没有写明条款"), _("写上 article；没有逐字核对过条文的，改为 verified = false。")
        )
    if not origin.verified and not origin.note:
        raise spot.fault(_("没有核对，也没有说明依据"), _("在 note 里写明这个数从哪里来、可信到什么程度。"))


def _unit(raw: Any, units: Units, spot: Spot) -> str:
    if raw in units.allowed and raw in UNITS:
        return str(raw)
    raise spot.fault(
        _("单位“{unit}”不对"), _("改为：{known}。"), unit=_said(raw), known="、".join(units.allowed)
    )


def _words(raw: Any, unit: str, spot: Spot) -> str:
    """The sentence template: it must show the value, and the unit where there is one to count in."""
    wanted = {"value", "unit"} if unit in MEASURES else {"value"}
    words = str(_of_type(str, raw, spot.down("words")))
    try:
        parts = list(string.Formatter().parse(words))
    except ValueError:
        parts = []
    used = [(name, spec, conversion) for _text, name, spec, conversion in parts if name is not None]
    if len(used) != len(wanted) or set(used) != {(name, "", None) for name in wanted}:
        shape = "".join("{" + each + "}" for each in ("value", "unit") if each in wanted)
        raise spot.down("words").fault(
            _("句子里的空格不对"), _("句中写一次 {shape}，不写别的花括号。"), shape=shape
        )
    return words


def _check_range(value: Any, unit: str, spot: Spot) -> None:
    for each in value if isinstance(value, tuple) else (value,):
        if isinstance(each, str | bool):
            continue
        if each < 0:
            raise spot.fault(_("{value} 小于零"), _("写成零或正数。"), value=each)
        if unit == "%" and each > 100:
            raise spot.fault(_("{value}% 超过 100%"), _("改为 0 到 100 之间的数。"), value=each)
        if unit == "比" and each > 1:
            raise spot.fault(_("比值 {value} 大于 1"), _("改为 0 到 1 之间的分数。"), value=each)
