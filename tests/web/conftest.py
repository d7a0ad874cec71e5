"""A county small enough to know by heart, written through the same `append` as everything else."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from django.test import Client

from shigan.facts import Fact
from shigan.facts.units import GroupFormed, Identity, PersonPosted, Rank, UnitFounded, UnitKind
from shigan.ledger.entry import Entry
from shigan.web import naming, opening, rights, store
from shigan.web.models import Account, NameRow
from shigan.work.admit import Author, Draft

FOUNDED = date.today() - timedelta(days=300)
NAMES = {
    "U001": "演示县", "U002": "县委组织部", "U003": "县住建局", "U004": "县水务局", "U010": "青石镇",
    "U011": "柳湾村", "G01": "县直一组",
}  # fmt: skip
ACCOUNTS = {
    "officer": ("P0001", "U002", rights.OFFICER), "leader": ("P0002", "U001", rights.LEADER),
    "clerk": ("P0003", "U003", rights.CLERK), "other_clerk": ("P0004", "U004", rights.CLERK),
    "township": ("P0005", "U010", rights.CLERK), "official": ("P0006", "U003", rights.OFFICIAL),
    "auditor": ("P0007", "U001", rights.AUDITOR), "admin": ("A0001", "", rights.ADMIN),
}  # fmt: skip


@dataclass(frozen=True)
class County:
    """Short ways to write and to look."""

    def write(self, code: str, fact: Fact, *, by: str = "officer", unit: str = "U003", ago: int = 0) -> Entry:
        """Append one fact as an account, `ago` days before today."""
        person, by_unit, _role = ACCOUNTS[by]
        day = date.today() - timedelta(days=ago)
        return store.append([Draft(code, fact, unit, day)], Author(person, by_unit))[0]


@pytest.fixture
def county(db: None) -> County:
    """Units U001–U004, township U010 with village U011, group G01, officials P0001–P0007, their accounts."""
    naming.forget()
    drafts = [
        Draft("G01", GroupFormed(scheme="县直部门·领导干部", words="职能相近的县直部门"), "U001", FOUNDED),
        Draft("U001", UnitFounded(kind=UnitKind.COUNTY), "U001", FOUNDED),
    ]
    for code, parent, kind in (
        ("U002", "U001", UnitKind.DEPARTMENT), ("U003", "U001", UnitKind.DEPARTMENT),
        ("U004", "U001", UnitKind.DEPARTMENT), ("U010", "U001", UnitKind.TOWNSHIP),
        ("U011", "U010", UnitKind.VILLAGE),
    ):  # fmt: skip
        drafts.append(Draft(code, UnitFounded(kind=kind, parent=parent, group="G01"), code, FOUNDED))
    for code, unit, _role in ACCOUNTS.values():
        if code.startswith("P"):
            posted = PersonPosted(
                rank=Rank.DEPUTY,
                identity=Identity.CIVIL_SERVANT,
                in_team=True,
                group="G01",
                managed_by="U001",
            )
            drafts.append(Draft(code, posted, unit, FOUNDED))
    store.append(drafts, Author("P0001", "U002"))
    people = {code: f"甲{code[-2:]}" for code, _unit, _role in ACCOUNTS.values()}
    NameRow.objects.bulk_create([NameRow(code=c, name=n) for c, n in (NAMES | people).items()])
    for username, (code, unit, role) in ACCOUNTS.items():
        Account.objects.create(username=username, code=code, unit=unit, role=role)
    return County()


@pytest.fixture
def client_for(county: County) -> Callable[[str], Client]:
    """A browser logged in as one of ACCOUNTS."""

    def make(username: str) -> Client:
        client = Client()
        client.force_login(
            Account.objects.get(username=username), backend="django.contrib.auth.backends.ModelBackend"
        )
        session = client.session  # who reads a file has said what for; tests/web/test_readings.py has not
        session[opening.SESSION_KEY] = {"purpose": "年度考核", "note": "", "at": int(time.time())}
        session.save()
        return client

    return make
