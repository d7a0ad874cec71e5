"""The proof that a sealed entry is in the ledger: its path to the last checkpoint's root, step by step."""

from __future__ import annotations

from dataclasses import dataclass

from shigan.facts.faults import Fault
from shigan.ledger import checkpoint
from shigan.ledger.entry import Entry, leaf
from shigan.ledger.proof import Inclusion
from shigan.maths.merkle import node_hash, verify_inclusion
from shigan.web import keys, sealing


@dataclass(frozen=True)
class Step:
    """One climb: the neighbour's hash stands on its `side` of ours, and both together make `node`."""

    sibling: bytes
    side: str
    node: bytes


@dataclass(frozen=True)
class Proof:
    """Why the entry at `position` is one of the first `size`. `holds`: recomputed and found right."""

    position: int
    size: int
    leaf: bytes
    root: str
    steps: tuple[Step, ...]
    note: str
    holds: bool

    def text(self) -> str:
        """A C2SP tlog-proof: what any verifier needs besides the entry's own line and the public key."""
        return Inclusion(self.position, tuple(step.sibling for step in self.steps), self.note).text()


def prove(entry: Entry) -> Proof | None:
    """The proof of an entry under the newest checkpoint; None while it waits to be sealed."""
    seal = sealing.last()
    if seal is None or entry.position is None or entry.position >= seal.size:
        return None
    tree = sealing.tree_of(seal)
    own, path = leaf(entry), tree.inclusion_proof(entry.position, seal.size)
    holds = _signed(seal) and verify_inclusion(own, entry.position, seal.size, path, bytes.fromhex(seal.root))
    steps = climb(own, entry.position, seal.size, path)
    return Proof(entry.position, seal.size, own, seal.root, steps, seal.note, holds)


def _signed(seal: sealing.Seal) -> bool:
    try:
        point = checkpoint.verify(seal.note, keys.public_key())
    except Fault:
        return False
    return point.size == seal.size and point.root.hex() == seal.root


def climb(own: bytes, position: int, size: int, path: list[bytes]) -> tuple[Step, ...]:
    """The steps from a leaf to the root, in the order of RFC 9162 section 2.1.3.2."""
    place, last, node, steps = position, size - 1, own, []
    for sibling in path:
        left = bool(place & 1) or place == last
        node = node_hash(sibling, node) if left else node_hash(node, sibling)
        steps.append(Step(sibling, "left" if left else "right", node))
        while left and place and not place & 1:
            place, last = place >> 1, last >> 1
        place, last = place >> 1, last >> 1
    return tuple(steps)
