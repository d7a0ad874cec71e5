"""A made-up box that is open now, with all its codes and tokens known, and its server as a process."""

from __future__ import annotations

import http.client
import os
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from shigan.box import folder, names, slips, tokens
from shigan.box.canonical import canonical
from shigan.box.manifest import FORMAT, Manifest
from shigan.box.phases import Clock
from shigan.box.running import Box
from shigan.maths import blind

ITEMS = ("德", "能", "勤", "绩", "廉")
OPTIONS = ("优秀", "称职", "基本称职", "不称职", "不了解")
RULE = {
    "nothing_below": 5, "shares_from": 10, "fine_from": 30, "coarse_step": 10, "fine_step": 5, "fewest": 3,
    "comments_from": 10,
}  # fmt: skip


@dataclass(frozen=True)
class Made:
    """The folder, and what the voters hold."""

    path: Path
    manifest: Manifest
    codes: list[str]
    tokens: list[str]


def make(path: Path, voters: int, remote: int = 0, officials: int = 10) -> Made:
    """A box for so many voters with slips and, in a class of their own, so many with tokens."""
    draft, known = _draft(voters, remote, officials)
    manifest = folder.new(path, draft, known)
    codes, plain = slips.make(manifest)
    folder.load(path, canonical(plain))
    return Made(path, manifest, codes["A"], _signed(path, manifest, remote))


def _draft(voters: int, remote: int, officials: int) -> tuple[dict[str, Any], dict[str, Any]]:
    now = datetime.now(UTC)
    people = {f"P{n:04}": {"name": f"示例{n:04}", "post": "副局长"} for n in range(1, officials + 1)}
    salt = secrets.token_bytes(32)
    classes = [_class("A", 100 - 50 * bool(remote), voters, voters, False)]
    classes += [_class("B", 50, remote, 0, True)] if remote else []
    times = {"opens": now - timedelta(hours=1), "closes": now + timedelta(hours=3)}
    if remote:
        times |= {"issue_from": now - timedelta(hours=3), "issue_to": now - timedelta(hours=2)}
    draft = {
        "format": FORMAT, "election": "B0001", "title": "压力试验", "unit": "U001", "session": "",
        "preset": "officials", "comments": True, "classes": classes, "issue_from": "", "issue_to": "",
        "parts": [
            {"id": "a", "kind": "grid", "title": "领导干部民主测评", "targets": list(people),
             "items": list(ITEMS), "options": list(OPTIONS)},
        ],
        "look_minutes": 30, "rule": RULE, "names": names.bound(salt, people), "scrutineers": [], "needed": 0,
        "origin": "",
    } | {key: moment.isoformat(timespec="seconds") for key, moment in times.items()}  # fmt: skip
    return draft, {"salt": salt.hex(), "names": people}


def _class(id: str, weight: int, expected: int, slips: int, remote: bool) -> dict[str, Any]:
    return {
        "id": id, "name": f"{id}类", "colour": "red", "weight": weight, "expected": expected, "slips": slips,
        "tokens": remote, "pool": "",
    }  # fmt: skip


def _signed(path: Path, manifest: Manifest, count: int) -> list[str]:
    """Tokens, issued by the box itself when its clock stood two and a half hours ago."""
    if not count:
        return []
    box = Box(path, Clock(lambda: datetime.now(UTC) - timedelta(hours=2, minutes=30)))
    try:
        return [_token(box, manifest) for _ in range(count)]
    finally:
        box.stop()


def _token(box: Box, manifest: Manifest) -> str:
    key, message = manifest.keys["B"], tokens.message_for(manifest.election)
    blinding = blind.blind(key, message)
    answer = box.sign(manifest.election, "B", blinding.message)
    return tokens.text(manifest.election, message, blind.finalize(key, message, answer, blinding.inverse))


@contextmanager
def serving(
    path: Path, environment: Mapping[str, str] | None = None, said: Path | None = None
) -> Iterator[int]:
    """The box's server as `shigan box serve` runs it, on a free port; what it says goes into `said`."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    granian = str(Path(sys.executable).with_name("granian"))
    words = [
        granian, "--interface", "rsgi", "--workers", "1", "--no-access-log", "--log-level", "error", "--host",
        "127.0.0.1", "--port", str(port), "shigan.box.server:app",
    ]  # fmt: skip
    around = os.environ | {"SHIGAN_BOX": str(path)} | dict(environment or {})
    with (said or Path(os.devnull)).open("wb") as out:
        server = subprocess.Popen(words, env=around, stdout=out, stderr=subprocess.STDOUT)
        try:
            _wait(port)
            yield port
        finally:
            server.terminate()
            server.wait(20)


def _wait(port: int) -> None:
    for _attempt in range(600):
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
            connection.request("GET", "/")
            connection.getresponse().read()
            connection.close()
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the box's server does not answer")
