"""The one byte string of a JSON value (docs/box.md, Formats), and hashes of it."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from shigan.box.refusals import Refused

LARGEST_FILE = 64 * 2**20
"""In bytes: a bundle of a hundred thousand ballots stays below."""
CHECK = "请核对选的是哪个文件。", "Check which file was chosen."


def canonical(value: Any) -> bytes:
    """UTF-8, keys sorted, no spaces (RFC 8785 for the values that are admitted here: no fractions)."""
    return json.dumps(
        value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    ).encode()


def digest(value: Any) -> str:
    """SHA-256 of the canonical bytes, in hex."""
    return hashlib.sha256(canonical(value)).hexdigest()


def parsed(data: bytes, kind: str) -> dict[str, Any]:
    """The object in a file that says it is a `shigan/box/<kind>/1`. Raises Refused for anything else."""
    if len(data) > LARGEST_FILE:
        raise Refused(f"文件有 {len(data)} 字节，过大", f"the file has {len(data)} bytes, too many", *CHECK)
    try:
        value = json.loads(data, parse_float=_no_fraction, parse_constant=_no_fraction)
    except (ValueError, RecursionError) as error:
        raise Refused(
            "文件不是可读的 JSON", "the file is no readable JSON", "请重新导出。", "Export it again."
        ) from error
    if not isinstance(value, dict) or value.get("format") != f"shigan/box/{kind}/1":
        raise Refused(f"这不是票箱的 {kind} 文件", f"this is no {kind} file of the ballot box", *CHECK)
    return value


def _no_fraction(text: str) -> Any:
    raise ValueError(text)
