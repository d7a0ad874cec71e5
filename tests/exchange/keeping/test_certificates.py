"""https of the office's own: what a browser accepts, what it refuses, and what is told before."""

from __future__ import annotations

import socket
import ssl
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from shigan.exchange.keeping import certificates
from shigan.exchange.keeping.certificates import Files
from shigan.facts.faults import Fault

HOSTS = ["shigan.local", "10.0.0.5"]


@pytest.fixture
def own(tmp_path: Path) -> Files:
    found = certificates.files(tmp_path)
    certificates.make(found, HOSTS)
    return found


def shake_hands(own: Files, name: str) -> str | None:
    """The protocol that a careful client and the server agree on; raises where the client refuses."""
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(own.server, own.server_key)
    asking = ssl.create_default_context(cafile=str(own.authority))
    here, there = socket.socketpair()

    def answer() -> None:
        try:
            with serving.wrap_socket(there, server_side=True) as secure:
                secure.recv(1)
        except OSError:
            there.close()

    thread = threading.Thread(target=answer)
    thread.start()
    try:
        with asking.wrap_socket(here, server_hostname=name) as secure:
            secure.send(b"x")
            return secure.version()
    finally:
        here.close()
        thread.join(10)


@pytest.mark.parametrize("name", [*HOSTS, "localhost", "127.0.0.1"])
def test_a_client_that_trusts_the_authority_accepts_the_server_by_its_names(own: Files, name: str) -> None:
    assert shake_hands(own, name) == "TLSv1.3"


def test_another_name_is_refused_by_the_client(own: Files) -> None:
    with pytest.raises(ssl.SSLCertVerificationError):
        shake_hands(own, "bank.example")


def test_keys_are_for_their_owner_alone(own: Files) -> None:
    assert {path.stat().st_mode & 0o777 for path in own.folder.iterdir()} == {0o600}
    assert own.folder.stat().st_mode & 0o777 == 0o700


def test_a_new_server_certificate_keeps_names_and_authority(own: Files) -> None:
    before, key = certificates.fingerprint(own), own.server_key.read_bytes()
    assert set(HOSTS) <= set(certificates.make(own, []))
    assert certificates.fingerprint(own) == before and own.server_key.read_bytes() != key
    assert shake_hands(own, "shigan.local")


def test_the_authority_vouches_for_no_other_name(own: Files) -> None:
    for name in ("bank.example", "10.0.0.6", "notshigan.local"):
        with pytest.raises(Fault, match="不能为"):
            certificates.make(own, [name])
    certificates.make(own, ["bank.example"], anew=True)
    assert shake_hands(own, "bank.example")


def test_a_stolen_authority_cannot_make_a_false_bank(own: Files) -> None:
    certificates.issue(own, ["bank.example"], datetime.now(UTC))
    with pytest.raises(ssl.SSLCertVerificationError, match="permitted subtree"):
        shake_hands(own, "bank.example")


def test_an_ended_certificate_is_told_with_the_command_that_renews_it(own: Files) -> None:
    now = datetime.now(UTC)
    assert 390 < certificates.days_left(own) < 397
    with pytest.raises(Fault, match="shigan tls"):
        certificates.days_left(own, now + timedelta(days=400))


@pytest.mark.parametrize("name", ["https://shigan", "a b", "", "x:8000"])
def test_what_is_no_name_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(Fault, match="只写名称或 IP"):
        certificates.make(certificates.files(tmp_path), [name])


def test_without_names_and_without_a_certificate_names_are_asked_for(tmp_path: Path) -> None:
    with pytest.raises(Fault, match="没有写明服务器的名称"):
        certificates.make(certificates.files(tmp_path), [])
    with pytest.raises(Fault, match="请先运行 shigan tls"):
        certificates.days_left(certificates.files(tmp_path))
