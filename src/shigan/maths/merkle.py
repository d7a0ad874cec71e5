"""A Merkle tree over leaf hashes, with its proofs, as in RFC 6962 section 2.1 and RFC 9162 section 2.1.

Every hash is 32 bytes (SHA-256). Leaves and inner nodes are hashed with different first bytes, so that a node
can never be passed off as a leaf. The tree never sees data, only what `leaf_hash` made of it.
"""

import hashlib
from collections.abc import Iterable, Sequence

HASH_BYTES = 32
EMPTY_ROOT = hashlib.sha256(b"").digest()
"""The root of a tree without leaves (RFC 9162, 2.1.1)."""


def leaf_hash(data: bytes) -> bytes:
    """SHA-256(0x00 ‖ data), RFC 9162 section 2.1.1."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256(0x01 ‖ left ‖ right), RFC 9162 section 2.1.1."""
    return hashlib.sha256(b"\x01" + left + right).digest()


class Tree:
    """An append-only tree that keeps every full subtree, one row of hashes a level (64 bytes a leaf in all).

    Appending costs two hashes on average; a root or a proof of any past size costs O(log size).
    """

    def __init__(self, leaves: Iterable[bytes] = ()) -> None:
        self._levels: list[bytearray] = [bytearray()]
        for leaf in leaves:
            self.append(leaf)

    @property
    def size(self) -> int:
        """How many leaves the tree holds."""
        return len(self._levels[0]) // HASH_BYTES

    def append(self, leaf: bytes) -> int:
        """Add a leaf hash and return its index. Raises ValueError unless it is 32 bytes."""
        index, node, level = self.size, _checked(leaf), 0
        self._levels[0] += node
        while index >> level & 1:  # a right child is complete: so is its parent
            node = node_hash(self._stored(level, (index >> level) - 1), node)
            level += 1
            if level == len(self._levels):
                self._levels.append(bytearray())
            self._levels[level] += node
        return index

    def leaf(self, index: int) -> bytes:
        """The leaf hash at `index`."""
        if not 0 <= index < self.size:
            raise ValueError(f"no leaf {index} in a tree of {self.size}")
        return self._stored(0, index)

    def root(self, size: int | None = None) -> bytes:
        """The root over the first `size` leaves (all of them if None)."""
        size = self._known(size)
        return self._range(0, size) if size else EMPTY_ROOT

    def frontier(self, size: int | None = None) -> "Frontier":
        """The right edge of the tree of `size` leaves, to append to without the leaves."""
        size, start, hashes = self._known(size), 0, []
        for width in _widths(size):
            hashes.append(self._range(start, start + width))
            start += width
        return Frontier(size, hashes)

    def inclusion_proof(self, index: int, size: int | None = None) -> list[bytes]:
        """The audit path of leaf `index` in the tree of `size` leaves, lowest first (RFC 9162, 2.1.3.1)."""
        size = self._known(size)
        if not 0 <= index < size:
            raise ValueError(f"no leaf {index} in a tree of {size}")
        start, end, path = 0, size, []
        while end - start > 1:
            middle = start + _split(end - start)
            if index < middle:
                path.append(self._range(middle, end))
                end = middle
            else:
                path.append(self._range(start, middle))
                start = middle
        return path[::-1]

    def consistency_proof(self, old: int, new: int | None = None) -> list[bytes]:
        """What shows that the tree of `old` ≥ 1 leaves begins the tree of `new` (RFC 9162, 2.1.4.1)."""
        new = self._known(new)
        if not 1 <= old <= new:
            raise ValueError(f"sizes must satisfy 1 <= old <= new, not {old} and {new}")
        start, end, path = 0, new, []
        while old != end:
            middle = start + _split(end - start)
            if old <= middle:
                path.append(self._range(middle, end))
                end = middle
            else:
                path.append(self._range(start, middle))
                start = middle
        if start:  # else the verifier knows this subtree already: it is the old root
            path.append(self._range(start, end))
        return path[::-1]

    def _known(self, size: int | None) -> int:
        if size is None:
            return self.size
        if not 0 <= size <= self.size:
            raise ValueError(f"the tree has {self.size} leaves, not {size}")
        return size

    def _stored(self, level: int, index: int) -> bytes:
        return bytes(self._levels[level][index * HASH_BYTES : (index + 1) * HASH_BYTES])

    def _range(self, start: int, end: int) -> bytes:
        """The hash over leaves start..end-1, where start is a multiple of a power of two ≥ end - start."""
        width = end - start
        if width & (width - 1) == 0:
            return self._stored(width.bit_length() - 1, start // width)
        middle = start + _split(width)
        return node_hash(self._range(start, middle), self._range(middle, end))


class Frontier:
    """The right edge of a tree: the roots of its full subtrees, widest first, one for every 1 bit of `size`.

    It is all that is needed to go on appending: at most 20 hashes for a million leaves.
    ``Frontier(edge.size, edge.hashes)`` restores what was stored.
    """

    def __init__(self, size: int = 0, hashes: Sequence[bytes] = ()) -> None:
        if size < 0 or len(hashes) != size.bit_count():
            raise ValueError(f"{len(hashes)} hashes cannot be the right edge of {size} leaves")
        self.size = size
        self._hashes = [_checked(h) for h in hashes]

    @property
    def hashes(self) -> tuple[bytes, ...]:
        """The subtree roots, widest first."""
        return tuple(self._hashes)

    def append(self, leaf: bytes) -> int:
        """Add a leaf hash and return its index. Raises ValueError unless it is 32 bytes."""
        index, node = self.size, _checked(leaf)
        carry = index
        while carry & 1:  # as in counting: every trailing 1 bit is a subtree that the new leaf completes
            node, carry = node_hash(self._hashes.pop(), node), carry >> 1
        self._hashes.append(node)
        self.size += 1
        return index

    def root(self) -> bytes:
        """The root of the tree, equal to `Tree.root`."""
        if not self._hashes:
            return EMPTY_ROOT
        *left, root = self._hashes
        for node in reversed(left):
            root = node_hash(node, root)
        return root


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Does `proof` show that `leaf` (a leaf hash) is number `index` of the `size` leaves under `root`?

    RFC 9162 section 2.1.3.2. Malformed input is answered with False, never with an exception.
    """
    if not 0 <= index < size or not _all_hashes(leaf, root, *proof):
        return False
    place, last, node = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if place & 1 or place == last:
            node = node_hash(sibling, node)
            place, last = _climb_to_right_child(place, last)
        else:
            node = node_hash(node, sibling)
        place, last = place >> 1, last >> 1
    return last == 0 and node == root


def verify_consistency(old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Does `proof` show that the `old` leaves under `old_root` are the first of the `new` under `new_root`?

    RFC 9162 section 2.1.4.2. Sizes must satisfy 1 ≤ old ≤ new: an empty tree is the beginning of everything,
    so a proof about it says nothing. Malformed input is answered with False, never with an exception.
    """
    if old == new >= 1:  # nothing to hash: any two equal roots will do, as in transparency-dev's vectors
        return not proof and old_root == new_root
    if not 1 <= old < new or not _all_hashes(old_root, new_root, *proof):
        return False
    path = list(proof) if old & (old - 1) else [old_root, *proof]
    if not path:
        return False
    place, last = old - 1, new - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    old_node = new_node = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            old_node, new_node = node_hash(sibling, old_node), node_hash(sibling, new_node)
            place, last = _climb_to_right_child(place, last)
        else:
            new_node = node_hash(new_node, sibling)
        place, last = place >> 1, last >> 1
    return last == 0 and old_node == old_root and new_node == new_root


def _climb_to_right_child(place: int, last: int) -> tuple[int, int]:
    """Skip the levels on which the node has no sibling to its right and is alone."""
    while place and not place & 1:
        place, last = place >> 1, last >> 1
    return place, last


def _split(width: int) -> int:
    """The largest power of two smaller than `width` ≥ 2: where RFC 9162 cuts a tree."""
    return 1 << ((width - 1).bit_length() - 1)


def _widths(size: int) -> list[int]:
    """The widths of the full subtrees of a tree of `size` leaves, widest first."""
    return [1 << bit for bit in reversed(range(size.bit_length())) if size >> bit & 1]


def _all_hashes(*values: bytes) -> bool:
    return all(len(value) == HASH_BYTES for value in values)


def _checked(value: bytes) -> bytes:
    if len(value) != HASH_BYTES:
        raise ValueError(f"a hash is {HASH_BYTES} bytes, not {len(value)}")
    return value
