"""A witness: another office's computer that keeps the last checkpoint, sees that the ledger only grows, and
cosigns (C2SP tlog-cosignature, cosignature/v1). Checkpoints and proofs come on a stick or over any network.
"""

from __future__ import annotations

import os
from pathlib import Path

from shigan.facts.faults import Fault, _
from shigan.ledger import checkpoint, export, note, proof, verify
from shigan.ledger.checkpoint import Checkpoint
from shigan.ledger.note import COSIGNATURE, Key, Signer
from shigan.maths import ed25519
from shigan.maths.merkle import EMPTY_ROOT, Tree

SECRET, OWN, LOG, LAST, EVIDENCE = "witness.key", "witness.vkey", "ledger.vkey", "checkpoint", "evidence"
"""A witness's folder: its key, both public keys, the last checkpoint, what convicts the ledger."""
SAME, SPLIT, UNKNOWN = "same", "split", "unknown"
"""How two checkpoints of one ledger stand to one another."""


def message(text: str, at: int) -> bytes:
    """What a cosignature signs: `cosignature/v1`, the time in seconds since 1970, the checkpoint's text."""
    return f"cosignature/v1\ntime {at}\n{text}".encode()


def cosign(signed: str, key: Key, signer: Signer, at: int) -> str:
    """The note with a cosignature below: 8 bytes of time, big-endian, and 64 of signature."""
    text, _signatures = note.split(signed)
    return signed + note.line(key, at.to_bytes(8, "big") + signer(message(text, at)))


def cosigned(signed: str, key: Key) -> int | None:
    """When this witness cosigned the note (seconds since 1970), or None where it did not."""
    text, signatures = note.split(signed)
    for name, raw in signatures:
        if name == key.name and raw[:4] == key.id() and len(raw) == 76:
            at = int.from_bytes(raw[4:12], "big")
            if ed25519.verify(key.public, message(text, at), raw[12:]):
                return at
    return None


def new(folder: Path, name: str, log: Key) -> Key:
    """A new witness in a new folder, watching the ledger of key `log`; returns its public key."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    if not name or any(sign.isspace() or sign == "+" for sign in name):
        raise Fault(_("见证人名称“{name}”不可用"), remedy=_("不要有空格和加号。"), name=name)
    if folder.exists():
        raise Fault(_("{folder} 已经有了，不覆盖"), remedy=_("请换一个文件夹。"), folder=str(folder))
    secret = Ed25519PrivateKey.generate()
    key = Key(name, secret.public_key().public_bytes_raw(), COSIGNATURE)
    folder.mkdir(mode=0o700, parents=True)
    _keep(folder / LOG, f"{log}\n")
    _keep(folder / OWN, f"{key}\n")
    _keep(folder / SECRET, secret.private_bytes_raw().hex() + "\n")
    return key


def look(folder: Path, given: Path, at: int) -> str:
    """See that the checkpoint in `given` (an export, or an add-checkpoint file) continues the last one, keep
    it and return it cosigned. Raises `Fault` where it does not; what convicts the ledger is kept as evidence.
    """
    log = note.read_key(_read(folder / LOG))
    signed, point, tree = _given(given, log)
    last = _last(folder, log)
    if last and (point.size < last[1].size or not _continues(last[1], point, tree)):
        _convict(folder, last, signed, point)
    if not last and isinstance(tree, proof.Growth) and tree.old:
        raise Fault(_("这个见证人还没有封存点"), remedy=_("第一次请用整本导出，或从 0 开始的证明。"))
    both = cosign(signed, note.read_key(_read(folder / OWN), COSIGNATURE), _signer(folder), at)
    _keep(folder / LAST, both)
    return both


def compare(one: str, other: str, log: Key, given: Path | None = None) -> str:
    """How two signed checkpoints stand to one another: SAME ledger, SPLIT (two histories were shown), or
    UNKNOWN where the sizes differ and neither an export nor a proof of the larger is `given`."""
    notes = sorted(((checkpoint.verify(each, log.public), each) for each in (one, other)), key=_size)
    (less, _less), (more, _more) = notes
    if less.size == more.size:
        return SAME if less.root == more.root else SPLIT
    if given is None:
        return UNKNOWN
    _signed, point, tree = _given(given, log)
    if (point.size, point.root) != (more.size, more.root):
        return UNKNOWN
    if isinstance(tree, proof.Growth):  # a proof that fails may be a wrong proof: only one that holds tells
        return SAME if proof.grown(tree, less, more) else UNKNOWN
    return SAME if _continues(less, more, tree) else SPLIT


Shown = proof.Growth | Tree


def _given(given: Path, log: Key) -> tuple[str, Checkpoint, Shown]:
    """The note that is shown, its checkpoint, and what shows its growth: tiles or a proof."""
    if given.is_dir():
        signed = _read(given / export.NEWEST)
        point = _checked(signed, log)
        tree = verify.tree_of(given, point.size)
        if tree.root(point.size) != point.root:
            raise Fault(_("瓦片与封存点不符"), remedy=_("请重新导出台账。"))
        return signed, point, tree
    growth = proof.read_growth(_read(given))
    return growth.note, _checked(growth.note, log), growth


def _checked(signed: str, log: Key) -> Checkpoint:
    point = checkpoint.verify(signed, log.public)
    if point.origin != log.name:
        raise Fault(_("这是另一本台账的封存点"), remedy=_("请核对公钥的名称。"))
    return point


def _continues(before: Checkpoint, after: Checkpoint, shown: Shown) -> bool:
    if before.size == after.size:
        return before.root == after.root
    if before.size == 0:
        return before.root == EMPTY_ROOT
    if isinstance(shown, proof.Growth):
        return proof.grown(shown, before, after)
    return shown.root(before.size) == before.root


def _convict(folder: Path, last: tuple[str, Checkpoint], signed: str, point: Checkpoint) -> None:
    """Keep both notes, which the ledger signed, and say what they show."""
    _keep(folder / EVIDENCE / f"{last[1].size}-kept", last[0])
    _keep(folder / EVIDENCE / f"{point.size}-shown-{point.root.hex()[:12]}", signed)
    if point.size < last[1].size:
        raise Fault(
            _("台账从 {old} 条退回到 {new} 条：整库被换回了旧的，或给您看的是旧的"),
            remedy=_("不要签；两个封存点已存入 evidence，请交纪检机关。"),
            old=last[1].size,
            new=point.size,
        )
    raise Fault(
        _("封存点 {new} 没有接着封存点 {old}：台账被改写，或证明不对"),
        remedy=_("不要签；请用整本导出再核对一次。两个封存点已存入 evidence。"),
        old=last[1].size,
        new=point.size,
    )


def _last(folder: Path, log: Key) -> tuple[str, Checkpoint] | None:
    if not (folder / LAST).exists():
        return None
    signed = _read(folder / LAST)
    if cosigned(signed, note.read_key(_read(folder / OWN), COSIGNATURE)) is None:
        raise Fault(_("见证人自己保存的封存点被换过"), remedy=_("请找出打印件，与台账核对。"))
    return signed, checkpoint.verify(signed, log.public)


def _signer(folder: Path) -> Signer:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(_read(folder / SECRET))).sign


def _size(noted: tuple[Checkpoint, str]) -> int:
    return noted[0].size


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Fault(_("缺少文件 {name}"), remedy=_("请换用完整的文件夹。"), name=path.name) from error


def _keep(path: Path, text: str) -> None:
    """Written beside and put in place at once: losing power leaves the old checkpoint or the new."""
    path.parent.mkdir(mode=0o700, exist_ok=True)
    beside = path.with_name(path.name + ".new")
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
