"""Tamperings of an export: files changed, made anew, signed with another key; other histories shown."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from shigan.facts.faults import Fault
from shigan.ledger import checkpoint, export, tiles, verify, witness
from shigan.ledger.checkpoint import Checkpoint
from shigan.ledger.entry import entry_bytes
from shigan.ledger.export import Sealed
from shigan.ledger.note import Key
from shigan.maths.merkle import Tree, leaf_hash
from tampering.database import forged
from tampering.lab import Attack, Lab, Told

AT = 1_760_000_000


def copied(lab: Lab) -> Path:
    """The newest export, to be tampered with."""
    shutil.rmtree(lab.folder / "tampered", ignore_errors=True)
    return Path(shutil.copytree(lab.folder / f"export-{len(lab.sizes) - 1}", lab.folder / "tampered"))


def told_of(lab: Lab, folder: Path) -> list[str]:
    """What the check of an export tells, with the key from a printed slip."""
    return [bad.place for bad in verify.check(folder, lab.key.public)]


def replaced(lab: Lab, lines: list[bytes]) -> list[str]:
    """Other entries under the newest checkpoint, as it says how many bundles there are; in half of the cases
    the tiles are made anew to fit."""
    folder, size = copied(lab), lab.sizes[-1]
    rest = lines
    for index, width in tiles.runs(size):
        own, rest = (rest, []) if (index + 1) * tiles.WIDTH >= size else (rest[:width], rest[width:])
        data = b"".join(len(line).to_bytes(2, "big") + line for line in own)
        (folder / tiles.path(tiles.ENTRIES, index, width)).write_bytes(data)
    if lab.chance.random() < 0.5:
        for path, data in tiles.hashes([leaf_hash(line) for line in lines[:size]]):
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(data)
    return told_of(lab, folder)


def edit(lab: Lab) -> Told:
    """A header, a content, or a checkpoint with other words."""
    position = lab.chance.randrange(lab.sizes[-1])
    match lab.chance.randrange(3):
        case 0:
            head = json.loads(lab.lines[position])
            key = lab.chance.choice(["unit", "by", "happened", "kind", "mac", "recorded"])
            lines = list(lab.lines)
            lines[position] = export_line(head | {key: head[key] + "0"})
            return replaced(lab, lines), lab.at(position)
        case 1:
            folder = copied(lab)
            payloads = (folder / export.PAYLOADS).read_text().splitlines(keepends=True)
            own = json.loads(payloads[position])
            payloads[position] = json.dumps(own | {"body": own["body"] + " "}) + "\n"
            (folder / export.PAYLOADS).write_text("".join(payloads))
            return told_of(lab, folder), {f"第 {position} 条"}
        case _:
            size = lab.chance.choice(lab.sizes)
            return changed(lab, f"{export.POINTS}/{size}", flipped(lab)), {f"封存点 {size}"}


def export_line(head: dict[str, object]) -> bytes:
    return json.dumps(head, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def changed(lab: Lab, name: str, change: Callable[[bytes], bytes]) -> list[str]:
    """What is told when one file is another."""
    folder = copied(lab)
    (folder / name).write_bytes(change((folder / name).read_bytes()))
    return told_of(lab, folder)


def flipped(lab: Lab) -> Callable[[bytes], bytes]:
    """One bit of the file turned; not the last, a line feed that says nothing."""

    def turn(data: bytes) -> bytes:
        at = lab.chance.randrange(len(data) - 1)
        return data[:at] + bytes([data[at] ^ 1 << lab.chance.randrange(8)]) + data[at + 1 :]

    return turn


def delete(lab: Lab) -> Told:
    """An entry, the last entries, or a whole bundle."""
    position = lab.chance.randrange(lab.sizes[-1])
    match lab.chance.randrange(3):
        case 0:
            return replaced(lab, lab.lines[:position] + lab.lines[position + 1 :]), places(lab, position)
        case 1:
            return replaced(lab, lab.lines[:position]), places(lab, position)
        case _:
            folder, bundle = copied(lab), bundle_of(lab, position)
            (folder / bundle).unlink()
            return told_of(lab, folder), {bundle}


def bundle_of(lab: Lab, position: int) -> str:
    """The file that holds an entry."""
    index, width = list(tiles.runs(lab.sizes[-1]))[position // tiles.WIDTH]
    return tiles.path(tiles.ENTRIES, index, width)


def places(lab: Lab, position: int) -> set[str]:
    """Where entries that are gone, or too many, can be told."""
    return lab.after(position) | {bundle_of(lab, position)}


def insert(lab: Lab) -> Told:
    """An entry that was never recorded, in the midst."""
    position = lab.chance.randrange(lab.sizes[-1])
    lines = [*lab.lines[:position], entry_bytes(forged(0)), *lab.lines[position:]]
    return replaced(lab, lines), places(lab, position)


def reorder(lab: Lab) -> Told:
    """Two entries, or the contents of two, changed for one another."""
    i, j = lab.two()
    if lab.chance.random() < 0.5:
        lines = list(lab.lines)
        lines[i], lines[j] = lines[j], lines[i]
        return replaced(lab, lines), lab.after(i)
    folder = copied(lab)
    payloads = [json.loads(line) for line in (folder / export.PAYLOADS).read_text().splitlines()]
    payloads[i], payloads[j] = payloads[j] | {"position": i}, payloads[i] | {"position": j}
    (folder / export.PAYLOADS).write_text("".join(f"{json.dumps(each)}\n" for each in payloads))
    return told_of(lab, folder), {f"第 {i} 条"}


def swap_key(lab: Lab) -> Told:
    """Another public key; perhaps every checkpoint signed with it anew."""
    folder, other = copied(lab), Ed25519PrivateKey.generate()
    own = Key(lab.key.name, other.public_key().public_bytes_raw())
    (folder / export.KEY).write_text(f"{own}\n")
    if lab.chance.random() < 0.5:
        for path in (folder / export.NEWEST, *(folder / export.POINTS).iterdir()):
            point = checkpoint.read(path.read_text())
            path.write_text(checkpoint.sign(point, own.public, other.sign))
    return told_of(lab, folder), {export.KEY}


def corrupt_tile(lab: Lab) -> Told:
    """A tile with a bit turned, cut off, missing, or in the place of another."""
    names = [path for path, _data in tiles.hashes([leaf_hash(line) for line in lab.lines])]
    name, other = lab.chance.sample(names, 2)
    folder = copied(lab)
    match lab.chance.randrange(4):
        case 0:
            return changed(lab, name, flipped(lab)), {name}
        case 1:
            return changed(lab, name, lambda data: data[: lab.chance.randrange(len(data))]), {name}
        case 2:
            (folder / name).unlink()
        case _:
            shutil.copy(folder / other, folder / name)
    return told_of(lab, folder), {name}


def roll_back(lab: Lab) -> Told:
    """An export of an earlier day, shown to the witness that saw a later one."""
    k, m = lab.earlier()
    return seen(lab, m, lab.folder / f"export-{k}"), {f"从 {lab.sizes[m]} 条退回到 {lab.sizes[k]} 条"}


def fork(lab: Lab) -> Told:
    """Two histories from an earlier day on, both signed: one witness saw the true one, another this one."""
    k, m = lab.earlier()
    other = histories(lab, k, lab.chance.randrange(1, 2 * (lab.sizes[m] - lab.sizes[k])))
    second = lab.folder / "witness"
    shutil.rmtree(second, ignore_errors=True)
    witness.new(second, "dangan.example", lab.key)
    notes = (lab.folder / f"witness-{m}" / witness.LAST).read_text(), witness.look(second, other, AT)
    larger = max(other, lab.folder / f"export-{m}", key=lambda each: verify.newest_of(each).size)
    split = witness.compare(notes[0], notes[1], lab.key, larger) == witness.SPLIT
    told = seen(lab, m, other)
    return told if split else [], {f"封存点 {lab.sizes[m]}", f"从 {lab.sizes[m]} 条退回到"}


def histories(lab: Lab, k: int, more: int) -> Path:
    """An export that goes on after the k-th checkpoint with other entries, sealed by the ledger's own key."""
    lines = [*lab.lines[: lab.sizes[k]], *(entry_bytes(forged(n)) for n in range(more))]
    tree = Tree(leaf_hash(line) for line in lines)
    note = checkpoint.sign(Checkpoint(lab.key.name, tree.size, tree.root()), lab.key.public, lab.secret.sign)
    folder = lab.folder / "forked"
    shutil.rmtree(folder, ignore_errors=True)
    export.write(folder, [Sealed(line) for line in lines], [*lab.notes[: k + 1], note], lab.key)
    return folder


def seen(lab: Lab, m: int, shown: Path) -> list[str]:
    """What the witness tells that saw the m-th checkpoint. What it is shown is whole in itself."""
    assert not told_of(lab, shown), "it must be whole in itself"
    shutil.rmtree(lab.folder / "looking", ignore_errors=True)
    own = Path(shutil.copytree(lab.folder / f"witness-{m}", lab.folder / "looking"))
    try:
        witness.look(own, shown, AT)
    except Fault as fault:
        return [fault.sentence()] if len(list((own / witness.EVIDENCE).iterdir())) == 2 else []
    return []


ATTACKS: dict[str, Attack] = {
    "edit": edit, "delete": delete, "insert": insert, "reorder": reorder, "swap key": swap_key,
    "tile corruption": corrupt_tile, "rollback": roll_back, "fork": fork,
}  # fmt: skip
