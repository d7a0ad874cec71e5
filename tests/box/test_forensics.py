"""A real box on a real server, 500 voters, and then every byte that is left on the disk."""

from __future__ import annotations

import http.client
import json
import shutil
import sqlite3
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import urlencode

import pytest
from scipy.stats import spearmanr

from shigan.bench.box.made import serving
from shigan.box import casting, closing, folder, signatures, store
from shigan.box.running import Box
from shigan.maths.slips import nullifier
from tests.box import manifests
from tests.box.attackers import token
from tests.box.ceremony import Case, case, marks
from tests.box.traces import Secrets, contents, found, order, side_by_side

SLIPS, TOKENS, COMMENTS = 350, 150, 60
RHO = 0.1


@dataclass
class Scene:
    """The watched folder, what was done in it, and copies of it that a backup made meanwhile."""

    watched: Path
    made: Case
    secrets: Secrets = field(default_factory=Secrets)
    rows: dict[str, str] = field(default_factory=dict)
    cast: list[bytes] = field(default_factory=list)
    """The nullifiers in the order of casting."""
    by_token: set[bytes] = field(default_factory=set)
    spoken: list[str] = field(default_factory=list)
    before: dict[str, bytes] = field(default_factory=dict)
    """Every byte before closing, copies included."""
    salts: list[bytes] = field(default_factory=list)
    after: dict[str, bytes] = field(default_factory=dict)


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    watched = tmp_path_factory.mktemp("watched")
    (watched / "tmp").mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(folder, "KEY_BITS", 2048)
        made = _made(watched / "box")
        scene = Scene(watched, made)
        credentials = _credentials(scene)
    environment = {"TMPDIR": str(watched / "tmp"), "HOME": str(watched / "tmp")}
    with serving(made.path, environment, watched / "said.log") as port:
        _vote(scene, port, credentials)
    shutil.copytree(made.path, watched / "backup-last", ignore=shutil.ignore_patterns("*.sock"))
    scene.before = contents([watched])
    _close(scene)
    scene.after = contents([made.path, watched / "tmp"])
    return scene


def _made(path: Path) -> Case:
    now = datetime.now(UTC)
    classes = [
        manifests.voters("A", TOKENS, 50, tokens=True, slips=0),
        manifests.voters("B", SLIPS, 50, slips=SLIPS + 20, pool=""),
    ]
    changes: dict[str, Any] = {"classes": classes, "election": "B0777"}
    return case(path, **changes | manifests.around(now, issue=True))


def _credentials(scene: Scene) -> list[tuple[bytes, dict[str, str]]]:
    """Number and form fields of 500 voters, in an order that by itself has nothing to do with the numbers."""
    made = scene.made
    assert made.manifest.issue_from is not None
    made.hands.wall = made.manifest.issue_from + timedelta(minutes=1)
    with made.opened() as box:
        texts = [token(made, box, "A") for _ in range(TOKENS)]
        numbers = [box.credential("", text).n for text in texts]
    scene.by_token = set(numbers)
    held = [(n, {"code": "", "token": text}) for n, text in zip(numbers, texts, strict=True)]
    held += [(made.n(code), {"code": code, "token": ""}) for code in made.codes["B"][:SLIPS]]
    random = Random(1)
    while True:
        random.shuffle(held)
        numbers = [n for n, _fields in held]
        parts = (numbers, [n for n in numbers if n in scene.by_token])
        if all(abs(spearmanr(range(len(own)), own_order(own)).statistic) < 0.02 for own in parts):
            return held


def own_order(numbers: Sequence[bytes]) -> list[int]:
    """The rank of each number among all."""
    ranks = {n: rank for rank, n in enumerate(sorted(numbers))}
    return [ranks[n] for n in numbers]


def _vote(scene: Scene, port: int, credentials: list[tuple[bytes, dict[str, str]]]) -> None:
    random = Random(2)
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    wrong = "01234-56789-ABCDE-FGHJK-MNPJ5"
    for at, (n, fields) in enumerate(credentials):
        row = marks(scene.made.manifest, random)
        told = _asker(scene, at, fields)
        _send(connection, "/cast", fields | {f"c{i}": mark for i, mark in enumerate(row)}, told, scene)
        scene.cast.append(n)
        scene.rows[n.hex()] = row
        if at % 10 == 0:
            _send(connection, "/look", fields, told, scene)
            _send(connection, "/cast", {"code": wrong, "c0": "1"}, told, scene)
            _send(connection, "/cast", {"code": f"{wrong[:-1]}0", "c0": "1"}, told, scene)
            _send(connection, "/cast", {"token": "B0777.AAAA.BBBB"}, told, scene)
        if at % (len(credentials) // COMMENTS) == 0:
            scene.spoken.append(f"Stimme {at:03} am Ende")
            long = "补" * 450 + scene.spoken[-1]  # so that its end lies in a page of its own
            _send(connection, "/comment", fields | {"text": long}, told, scene)
        if at % 125 == 60:
            shutil.copytree(
                scene.made.path, scene.watched / f"backup-{at}", ignore=shutil.ignore_patterns("*.sock")
            )
    scene.secrets.code(wrong)


def _asker(scene: Scene, at: int, fields: dict[str, str]) -> dict[str, str]:
    """The headers of a made-up person; all of it goes on the list of what must not be found."""
    told = {
        "X-Forwarded-For": f"10.{at % 250}.{at // 250}.{at % 97 + 100}",
        "User-Agent": f"Fernsprecher/{at:03}.7",
        "Cookie": f"sessionid=wähler-{at:04}".encode("ascii", "ignore").decode(),
    }
    scene.secrets.add("address", told["X-Forwarded-For"])
    scene.secrets.add("user agent", told["User-Agent"])
    scene.secrets.add("voter", told["Cookie"].removeprefix("sessionid="))
    scene.secrets.token(fields["token"]) if fields["token"] else scene.secrets.code(fields["code"])
    return told


def _send(
    connection: http.client.HTTPConnection,
    path: str,
    fields: dict[str, str],
    told: dict[str, str],
    scene: Scene,
) -> None:
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    connection.request("POST", path, urlencode(fields), kind | told)
    answer = connection.getresponse()
    answer.read()
    assert answer.status == 200
    scene.secrets.seconds.add(int(time.time()))


def _close(scene: Scene) -> None:
    made = scene.made
    made.hands.wall = made.manifest.closes + timedelta(minutes=1)
    with made.opened() as box:
        box.close()
        scene.salts = [own.salt for own in box.do(lambda db: list(store.cast_ballots(db)))]
        issued = box.do(lambda db: casting.signed(db, "A"))
        counts = {
            "A": {"present": issued, "handed": 0, "unused": 0, "issued": issued},
            "B": {"present": SLIPS, "handed": SLIPS, "unused": 20, "issued": 0},
        }
        box.do(lambda db: closing.enter_tally(db, made.manifest, counts))
        box.do(lambda db: closing.seal(db, box.folder))
        result = box.do(lambda db: closing.open_canaries(db, box.folder, None))
        box.do(lambda db: closing.export(db, box.folder))
        _erase(made, box, result)


def _erase(made: Case, box: Box, result: dict[str, Any]) -> None:
    signed = [signatures.sign(result, key) for key in made.scrutineers[:2]]
    box.do(lambda db: closing.publish(db, box.folder, signed))
    box.do(lambda db: closing.erase(db, box.folder))
    closing.tidy(box.writer, box.folder)


def test_everybody_voted(scene: Scene) -> None:
    result = json.loads((scene.made.path / "out" / "result.json").read_bytes())
    assert result["box"]["leaves"] == SLIPS + TOKENS
    assert len(scene.spoken) >= COMMENTS


def test_before_closing_no_byte_tells_who_voted_with_what_from_where_or_when(scene: Scene) -> None:
    assert any(name.endswith("said.log") for name in scene.before) or b"" in scene.before.values()
    assert sum("backup-" in name for name in scene.before) >= 4
    assert found(scene.before, scene.secrets) == {}


def test_after_erasure_no_byte_tells_it_either(scene: Scene) -> None:
    assert found(scene.after, scene.secrets) == {}


def test_before_closing_nothing_lies_in_the_order_of_casting(scene: Scene) -> None:
    on_slips = [n for n in scene.cast if n not in scene.by_token]
    on_tokens = [n for n in scene.cast if n in scene.by_token]
    assert order(scene.before, scene.cast) <= RHO
    assert order(scene.before, on_slips) <= RHO
    assert order(scene.before, on_tokens) <= 4 / TOKENS**0.5  # their places are drawn by lot


def test_before_closing_neighbours_in_a_page_do_not_tell_who_came_first(scene: Scene) -> None:
    (whole,) = (data for name, data in scene.before.items() if name.endswith("box/box.sqlite"))
    on_tokens = [n for n in scene.cast if n in scene.by_token]
    assert 0.45 <= side_by_side(whole, scene.cast) <= 0.55
    assert 0.40 <= side_by_side(whole, on_tokens) <= 0.60


def test_before_closing_comments_do_not_lie_in_the_order_in_which_they_came(scene: Scene) -> None:
    texts = [text.encode() for text in scene.spoken]
    assert order(scene.before, texts) <= 4 / len(texts) ** 0.5


def test_after_erasure_neither_salts_nor_rows_nor_comments_are_left(scene: Scene) -> None:
    whole = b"\0".join(scene.after.values())
    assert len(scene.salts) == SLIPS + TOKENS
    assert not any(salt in whole or salt.hex().encode() in whole for salt in scene.salts)
    assert not any(row.encode() in whole for row in scene.rows.values() if len(set(row)) > 2)
    assert not any(text.encode() in whole for text in scene.spoken)


def test_after_erasure_nothing_lies_in_the_order_of_casting(scene: Scene) -> None:
    assert order(scene.after, scene.cast) <= RHO
    assert order(scene.after, [n.hex().encode() for n in scene.cast]) <= RHO


def test_a_usual_voting_table_would_have_been_caught(scene: Scene, tmp_path: Path) -> None:
    """The same search on a database as web programs make it: a log, a running number, a time."""
    names = [nullifier(f"{i}".encode() * 8) for i in range(500)]
    started = 1_763_880_000
    planted = Secrets(seconds={started + i for i in range(500)})
    db = sqlite3.connect(tmp_path / "votes.sqlite")
    db.execute("PRAGMA journal_mode = WAL")
    db.execute(
        "CREATE TABLE vote (id INTEGER PRIMARY KEY AUTOINCREMENT, n BLOB, ip TEXT, at INTEGER, iso TEXT)"
    )
    for i, n in enumerate(names):
        iso = datetime.fromtimestamp(started + i, UTC).isoformat(" ")
        db.execute(
            "INSERT INTO vote (n, ip, at, iso) VALUES (?, ?, ?, ?)",
            (n, f"10.9.{i % 250}.1", started + i, iso),
        )
        planted.add("address", f"10.9.{i % 250}.1")
        db.commit()
    files = contents([tmp_path])
    hits = found(files, planted)
    assert hits["address"] == 250 and hits["time as text"] == 500 and hits["time as bytes"] == 499
    assert order(files, names) > 0.9
    db.close()
