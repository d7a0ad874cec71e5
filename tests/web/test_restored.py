"""What was deleted by law after a backup is deleted again when that backup is put back."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest

from shigan.exchange.keeping.databases import Deletion
from shigan.facts import to_plain
from shigan.facts.erasure import Asker, Basis, ErasureRequested
from shigan.facts.problems import ProblemRaised, Source
from shigan.web import erasing, sealing, store, verifying
from shigan.web.models import PayloadRow
from tests.conftest import POSTGRES
from tests.web.conftest import County
from tests.web.test_backup import well
from tests.web.test_durability import environment, fresh_database

WORDS = "张三家水压不足，早晚无水"
APPROVED = date.today() - timedelta(days=3)
ASKED = APPROVED - timedelta(days=1)


def deletion(about: str, *seqs: int, case: str = "E00001") -> Deletion:
    """One that another copy of the ledger knows: the officer asked, the leader approved."""
    asked = ErasureRequested(about=about, seqs=seqs, basis=Basis.CONSENT, asker=Asker.PERSON)
    body = json.dumps(to_plain(asked), ensure_ascii=False)
    return Deletion(case, "U003", "P0001", "U002", f"{ASKED}", body, "P0002", "U001", f"{APPROVED}")


@pytest.fixture
def restored(county: County) -> County:
    """A ledger in which the words are again, and nothing of their deletion."""
    county.write("Q00001", ProblemRaised(source=Source.VISIT, category="供水", text=WORDS))
    sealing.seal()
    return county


def test_a_later_deletion_is_made_again_by_the_same_two_persons_and_the_ledger_is_whole(
    restored: County,
) -> None:
    assert erasing.after_restore([deletion("Q00001", 1)]) == 1
    assert not PayloadRow.objects.filter(body__contains="张三").exists()
    asked, approved = store.entries("E00001")
    assert (asked.by, approved.by) == ("P0001", "P0002")
    assert approved.happened == APPROVED and approved.lag() >= 3
    assert not list(verifying.verify())
    assert erasing.after_restore([deletion("Q00001", 1)]) == 0, "once is enough"


def test_what_was_recorded_after_the_backup_is_not_there_to_be_deleted(restored: County) -> None:
    later = [deletion("Q00001", 2), deletion("Q09999", 1, case="E00002")]
    assert erasing.after_restore(later) == 0
    assert erasing.after_restore([deletion("Q00001", 1, 2)]) == 1, "of two entries the one that is there"
    assert not list(verifying.verify())


ERASE = """
import os; os.environ["DJANGO_SETTINGS_MODULE"] = "shigan.web.settings"
import django; django.setup()
import json
from datetime import date
from shigan.facts.erasure import Asker, Basis, ErasureRequested
from shigan.web import erasing, store
from shigan.work.admit import Author, Draft
case, about = store.next_code("E"), next(e for e in store.entries(kinds=["ProblemRaised"]))
asked = ErasureRequested(about=about.subject, seqs=(about.seq,), basis=Basis.CONSENT, asker=Asker.PERSON)
store.append([Draft(case, asked, about.unit, date.today(), 0)], Author("P0001", "U002"))
erasing.approve(store.state(case), Author("P0002", "U001"), date.today())
erasing.scrub()
print(about.fact.text)
"""
LOOK = """
import os, sys; os.environ["DJANGO_SETTINGS_MODULE"] = "shigan.web.settings"
import django; django.setup()
from shigan.web.models import PayloadRow
print(PayloadRow.objects.filter(body__contains=sys.argv[1]).count())
"""


def python(folder: Path, url: str, script: str, *words: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", script, *words],
        env=environment(folder, url), text=True, capture_output=True, check=True,
    )  # fmt: skip
    return done.stdout.strip()


def erased_and_back(place: Path, url: str, targets: list[str]) -> None:
    data, backups, keys = place / "data", place / "backups", str(place / "data/keys/backup")
    well(data, "demo", "--build-only", "--scale", "0.01", SHIGAN_DATABASE_URL=url)
    well(data, "backup", "--to", str(backups / "1.backup"), SHIGAN_DATABASE_URL=url)
    text = python(data, url, ERASE)
    assert python(data, url, LOOK, text) == "0"
    last = url or str(data)
    restore = ("restore", str(backups / "1.backup"), "--key", keys)
    said = well(place / "new", *restore, "--erased", last, SHIGAN_DATABASE_URL=targets[0])
    assert re.search(r"依法删除 1 件", said), said
    assert python(place / "new", targets[0], LOOK, text) == "0"
    well(data, "backup", "--to", str(backups / "2.backup"), SHIGAN_DATABASE_URL=url)
    said = well(place / "again", *restore, SHIGAN_DATABASE_URL=targets[1])
    assert "依 2.backup 再次删除" in said
    assert python(place / "again", targets[1], LOOK, text) == "0"


@pytest.mark.slow
def test_an_older_backup_comes_back_without_the_words_deleted_since_on_sqlite(tmp_path: Path) -> None:
    erased_and_back(tmp_path, "", ["", ""])


@pytest.mark.slow
@pytest.mark.postgres
def test_an_older_backup_comes_back_without_the_words_deleted_since_on_postgresql(tmp_path: Path) -> None:
    url, *targets = (fresh_database(POSTGRES) for _n in range(3))
    erased_and_back(tmp_path, url, targets)
