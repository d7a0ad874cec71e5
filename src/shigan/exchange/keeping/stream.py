"""An encrypted file: chunks under AES-256-GCM, of which none can be changed, moved, left out or cut off.

SOURCE: the STREAM construction (Hoang, Reyhanitabar, Rogaway, Vizár, CRYPTO 2015, section 7), laid out as in
the age format (C2SP age, «Payload»): the nonce is an 11-byte counter and one byte that is 1 in the last chunk
alone. The cipher is AES-256-GCM (NIST SP 800-38D). A key encrypts one file and no other, so no nonce comes
twice. The header is authenticated with every chunk.
"""

from __future__ import annotations

import io
from typing import IO, Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shigan.facts.faults import Fault, _

CHUNK = 2**20
"""Bytes of plain text in every chunk but the last."""
TAG = 16
"""Bytes that GCM adds to a chunk."""


def _nonce(number: int, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])


class Sealing:
    """Write plain bytes; encrypted chunks go to `file`, which stays open."""

    def __init__(self, file: IO[bytes], key: bytes, header: bytes) -> None:
        self._file, self._cipher, self._header = file, AESGCM(key), header
        self._waiting, self._number = bytearray(), 0
        file.write(header)

    def write(self, data: bytes) -> int:
        """Take bytes; a chunk is written once more than a chunk is there, so that only the last is short."""
        self._waiting += data
        while len(self._waiting) > CHUNK:
            self._put(bytes(self._waiting[:CHUNK]), last=False)
            del self._waiting[:CHUNK]
        return len(data)

    def flush(self) -> None:
        """Nothing to do: a chunk is written when it is full."""

    def finish(self) -> None:
        """Write the last chunk: without it the file counts as cut off."""
        self._put(bytes(self._waiting), last=True)

    def _put(self, plain: bytes, *, last: bool) -> None:
        self._file.write(self._cipher.encrypt(_nonce(self._number, last), plain, self._header))
        self._number += 1


class Opening(io.RawIOBase):
    """The plain bytes again, as a raw file; wrap it in `io.BufferedReader`.

    Raises `Fault` at the first chunk that is altered, and where one is missing.
    """

    def __init__(self, file: IO[bytes], key: bytes, header: bytes) -> None:
        self._file, self._cipher, self._header = file, AESGCM(key), header
        self._plain, self._number = memoryview(b""), 0
        self._next = file.read(CHUNK + TAG)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill a buffer as far as the present chunk goes; 0 only after the last chunk."""
        if not self._plain and (self._next or self._number == 0):
            self._plain = memoryview(self._chunk())
        part, self._plain = self._plain[: len(buffer)], self._plain[len(buffer) :]
        buffer[: len(part)] = part
        return len(part)

    def _chunk(self) -> bytes:
        sealed, self._next = self._next, self._file.read(CHUNK + TAG)
        try:
            plain = self._cipher.decrypt(_nonce(self._number, not self._next), sealed, self._header)
        except (InvalidTag, ValueError) as error:
            raise Fault(
                _("备份被改动，或没有写完（第 {n} 块）"),
                remedy=_("请换用另一份备份；没有写入任何内容。"),
                n=self._number + 1,
            ) from error
        self._number += 1
        return plain
