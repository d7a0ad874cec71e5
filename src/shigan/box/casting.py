"""What a voter does to the box, each in one transaction: cast, look, comment; and what the signer does."""

from __future__ import annotations

import hashlib
import secrets
import sqlite3
import unicodedata

from shigan.box import phases, store
from shigan.box.manifest import Manifest
from shigan.box.phases import Phase
from shigan.box.refusals import Refused
from shigan.box.tokens import RANDOM_BYTES, Credential

COMMENT_BYTES = 2_048
"""Every comment takes as many, so that its length tells nothing on the disk."""
LONGEST_COMMENT = 500
MOST_ROOM = 5_000
"""Places kept for comments; beyond, a comment makes its own."""


def make_room(db: sqlite3.Connection, manifest: Manifest) -> None:
    """Places for the ballots on tokens and for comments, filled with chance before anybody comes."""
    for each in manifest.classes:
        if each.tokens:
            body = len(store.body(each.id, store.NET, manifest.blank))
            message = 2 * RANDOM_BYTES + len(manifest.election)
            store.make_room(db, "ballot", each.expected, body)
            store.make_room(db, "token", each.expected, message, manifest.keys[each.id].size)
    if manifest.comments:
        count = min(MOST_ROOM, sum(each.slips + each.expected * each.tokens for each in manifest.classes))
        store.make_room(db, "comment", count, COMMENT_BYTES)
        store.make_room(db, "commented", count)


def cast(db: sqlite3.Connection, decoy: bytes, credential: Credential | None, row: str) -> bytes | None:
    """Put the row under the credential, whatever lay there; the nullifier, or None for a wrong credential.

    A wrong credential writes as much, to the decoy, so that nobody can tell by the time it takes. Raises
    Refused once voting is closed: it may have been closed while this was waiting for its turn.
    """
    _still_open(db)
    n, voters = _place(db, credential)
    if credential is None or not voters:
        db.execute("UPDATE ballot SET body = ? WHERE n = ?", (store.body(store.DECOY, store.NET, row), decoy))
        return None
    data = store.body(voters, store.NET, row)
    if credential.message and store.find(db, n) is None:
        store.keep(db, "token", n, credential.message, credential.signature)
        store.keep(db, "ballot", n, data)
    else:
        db.execute("UPDATE ballot SET body = ? WHERE n = ?", (data, n))
    return n


def _still_open(db: sqlite3.Connection) -> None:
    if phases.reached(db) >= Phase.CLOSED:
        raise phases.out_of_hours(Phase.CLOSED)


def _place(db: sqlite3.Connection, credential: Credential | None) -> tuple[bytes, str]:
    """The nullifier and the class, "" where the credential opens nothing; always one look into the file."""
    if credential is None:
        store.find(db, b"")
        return b"", ""
    if credential.message:
        return credential.n, credential.voters
    found = store.find(db, credential.n)
    return credential.n, found.voters if found and found.voters != store.DECOY else ""


def look(db: sqlite3.Connection, credential: Credential | None) -> str | None:
    """The marks under a credential; None where nothing was cast or the credential opens nothing."""
    found = store.find(db, credential.n) if credential else None
    return found.row if found and found.channel and found.voters != store.DECOY else None


def comment(db: sqlite3.Connection, credential: Credential | None, text: str) -> bool:
    """Keep a comment apart from the ballot, once a credential; False for a wrong one.

    What is kept of the credential is another hash than that of the ballot, and the comment lies under a
    random number: nothing leads from one to the other. Raises Refused for a second one, an empty or long one.
    """
    _still_open(db)
    n, voters = _place(db, credential)
    text = unicodedata.normalize("NFC", text).strip()
    if not voters:
        return False
    if not text or len(text) > LONGEST_COMMENT:
        raise Refused(
            f"意见有 {len(text)} 字，应为 1 到 {LONGEST_COMMENT} 字",
            f"the comment has {len(text)} characters, not 1 to {LONGEST_COMMENT}",
            "请改短后再交。", "Shorten it and send it again.", "spoken",
        )  # fmt: skip
    used = hashlib.sha256(b"shigan/comment/v1\0" + n).digest()
    if db.execute("SELECT 1 FROM commented WHERE n = ? AND NOT free", (used,)).fetchone():
        raise Refused(
            "这张票已经写过意见", "a comment was written with this ballot already",
            "意见只能写一次，不能改。", "A comment can be written once and not changed.",
            "spoken",
        )  # fmt: skip
    store.keep(db, "commented", used)
    padded = text.encode().ljust(COMMENT_BYTES, b"\0")
    store.keep(db, "comment", secrets.token_bytes(store.KEY_BYTES), padded)
    return True


def comments(db: sqlite3.Connection, manifest: Manifest) -> list[str]:
    """All comments in random order where there are enough of them, else none."""
    found = [
        bytes(text).rstrip(b"\0").decode()
        for (text,) in db.execute("SELECT text FROM comment WHERE NOT free")
    ]
    if len(found) < manifest.rule.comments_from:
        return []
    secrets.SystemRandom().shuffle(found)
    return found


def note_signing(db: sqlite3.Connection, voters: str, blinded: bytes, most: int) -> None:
    """Count a blinded message that is about to be signed, the same one only once.

    What is kept is a hash of uniform noise. Raises Refused above `most`, the class's 应到.
    """
    digest = hashlib.sha256(b"shigan/signed/v1\0" + voters.encode() + b"\0" + blinded).digest()
    if db.execute("SELECT 1 FROM signed WHERE digest = ?", (digest,)).fetchone():
        return
    if signed(db, voters) >= most:
        raise Refused(
            f"{voters} 票已发 {most} 张，等于应到人数",
            f"{most} tokens of class {voters} were issued, as many as are entitled",
            "请核对名册。", "Check the roll.",
        )  # fmt: skip
    db.execute("INSERT INTO signed VALUES (?, ?)", (digest, voters))


def signed(db: sqlite3.Connection, voters: str) -> int:
    """How many different blinded messages were signed for a class."""
    count = db.execute("SELECT count(*) FROM signed WHERE class = ?", (voters,)).fetchone()[0]
    return int(count)
