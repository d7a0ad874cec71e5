"""Whether a bundle has the shape that docs/box.md gives it, as verifier/shape.js; not what it says."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

MOST = 1_000_000
"""Entries of any list."""
LARGEST = 10**9
BYTES = re.compile(r"([0-9a-f]{2})*")

Good = Callable[[Any], bool]


def bundle(own: Any, classes: list[str]) -> bool:
    """Every part that a count needs, of the right types; `classes` are the manifest's."""
    return (
        isinstance(own, dict)
        and _slips(own.get("slips"))
        and "canaries" in own
        and (own["canaries"] is None or _canaries(own["canaries"]))
        and _of_list(own.get("leaves"), lambda leaf: _is_tuple(leaf, _hash, _salt, _text, _text, _text))
        and _of_list(own.get("tokens"), lambda token: _is_tuple(token, _hash, _bytes, _bytes))
        and _of_list(own.get("tally"), _tally)
        and isinstance(own.get("result"), dict)
        and isinstance(own["result"].get("box"), dict)
        and set(classes) <= {each["voters"] for each in own["tally"]}
    )


def _slips(own: Any) -> bool:
    return (
        isinstance(own, dict)
        and all(_text(own.get(key)) for key in ("election", "manifest", "commitment"))
        and _of_object(own.get("canaries"), _count)
        and _of_object(own.get("classes"), _slips_of_class)
    )


def _slips_of_class(own: Any) -> bool:
    if not isinstance(own, dict) or not _count(own.get("count")) or not _text(own.get("root")):
        return False
    return _of_list(own.get("hashes"), _hash)


def _canaries(own: Any) -> bool:
    if not isinstance(own, dict) or not _bytes(own.get("salt")):
        return False
    return _of_list(own.get("slips"), lambda slip: _is_tuple(slip, _hash, _text, _text))


def _tally(own: Any) -> bool:
    counted = ("present", "handed", "unused", "issued")
    return isinstance(own, dict) and _text(own.get("voters")) and all(_count(own.get(key)) for key in counted)


def _of_list(value: Any, good: Good) -> bool:
    return isinstance(value, list) and len(value) <= MOST and all(map(good, value))


def _of_object(value: Any, good: Good) -> bool:
    return isinstance(value, dict) and all(map(good, value.values()))


def _is_tuple(value: Any, *goods: Good) -> bool:
    return (
        isinstance(value, list)
        and len(value) == len(goods)
        and all(good(own) for good, own in zip(goods, value, strict=True))
    )


def _text(value: Any) -> bool:
    return isinstance(value, str)


def _bytes(value: Any) -> bool:
    return isinstance(value, str) and BYTES.fullmatch(value) is not None


def _hash(value: Any) -> bool:
    return _bytes(value) and len(value) == 64


def _salt(value: Any) -> bool:
    return _bytes(value) and len(value) == 32


def _count(value: Any) -> bool:
    return type(value) is int and 0 <= value <= LARGEST
