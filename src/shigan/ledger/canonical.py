"""Canonical JSON (RFC 8785, JCS) for the values the ledger admits: NFC text, integers, booleans, null."""

from __future__ import annotations

import json
import unicodedata
from typing import Any

from shigan.facts.faults import Fault, _

_encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


def canonical(value: Any) -> bytes:
    """The one byte string of a JSON value. Keys are ASCII: Python's order is then RFC 8785's (§3.2.3)."""
    _admit(value)
    return _encode(value).encode()


def _admit(value: Any) -> None:
    if isinstance(value, str):
        if not (value.isascii() or unicodedata.is_normalized("NFC", value)):
            raise Fault(_("台账文字未规范化"), remedy=_("请报告软件故障。"))
    elif isinstance(value, dict):
        for key, each in value.items():
            if not (isinstance(key, str) and key.isascii()):
                raise Fault(_("台账字段名“{key}”不可用"), remedy=_("请报告软件故障。"), key=key)
            if type(each) is not str or not each.isascii():  # most are plain: no call for them
                _admit(each)
    elif isinstance(value, list):
        for each in value:
            _admit(each)
    elif not (value is None or isinstance(value, bool | int)) or abs(value or 0) >= 2**53:
        raise Fault(_("台账不收{kind}值"), remedy=_("请报告软件故障。"), kind=type(value).__name__)
