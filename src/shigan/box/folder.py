"""The folder of one box: its files, how it is made, and how it gets its slips.

manifest.json  names.json  slips.json  notice.json     what everybody may see, and the names
keys/A.json                                             private token keys, destroyed at closing
box.sqlite                                              the ballots
out/                                                    what the closing makes
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shigan.box import casting, names, slips, store
from shigan.box import manifest as manifests
from shigan.box.canonical import canonical, parsed
from shigan.box.manifest import Manifest
from shigan.box.names import Names
from shigan.box.refusals import Refused
from shigan.box.slips import Slips
from shigan.maths.blind import PrivateKey

KEY_BITS = 3072
"""128 bits of strength (NIST SP 800-57 part 1, table 2; OWASP ASVS 5.0, 11.2.3)."""
EXPONENT = 65537


@dataclass(frozen=True)
class Folder:
    """The paths; nothing is read until asked for."""

    path: Path

    @property
    def database(self) -> Path:
        return self.path / "box.sqlite"

    @property
    def socket(self) -> Path:
        """Where the main system asks for blind signatures."""
        return self.path / "signer.sock"

    @property
    def out(self) -> Path:
        """Where the closing puts its files."""
        return self.path / "out"

    def manifest(self) -> Manifest:
        """The final manifest."""
        return manifests.read(parsed(self._read("manifest.json"), "manifest"))

    def names(self) -> Names:
        """The names of those judged, checked against the manifest."""
        return names.read(json.loads(self._read("names.json")), self.manifest())

    def slips(self) -> Slips:
        """The hashes of all slips."""
        return slips.read(parsed(self._read("slips.json"), "slips"), self.manifest())

    def keys(self) -> dict[str, PrivateKey]:
        """The token keys by class; none after closing."""
        found = {}
        for path in sorted((self.path / "keys").glob("?.json")):
            own = json.loads(path.read_text())
            found[path.stem] = PrivateKey(int(own["p"], 16), int(own["q"], 16), EXPONENT)
        return found

    def destroy_keys(self) -> None:
        """Nobody signs any more: the files are overwritten and removed."""
        for path in (self.path / "keys").glob("?.json"):
            wipe(path)

    def _read(self, name: str) -> bytes:
        try:
            return (self.path / name).read_bytes()
        except OSError as error:
            raise Refused(
                f"{self.path} 里没有 {name}", f"there is no {name} in {self.path}",
                "请先按步骤新建票箱、装入票码。", "Make the box and load its slips first.",
            ) from error  # fmt: skip


def write(path: Path, value: Any) -> None:
    """Put an object into a file that only its owner may read, whole or not at all."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    with os.fdopen(os.open(fresh, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "wb") as file:
        file.write(canonical(value))
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


def wipe(path: Path) -> None:
    """Overwrite a file and remove it; what lies below the file system is out of reach."""
    if path.exists():
        with path.open("r+b") as file:
            file.write(bytes(path.stat().st_size))
            file.flush()
            os.fsync(file.fileno())
        path.unlink()


def new(path: Path, draft: Mapping[str, Any], known: Any) -> Manifest:
    """Make a box of a draft and names.json: fresh keys where a class has tokens; the manifest is final."""
    manifests.read(dict(draft), draft=True)
    folder = Folder(path)
    if path.exists() and any(path.iterdir()):
        raise Refused(f"{path} 不是空文件夹", f"{path} is not empty", "请换一个。", "Choose another.")
    made = {each["id"]: _key() for each in draft["classes"] if each["tokens"]}
    public = {voters: {"n": f"{key.public.n:x}", "e": key.e} for voters, key in made.items()}
    manifest = manifests.read({**draft, "keys": public})
    names.read(known, manifest)
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    for voters, key in made.items():
        write(path / "keys" / f"{voters}.json", {"p": f"{key.p:x}", "q": f"{key.q:x}"})
    write(path / "names.json", known)
    write(path / "manifest.json", manifest.plain)
    return folder.manifest()


def _key() -> PrivateKey:
    """A fresh RSA key, made by OpenSSL."""
    from cryptography.hazmat.primitives.asymmetric import rsa

    numbers = rsa.generate_private_key(EXPONENT, KEY_BITS).private_numbers()
    return PrivateKey(numbers.p, numbers.q, EXPONENT)


def load(path: Path, given: bytes) -> dict[str, Any]:
    """Give the box the hashes of its slips; the notice, which goes to the office and onto the wall."""
    folder = Folder(path)
    manifest = folder.manifest()
    made = slips.read(parsed(given, "slips"), manifest)
    write(path / "slips.json", made.plain)
    _fill(folder.database, manifest, made)
    notice = notice_of(manifest, made.plain)
    write(path / "notice.json", notice)
    return notice


def _fill(path: Path, manifest: Manifest, made: Slips) -> None:
    """The database with all its rows, there as a whole or not at all."""
    if path.exists():
        raise store.taken(path)
    fresh = path.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    db = store.create(fresh)
    db.execute("BEGIN")
    store.fill(db, made.class_of, manifest.blank)
    casting.make_room(db, manifest)
    db.execute("COMMIT")
    db.close()
    fresh.replace(path)
    Path(f"{fresh}-journal").unlink(missing_ok=True)


def notice_of(manifest: Manifest, plain: Mapping[str, Any]) -> dict[str, Any]:
    """What is sealed in the ledger before opening."""
    return {
        "format": "shigan/box/notice/1",
        "manifest": manifest.plain,
        "slips": {
            voters: {
                "count": own["count"],
                "root": own["root"],
                "canaries": plain["canaries"].get(voters, 0),
            }
            for voters, own in plain["classes"].items()
        },
        "commitment": plain["commitment"],
    }
