"""The box is killed at any moment: nothing acknowledged is lost, nothing doubled, and it can be closed."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from random import Random
from typing import Any

import pytest

from shigan.box import canonical, closing, phases, signatures, store
from shigan.box.phases import Clock, Phase
from shigan.box.running import Box
from tests.box.ceremony import Case, case, everybody, tally

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[2]

CASTS = """
import sys
from datetime import datetime
from pathlib import Path
from shigan.box.phases import Clock
from shigan.box.running import Box
box = Box(Path(sys.argv[1]), Clock(lambda: datetime.fromisoformat(sys.argv[2])))
print("ready", flush=True)
waiting = []
for line in sys.stdin:
    code, row = line.split()
    waiting.append((code, row, box.cast(box.credential(code, ""), row)))
    if len(waiting) == 8:
        for code, row, future in waiting:
            future.result()
            print(code, row, flush=True)
        waiting = []
"""
CLOSES = """
import json, sys
from datetime import datetime
from pathlib import Path
from tests.box.test_crashes import close
from shigan.box.phases import Clock
from shigan.box.running import Box
print("ready", flush=True)
path, given = Path(sys.argv[1]), json.loads(sys.stdin.read())
close(Box(path, Clock(lambda: datetime.fromisoformat(sys.argv[2]))), **given)
"""


def close(box: Box, counts: dict[str, Any], canaries: Any, signed: Any) -> None:
    """Go through the closing from wherever the box stands."""
    folder, manifest = box.folder, box.manifest
    box.close()
    while (stands := box.do(phases.reached)) is not Phase.ERASED:
        if stands is Phase.CLOSED:
            box.do(lambda db: closing.enter_tally(db, manifest, counts))
            box.do(lambda db: closing.seal(db, folder))
        elif stands is Phase.SEALED:
            closing.tidy(box.writer, folder)
            box.do(lambda db: closing.open_canaries(db, folder, canaries))
        elif stands is Phase.COUNTED:
            box.do(lambda db: closing.export(db, folder))
            box.do(lambda db: closing.publish(db, folder, signed))
        else:
            box.do(lambda db: closing.erase(db, folder))
    closing.tidy(box.writer, folder)
    box.stop()


def child(program: str, path: Path, now: str) -> subprocess.Popen[str]:
    """A process at work on the box; it has said that it is ready."""
    made = subprocess.Popen(
        [sys.executable, "-c", program, str(path), now],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        env=os.environ | {"PYTHONPATH": f"{ROOT}:{ROOT / 'src'}"},
    )  # fmt: skip
    assert made.stdout is not None and made.stdout.readline() == "ready\n"
    return made


def kill(process: subprocess.Popen[str]) -> str:
    """With -9; what it had acknowledged."""
    process.send_signal(signal.SIGKILL)
    assert process.stdout is not None and process.stdin is not None
    said = process.stdout.read()
    process.wait()
    process.stdout.close()
    with suppress(BrokenPipeError):
        process.stdin.close()
    return said


def test_killed_fifty_times_while_casting_the_box_keeps_every_acknowledged_ballot(tmp_path: Path) -> None:
    made, random = case(tmp_path / "box"), Random(1)
    codes = [code for own in made.codes.values() for code in own]
    acknowledged: dict[str, str] = {}
    for round_ in range(50):
        process = child(CASTS, made.path, made.hands.wall.isoformat())
        sent = [(random.choice(codes), "".join(random.choices("12345", k=15))) for _ in range(400)]
        assert process.stdin is not None
        process.stdin.write("".join(f"{code} {row}\n" for code, row in sent))
        process.stdin.flush()
        time.sleep(random.uniform(0, 0.12))
        said = [line.split() for line in kill(process).splitlines() if line.count(" ") == 1]
        whole = [(code, row) for code, row in said if (code, row) in sent]
        later = sent[len(whole) :]
        acknowledged |= dict(whole)
        held = ballots(made)
        for code, row in acknowledged.items():
            assert held.get(made.n(code)) in {row, *(own for other, own in later if other == code)}, round_
        acknowledged |= {code: held[made.n(code)] for code, _row in later if made.n(code) in held}
        assert set(held) == {made.n(code) for code in acknowledged}
    assert len(acknowledged) > 20


def ballots(made: Case) -> dict[bytes, str]:
    """What lies in the box after it was started again; every number once."""
    with made.opened() as box:
        assert box.do(lambda db: db.execute("PRAGMA integrity_check").fetchone()) == ("ok",)
        cast = box.do(lambda db: list(store.cast_ballots(db)))
    assert len({own.n for own in cast}) == len(cast)
    return {own.n: own.row for own in cast}


def test_killed_at_fifty_moments_of_closing_the_ceremony_ends_in_the_same_result(tmp_path: Path) -> None:
    made, random = case(tmp_path / "start", canaries=3), Random(2)
    with made.opened() as box:
        cast = everybody(made, box)
    given: dict[str, Any] = {"counts": tally(made, cast), "canaries": made.canaries, "signed": []}
    late = (made.manifest.closes).isoformat()
    result, took = _undisturbed(made, given, tmp_path / "whole", late)
    stood = set()
    for round_ in range(50):
        path = tmp_path / f"box{round_}"
        _copy(made.path, path)
        process = child(CLOSES, path, late)
        assert process.stdin is not None
        process.stdin.write(json.dumps(given))
        process.stdin.close()
        time.sleep(random.uniform(0, took))
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert process.stdout is not None
        process.stdout.close()
        box = Box(path, Clock(lambda: made.manifest.closes))
        stood.add(box.do(phases.reached))
        close(box, **given)
        assert _ended(path) == result
    assert len(stood) >= 3, stood


def _undisturbed(made: Case, given: dict[str, Any], path: Path, late: str) -> tuple[dict[str, bytes], float]:
    """What the ceremony leaves, and the seconds it takes from the start of a process on."""
    _copy(made.path, path)
    box = Box(path, Clock(lambda: made.manifest.closes))
    box.close()
    box.do(lambda db: closing.enter_tally(db, made.manifest, given["counts"]))
    box.do(lambda db: closing.seal(db, box.folder))
    result = box.do(lambda db: closing.open_canaries(db, box.folder, made.canaries))
    box.stop()
    given["signed"] = [signatures.sign(result, key) for key in made.scrutineers[:2]]
    _copy(made.path, path.with_name("timed"))
    process = child(CLOSES, path.with_name("timed"), late)
    began = time.monotonic()
    process.communicate(json.dumps(given))
    close(Box(path, Clock(lambda: made.manifest.closes)), **given)
    return _ended(path), time.monotonic() - began


def _ended(path: Path) -> dict[str, bytes]:
    """What is left in `out/`, which must be what is public; the salts of leaves are those of casting."""
    assert not list((path / "keys").glob("*")) and not list(path.glob("out/*.new"))
    left = {own.name: own.read_bytes() for own in sorted((path / "out").iterdir())}
    assert canonical.parsed(left["result.json"], "result")
    return left


def _copy(here: Path, there: Path) -> None:
    shutil.copytree(here, there)
