"""A token's whole way: right in the main system, signed by a real box, cast there when voting is open."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django.test import Client

from shigan.box import signer, tokens
from shigan.box.phases import Clock
from shigan.box.running import Box
from shigan.ledger.entry import Entry
from shigan.maths import blind
from shigan.web import store
from shigan.web.models import TokenRight
from shigan.work.boxes import fold
from tests.box import manifests
from tests.box.ceremony import Case, case
from tests.web.conftest import County
from tests.work import evaluation


@contextmanager
def signing(box: Box) -> Iterator[None]:
    """The box's own signer on its socket."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    task = asyncio.run_coroutine_threadsafe(signer.serve(box), loop)
    while not box.folder.socket.exists():
        assert not task.done(), task.exception()
    yield
    task.cancel()
    loop.call_soon_threadsafe(loop.stop)
    thread.join()


def issuing(path: Path, now: datetime) -> Case:
    """A box whose class C takes tokens now; voting opens in an hour."""
    classes = [manifests.voters("A", 8, 60, pool="C"), manifests.voters("C", 40, 40, tokens=True)]
    times = manifests.around(now, opened=-60, closes=600, issue=True)
    return case(path, classes=classes, **times)


def test_a_token_taken_in_the_main_system_is_cast_in_the_box(
    county: County, client_for: Callable[[str], Client], tmp_path: Path, settings: Any
) -> None:
    now = datetime.now(UTC)
    made = issuing(tmp_path / "box", now)
    fact = evaluation.opening(made.manifest.plain)
    entry = Entry("B0001", 1, "BoxOpened", "U003", now.date(), now, "P0001", "U002", "", fact)
    store.write_states([fold(None, entry)])
    TokenRight.objects.create(election="B0001", account="P0003", voters="C")
    key, message = made.manifest.keys["C"], tokens.message_for("B0001")
    blinding = blind.blind(key, message)
    box = Box(made.path)
    settings.BOX_SIGNER = str(box.folder.socket)
    with signing(box):
        answer = client_for("clerk").post("/tokens/B0001", {"blinded": blinding.message.hex()})
    box.stop()
    signature = blind.finalize(key, message, bytes.fromhex(answer.json()["signature"]), blinding.inverse)
    later = Box(made.path, Clock(lambda: now + timedelta(hours=2)))
    row = "1" * len(made.manifest.cells)
    own = later.credential("", tokens.text("B0001", message, signature))
    assert own is not None and own.voters == "C"
    assert later.cast(own, row).result() is not None
    assert later.look(own).result() == row
    later.stop()
