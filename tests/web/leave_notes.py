"""Leave ten unsigned notes as somebody logged in, in an installation of its own, and stop as if killed.

Run by test_suggestions.py: `python -m tests.web.leave_notes` with SHIGAN_DATA set. Killed, so that the
write-ahead log stays on the disk to be searched.
"""

from __future__ import annotations

import json
import os
import sys
import time
from datetime import date, timedelta
from pathlib import Path

import django

BEFORE = "before"
"""The folder that keeps the files as they were before the notes."""


def main() -> None:
    """Prints what a searcher would look for, as JSON."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "shigan.web.settings"
    django.setup()
    from django.conf import settings
    from django.test import Client

    from shigan.facts.meetings import MeetingKind, MeetingPlanned
    from shigan.facts.units import UnitFounded, UnitKind
    from shigan.web import rights, running, store
    from shigan.web.models import Account
    from shigan.work.admit import Author, Draft

    settings.ALLOWED_HOSTS = ["testserver"]
    running.migrate()
    today = date.today()
    planned = MeetingPlanned(kind=MeetingKind.DEMOCRATIC_LIFE, theme="实干", due=today, members=9)
    store.append(
        [
            Draft("U001", UnitFounded(kind=UnitKind.COUNTY), "U001", today - timedelta(days=9)),
            Draft(
                "U777",
                UnitFounded(kind=UnitKind.DEPARTMENT, parent="U001"),
                "U777",
                today - timedelta(days=9),
            ),
            Draft("M00001", planned, "U001", today - timedelta(days=5)),
        ],
        Author("P9090", "U001"),
    )
    account = Account.objects.create(username="zhuiwen", code="P7373", unit="U777", role=rights.CLERK)
    client = Client()
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    client.get("/suggest?page=/own")
    before = Path(os.environ["SHIGAN_DATA"]) / BEFORE
    before.mkdir()
    for path in Path(os.environ["SHIGAN_DATA"]).glob("shigan.sqlite3*"):
        (before / path.name).write_bytes(path.read_bytes())
    time.sleep(1.1)  # so that the seconds of what went before are not those of the notes
    started = time.time()
    statuses = [
        client.post(url, {"text": f"{words}{n}", "page": "/persons/P7373"}).status_code
        for n in range(5)
        for url, words in (("/suggest", "建议"), ("/opinions/M00001", "心声"))
    ]
    told = {
        "statuses": statuses, "started": started, "ended": time.time(),
        "traces": [client.session.session_key, account.code, account.username, account.unit],
    }  # fmt: skip
    print(json.dumps(told))
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
