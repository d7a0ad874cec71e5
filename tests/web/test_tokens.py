"""Taking a token: who may, when, once; and nothing that leads from the account to the ballot."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from shigan.box import tokens
from shigan.exchange.keeping.scratch import scratch_database
from shigan.ledger.entry import Entry
from shigan.maths import blind
from shigan.web import store
from shigan.web.models import TokenIssued, TokenRight
from shigan.work.boxes import Box, fold
from tests.box import manifests
from tests.conftest import POSTGRES
from tests.web.conftest import County
from tests.web.signing import Signer, private_key, serving
from tests.work import evaluation

Clients = Callable[[str], Client]
ROOT = Path(__file__).parents[2]
RACE = """
import sys, django; django.setup()
from pathlib import Path
from tests.web.token_race import main
main(Path(sys.argv[1]), int(sys.argv[2]))
"""
PAGE, ROLL = "/tokens/B0001", "/boxes/B0001/roll"


def plain(now: datetime, begun: timedelta) -> dict[str, Any]:
    """A manifest whose class C takes tokens for two hours since `begun` ago; voting begins after that."""
    begin = now - begun
    end = begin + timedelta(hours=2)
    times = {"issue_from": begin, "issue_to": end, "opens": end, "closes": end + timedelta(hours=8)}
    told = {key: moment.isoformat(timespec="seconds") for key, moment in times.items()}
    return manifests.plain({"C": private_key().public}, **told)


def sealed_box(now: datetime, begun: timedelta = timedelta(minutes=5)) -> Box:
    """Its state, as if it had been sealed in time."""
    fact = evaluation.opening(plain(now, begun))
    return fold(None, Entry("B0001", 1, "BoxOpened", "U003", now.date(), now, "P0001", "U002", "", fact))


def begun(minutes: int) -> Box:
    box = sealed_box(datetime.now(UTC), timedelta(minutes=minutes))
    store.write_states([box])
    return box


@pytest.fixture
def box(county: County) -> Box:
    """An evaluation whose issuing has begun; the clerk and the official may take a token of class C."""
    for code in ("P0003", "P0006"):
        TokenRight.objects.create(election="B0001", account=code, voters="C")
    return begun(5)


@pytest.fixture
def signer(tmp_path: Path, settings: Any) -> Iterator[Signer]:
    settings.BOX_SIGNER = str(tmp_path / "signer")
    with serving(tmp_path / "signer") as signer:
        yield signer


def blinding() -> tuple[bytes, blind.Blinding]:
    message = tokens.message_for("B0001")
    return message, blind.blind(private_key().public, message)


def ask(client: Client, blinded: bytes) -> Any:
    return client.post(PAGE, {"blinded": blinded.hex()})


def test_what_the_voter_gets_is_a_token_of_the_box(box: Box, signer: Signer, client_for: Clients) -> None:
    message, own = blinding()
    answer = ask(client_for("clerk"), own.message)
    assert answer.status_code == 200
    signature = bytes.fromhex(json.loads(answer.content)["signature"])
    done = blind.finalize(private_key().public, message, signature, own.inverse)
    token = tokens.of_token(box.manifest, tokens.text("B0001", message, done))
    assert token is not None and token.voters == "C"


def test_the_page_holds_everything_that_the_browser_needs(box: Box, client_for: Clients) -> None:
    page = client_for("clerk").get(PAGE).content.decode()
    n = private_key().public.n
    for words in (f'data-n="{n:x}"', 'data-e="65537"', 'data-election="B0001"', "box/token.js", "data-token"):
        assert words in page, words
    for name in ("bytes", "sha2", "blind", "token"):
        assert f"box/{name}.js" in page and finders.find(f"box/{name}.js"), name


def test_the_same_number_again_is_answered_again_and_another_is_not(
    box: Box, signer: Signer, client_for: Clients
) -> None:
    client, own = client_for("clerk"), blinding()[1]
    first, again = ask(client, own.message), ask(client, own.message)
    assert first.content == again.content
    other = ask(client, blinding()[1].message)
    assert other.status_code == 409 and "一人一票" in json.loads(other.content)["error"]
    assert TokenIssued.objects.count() == 1 and len(signer.asked) == 2


def test_nothing_is_noted_where_nothing_was_signed(
    box: Box, client_for: Clients, signer: Signer, settings: Any
) -> None:
    path, client = settings.BOX_SIGNER, client_for("clerk")
    settings.BOX_SIGNER = "/nowhere"
    answer = ask(client, blinding()[1].message)
    assert answer.status_code == 503 and "这次不算领过" in json.loads(answer.content)["error"]
    settings.BOX_SIGNER, signer.refusing = path, "不在办理时间内"
    answer = ask(client, blinding()[1].message)
    assert answer.status_code == 503 and "不在办理时间内" in json.loads(answer.content)["error"]
    assert not TokenIssued.objects.exists()
    signer.refusing = ""
    assert ask(client, blinding()[1].message).status_code == 200


@pytest.mark.parametrize("minutes", [-5, 125])
def test_tokens_are_taken_in_their_hours_only(
    box: Box, signer: Signer, client_for: Clients, minutes: int
) -> None:
    begun(minutes)
    client = client_for("clerk")
    answer = ask(client, blinding()[1].message)
    assert answer.status_code == 409 and "不在领票时间" in json.loads(answer.content)["error"]
    page = client.get(PAGE).content.decode()
    assert "data-token" not in page and ("还没有开始" if minutes < 0 else "已经截止") in page
    assert not signer.asked and not TokenIssued.objects.exists()


@pytest.mark.parametrize("blinded", ["", "zz", "00", "00" * 257, "f" * 5000])
def test_what_is_no_blinded_number_is_refused_in_a_sentence(
    box: Box, signer: Signer, client_for: Clients, blinded: str
) -> None:
    answer = client_for("clerk").post(PAGE, {"blinded": blinded})
    assert answer.status_code == 400 and "数据不对" in json.loads(answer.content)["error"]
    assert not signer.asked


def test_who_is_not_on_the_list_gets_neither_page_nor_token(
    box: Box, signer: Signer, client_for: Clients
) -> None:
    for username in ("officer", "other_clerk", "admin"):
        assert client_for(username).get(PAGE).status_code == 403
        assert ask(client_for(username), blinding()[1].message).status_code == 403
    assert not signer.asked


def test_only_the_class_of_the_list_is_asked_of_the_signer(
    box: Box, signer: Signer, client_for: Clients
) -> None:
    client_for("clerk").post(PAGE, {"blinded": blinding()[1].message.hex(), "class": "A"})
    assert [each["class"] for each in signer.asked] == ["C"]
    assert signer.asked[0].keys() == {"election", "class", "blinded"}, "no name leaves the main system"


def test_what_is_kept_of_a_token_tells_a_day_and_nothing_of_the_ballot(
    box: Box, signer: Signer, client_for: Clients
) -> None:
    names = {field.name for field in TokenIssued._meta.get_fields()}
    assert names == {"id", "election", "account", "voters", "blinded", "day"}
    entries = store.newest()
    ask(client_for("clerk"), blinding()[1].message)
    row = TokenIssued.objects.get()
    assert row.pk > 1000, "a random number, so that rows tell no order"
    assert store.newest() == entries, "the ledger does not hear of it"


def test_the_voter_sees_where_a_token_waits_and_that_it_was_taken(
    box: Box, signer: Signer, client_for: Clients
) -> None:
    client = client_for("official")
    assert "可以领" in client.get("/tokens/").content.decode()
    assert PAGE in client.get("/").content.decode()
    ask(client, blinding()[1].message)
    assert "已领" in client.get("/tokens/").content.decode()
    assert "没有您可以领票的评议" in client_for("admin").get("/tokens/").content.decode()


def test_the_roll_names_who_took_a_token_and_on_what_day(
    box: Box, signer: Signer, client_for: Clients
) -> None:
    ask(client_for("clerk"), blinding()[1].message)
    page = client_for("auditor").get(ROLL).content.decode()
    assert "名单 2 人，已领 1 人" in page and "甲03" in page and "没有领" in page
    assert datetime.now(UTC).astimezone().strftime(":%M") not in page.split("<tbody>")[1].split("</tbody>")[0]
    for username in ("leader", "clerk", "official", "admin"):
        assert client_for(username).get(ROLL).status_code == 403


def test_the_list_is_made_before_issuing_begins(county: County, client_for: Clients) -> None:
    begun(-60)
    client = client_for("officer")
    assert client.post(ROLL, {"C": "P0003 甲03\np0006"}).status_code == 302
    assert set(TokenRight.objects.values_list("account", "voters")) == {("P0003", "C"), ("P0006", "C")}
    for text, words in (
        ("P0003\nP0003", "列了两次"), ("P0999", "没有可用的账号"), ("P0003\n" * 41, "列了两次"),
    ):  # fmt: skip
        answer = client.post(ROLL, {"C": text})
        assert answer.status_code == 422 and words in answer.content.decode()
    assert TokenRight.objects.count() == 2, "a list that is refused changes nothing"
    assert client_for("auditor").post(ROLL, {"C": "P0003"}).status_code == 403
    begun(5)
    answer = client.post(ROLL, {"C": "P0004"})
    assert answer.status_code == 422 and "名单不能再改" in answer.content.decode()


def race(folder: Path, database: str, threads: int) -> None:
    """So many requests of one account at the same moment, on a database of their own."""
    env = os.environ | {"SHIGAN_DATA": str(folder), "SHIGAN_DATABASE_URL": database}
    words = [sys.executable, "-c", RACE, str(folder), str(threads)]
    said = subprocess.run(words, env=env, cwd=ROOT, text=True, capture_output=True)
    assert said.returncode == 0, said.stderr
    told = json.loads(said.stdout)
    assert told["answers"] == {"signed": 1, "您已经领过票，一人一票，不能再领": threads - 1}
    assert told["asked"] == told["rows"] == 1


def test_of_a_hundred_requests_at_once_exactly_one_is_signed(tmp_path: Path) -> None:
    race(tmp_path, "", 100)


@pytest.mark.postgres
def test_so_it_is_on_postgresql_with_as_many_as_the_server_lets_in(tmp_path: Path) -> None:
    with scratch_database(POSTGRES) as database:
        race(tmp_path, database, 40)
