"""Proofs as files: one entry's inclusion (C2SP tlog-proof), one checkpoint's growth (C2SP tlog-witness)."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from shigan.facts.faults import Fault, _
from shigan.ledger import checkpoint
from shigan.ledger.checkpoint import Checkpoint
from shigan.maths.merkle import HASH_BYTES, leaf_hash, verify_consistency, verify_inclusion

HEAD = "c2sp.org/tlog-proof@v1"
MOST_HASHES = 63
"""tlog-witness: no tree of 2⁶³ entries needs more."""


@dataclass(frozen=True)
class Inclusion:
    """A tlog-proof: entry number `index`, its path lowest first, the checkpoint's note."""

    index: int
    path: tuple[bytes, ...]
    note: str

    def text(self) -> str:
        """The file."""
        return f"{HEAD}\nindex {self.index}\n{_lines(self.path)}\n{self.note}"


@dataclass(frozen=True)
class Growth:
    """The body of tlog-witness' add-checkpoint: from `old` entries to those of the note."""

    old: int
    path: tuple[bytes, ...]
    note: str

    def text(self) -> str:
        """The file."""
        return f"old {self.old}\n{_lines(self.path)}\n{self.note}"


def read_inclusion(text: str) -> Inclusion:
    """The proof in a tlog-proof file; an `extra` line is passed over. Raises `Fault` for other text."""
    lines, note = _parts(text)
    if lines[:1] == [HEAD]:
        lines = lines[2:] if lines[1:2] and lines[1].startswith("extra ") else lines[1:]
        return Inclusion(_number(lines, "index"), _hashes(lines[1:]), note)
    raise _unreadable()


def read_growth(text: str) -> Growth:
    """The proof in an add-checkpoint body. Raises `Fault` for other text."""
    lines, note = _parts(text)
    return Growth(_number(lines, "old"), _hashes(lines[1:]), note)


def included(proof: Inclusion, entry: bytes, public: bytes) -> Checkpoint:
    """The checkpoint under which `entry` (its sealed bytes) is number `index`; else raises `Fault`."""
    point = checkpoint.verify(proof.note, public)
    if not verify_inclusion(leaf_hash(entry), proof.index, point.size, proof.path, point.root):
        raise Fault(
            _("证明与原文不符：第 {n} 条不是这条记录"),
            remedy=_("记录或证明被改过，请与台账核对。"),
            n=proof.index,
        )
    return point


def grown(proof: Growth, before: Checkpoint, after: Checkpoint) -> bool:
    """Whether the proof shows that the ledger of `after` begins with that of `before`."""
    return proof.old == before.size and verify_consistency(
        before.size, after.size, before.root, after.root, proof.path
    )


def _lines(path: Iterable[bytes]) -> str:
    return "".join(f"{base64.b64encode(each).decode()}\n" for each in path)


def _parts(text: str) -> tuple[list[str], str]:
    head, blank, note = text.replace("\r\n", "\n").partition("\n\n")
    if not blank:
        raise _unreadable()
    return head.split("\n"), note


def _number(lines: Sequence[str], word: str) -> int:
    name, _space, digits = lines[0].partition(" ") if lines else ("", "", "")
    if name != word or not (digits.isascii() and digits.isdigit()) or len(digits) > 18:
        raise _unreadable()
    return int(digits)


def _hashes(lines: Sequence[str]) -> tuple[bytes, ...]:
    try:
        path = tuple(base64.b64decode(each, validate=True) for each in lines)
    except ValueError as error:
        raise _unreadable() from error
    if len(path) > MOST_HASHES or any(len(each) != HASH_BYTES for each in path):
        raise _unreadable()
    return path


def _unreadable() -> Fault:
    return Fault(_("证明文件不可读"), remedy=_("换用完整的证明文件。"))
