"""The ledger as a folder that outsiders can check: headers, tiles, checkpoints, the key, and the contents
that are kept and wanted (docs/ledger.md)."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from shigan.facts.faults import Fault, _
from shigan.ledger import checkpoint, tiles
from shigan.ledger.note import Key
from shigan.maths.merkle import leaf_hash

KEY, NEWEST, POINTS, PAYLOADS, PAGE = (
    "ledger.vkey",
    "checkpoint",
    "checkpoints",
    "payloads.jsonl",
    "verify.html",
)
"""The files beside `tile/`; the checkpoints lie in a folder, each named by its size."""


@dataclass(frozen=True)
class Sealed:
    """A sealed entry as it goes out: its canonical line, and salt and body where they are to go out."""

    line: bytes
    salt: bytes | None = None
    body: bytes | None = None


def write(folder: Path, sealed: Iterable[Sealed], notes: Sequence[str], key: Key, page: str = "") -> int:
    """Write an export: all of it or nothing, never over another. Returns how many entries it holds.

    `sealed` in the order of positions, `notes` in that of size, the last as large as there are entries.
    Raises `Fault` where the folder is there already or nothing is sealed.
    """
    if folder.exists():
        raise Fault(_("{folder} 已经有了，不覆盖"), remedy=_("请换一个文件夹。"), folder=str(folder))
    if not notes:
        raise Fault(_("还没有封存过，没有可导出的"), remedy=_("先运行 shigan seal。"))
    entries = list(sealed)
    part = folder.with_name(folder.name + ".part")
    shutil.rmtree(part, ignore_errors=True)  # of an export that was broken off
    for name, data in _files(entries, notes, key, page):
        _put(part / name, data)
    part.rename(folder)
    return len(entries)


def _files(
    entries: Sequence[Sealed], notes: Sequence[str], key: Key, page: str
) -> Iterator[tuple[str, bytes]]:
    lines = [each.line for each in entries]
    yield from tiles.bundles(lines)
    yield from tiles.hashes([leaf_hash(each) for each in lines])
    yield PAYLOADS, b"".join(_payload(n, each) for n, each in enumerate(entries))
    for note in notes:
        yield f"{POINTS}/{checkpoint.read(note).size}", note.encode()
    yield NEWEST, notes[-1].encode()
    yield KEY, f"{key}\n".encode()
    if page:
        yield PAGE, page.encode()


def _payload(position: int, each: Sealed) -> bytes:
    if each.salt is None or each.body is None:
        return b""
    plain = {"body": each.body.decode(), "position": position, "salt": each.salt.hex()}
    return json.dumps(plain, ensure_ascii=False, sort_keys=True).encode() + b"\n"


def _put(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
