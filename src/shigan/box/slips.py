"""What the scrutineers' laptop makes before the voters come: the codes of the slips, and canaries among them.

The codes exist on paper alone; the box gets `slips.json` with their hashes (docs/box.md, slips.json). A
canary (校验票) is a slip that the scrutineers draw and cast themselves: a box that changes ballots changes
some of these as well, and cannot know which.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from random import Random, SystemRandom
from typing import Any

from shigan.box.manifest import BLANK, Manifest, Part, VoterClass
from shigan.box.refusals import Refused
from shigan.maths import merkle
from shigan.maths import slips as codes

FORMAT = "shigan/box/slips/1"
CANARIES = "shigan/box/canaries/1"
SALT_BYTES = 32
HASH = re.compile(r"[0-9a-f]{64}")
FIELDS = {"format", "election", "manifest", "classes", "canaries", "commitment"}
HALO = 0.6
"""How often a canary repeats the mark it gave the same person before, as voters do."""
LENIENCY = 0.45, 0.6, 0.75, 0.9
"""How often a canary gives the first option: from a strict voter to a mild one."""


@dataclass(frozen=True)
class Slips:
    """A checked slips.json. `hashes` of a class are sorted and 32 bytes each; roots are hex."""

    plain: dict[str, Any]
    hashes: dict[str, tuple[bytes, ...]]
    canaries: dict[str, int]
    commitment: str

    @property
    def roots(self) -> dict[str, str]:
        """By class, as the notice on the wall says them."""
        return {name: each["root"] for name, each in self.plain["classes"].items()}

    @cached_property
    def class_of(self) -> dict[bytes, str]:
        """By the number N under which its ballot will lie, the class of every slip."""
        return {codes.nullifier(each): name for name, own in self.hashes.items() for each in own}


@dataclass(frozen=True)
class ToCast:
    """One canary for the scrutineers' own eyes: cast this row with this code, on a phone or a kiosk."""

    code: str
    voters: str
    row: str


@dataclass(frozen=True)
class Canaries:
    """Opened canaries that fit what was committed to: by N, the class and the row that was cast."""

    cast: dict[bytes, tuple[str, str]]


def make(manifest: Manifest, random: Random | None = None) -> tuple[dict[str, list[str]], dict[str, Any]]:
    """New codes, by class in an order of chance, and the slips.json that goes to the box.

    All codes are different, also across classes. No canaries are in it yet: see `plan`. `random` is the
    system's source unless the election is made up.
    """
    count = sum(each.slips for each in manifest.classes)
    made = codes.make(count, (random or SystemRandom()).getrandbits)
    by_class: dict[str, list[str]] = {}
    for each in _with_slips(manifest):
        by_class[each.id], made = made[: each.slips], made[each.slips :]
    hashes = {
        name: sorted(codes.stored(code, manifest.election) for code in own) for name, own in by_class.items()
    }
    plain = {
        "format": FORMAT,
        "election": manifest.election,
        "manifest": manifest.digest,
        "classes": {
            name: {"count": len(own), "root": root(own), "hashes": [each.hex() for each in own]}
            for name, own in hashes.items()
        },
        "canaries": {name: 0 for name in hashes},
        "commitment": "",
    }
    return by_class, plain


def root(hashes: Sequence[bytes]) -> str:
    """The RFC 6962 root, in hex, over the sorted hashes of a class."""
    return merkle.Tree(merkle.leaf_hash(each) for each in hashes).root().hex()


def read(plain: Any, manifest: Manifest) -> Slips:
    """A slips.json of this manifest: roots recomputed, counts as planned, sorted, no hash twice.

    Raises Refused, naming the place.
    """
    if not isinstance(plain, dict) or plain.get("format") != FORMAT or set(plain) != FIELDS:
        raise _damaged("format")
    if plain["election"] != manifest.election or plain["manifest"] != manifest.digest:
        raise _foreign()
    own = plain["classes"]
    if not isinstance(own, dict) or set(own) != {each.id for each in _with_slips(manifest)}:
        raise _damaged("classes")
    hashes = {each.id: _hashes(each.id, own[each.id], each.slips) for each in _with_slips(manifest)}
    if len({each for some in hashes.values() for each in some}) < sum(map(len, hashes.values())):
        raise _damaged("hashes")
    canaries = _canary_counts(plain["canaries"], hashes)
    commitment = plain["commitment"]
    if not isinstance(commitment, str) or not (
        HASH.fullmatch(commitment) if any(canaries.values()) else not commitment
    ):
        raise _damaged("commitment")
    return Slips(plain, hashes, canaries, commitment)


def commitment(salt: bytes, lines: Sequence[Sequence[str]]) -> str:
    """SHA-256("shigan/canaries/v1" 0 salt ‖ N₁ ‖ class₁ ‖ row₁ …) in hex, for sorted lines of canaries.json.

    The rows are in it: else a box that learns them when they are opened could alter them to fit its ballots.
    """
    every = b"".join(bytes.fromhex(n) + (voters + row).encode() for n, voters, row in lines)
    return hashlib.sha256(b"shigan/canaries/v1\0" + salt + every).hexdigest()


def plan(
    typed: Sequence[str], slips: Slips, manifest: Manifest, random: Random | None = None
) -> tuple[dict[str, Any], dict[str, Any], list[ToCast]]:
    """Turn the slips with these codes into canaries: canaries.json, the new slips.json, and what to cast.

    The slips were drawn before the voters drew; `random` draws the rows (the system's by default). The rows
    look like those of voters, so that a box that alters ballots cannot spare them. Raises Refused for codes
    that are none of this election (by number, never by the code itself), for two alike, for a class that
    would have fewer slips left than voters, and where canaries are planned already.
    """
    if slips.commitment or not typed:
        raise _not_now(bool(slips.commitment))
    random = random or SystemRandom()
    found = _found(typed, slips, manifest)
    counts = {name: sum(name == own for own, _ in found.values()) for name in slips.hashes}
    for name, count in counts.items():
        _leaves_enough(name, count, manifest)
    to_cast = [ToCast(code, name, row_like_voters(manifest, random)) for name, code in found.values()]
    lines = sorted([n.hex(), each.voters, each.row] for n, each in zip(found, to_cast, strict=True))
    salt = random.randbytes(SALT_BYTES)
    promise = commitment(salt, lines)
    file = {"format": CANARIES, "salt": salt.hex(), "slips": lines}
    return file, slips.plain | {"canaries": counts, "commitment": promise}, to_cast


def check(opened: Any, slips: Slips, manifest: Manifest) -> Canaries:
    """The canaries in a canaries.json, or null where none were promised. Raises Refused unless they fit.

    Fitting: the commitment, the counts by class, the classes of the slips, rows that could be cast.
    """
    if opened is None and not slips.commitment:
        return Canaries({})
    salt, lines = _opened(opened)
    cast = {bytes.fromhex(number): (name, row) for number, name, row in lines}
    if lines != sorted(lines) or len(cast) < len(lines):
        raise _bad_canaries()
    if commitment(salt, lines) != slips.commitment:
        raise _bad_canaries()
    if any(slips.class_of.get(n) != name or not manifest.admits(row) for n, (name, row) in cast.items()):
        raise _bad_canaries()
    counts = {name: sum(own == name for own, _ in cast.values()) for name in slips.hashes}
    if counts != slips.canaries:
        raise _bad_canaries()
    return Canaries(cast)


def wrong(canaries: Canaries, ballots: Mapping[bytes, tuple[str, str]]) -> tuple[list[bytes], list[bytes]]:
    """The N of canaries that are missing among the ballots (by N, class and row), and of changed ones."""
    missing = [n for n in canaries.cast if n not in ballots]
    changed = [n for n, cast in canaries.cast.items() if n in ballots and ballots[n] != cast]
    return missing, changed


def row_like_voters(manifest: Manifest, random: Random) -> str:
    """A row as a voter might fill it: mostly first options, alike within one person; never wholly blank."""
    first = random.choice(LENIENCY)
    return "".join(_part_like_voters(part, first, random) for part in manifest.parts)


def _part_like_voters(part: Part, first: float, random: Random) -> str:
    if part.kind == "pick":
        chosen = set(random.sample(range(len(part.choices)), random.randint(1, part.most)))
        return "".join("1" if at in chosen else BLANK for at in range(len(part.choices)))
    marks = []
    for _target in part.targets:
        mark = _mark(part, first, random)
        for _item in part.items:
            mark = mark if random.random() < HALO else _mark(part, first, random)
            marks.append(mark)
    return "".join(marks)


def _mark(part: Part, first: float, random: Random) -> str:
    """The first option with the chance `first`, else the second with the same chance, and so on."""
    option = 1
    while option < len(part.options) and random.random() >= first:
        option += 1
    return str(option)


def _found(typed: Sequence[str], slips: Slips, manifest: Manifest) -> dict[bytes, tuple[str, str]]:
    """By N, the class and the code of each slip, in the order typed."""
    found: dict[bytes, tuple[str, str]] = {}
    for place, text in enumerate(typed, 1):
        try:
            code = codes.parse(text)
        except codes.BadCode as error:
            raise _strange(place) from error
        number = codes.nullifier(codes.stored(code, manifest.election))
        if number not in slips.class_of:
            raise _strange(place)
        if number in found:
            raise Refused(
                f"第 {place} 个编号与前面的重复",
                f"code number {place} was given before",
                "每张票只扫一次，请重新扫描。",
                "Scan every slip once; start again.",
            )
        found[number] = slips.class_of[number], code
    return found


def _leaves_enough(name: str, count: int, manifest: Manifest) -> None:
    """Those who take tokens need no slips; everywhere else there is one for every voter."""
    voters = manifest.by_class[name]
    if count and not voters.tokens and voters.slips - count < voters.expected:
        raise Refused(
            f"{name} 类印 {voters.slips} 张，抽走 {count} 张校验票后不够 {voters.expected} 人用",
            f"class {name} has {voters.slips} slips; {count} canaries leave too few for {voters.expected}",
            "请少抽几张，或在方案里多印票、重新制票。",
            "Draw fewer, or plan more slips and make them anew.",
        )


def _with_slips(manifest: Manifest) -> list[VoterClass]:
    """A class whose voters all take tokens is in no list of slips."""
    return [each for each in manifest.classes if each.slips]


def _hashes(name: str, own: Any, count: int) -> tuple[bytes, ...]:
    place = f"classes.{name}"
    if not isinstance(own, dict) or set(own) != {"count", "root", "hashes"}:
        raise _damaged(place)
    texts = own["hashes"]
    if type(own["count"]) is not int or own["count"] != count or not isinstance(texts, list):
        raise _damaged(f"{place}.count")
    if len(texts) != count or not all(isinstance(text, str) and HASH.fullmatch(text) for text in texts):
        raise _damaged(f"{place}.hashes")
    if texts != sorted(texts):
        raise _damaged(f"{place}.hashes")
    hashes = tuple(bytes.fromhex(text) for text in texts)
    if own["root"] != root(hashes):
        raise _damaged(f"{place}.root")
    return hashes


def _canary_counts(counts: Any, hashes: Mapping[str, Sequence[bytes]]) -> dict[str, int]:
    """By class of slips, also where nothing is said of one."""
    if not isinstance(counts, dict) or not set(counts) <= set(hashes):
        raise _damaged("canaries")
    if any(type(count) is not int or not 0 <= count <= len(hashes[name]) for name, count in counts.items()):
        raise _damaged("canaries")
    return {name: counts.get(name, 0) for name in hashes}


def _opened(opened: Any) -> tuple[bytes, list[list[str]]]:
    """Salt and lines of a canaries.json whose shape is right."""
    if not isinstance(opened, dict) or set(opened) != {"format", "salt", "slips"}:
        raise _bad_canaries()
    salt, lines = opened["salt"], opened["slips"]
    if opened["format"] != CANARIES or not isinstance(salt, str) or not HASH.fullmatch(salt):
        raise _bad_canaries()
    if not isinstance(lines, list) or not all(_is_line(line) for line in lines):
        raise _bad_canaries()
    return bytes.fromhex(salt), lines


def _is_line(line: Any) -> bool:
    if not isinstance(line, list) or len(line) != 3 or not all(isinstance(each, str) for each in line):
        return False
    return HASH.fullmatch(line[0]) is not None


def _damaged(place: str) -> Refused:
    return Refused(
        f"slips.json 的 {place} 缺少或对不上",
        f"{place} of slips.json is missing or does not fit",
        "请从监票电脑重新拷贝原文件。",
        "Copy the file from the scrutineers' laptop again.",
    )


def _foreign() -> Refused:
    return Refused(
        "slips.json 不是按这份评议方案制的票",
        "slips.json was not made for this manifest",
        "请核对 manifest.json 与 slips.json 是否同一次评议。",
        "Check that both files are of the same evaluation.",
    )


def _strange(place: int) -> Refused:
    return Refused(
        f"第 {place} 个编号不是本次评议的票",
        f"code number {place} is no slip of this evaluation",
        "请重新扫描这一张。",
        "Scan this slip again.",
    )


def _not_now(planned: bool) -> Refused:
    if planned:
        return Refused(
            "这份 slips.json 已经定了校验票",
            "canaries of this slips.json are planned already",
            "请用制票时的原 slips.json。",
            "Use the slips.json as it was made with the slips.",
        )
    return Refused(
        "没有读到任何编号",
        "no code was read",
        "请逐张扫描抽出的票。",
        "Scan the slips that were drawn, one by one.",
    )


def _bad_canaries() -> Refused:
    return Refused(
        "canaries.json 与开箱前的承诺不符",
        "canaries.json does not fit what was committed to before opening",
        "请核对是否本次评议的原文件；仍不符，则校验票作废，须查明原因。",
        "Check that it is the file of this evaluation; if it is, find out what happened before going on.",
    )
