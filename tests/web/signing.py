"""A signer on a Unix socket, as the box serves it, around `maths.blind` alone."""

from __future__ import annotations

import json
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import rsa

from shigan.maths.blind import PrivateKey, blind_sign


@cache
def private_key() -> PrivateKey:
    """A key of 2048 bits: quick to make, and long enough for a test."""
    made = rsa.generate_private_key(public_exponent=65537, key_size=2048).private_numbers()
    return PrivateKey(made.p, made.q, made.public_numbers.e)


class Signer(socketserver.ThreadingUnixStreamServer):
    """Signs every line it is asked; `asked` are the lines, `refusing` what it says instead."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, path: Path) -> None:
        self.asked: list[dict[str, str]] = []
        self.refusing = ""
        super().__init__(str(path), _Talk)


class _Talk(socketserver.StreamRequestHandler):
    server: Signer

    def handle(self) -> None:
        for line in self.rfile:
            asked = json.loads(line)
            self.server.asked.append(asked)
            said = {"refused": self.server.refusing}
            if not self.server.refusing:
                said = {"signature": blind_sign(private_key(), bytes.fromhex(asked["blinded"])).hex()}
            self.wfile.write(json.dumps(said).encode() + b"\n")


@contextmanager
def serving(path: Path) -> Iterator[Signer]:
    """The signer while the block lasts."""
    with Signer(path) as signer:
        threading.Thread(target=signer.serve_forever, daemon=True).start()
        yield signer
        signer.shutdown()
