"""The ledger as tiles (C2SP tlog-tiles): files of 256 hashes or entries, at addresses that never change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from shigan.facts.faults import Fault, _
from shigan.maths.merkle import HASH_BYTES, Tree

WIDTH = 256
ENTRIES = "entries"
"""In the place of a level: bundles of entries instead of hashes."""
LOWEST = "tile/0/"
"""Where the hashes of the entries themselves lie."""


def path(level: int | str, index: int, width: int = WIDTH) -> str:
    """`tile/0/x001/234`: the index in groups of three digits; `.p/5` behind it for a tile of 5 of 256."""
    groups = [f"{index % 1000:03}"]
    while index >= 1000:
        index //= 1000
        groups.insert(0, f"x{index % 1000:03}")
    return f"tile/{level}/{'/'.join(groups)}" + (f".p/{width}" if width < WIDTH else "")


def runs(size: int) -> Iterator[tuple[int, int]]:
    """Index and width of each tile in a row of `size` items: the last may be narrower, none is empty."""
    for index in range(-(-size // WIDTH)):
        yield index, min(WIDTH, size - index * WIDTH)


def hashes(leaves: Sequence[bytes]) -> Iterator[tuple[str, bytes]]:
    """Path and content of every hash tile over the leaf hashes, level 0 first."""
    level, row = 0, list(leaves)
    while row:
        above = []
        for index, width in runs(len(row)):
            tile = row[index * WIDTH : index * WIDTH + width]
            yield path(level, index, width), b"".join(tile)
            if width == WIDTH:
                above.append(Tree(tile).root())
        level, row = level + 1, above


def bundles(entries: Sequence[bytes]) -> Iterator[tuple[str, bytes]]:
    """Path and content of every bundle of entries: each entry after its length in two bytes, big-endian."""
    for index, width in runs(len(entries)):
        own = entries[index * WIDTH : index * WIDTH + width]
        yield path(ENTRIES, index, width), b"".join(len(e).to_bytes(2, "big") + e for e in own)


def unbundled(data: bytes) -> list[bytes]:
    """The entries of a bundle. Raises `Fault` where it ends in the middle of one."""
    found, at = [], 0
    while at < len(data):
        end = at + 2 + int.from_bytes(data[at : at + 2], "big")
        if end > len(data) or at + 2 > len(data):
            raise Fault(_("瓦片文件不完整"), remedy=_("请重新导出台账。"))
        found.append(data[at + 2 : end])
        at = end
    return found


def leaves(tiles: Iterable[bytes]) -> Iterator[bytes]:
    """The hashes of tiles of level 0. Raises `Fault` where one is not a row of 32-byte hashes."""
    for tile in tiles:
        if not tile or len(tile) % HASH_BYTES:
            raise Fault(_("瓦片文件不完整"), remedy=_("请重新导出台账。"))
        yield from row(tile)


def row(tile: bytes) -> Iterator[bytes]:
    """The hashes of one tile."""
    return (tile[at : at + HASH_BYTES] for at in range(0, len(tile), HASH_BYTES))
