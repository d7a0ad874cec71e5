"""Many who open files at the same moment, on a database of their own: how many readings the ledger has.

Run by `test_readings` in a process of its own, after `django.setup()`.
"""

from __future__ import annotations

import threading
from datetime import date

from django.db import connection

from shigan.facts.readings import FilePart, FileRead
from shigan.facts.units import Identity, PersonPosted, Rank, UnitFounded, UnitKind
from shigan.web import opening, running, store
from shigan.web.models import Account
from shigan.work.admit import Author, Draft


def found() -> None:
    """A county and the person whose file it is."""
    place = UnitFounded(kind=UnitKind.COUNTY)
    person = PersonPosted(rank=Rank.DEPUTY, identity=Identity.CIVIL_SERVANT, in_team=True, managed_by="U001")
    drafts = [Draft(code, fact, "U001", date.today()) for code, fact in (("U001", place), ("P9999", person))]
    store.append(drafts, Author("P0000", "U001"))


def main(readers: int) -> None:
    """All let go at once; a thread that fails tells on the error channel and leaves no reading."""
    running.migrate()
    found()
    purpose = store.rulebook().readings.purposes.value[0]
    start = threading.Barrier(readers)
    accounts = [
        Account.objects.create(username=f"r{n}", code=f"P{n:04}", unit="U001", role="officer")
        for n in range(1, readers + 1)
    ]

    def read(account: Account) -> None:
        fact = FileRead(about="P9999", part=FilePart.PROFILE, purpose=purpose)
        start.wait()
        try:
            opening._write(account, fact)
        finally:
            connection.close()

    threads = [threading.Thread(target=read, args=(each,)) for each in accounts]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    print(store.listing("F").count())
