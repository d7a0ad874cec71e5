"""The check of an export with Python alone: `shigan verify FOLDER`, or `python3 -m shigan.ledger.verify`.

Exit code 0: whole; 1: something is wrong; 2: it cannot be read.
"""

from __future__ import annotations

import argparse
import hmac
import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from operator import itemgetter
from pathlib import Path
from typing import Any

from shigan.facts.faults import Fault, _
from shigan.ledger import checkpoint, export, note, tiles
from shigan.ledger import receipt as receipts
from shigan.ledger.audit import Bad
from shigan.ledger.canonical import canonical
from shigan.ledger.entry import payload_mac
from shigan.ledger.receipt import Receipt
from shigan.maths.merkle import HASH_BYTES, Tree, leaf_hash

AT, WAITING, GONE, CHANGED = "at", "waiting", "gone", "changed"
"""What became of the entry of a receipt."""


def check(folder: Path, public: bytes | None = None) -> Iterator[Bad]:
    """Everything wrong in an export, first entries first.

    `public` is the ledger's key from elsewhere (a printed slip); without it the export's own is used, which
    says nothing about who made it. Raises `Fault` where there is none.
    """
    key = key_of(folder)
    if public is not None and key.public != public:
        yield Bad(export.KEY, _("公钥与打印件上的不同"))
    newest = newest_of(folder)
    try:
        checkpoint.verify(_text(folder / export.NEWEST), public or key.public)
    except Fault as fault:  # its size is anybody's word then: nothing is read by it
        yield Bad(export.NEWEST, fault.sentence())
        return
    lines, found = _entries(folder, newest.size)
    hashes = [leaf_hash(each) for each in lines]
    heads, bad = _heads(lines)
    found += [*_same(folder, hashes), *bad, *_payloads(folder, heads)]
    found += _points(folder, Tree(hashes), public or key.public, newest.size)
    yield from (bad for _at, bad in sorted(found, key=itemgetter(0)))


Placed = tuple[int, Bad]
"""What is wrong, behind the number of the first entry that it touches."""


def key_of(folder: Path) -> note.Key:
    """The key that an export names."""
    return note.read_key(_text(folder / export.KEY))


def newest_of(folder: Path) -> checkpoint.Checkpoint:
    """The newest checkpoint of an export, its signature not yet looked at."""
    return checkpoint.read(_text(folder / export.NEWEST))


def tree_of(folder: Path, size: int) -> Tree:
    """The tree over the level 0 tiles of an export; raises `Fault` where one is missing or short."""
    paths = (tiles.path(0, index, width) for index, width in tiles.runs(size))
    tree = Tree(tiles.leaves(_bytes(folder / each) for each in paths))
    if tree.size != size:
        raise Fault(_("瓦片文件不完整"), remedy=_("请重新导出台账。"))
    return tree


def against(point: checkpoint.Checkpoint, tree: Tree, size: int) -> Bad | None:
    """Whether a ledger of `size` entries still holds a checkpoint that was kept outside: what is wrong."""
    place = f"封存点 {point.size}"
    if point.size > size:
        return Bad(place, _("台账现在比它短：整库被换回了旧的"))
    if tree.root(point.size) != point.root:
        return Bad(place, _("台账在它之后被改写：与保存在外的树根不同"))
    return None


def look_up(receipt: Receipt, tree: Tree, size: int) -> int | None:
    """The position of a receipt's entry among the first `size`, or None."""
    found = (n for n in range(size) if tree.leaf(n) == receipt.leaf)
    return next(found, None)


def _entries(folder: Path, size: int) -> tuple[list[bytes], list[Placed]]:
    """The entries; a bundle that is missing or too short is one bad place and leaves its entries empty."""
    lines: list[bytes] = []
    bad = []
    for index, width in tiles.runs(size):
        path = tiles.path(tiles.ENTRIES, index, width)
        try:
            own, words = tiles.unbundled(_bytes(folder / path)), _("记录的条数不对")
        except Fault as fault:
            own, words = [], fault.sentence()
        if len(own) != width:
            bad.append((len(lines) + min(len(own), width), Bad(path, words)))
        lines += (own + [b""] * width)[:width]
    return lines, bad


def _points(folder: Path, tree: Tree, public: bytes, newest: int) -> Iterator[Placed]:
    """A checkpoint that does not hold touches its last entry, so far as one can tell."""
    kept = {path.name: path for path in (folder / export.POINTS).glob("*")}
    if str(newest) not in kept:
        yield newest - 1, Bad(f"封存点 {newest}", _("缺少这个封存点"))
    for name, path in [*sorted(kept.items()), (export.NEWEST, folder / export.NEWEST)]:
        place = f"封存点 {name}"
        at = int(name) - 1 if name.isdecimal() else newest - 1
        try:
            point = checkpoint.verify(_text(path), public)
        except Fault as fault:
            yield at, Bad(place, fault.sentence())
            continue
        if name not in (export.NEWEST, str(point.size)):
            yield at, Bad(place, _("文件名与封存点的大小不同"))
        elif point.size > tree.size:
            yield at, Bad(place, _("封存过的记录少了"))
        elif tree.root(point.size) != point.root:
            yield at, Bad(place, _("按现有记录重算的树根与封存点不同"))


def _same(folder: Path, hashes: Sequence[bytes]) -> Iterator[Placed]:
    """Tiles other than the entries make them; of the lowest level the first entry that differs is named."""
    for number, (path, expected) in enumerate(tiles.hashes(hashes)):
        try:
            data = _bytes(folder / path)
        except Fault as fault:
            yield len(hashes), Bad(path, fault.sentence())
            continue
        if data == expected:
            continue
        at, place = len(hashes), path
        if path.startswith(tiles.LOWEST):
            pairs = zip(tiles.row(data), tiles.row(expected), strict=False)
            shared = min(len(data), len(expected)) // HASH_BYTES
            same = next((n for n, (own, other) in enumerate(pairs) if own != other), shared)
            at = number * tiles.WIDTH + same
            place = f"第 {at} 条（{path}）"
        yield at, Bad(place, _("瓦片与记录算出的不同"))


def _heads(lines: Sequence[bytes]) -> tuple[list[dict[str, Any]], list[Placed]]:
    """The headers as objects (empty where unreadable), and what is wrong with them and their order."""
    seqs: dict[str, int] = {}
    heads: list[dict[str, Any]] = []
    bad = []
    for n, each in enumerate(lines):
        head = _object(each)
        heads.append(head)
        subject, seq = str(head.get("subject")), head.get("seq")
        if head and seq != seqs.get(subject, 0) + 1:
            bad.append((n, Bad(f"第 {n} 条", _("同一事项的次序不连续"))))
        elif each and not head:
            bad.append((n, Bad(f"第 {n} 条", _("表头不是规范的 JSON"))))
        seqs[subject] = seq if isinstance(seq, int) else 0
    return heads, bad


def _object(data: bytes) -> dict[str, Any]:
    try:
        plain = json.loads(data)
        return plain if isinstance(plain, dict) and canonical(plain) == data else {}
    except (ValueError, RecursionError):
        return {}


def _payloads(folder: Path, heads: Sequence[Mapping[str, Any]]) -> Iterator[Placed]:
    last = -1
    try:
        texts = _bytes(folder / export.PAYLOADS).splitlines()
    except Fault as fault:
        yield len(heads), Bad(export.PAYLOADS, fault.sentence())
        return
    for number, text in enumerate(texts, 1):
        try:
            own = json.loads(text)
            position, body = own["position"], own["body"].encode()
            mac = payload_mac(bytes.fromhex(own["salt"]), body)
            kept = str(heads[position].get("mac")) if position > last else ""
            last = position
        except (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError):
            yield last + 1, Bad(f"{export.PAYLOADS} {number}", _("内容不可读"))
            continue
        if not hmac.compare_digest(mac.encode(), kept.encode()):
            yield position, Bad(f"第 {position} 条", _("记录的内容被改过"))


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise Fault(_("缺少文件 {name}"), remedy=_("请重新导出台账。"), name=path.name) from error


def _text(path: Path) -> str:
    try:
        return _bytes(path).decode()
    except UnicodeDecodeError as error:
        raise Fault(_("文件 {name} 不可读"), remedy=_("请重新导出台账。"), name=path.name) from error


def report(
    folder: Path,
    public: bytes | None = None,
    outside: Sequence[str] = (),
    given: Sequence[str] = (),
    say: Callable[[str], object] = print,
) -> int:
    """Check an export, checkpoints kept outside, and receipts; say what is wrong; returns the exit code."""
    key, newest = key_of(folder), newest_of(folder)
    bad = list(check(folder, public))
    for each in bad[:20]:
        say(f"✗ {each.place}：{each.words}")
    tree = tree_of(folder, newest.size) if outside or given else Tree()
    told = [_outside(each, public or key.public, tree, newest.size) for each in outside]
    told += [_receipt(each, public or key.public, tree, newest.size) for each in given]
    for good, words in told:
        say(f"{'✓' if good else '✗'} {words}")
    say(f"{newest.size} 条 / entries；树根 / root {newest.root.hex()}")
    say(f"公钥 / key {key}" + ("" if public else "（请与打印件核对 / compare with the printed slip）"))
    wrong = bool(bad) or not all(good for good, _words in told)
    say("台账被改动 / the ledger was altered" if wrong else "台账完整 / the ledger is whole")
    return int(wrong)


def _outside(text: str, public: bytes, tree: Tree, size: int) -> tuple[bool, str]:
    point = checkpoint.read(text)  # text that is none is refused, not judged
    try:
        wrong = against(checkpoint.verify(text, public), tree, size)
    except Fault as fault:
        return False, fault.sentence()
    if wrong:
        return False, f"{wrong.place}：{wrong.words}"
    return True, f"封存点 {point.size} 仍在台账里 / still there"


def _receipt(text: str, public: bytes, tree: Tree, size: int) -> tuple[bool, str]:
    receipts.read(text)
    try:
        at = look_up(receipts.verify(text, public), tree, size)
    except Fault as fault:
        return False, fault.sentence()
    if at is None:
        return False, "导出的台账里没有 / not in this export"
    return True, f"在第 {at} 条 / entry {at}"


def main(words: Sequence[str]) -> int:
    """The command without anything installed."""
    parser = argparse.ArgumentParser(prog="shigan.ledger.verify", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--key", help="公钥，打印件上的十六进制 / the key as printed, hex")
    parser.add_argument("--checkpoint", type=Path, action="append", default=[], help="保存在外的封存点")
    parser.add_argument("--receipt", type=Path, action="append", default=[], help="回执")
    given = parser.parse_args(words)
    try:
        public = bytes.fromhex(given.key) if given.key else None
        return report(
            given.folder, public, [_text(p) for p in given.checkpoint], [_text(p) for p in given.receipt]
        )
    except ValueError as fault:
        print(fault, file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
