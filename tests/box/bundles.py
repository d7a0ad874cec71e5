"""Whole bundles of made-up evaluations, right ones and ones with a single fault (docs/box.md, bundle)."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from random import Random
from typing import Any

from shigan.box import counting
from shigan.box.canonical import digest
from shigan.maths import blind, merkle, slips
from tests.box import manifests
from tests.maths.test_blind_vectors import KEY

Bundle = dict[str, Any]


@dataclass(frozen=True)
class Size:
    """How many are entitled in classes A, B and C, and how many of them vote by token (class B alone)."""

    a: int = 8
    b: int = 12
    c: int = 40
    remote: int = 4


def bundle(seed: int = 1, size: Size = Size(), canaries: int = 1, **changes: Any) -> Bundle:
    """A bundle in which everything adds up; `changes` are those of `manifests.plain`."""
    random = Random(seed)
    manifest = _manifest(size, changes)
    every = {own["id"]: _slips(random, own["slips"]) for own in manifest["classes"]}
    leaves, tokens, drawn, tally = [], [], [], []
    for own in manifest["classes"]:
        voters, codes = own["id"], random.sample(every[own["id"]], own["slips"])
        issued = size.remote if own["tokens"] else 0
        handed = min(own["expected"] - issued, len(codes) - canaries)
        for code in codes[:canaries]:
            n, row = slips.nullifier(code).hex(), _row(random, manifest)
            drawn.append([n, voters, row])
            leaves.append([n, random.randbytes(16).hex(), voters, "net", row])
        for code in codes[canaries : canaries + handed - random.randint(0, 1)]:
            leaves.append(_leaf(random, manifest, slips.nullifier(code), voters))
        for _ in range(issued):
            token = _token(random, manifest["election"])
            tokens.append(token)
            leaves.append(_leaf(random, manifest, bytes.fromhex(token[0]), voters))
        tally.append(
            {
                "voters": voters, "present": handed, "handed": handed, "issued": issued,
                "unused": own["slips"] - handed - canaries,
            }
        )  # fmt: skip
    opened = {"format": "shigan/box/canaries/1", "salt": random.randbytes(32).hex(), "slips": sorted(drawn)}
    return with_result(
        {
            "format": "shigan/box/bundle/1", "manifest": manifest, "canaries": opened,
            "slips": _sealed(manifest, every, canaries, counting.commitment(opened)),
            "leaves": sorted(leaves), "tokens": sorted(tokens), "tally": tally, "result": {"box": {}},
        }
    )  # fmt: skip


def with_result(made: Bundle) -> Bundle:
    """The same bundle with the result that belongs to it."""
    result, _faults = counting.count(made)
    assert result is not None
    return made | {"result": result}


def _manifest(size: Size, changes: dict[str, Any]) -> dict[str, Any]:
    shares = (("A", size.a, 30), ("B", size.b, 30), ("C", size.c, 40))
    classes = [manifests.voters(*share) for share in shares]
    parts = [manifests.grid(), manifests.pick(5, 2)]
    keys = {"B": KEY.public} if size.remote else None
    return manifests.plain(keys, **{"classes": classes, "parts": parts} | changes)


def _slips(random: Random, count: int) -> list[bytes]:
    return sorted(random.randbytes(32) for _ in range(count))


def _sealed(
    manifest: dict[str, Any], every: dict[str, list[bytes]], canaries: int, commitment: str
) -> dict[str, Any]:
    classes = {
        voters: {"count": len(codes), "root": slip_root(codes), "hashes": [code.hex() for code in codes]}
        for voters, codes in every.items()
        if codes
    }
    return {
        "format": "shigan/box/slips/1", "election": manifest["election"], "manifest": digest(manifest),
        "classes": classes, "canaries": dict.fromkeys(classes, canaries), "commitment": commitment,
    }  # fmt: skip


def slip_root(codes: list[bytes]) -> str:
    return merkle.Tree(merkle.leaf_hash(code) for code in codes).root().hex()


def _token(random: Random, election: str) -> list[str]:
    message = random.randbytes(32) + election.encode() + random.randbytes(32)
    hidden = blind.blind(KEY.public, message)
    signature = blind.finalize(KEY.public, message, blind.blind_sign(KEY, hidden.message), hidden.inverse)
    return [slips.nullifier(message).hex(), message.hex(), signature.hex()]


def _leaf(random: Random, manifest: dict[str, Any], n: bytes, voters: str) -> list[str]:
    channel = random.choice(["net", "net", "paper"])
    row = _row(random, manifest)
    if random.random() < 0.1:
        row = ("x" if channel == "paper" and random.random() < 0.5 else "-") * len(row)
    return [n.hex(), random.randbytes(16).hex(), voters, channel, row]


def _row(random: Random, manifest: dict[str, Any]) -> str:
    """Marks as people make them: mostly the best, now and then all the same."""
    row, alike = "", random.random() < 0.3
    for part in manifest["parts"]:
        if part["kind"] == "pick":
            chosen = random.sample(part["choices"], random.randint(0, part["most"]))
            row += "".join("1" if choice in chosen else "-" for choice in part["choices"])
        else:
            count = len(part["targets"]) * len(part["items"])
            row += "1" * count if alike else "".join(random.choices("12345-", [55, 30, 8, 3, 2, 2], k=count))
    return row


def _flip(text: str) -> str:
    """Another text of hex, the first digit changed."""
    return ("1" if text[0] == "0" else "0") + text[1:]


def _real(made: Bundle, channel: str = "", on_token: bool = False) -> list[str]:
    """The first ballot that is no canary."""
    apart = {n for n, *_ in made["canaries"]["slips"]}
    signed = {n for n, *_ in made["tokens"]}
    own: list[str] = next(
        leaf
        for leaf in made["leaves"]
        if leaf[0] not in apart and (leaf[0] in signed) == on_token and (not channel or leaf[3] == channel)
    )
    return own


def _changed(made: Bundle, spoil: Callable[[Bundle], Any]) -> Bundle:
    other = deepcopy(made)
    spoil(other)
    return other


def faulty(made: Bundle) -> dict[str, Bundle]:
    """By what was done: the same bundle with one thing wrong; the first word is the code that finds it."""
    return {name: _changed(made, spoil) for name, spoil in _SPOILS.items()}


def _mark(leaf: list[str], mark: str) -> None:
    leaf[4] = mark + leaf[4][1:]


def _swap_slip(made: Bundle) -> None:
    own = made["slips"]["classes"]["C"]
    own["hashes"][0] = _flip(own["hashes"][0])


def _duplicate(made: Bundle) -> None:
    made["leaves"].insert(1, list(made["leaves"][0]))


def _stranger(made: Bundle) -> None:
    leaf = ["f" * 64, "00" * 16, "C", "net", made["canaries"]["slips"][0][2]]
    made["leaves"] = sorted([*made["leaves"], leaf])


def _other_class(made: Bundle) -> None:
    leaf = _real(made)
    leaf[2] = "A" if leaf[2] != "A" else "C"


def _drop_canary(made: Bundle) -> None:
    first = made["canaries"]["slips"][0][0]
    made["leaves"] = [leaf for leaf in made["leaves"] if leaf[0] != first]


def _change_canary(made: Bundle) -> None:
    first = made["canaries"]["slips"][0]
    leaf = next(leaf for leaf in made["leaves"] if leaf[0] == first[0])
    _mark(leaf, "2" if leaf[4][0] == "1" else "1")


_SPOILS: dict[str, Callable[[Bundle], Any]] = {
    "manifest weights": lambda b: b["manifest"]["classes"][0].update(weight=31),
    "manifest absent": lambda b: b.pop("manifest"),
    "manifest closes": lambda b: b["manifest"].update(closes=b["manifest"]["opens"]),
    "manifest pool": lambda b: b["manifest"]["classes"][0].update(pool="A"),
    "manifest rule": lambda b: b["manifest"]["rule"].update(fewest=2),
    "manifest key": lambda b: b["manifest"]["keys"]["B"].update(n="abc1"),
    "format leaves": lambda b: b.pop("leaves"),
    "format salt": lambda b: b["leaves"][0].__setitem__(1, "00"),
    "format tally": lambda b: b["tally"].pop(),
    "format whole": lambda b: b["tally"][0].update(handed="8"),
    "slip-root root": lambda b: b["slips"]["classes"]["A"].update(root="0" * 64),
    "slip-root hash": _swap_slip,
    "slip-root order": lambda b: b["slips"]["classes"]["A"]["hashes"].reverse(),
    "slip-root election": lambda b: b["slips"].update(election="B0002"),
    "slip-root twice": lambda b: b["slips"]["classes"].update(A=b["slips"]["classes"]["B"]),
    "slip-count count": lambda b: b["slips"]["classes"]["A"].update(count=1),
    "slip-count class": lambda b: b["slips"]["classes"].pop("C"),
    "commitment salt": lambda b: b["canaries"].update(salt="00" * 32),
    "commitment number": lambda b: b["slips"]["canaries"].update(A=2),
    "leaf-order order": lambda b: b["leaves"].reverse(),
    "leaf-order twice": _duplicate,
    "unknown-ballot": _stranger,
    "unknown-ballot token": lambda b: b["tokens"].clear(),
    "bad-token signature": lambda b: b["tokens"][0].__setitem__(2, _flip(b["tokens"][0][2])),
    "bad-token message": lambda b: b["tokens"][0].__setitem__(1, _flip(b["tokens"][0][1])),
    "bad-token short": lambda b: b["tokens"][0].__setitem__(2, ""),
    "class": _other_class,
    "row mark": lambda b: _mark(_real(b), "6"),
    "row long": lambda b: _real(b).__setitem__(4, _real(b)[4] + "1"),
    "row void": lambda b: _real(b, "net").__setitem__(4, "x" * len(_real(b, "net")[4])),
    "row channel": lambda b: _real(b).__setitem__(3, "fax"),
    "slips-balance": lambda b: b["tally"][0].update(unused=7),
    "too-many-slips": lambda b: b["tally"][2].update(
        handed=3, unused=b["slips"]["classes"]["C"]["count"] - 4
    ),
    "too-many-tokens": lambda b: b["tally"][1].update(issued=1),
    "too-many-people present": lambda b: b["tally"][0].update(present=9),
    "too-many-people handed": lambda b: b["tally"][1].update(issued=5),
    "canary-missing": _drop_canary,
    "canary-missing file": lambda b: b.update(canaries=None),
    "canary-changed": _change_canary,
    "box-root salt": lambda b: _real(b).__setitem__(1, "00" * 16),
    "box-root claim": lambda b: b["result"]["box"].update(leaves=1),
    "result groups": lambda b: b["result"]["groups"].pop(),
    "result paper": lambda b: b["result"].update(paper=b["result"]["paper"] + 1),
}
