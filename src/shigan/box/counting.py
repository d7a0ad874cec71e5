"""The count, recomputed from a bundle with nothing but Python: the result, and everything that is wrong.

Both the box, which makes the result, and the scrutineers, who check it, call `count`. What must hold, and the
formats: docs/box.md.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

from shigan.box import manifest as manifests
from shigan.box import shape
from shigan.box.manifest import Manifest
from shigan.box.publication import published
from shigan.box.refusals import Refused
from shigan.box.tokens import signed_for
from shigan.maths import merkle, slips

FAULTS = {
    "format": ("文件不是完整的核验包", "this is no whole bundle"),
    "manifest": ("评议方案不合要求", "the manifest is not as it must be"),
    "slip-root": ("票码清单与备案的树根不符", "the list of slips does not have its root"),
    "slip-count": ("票码数与方案的制票数不符", "not as many slips as the manifest says"),
    "commitment": ("校验票与事先的承诺不符", "the canaries are not those that were committed to"),
    "leaf-order": ("选票没有按编号排好，或有重复", "the ballots are not sorted or not unique"),
    "unknown-ballot": ("有一张票既没有票码，也没有领票凭证", "a ballot has neither slip nor token"),
    "bad-token": ("有一张网上票的签名不对", "the token of a ballot does not verify"),
    "class": ("有一张票的票类不对", "a ballot is counted in another class than its own"),
    "row": ("有一张票的勾选不合票面", "the marks of a ballot do not fit the sheet"),
    "slips-balance": ("制票数不等于发出加剩余加校验票", "slips made are not handed out + unused + canaries"),
    "too-many-slips": ("收到的票多于发出的票", "more ballots on slips than slips handed out"),
    "too-many-tokens": ("收到的网上票多于领取数", "more ballots on tokens than tokens issued"),
    "too-many-people": ("实到或发出多于应到", "more present or handed out than entitled"),
    "canary-missing": ("有校验票没有在票箱里", "a canary is not in the box"),
    "canary-changed": ("有校验票的勾选被改动", "the marks of a canary were changed"),
    "box-root": ("选票与封箱时的树根不符", "the ballots do not have the sealed root"),
    "result": ("公布的结果与重新计算的不同", "the result is not what recomputing gives"),
}
"""Every code of a fault, with its sentence in both languages, in the order in which they are looked for."""


@dataclass(frozen=True)
class Leaf:
    """One cast ballot: nullifier, salt, class, channel (`net`, `paper`), marks."""

    n: bytes
    salt: bytes
    voters: str
    channel: str
    row: str

    @property
    def hidden(self) -> bytes:
        """H of docs/box.md: tells nothing of the marks once the salt is gone."""
        return hashlib.sha256(
            self.salt + self.voters.encode() + b"\0" + self.channel.encode() + b"\0" + self.row.encode()
        ).digest()

    @property
    def plain(self) -> list[str]:
        """As a bundle holds it."""
        return [self.n.hex(), self.salt.hex(), self.voters, self.channel, self.row]


@dataclass(frozen=True)
class Evidence:
    """A bundle's parts, read but not believed."""

    manifest: Manifest
    slips: Mapping[str, Any]
    canaries: Mapping[str, Any] | None
    leaves: Sequence[Leaf]
    tokens: Mapping[bytes, tuple[bytes, bytes]]
    tally: Mapping[str, Mapping[str, int]]

    @cached_property
    def slip_class(self) -> dict[bytes, str]:
        """The class of every slip by its nullifier."""
        return {
            slips.nullifier(bytes.fromhex(each)): voters
            for voters, own in self.slips["classes"].items()
            for each in own["hashes"]
        }

    @cached_property
    def canary_rows(self) -> dict[bytes, str]:
        """What the scrutineers cast, by nullifier."""
        given = self.canaries["slips"] if self.canaries else []
        return {bytes.fromhex(n): row for n, _voters, row in given}

    @cached_property
    def root(self) -> str:
        """The box's root over all leaves in their order."""
        tree = merkle.Tree(merkle.leaf_hash(leaf.n + leaf.hidden) for leaf in self.leaves)
        return tree.root().hex()


def count(bundle: Mapping[str, Any]) -> tuple[dict[str, Any] | None, list[str]]:
    """The result as `result.json` has it (None if the bundle cannot be read), and the codes of all faults.

    A result is computed even where there are faults, so that the difference can be looked at.
    """
    try:
        manifest = manifests.read(bundle["manifest"])
    except (Refused, KeyError, TypeError):
        return None, ["manifest"]
    if not shape.bundle(bundle, [each.id for each in manifest.classes]):
        return None, ["format"]
    try:
        evidence = read(bundle, manifest)
        result = result_of(evidence)
        faults = set(wrong(evidence)) | set(_claims(bundle["result"], evidence, result))
    except (KeyError, TypeError, ValueError, AttributeError):
        return None, ["format"]
    return result, [code for code in FAULTS if code in faults]


def read(bundle: Mapping[str, Any], manifest: Manifest) -> Evidence:
    """The parts of a bundle. Raises KeyError, TypeError or ValueError where one is missing or misshapen."""
    return Evidence(
        manifest,
        bundle["slips"],
        bundle["canaries"],
        [
            Leaf(_hex(n, 32), _hex(salt, 16), str(voters), str(channel), str(row))
            for n, salt, voters, channel, row in bundle["leaves"]
        ],
        {_hex(n, 32): (_hex(message), _hex(signature)) for n, message, signature in bundle["tokens"]},
        {each["voters"]: {key: _whole(each[key]) for key in TALLY} for each in bundle["tally"]},
    )


TALLY = ("present", "handed", "unused", "issued")
"""What is counted by hand for each class: 实到, slips handed out, slips left, tokens on the roll."""


def result_of(e: Evidence) -> dict[str, Any]:
    """What is to be published."""
    missing, changed = _canaries(e)
    counted = [leaf for leaf in e.leaves if leaf.n not in e.canary_rows]
    return {
        "format": "shigan/box/result/1",
        "election": e.manifest.election,
        "manifest": e.manifest.digest,
        "slips": {voters: own["root"] for voters, own in e.slips["classes"].items()},
        "box": {"root": e.root, "leaves": len(e.leaves)},
        "counts": [_counts(e, each.id, counted) for each in e.manifest.classes],
        "paper": sum(leaf.channel == "paper" for leaf in counted),
        "canaries": {"cast": len(e.canary_rows), "wrong": missing + changed},
        "groups": published(valid_rows(e.manifest, counted), e.manifest),
    }


def valid_rows(manifest: Manifest, leaves: Sequence[Leaf]) -> dict[str, list[str]]:
    """By class, the rows that count: no abstentions, no void sheets; sorted, so that no order is left."""
    none = (manifest.blank, manifest.void)
    return {
        each.id: sorted(leaf.row for leaf in leaves if leaf.voters == each.id and leaf.row not in none)
        for each in manifest.classes
    }


def _counts(e: Evidence, voters: str, counted: Sequence[Leaf]) -> dict[str, Any]:
    rows = [leaf.row for leaf in counted if leaf.voters == voters]
    blank, void = rows.count(e.manifest.blank), rows.count(e.manifest.void)
    tally = e.tally[voters]
    return {
        "voters": voters,
        "expected": e.manifest.by_class[voters].expected,
        "present": tally["present"],
        "handed": tally["handed"],
        "unused": tally["unused"],
        "canaries": sum(e.slip_class.get(n) == voters for n in e.canary_rows),
        "tokens": tally["issued"],
        "returned": len(rows),
        "valid": len(rows) - blank - void,
        "blank": blank,
        "void": void,
    }


def wrong(e: Evidence) -> Iterator[str]:
    """Everything that must add up and does not, apart from what the box claims."""
    yield from _slips(e)
    yield from _leaves(e)
    yield from _sums(e)
    missing, changed = _canaries(e)
    if missing:
        yield "canary-missing"
    if changed:
        yield "canary-changed"


def _slips(e: Evidence) -> Iterator[str]:
    if e.slips["election"] != e.manifest.election or e.slips["manifest"] != e.manifest.digest:
        yield "slip-root"
    every = [each for own in e.slips["classes"].values() for each in own["hashes"]]
    if len(set(every)) < len(every):
        yield "slip-root"
    for voters, own in e.slips["classes"].items():
        hashes = own["hashes"]
        tree = merkle.Tree(merkle.leaf_hash(_hex(each, 32)) for each in hashes)
        if hashes != sorted(hashes) or tree.root().hex() != own["root"]:
            yield "slip-root"
        known = e.manifest.by_class.get(voters)
        if known is None or not own["count"] == len(hashes) == known.slips:
            yield "slip-count"
    if set(e.slips["classes"]) != {each.id for each in e.manifest.classes if each.slips}:
        yield "slip-count"
    yield from _commitment(e)


def _commitment(e: Evidence) -> Iterator[str]:
    promised = Counter({voters: int(n) for voters, n in e.slips["canaries"].items()})
    opened = Counter(e.slip_class.get(n, "") for n in e.canary_rows)
    if +promised != +opened:
        yield "canary-missing" if e.canaries is None else "commitment"
    drawn = e.canaries["slips"] if e.canaries else []
    if any(e.slip_class.get(bytes.fromhex(n)) != voters for n, voters, _row in drawn):
        yield "commitment"
    if e.canaries is not None and commitment(e.canaries) != e.slips["commitment"]:
        yield "commitment"


def commitment(canaries: Mapping[str, Any]) -> str:
    """SHA-256("shigan/canaries/v1" 0 salt ‖ N₁ ‖ class₁ ‖ row₁ …) over the lines in their order, hex."""
    every = b"".join(_hex(n, 32) + (voters + row).encode() for n, voters, row in canaries["slips"])
    return hashlib.sha256(b"shigan/canaries/v1\0" + _hex(canaries["salt"]) + every).hexdigest()


def _leaves(e: Evidence) -> Iterator[str]:
    order = [leaf.n for leaf in e.leaves]
    if any(a >= b for a, b in pairwise(order)):
        yield "leaf-order"
    for leaf in e.leaves:
        own = e.slip_class.get(leaf.n)
        if own is None:
            own = token_class(e, leaf.n)
            if own is None:
                yield "unknown-ballot"
                continue
            if not own:
                yield "bad-token"
                continue
        if own != leaf.voters:
            yield "class"
        void = leaf.row == e.manifest.void and leaf.channel == "paper"
        if leaf.channel not in ("net", "paper") or not (void or e.manifest.admits(leaf.row)):
            yield "row"


def token_class(e: Evidence, n: bytes) -> str | None:
    """The class that the token of a ballot belongs to; "" for a bad one, None for none."""
    if n not in e.tokens:
        return None
    message, signature = e.tokens[n]
    return signed_for(e.manifest, message, signature) if slips.nullifier(message) == n else ""


def _sums(e: Evidence) -> Iterator[str]:
    on_slips = Counter(e.slip_class[leaf.n] for leaf in e.leaves if leaf.n in e.slip_class)
    on_tokens = Counter(leaf.voters for leaf in e.leaves if leaf.n not in e.slip_class)
    promised = e.slips["canaries"]
    for each in e.manifest.classes:
        tally, canaries = e.tally[each.id], promised.get(each.id, 0)
        if each.slips != tally["handed"] + tally["unused"] + canaries:
            yield "slips-balance"
        if on_slips[each.id] > tally["handed"] + canaries:
            yield "too-many-slips"
        if on_tokens[each.id] > tally["issued"]:
            yield "too-many-tokens"
        if tally["present"] > each.expected or tally["handed"] + tally["issued"] > each.expected:
            yield "too-many-people"


def _canaries(e: Evidence) -> tuple[int, int]:
    """How many canaries are missing and how many say something else than was cast."""
    cast = {leaf.n: leaf.row for leaf in e.leaves}
    missing = sum(n not in cast for n in e.canary_rows)
    return missing, sum(n in cast and cast[n] != row for n, row in e.canary_rows.items())


def _claims(claimed: Mapping[str, Any], e: Evidence, result: Mapping[str, Any]) -> Iterator[str]:
    if claimed["box"] != result["box"]:
        yield "box-root"
    if claimed != result:
        yield "result"


def _hex(text: str, size: int | None = None) -> bytes:
    data = bytes.fromhex(text)
    if text != data.hex() or size not in (None, len(data)):
        raise ValueError("not the hex that was expected")
    return data


def _whole(value: Any) -> int:
    if type(value) is not int or value < 0:
        raise ValueError("not a whole number")
    return value
