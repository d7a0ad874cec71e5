"""Many requests of one account at once, on a database of their own: what came of them, as JSON.

Run by `test_tokens` in a process of its own, after `django.setup()`.
"""

from __future__ import annotations

import json
import threading
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.db import connection

from shigan.maths import blind
from shigan.web import issuing, running, store
from shigan.web.models import Account, TokenIssued, TokenRight
from shigan.work.boxes import Box
from shigan.work.state import Refused
from tests.web.signing import private_key, serving
from tests.web.test_tokens import sealed_box


def main(folder: Path, threads: int) -> None:
    """A fresh database, a signer, and all threads let go at once."""
    running.migrate()
    store.write_states([sealed_box(datetime.now(UTC))])
    account = Account.objects.create(username="clerk", code="P0003", unit="U003", role="clerk")
    TokenRight.objects.create(election="B0001", account="P0003", voters="C")
    box = store.state("B0001")
    assert isinstance(box, Box)
    settings.BOX_SIGNER = str(folder / "signer")
    blinded = [
        blind.blind(private_key().public, blind.prepare(b"B0001" + bytes([n]) * 32)).message
        for n in range(threads)
    ]
    said: list[str] = []
    start = threading.Barrier(threads)

    def ask(own: bytes) -> None:
        start.wait()
        try:
            said.append(f"signed {issuing.issue(box, account, own, datetime.now(UTC)).hex()[:8]}")
        except Refused as refusal:
            said.append(refusal.text)
        finally:
            connection.close()

    with serving(folder / "signer") as signer:
        asking = [threading.Thread(target=ask, args=(own,)) for own in blinded]
        for each in asking:
            each.start()
        for each in asking:
            each.join()
        answers = Counter("signed" if each.startswith("signed") else each for each in said)
        told = {"answers": answers, "asked": len(signer.asked), "rows": TokenIssued.objects.count()}
        print(json.dumps(told, ensure_ascii=False))
