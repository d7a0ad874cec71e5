"""A real server on a real port: what comes over the wire, and what does not."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from shigan.box import serving
from shigan.box.desk import keys as desk_keys
from shigan.box.desk.keys import Role
from tests.box import manifests
from tests.box.ceremony import Case, case
from tests.box.desk import marks_form, words

ROW = "1" * 15


@dataclass
class Served:
    """A box on its port."""

    made: Case
    port: int
    keys: dict[Role, str]

    def ask(
        self, method: str, path: str, body: bytes = b"", **headers: str
    ) -> tuple[int, dict[str, str], str]:
        """Status, headers by small name, and the whole body."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        connection.request(method, path, body or None, headers)
        answer = connection.getresponse()
        found = answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read().decode()
        connection.close()
        return found

    def send(self, path: str, **fields: str) -> str:
        """A form; the page that comes, as it is."""
        body = urlencode(fields).encode()
        return self.ask("POST", path, body, **{"Content-Type": "application/x-www-form-urlencoded"})[2]

    def cast(self, code: str, row: str = ROW) -> str:
        return self.send("/cast", code=code, **marks_form(row))


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    now = datetime.now(UTC).astimezone()
    times: dict[str, Any] = dict(manifests.around(now))
    made = case(tmp_path_factory.mktemp("served") / "box", **times)
    keys = desk_keys.Keys().codes
    port = _free_port()
    server = serving.start(made.path, "127.0.0.1", port, keys)
    try:
        _wait(port, server)
        yield Served(made, port, keys)
    finally:
        serving.stop(server)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(port: int, server: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        assert server.poll() is None, "the server has ended"
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the server does not answer")


def test_the_voting_page_comes_with_strict_headers_and_no_cookie(served: Served) -> None:
    status, headers, page = served.ask("GET", "/")
    assert status == 200 and manifests.plain()["title"] in page
    assert "default-src 'none'" in headers["content-security-policy"]
    assert headers["cache-control"] == "no-store" and headers["referrer-policy"] == "no-referrer"
    assert headers["x-content-type-options"] == "nosniff"
    for path in ("/", "/desk", "/kiosk", "/look", "/included", "/box.css"):
        assert "set-cookie" not in served.ask("GET", path)[1]


def test_a_ballot_is_cast_cast_again_and_looked_at(served: Served) -> None:
    code = served.made.codes["A"][0]
    first, again = served.cast(code), served.cast(code, "2" * 15)
    assert first == again and "已收到" in first
    shown = words(served.send("/look", code=code).encode())
    assert "德 称职" in shown and "优秀" not in shown


def test_right_and_wrong_codes_get_answers_of_one_length(served: Served) -> None:
    pages = [
        served.cast(code) for code in (served.made.codes["B"][0], "nothing", served.made.codes["B"][0][:-1])
    ]
    assert len({len(page.encode()) for page in pages}) == 1
    assert "没有认出来" in pages[1]


def test_a_body_that_is_too_large_is_refused(served: Served) -> None:
    status, _headers, page = served.ask("POST", "/cast", b"c0=1&" * 20_000)
    assert status == 413 and "太大" in page


def test_a_body_without_a_length_is_refused(served: Served) -> None:
    with socket.create_connection(("127.0.0.1", served.port), timeout=10) as raw:
        raw.sendall(
            b"POST /cast HTTP/1.1\r\nHost: box\r\nTransfer-Encoding: chunked\r\n\r\n6\r\ncode=1\r\n0\r\n\r\n"
        )
        assert raw.recv(16).split()[1] == b"413"


def test_unknown_addresses_are_not_found(served: Served) -> None:
    for method, path in (("GET", "/nothing"), ("GET", "/desk/nothing"), ("GET", "/cast"), ("PUT", "/")):
        assert served.ask(method, path)[0] == 404


def test_the_desk_opens_with_its_key_alone(served: Served) -> None:
    assert "工作台口令不对" in served.send("/desk", key="01234-01234-01234-01234-01234")
    assert "第 1 步" in served.send("/desk", key=served.keys[Role.SCRUTINEER])
    assert "录票员甲" in served.send("/desk", key=served.keys[Role.CLERK_A])


def test_the_desk_hands_out_files_to_be_saved(served: Served) -> None:
    body = urlencode({"key": served.keys[Role.SCRUTINEER], "name": "slips.json"}).encode()
    _status, headers, text = served.ask("POST", "/desk/file", body)
    assert headers["content-disposition"] == 'attachment; filename="slips.json"'
    assert json.loads(text)["election"] == "B0001"


@pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP], ids=lambda told: told.name)
def test_the_command_says_address_and_keys_and_stops_when_told(tmp_path: Path, told: signal.Signals) -> None:
    made = case(tmp_path / "box")
    port = _free_port()
    command = [
        str(Path(sys.executable).parent / "shigan"),
        "box",
        "serve",
        str(made.path),
        "--port",
        str(port),
    ]
    environment = os.environ | {"PYTHONUNBUFFERED": "1"}
    run = subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env=environment, start_new_session=True
    )
    try:
        assert run.stdout
        said = [next(run.stdout) for _ in range(8)]
        _wait(port, run)  # type: ignore[arg-type]
        keys = re.findall(r"\w{5}(?:-\w{5}){4}", "".join(said))
        assert f"127.0.0.1:{port}/desk" in "".join(said) and len(keys) == 3
        with_key = Served(made, port, {}).send("/desk", key=keys[0])
        assert "监票人" in with_key
    finally:
        os.killpg(run.pid, told)  # the whole group, as a terminal does
        assert run.wait(20) == 0
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port))


def test_a_mark_that_does_not_fit_brings_the_other_marks_back(served: Served) -> None:
    page = served.send("/cast", code=served.made.codes["A"][2], c0="9", c1="2")
    assert "name=c1 value=2 checked" in page and "name=c0 value=- checked" in page


def test_a_comment_that_is_not_taken_comes_back_to_be_mended(served: Served) -> None:
    code = served.made.codes["A"][3]
    page = served.send("/comment", code=code, text="好" * 501)
    assert "好" * 501 in page and code not in page
    assert "好" * 501 not in served.send("/comment", code=code, text="好" * 500)


def test_an_unknown_address_gets_a_page_with_the_way_back(served: Served) -> None:
    status, _headers, page = served.ask("GET", "/nowhere")
    assert status == 404 and 'href="/"' in page


def test_a_box_with_tokens_says_how_the_main_system_reaches_its_signer(tmp_path: Path) -> None:
    now = datetime.now(UTC).astimezone()
    times: dict[str, Any] = dict(manifests.around(now, opened=-60, closes=600, issue=True))
    classes = [manifests.voters("A", 8, 60, pool="C"), manifests.voters("C", 40, 40, tokens=True)]
    made = case(tmp_path / "box", classes=classes, **times)
    command = [
        sys.executable,
        "-m",
        "shigan.cli",
        "box",
        "serve",
        str(made.path),
        "--port",
        str(_free_port()),
    ]
    environment = os.environ | {"PYTHONUNBUFFERED": "1"}
    run = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
    try:
        assert run.stdout
        said = "".join(next(run.stdout) for _ in range(11))
    finally:
        run.terminate()
        run.wait(20)
    assert f"SHIGAN_BOX_SIGNER={made.path.resolve()}/signer.sock" in said
