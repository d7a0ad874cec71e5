"""One made-up evaluation from its manifest to its signed result, for tests of the floors above the box."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from shigan.box import manifest as manifests
from shigan.box import signatures
from shigan.box.canonical import digest
from shigan.box.publication import published
from shigan.facts.boxes import BoxClosed, BoxOpened
from shigan.work.boxes import closed, opened
from tests.box import manifests as made_up

SCRUTINEERS = ("P0001", "P0002")
KEYS = [signatures.new(name) for name in SCRUTINEERS]
CANARIES = 1
BEST_FIRST = "12345"


def plain(now: datetime, **changes: Any) -> dict[str, Any]:
    """A manifest that opens in an hour and closes in nine: three officials, classes A 8, B 12, C 40."""
    times = made_up.around(now, opened=-60, closes=9 * 60)
    who = [{"name": key["name"], "key": key["key"]} for key in KEYS]
    told: dict[str, Any] = {"scrutineers": who, "needed": 2} | times | changes
    return made_up.plain(None, **told)


def notice(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """Its `notice.json`; the roots stand for lists of slips that no test here needs."""
    slips = {
        each["id"]: {"count": each["slips"], "root": each["id"].lower() * 64, "canaries": CANARIES}
        for each in manifest["classes"]
        if each["slips"]
    }
    return {
        "format": "shigan/box/notice/1", "manifest": manifest, "slips": slips, "commitment": "0c" * 32,
    }  # fmt: skip


def rows(manifest: Mapping[str, Any], voters: Mapping[str, int], mark: int = 0) -> dict[str, list[str]]:
    """So many valid sheets a class: every third marks one grade worse."""
    cells = len(manifests.read(dict(manifest)).cells)
    return {
        each["id"]: [
            BEST_FIRST[mark + (n % 3 == 0)] * cells
            for n in range(voters.get(each["id"], each["expected"] - 1))
        ]
        for each in manifest["classes"]
    }


def result(given: Mapping[str, Any], sheets: Mapping[str, Sequence[str]], **changes: Any) -> dict[str, Any]:
    """The `result.json` of a notice and its valid rows, with one abstention in every class."""
    manifest = manifests.read(given["manifest"])
    counts = [_count(each, len(sheets[each.id])) for each in manifest.classes]
    made = {
        "format": "shigan/box/result/1", "election": manifest.election, "manifest": manifest.digest,
        "slips": {voters: own["root"] for voters, own in given["slips"].items()},
        "box": {"root": "b0" * 32, "leaves": sum(own["returned"] + own["canaries"] for own in counts)},
        "counts": counts, "paper": 2,
        "canaries": {"cast": sum(own["canaries"] for own in counts), "wrong": 0},
        "groups": published(sheets, manifest),
    }  # fmt: skip
    return made | changes


def _count(each: manifests.VoterClass, valid: int) -> dict[str, Any]:
    present = valid + 1
    return {
        "voters": each.id, "expected": each.expected, "present": present, "handed": present,
        "unused": each.slips - present - CANARIES, "canaries": CANARIES, "tokens": 0, "returned": present,
        "valid": valid, "blank": 1, "void": 0,
    }  # fmt: skip


def opening(manifest: Mapping[str, Any]) -> BoxOpened:
    """The fact that seals it."""
    return opened(notice(manifest))


def closing(
    manifest: Mapping[str, Any], signers: int = 2, valid: Mapping[str, int] | None = None, **changes: Any
) -> BoxClosed:
    """The fact that publishes it, signed by so many scrutineers."""
    made = result(notice(manifest), rows(manifest, valid or {}), **changes)
    return closed(made, [signatures.sign(made, key) for key in KEYS[:signers]])


def after(manifest: Mapping[str, Any], minutes: int = 10) -> datetime:
    """A moment after it closed."""
    return datetime.fromisoformat(manifest["closes"]) + timedelta(minutes=minutes)


__all__ = [
    "KEYS",
    "SCRUTINEERS",
    "after",
    "closing",
    "digest",
    "notice",
    "opening",
    "plain",
    "result",
    "rows",
]
