"""What a fact is, and how it becomes plain JSON and comes back.

A fact is a frozen dataclass of plain values. Each field carries its Chinese label, so that forms, sheets,
generated pages and the ledger page all say the same words. A field's type is one of: str, int, bool, date,
Decimal, StrEnum, `X | None`, `tuple[X, ...]`, or another frozen dataclass (a part).
"""

from __future__ import annotations

import dataclasses
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, ClassVar, TypeVar, Union, get_args, get_origin, get_type_hints

from shigan.facts.faults import Fault, _

P = TypeVar("P", bound="Part")


@dataclass(frozen=True)
class Label:
    """The Chinese name of a field and its bounds: `limit` characters of text, `low`…`high` for numbers."""

    name: str
    limit: int = 200
    low: int | None = None
    high: int | None = None
    hint: str = ""


@dataclass(frozen=True)
class Field:
    """One field of a fact as forms, sheets and documents need it."""

    key: str
    label: Label
    type: Any
    required: bool
    default: Any


@dataclass(frozen=True, kw_only=True)
class Part:
    """A group of values inside a fact."""

    def __post_init__(self) -> None:
        for field in fields(type(self)):
            _check(field, getattr(self, field.key))
        self.check()

    def check(self) -> None:
        """Raise `Fault` where the values contradict one another."""


@dataclass(frozen=True, kw_only=True)
class Fact(Part):
    """Something that happened. `TITLE` is its Chinese name, `ABOUT` the letter of the codes it speaks of."""

    TITLE: ClassVar[str] = ""
    ABOUT: ClassVar[str] = ""


def fields(cls: type[Part]) -> tuple[Field, ...]:
    """The fields of a fact or part, in order, with labels."""
    known = _FIELDS.get(cls)
    if known is None:
        hints = get_type_hints(cls, include_extras=True)
        known = _FIELDS[cls] = tuple(_field(f, hints[f.name]) for f in dataclasses.fields(cls))
    return known


_FIELDS: dict[type[Part], tuple[Field, ...]] = {}
"""Reading type hints is slow and the kinds are few. (`functools.cache` takes no `type[Part]` for mypy.)"""


def _field(field: dataclasses.Field[Any], hint: Any) -> Field:
    label = Label(field.name)
    if get_origin(hint) is Annotated:
        hint, label = get_args(hint)[0], get_args(hint)[1]
    required = field.default is dataclasses.MISSING
    return Field(field.name, label, hint, required, None if required else field.default)


@cache
def base(hint: Any) -> tuple[Any, bool]:
    """The type without `| None`, and whether None is allowed."""
    if get_origin(hint) in (Union, UnionType):
        rest = [a for a in get_args(hint) if a is not NoneType]
        return rest[0], True
    return hint, False


@cache
def inner(hint: Any) -> Any:
    """X of `tuple[X, ...]`, else None."""
    return get_args(hint)[0] if get_origin(hint) is tuple else None


def to_plain(part: Part) -> dict[str, Any]:
    """JSON-ready values: no floats, text in NFC, dates ISO, Decimals as text; defaults are left out."""
    plain = {}
    for field in fields(type(part)):
        value = getattr(part, field.key)
        if field.required or value != field.default:
            plain[field.key] = _plain(value)
    return plain


def _plain(value: Any) -> Any:
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, tuple):
        return [_plain(v) for v in value]
    if isinstance(value, Part):
        return to_plain(value)
    return value


def from_plain(cls: type[P], plain: dict[str, Any]) -> P:
    """The fact again. Raises `Fault` on unknown or missing fields and on wrong types."""
    values = typed_values(cls, plain)
    try:
        return cls(**values)
    except TypeError as error:
        raise Fault(
            _("{cls} 字段不全：{error}"), remedy=_("补全后再试。"), cls=cls.__name__, error=error
        ) from error


def typed_values(cls: type[Part], plain: dict[str, Any]) -> dict[str, Any]:
    """Typed values by field, from plain ones; unknown fields are refused."""
    known = {f.key: f.type for f in fields(cls)}
    if unknown := sorted(plain.keys() - known.keys()):
        raise Fault(
            _("{cls} 没有字段 {key}"), remedy=_("检查软件版本是否过旧。"), cls=cls.__name__, key=unknown[0]
        )
    return {key: _typed(known[key], value) for key, value in plain.items()}


def _typed(hint: Any, value: Any) -> Any:
    hint, optional = base(hint)
    if value is None and optional:
        return None
    if item := inner(hint):
        return tuple(_typed(item, v) for v in value)
    try:
        if hint is date:
            return date.fromisoformat(value)
        if hint is Decimal or issubclass(hint, StrEnum):
            return hint(value)
    except (ValueError, TypeError, InvalidOperation) as error:
        raise Fault(_("“{value}”不是可用的值"), remedy=_("按选项或格式填写。"), value=value) from error
    return from_plain(hint, value) if issubclass(hint, Part) else value


def _check(field: Field, value: Any) -> None:
    hint, optional = base(field.type)
    if value is None:
        if not optional:
            raise Fault(_("“{label}”没有填"), remedy=_("请填写。"), label=field.label.name)
        return
    item = inner(hint)
    if item is not None and not isinstance(value, tuple):
        raise _wrong(field, value)
    for each in value if item is not None else (value,):
        _check_one(field, item or hint, each)


def _check_one(field: Field, hint: Any, value: Any) -> None:
    if type(value) is not hint and not (isinstance(value, hint) and hint in (Decimal,)):
        raise _wrong(field, value)
    if isinstance(value, str):
        if field.required and not value.strip():
            raise Fault(_("“{label}”没有填"), remedy=_("请填写。"), label=field.label.name)
        if len(value) > field.label.limit:
            raise Fault(
                _("“{label}”有 {n} 字，超过 {limit} 字"),
                remedy=_("请删短。"),
                label=field.label.name,
                n=len(value),
                limit=field.label.limit,
            )
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        _check_bounds(field, value)


def _check_bounds(field: Field, value: int | Decimal) -> None:
    low, high = field.label.low, field.label.high
    if isinstance(value, Decimal) and not value.is_finite():
        raise _wrong(field, value)
    if (low is not None and value < low) or (high is not None and value > high):
        raise Fault(
            _("“{label}”是 {value}，应在 {low} 到 {high} 之间"),
            remedy=_("请核对原表。"),
            label=field.label.name,
            value=value,
            low="…" if low is None else low,
            high="…" if high is None else high,
        )


def _wrong(field: Field, value: Any) -> Fault:
    return Fault(
        _("“{label}”的值“{value}”类型不对"),
        remedy=_("请按要求填写。"),
        label=field.label.name,
        value=str(value)[:40],
    )


def texts(part: Part) -> Iterator[str]:
    """All free text in a fact, for search and for the copied-text measures."""
    for field in fields(type(part)):
        value = getattr(part, field.key)
        for each in value if isinstance(value, tuple) else (value,):
            if isinstance(each, Part):
                yield from texts(each)
            elif isinstance(each, str) and not isinstance(each, StrEnum):
                yield each
