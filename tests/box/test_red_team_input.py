"""Whatever comes in at any door of the box is taken or refused in a sentence; nothing makes it fall over."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shigan.box import canonical, counting, manifest, names, signatures, signer, slips, tokens, verify
from shigan.box.refusals import Refused
from shigan.box.server import Pages
from tests.box import bundles, manifests
from tests.box.ceremony import Case, case, marks
from tests.maths.test_blind_vectors import KEY

LEAVES = (
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.text(max_size=5)
    | st.sampled_from(
        ["", "\ud800", "\0", "x" * 300, "A", "ab" * 32, "0" * 64, "-1", "1e9", "2026-11-20T09:00"]
    )
    | st.sampled_from(["0001-01-01T00:00+23:59", "9999-12-31T23:59-23:59", "٣", "ﬀ", "\U0001f600"])
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
)
PLAIN = manifests.plain({"B": KEY.public})
PLAN = manifest.read(PLAIN)
SLIPS = slips.make(PLAN)[1]
BUNDLE = bundles.bundle()
NAMES = manifests.names(PLAIN)


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place in a JSON value; of long lists, the first three entries."""
    yield path
    if isinstance(value, dict):
        for key in value:
            yield from places(value[key], (*path, key))
    elif isinstance(value, list):
        for i in range(min(3, len(value))):
            yield from places(value[i], (*path, i))


def spoiled(data: st.DataObject, whole: Any) -> Any:
    """The same with one to three places changed, taken away or doubled."""
    made = {"whole": deepcopy(whole)}
    for _ in range(data.draw(st.integers(1, 3))):
        path = data.draw(st.sampled_from(list(places(made))[1:]))
        spot: Any = made
        for step in path[:-1]:
            spot = spot[step]
        action = data.draw(st.sampled_from(["change", "remove", "double"]))
        if action == "remove" and path[:-1]:
            del spot[path[-1]]
        elif action == "double" and isinstance(spot, list):
            spot.append(spot[path[-1]])
        else:
            spot[path[-1]] = data.draw(VALUES)
    return made["whole"]


def taken_or_refused(what: Any, *given: Any) -> None:
    try:
        what(*given)
    except Refused as refused:
        assert refused.text and refused.english
        assert str(refused).encode()


@given(st.data())
def test_a_strange_manifest_is_refused(data: st.DataObject) -> None:
    taken_or_refused(manifest.read, spoiled(data, PLAIN))


@given(st.data())
def test_a_manifest_that_was_taken_has_a_digest(data: st.DataObject) -> None:
    try:
        made = manifest.read(spoiled(data, PLAIN))
    except Refused:
        return
    assert len(made.digest) == 64 and manifest.read(json.loads(made.canonical)) == made


@given(st.data())
def test_strange_slips_are_refused(data: st.DataObject) -> None:
    taken_or_refused(slips.read, spoiled(data, SLIPS), PLAN)


@given(st.data())
def test_strange_names_are_refused(data: st.DataObject) -> None:
    taken_or_refused(names.read, spoiled(data, NAMES), PLAN)


@given(st.data())
def test_a_strange_bundle_has_faults_or_is_as_good(data: st.DataObject) -> None:
    result, faults = counting.count(spoiled(data, BUNDLE))
    assert result is not None or faults


SCRUTINEER = signatures.new("监票人1")
SIGNED = signatures.sign(BUNDLE["result"], SCRUTINEER)


@given(st.data())
def test_a_strange_signature_is_nobodys(data: st.DataObject) -> None:
    strange = spoiled(data, SIGNED)
    named = {"name", *(strange if isinstance(strange, dict) else ())}
    same = isinstance(strange, dict) and all(
        strange.get(key) == SIGNED[key] for key in SIGNED if key != "name"
    )
    assert signatures.verify(BUNDLE["result"], strange) == (same and named >= set(SIGNED))


@given(st.binary(max_size=300) | st.text(max_size=100).map(str.encode))
def test_a_strange_file_is_no_bundle(data: bytes) -> None:
    assert verify.verify(data, (), str) == ["format"]


@pytest.mark.parametrize("depth", [900, 5_000, 200_000])
def test_a_deeply_nested_file_is_refused(depth: int, tmp_path: Path) -> None:
    nested = b'{"format":"shigan/box/bundle/1","manifest":' + b"[" * depth + b"]" * depth + b"}"
    assert verify.verify(nested, (), str)
    whole = canonical.canonical(BUNDLE | {"result": 0}).replace(
        b'"result":0', b'"result":' + b"[" * depth + b"]" * depth
    )
    assert verify.verify(whole, (), str)
    file = tmp_path / "bundle.json"
    file.write_bytes(whole)
    assert verify.main([str(file), f"--result={file}", f"--notice={file}"]) in (1, 2)


def test_a_file_that_is_too_large_is_refused_before_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(canonical, "LARGEST_FILE", 1_000)
    with pytest.raises(Refused, match="过大"):
        canonical.parsed(b" " * 1_001, "bundle")


TYPED = (
    st.text(max_size=300) | st.text("0123456789ABCDEFGHJKMNPQRSTVWXYZ-", max_size=40) | st.just("A" * 10**6)
)


@given(TYPED)
def test_a_strange_code_opens_nothing(typed: str) -> None:
    assert tokens.of_slip(PLAN, typed) is None


@given(TYPED | st.from_regex(r"B0001\.[\w=+/-]{0,200}\.[\w=+/-]{0,600}", fullmatch=True))
def test_a_strange_token_opens_nothing(typed: str) -> None:
    assert tokens.of_token(PLAN, typed) is None


# the doors of a box at work


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Case:
    return case(tmp_path_factory.mktemp("doors") / "box")


@pytest.fixture(scope="module")
def pages(made: Case) -> Iterator[Pages]:
    with made.opened() as box:
        yield Pages(box)


def ask(pages: Pages, path: str, body: bytes, method: str = "POST") -> int:
    async def read() -> bytes:
        return body

    return asyncio.run(pages.answer(method, path, len(body), read)).status


PATHS = st.sampled_from(["/cast", "/look", "/comment", "/en/cast", "/en/look", "/en/comment"])
FIELDS = st.sampled_from(["code", "token", "text", "c0", "c1", "c14", "c15", "c-1", "c٣", "csrf", ""])
FORMS = st.lists(st.tuples(FIELDS, st.text(max_size=20) | st.sampled_from(["1", "12", "-", "x"])), max_size=6)


@given(PATHS, st.binary(max_size=400) | st.text("c0123456789=&%+;abf", max_size=80).map(str.encode))
def test_a_strange_body_gets_a_page(pages: Pages, path: str, body: bytes) -> None:
    assert ask(pages, path, body) in (200, 413)


@given(PATHS, FORMS)
def test_a_strange_form_gets_a_page(pages: Pages, path: str, fields: list[tuple[str, str]]) -> None:
    from urllib.parse import urlencode

    assert ask(pages, path, urlencode(fields, errors="replace").encode()) in (200, 413)


def test_a_form_that_is_too_large_is_refused_unread(pages: Pages) -> None:
    async def read() -> bytes:
        raise AssertionError("it was read")

    for length in (-1, pages.largest + 1, 2**70):
        assert asyncio.run(pages.answer("POST", "/cast", length, read)).status == 413


@given(st.sampled_from(["GET", "PUT", "HEAD", "DELETE", "X"]), st.text(max_size=30).map("/".__add__))
def test_a_strange_address_gets_an_answer(pages: Pages, method: str, path: str) -> None:
    assert ask(pages, path, b"", method) in (200, 404)


def test_after_all_that_the_box_still_takes_a_ballot(made: Case, pages: Pages) -> None:
    from random import Random

    row = marks(made.manifest, Random(1))
    form = "&".join(f"c{at}={mark}" for at, mark in enumerate(row))
    assert ask(pages, "/cast", f"code={made.codes['C'][0]}&{form}".encode()) == 200
    assert pages.box.look(pages.box.credential(made.codes["C"][0], "")).result() == row


LINES = st.binary(max_size=200) | VALUES.map(lambda v: json.dumps(v).encode()) | st.just(b"[" * 8_000)
ASKED = st.fixed_dictionaries({"election": LEAVES, "class": LEAVES, "blinded": LEAVES})


@given(LINES | ASKED.map(lambda v: json.dumps(v).encode()))
def test_a_strange_line_to_the_signer_is_answered(pages: Pages, line: bytes) -> None:
    assert set(signer.answer(pages.box, line)) == {"refused"}
