"""The page that verifies without a network finds what Python finds, and makes the same result bit for bit."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from copy import deepcopy
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from shigan.box import signatures
from shigan.box.canonical import canonical, digest
from shigan.box.counting import FAULTS, count
from shigan.box.verifier import SCRIPTS, page
from shigan.maths import ed25519
from tests.box.bundles import Bundle, Size, bundle, faulty, with_result
from tests.box.chromium import Desk, opened
from tests.box.manifests import grid, pick

Verdict = tuple[str | None, list[str]]
SIZES = [
    Size(), Size(3, 4, 6, 0), Size(0, 6, 9, 2), Size(4, 4, 4, 1), Size(1, 0, 0, 0), Size(9, 10, 29, 0),
    Size(30, 31, 120, 3),
]  # fmt: skip
PARTS = [[grid(1, 1)], [pick()], [pick(4, 4, "a"), grid(2, 3, "b")], [grid(), pick(5, 2)]]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """The page as a scrutineer opens it: a file."""
    file = tmp_path_factory.mktemp("usb") / "verifier.html"
    file.write_text(page(), encoding="utf-8")
    with opened() as desk:
        desk.do(lambda page: page.goto(file.as_uri()))
        yield desk


def python(made: Bundle) -> Verdict:
    result, faults = count(made)
    return None if result is None else canonical(result).decode(), faults


RECOUNT = """(bundles) => bundles.map((bundle) => {
  const { result, faults } = count.recount(bundle);
  return [result && canonical.text(result), faults];
})"""


def in_browser(desk: Desk, bundles: Sequence[Bundle]) -> list[Verdict]:
    return [(text, faults) for text, faults in desk.call(RECOUNT, list(bundles))]


def in_node(bundles: Sequence[Bundle]) -> list[Verdict]:
    """The same scripts outside of a browser."""
    scripts = "".join(path.read_text(encoding="utf-8") for path in SCRIPTS)
    main = f'console.log(JSON.stringify(({RECOUNT})(JSON.parse(require("fs").readFileSync(0, "utf8")))));'
    done = subprocess.run(
        ["node", "-e", scripts + main], input=json.dumps(bundles), capture_output=True, text=True, check=True
    )
    return [(text, faults) for text, faults in json.loads(done.stdout)]


@cache
def right() -> tuple[Bundle, ...]:
    """Evaluations of many sizes and sheets, small and large groups, pooled ones, with and without tokens."""
    sized = [bundle(seed, size, canaries=seed % 2) for seed, size in enumerate(SIZES)]
    return (*sized, *(bundle(seed, Size(6, 12, 35, 2), parts=parts) for seed, parts in enumerate(PARTS)))


@cache
def wrong() -> dict[str, Bundle]:
    return faulty(bundle(7))


needs_node = pytest.mark.skipif(not shutil.which("node"), reason="no node here; the browser runs the same")


@needs_node
def test_outside_of_a_browser_right_bundles_give_pythons_result_bit_for_bit() -> None:
    assert in_node(right()) == [python(made) for made in right()]


@needs_node
def test_outside_of_a_browser_every_fault_is_found_as_python_finds_it() -> None:
    assert in_node(list(wrong().values())) == [python(made) for made in wrong().values()]


def spots(value: Any, own: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to every text and number in a JSON value."""
    if isinstance(value, (dict, list)):
        for key in value if isinstance(value, dict) else range(len(value)):
            yield from spots(value[key], (*own, key))
    elif value not in (None, "") and not isinstance(value, bool):
        yield own


def touched(made: Bundle, spot: tuple[Any, ...], random: Random) -> Bundle:
    """The bundle with one more in a number, or one symbol of a text changed for another."""
    other = at = deepcopy(made)
    for key in spot[:-1]:
        at = at[key]
    value = at[spot[-1]]
    place = random.randrange(len(value)) if isinstance(value, str) else 0
    symbol = random.choice("01af-x2 GA优")
    at[spot[-1]] = value + 1 if isinstance(value, int) else value[:place] + symbol + value[place + 1 :]
    return other


def retyped(made: Bundle, spot: tuple[Any, ...], random: Random) -> Bundle:
    """The bundle with something of another type or length in one place."""
    other = at = deepcopy(made)
    for key in spot[:-1]:
        at = at[key]
    value = at[spot[-1]]
    shorter = [value[:-1], value + value] if isinstance(value, str) else []
    at[spot[-1]] = random.choice([None, 7, "", [], {}, True, -1, *shorter])
    return other


@needs_node
def test_one_symbol_changed_anywhere_leads_both_to_the_same_verdict() -> None:
    random = Random(9474)
    made = bundle(1, Size(4, 5, 8, 2), parts=[grid(2, 2), pick(3, 2)])
    by_part = [[(key, *spot) for spot in spots(made[key])] for key in made if key != "format"]
    changed = [touched(made, random.choice(part), random) for part in by_part for _ in range(60)]
    changed += [retyped(made, random.choice(part), random) for part in by_part for _ in range(30)]
    assert in_node(changed) == [python(other) for other in changed]


@pytest.mark.browser
def test_in_the_browser_right_bundles_give_pythons_result_bit_for_bit(desk: Desk) -> None:
    found = in_browser(desk, right())
    assert found == [python(made) for made in right()]
    assert [faults for _text, faults in found] == [[]] * len(right())


@pytest.mark.browser
def test_in_the_browser_every_fault_is_found_as_python_finds_it(desk: Desk) -> None:
    found = dict(zip(wrong(), in_browser(desk, list(wrong().values())), strict=True))
    assert found == {name: python(made) for name, made in wrong().items()}
    assert [name for name, (_text, faults) in found.items() if name.split()[0] not in faults] == []


@pytest.mark.browser
def test_the_page_knows_the_same_faults_as_python_in_the_same_order(desk: Desk) -> None:
    assert desk.call("() => count.CODES") == list(FAULTS)
    assert desk.call("() => Object.keys(words)") == list(FAULTS)


@pytest.mark.browser
@pytest.mark.parametrize("value", [None, [], "", 5, {}, {"manifest": None}, {"manifest": {}}])
def test_what_is_no_bundle_at_all_is_a_fault_and_no_crash(desk: Desk, value: Any) -> None:
    assert in_browser(desk, [value]) == [(None, ["manifest"])]


@pytest.mark.browser
def test_strange_letters_and_signs_have_the_same_canonical_text_in_both(desk: Desk) -> None:
    value = {
        "b": ["镕喆堃玥", '"\\/\b\f\n\r\t\x00\x1f\x7f\u2028é😀'],
        "a": {"Z": 0, "A": [True, None, 10**15]},
    }
    assert desk.call("canonical.text", value) == canonical(value).decode()
    assert desk.call("canonical.digest", value) == digest(value)


def signing(seed: int) -> tuple[Ed25519PrivateKey, str]:
    secret = Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32)
    return secret, secret.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()


@pytest.mark.browser
def test_signatures_are_read_as_strictly_as_in_python(desk: Desk) -> None:
    cases = []
    for seed in range(1, 6):
        secret, key = signing(seed)
        signature = secret.sign(bytes([seed]))
        later = (int.from_bytes(signature[32:], "little") + ed25519.L).to_bytes(32, "little")
        for changed in (
            signature,
            signature[:32] + later,
            bytes(64),
            signature[:-1],
            b"\x01" + signature[1:],
        ):
            cases.append([key, bytes([seed]).hex(), changed.hex()])
        cases.append([key, "00", signature.hex()])
        for small in (bytes([1, *[0] * 31]), bytes(32), b"\xec" + b"\xff" * 30 + b"\x7f", b"\xff" * 32):
            cases.append([small.hex(), "00", (small + bytes(32)).hex()])
    found = desk.call("(all) => all.map((own) => ed25519.verify(...own.map(bytes.fromHex)))", cases)
    assert found == [ed25519.verify(*map(bytes.fromhex, case)) for case in cases]
    assert sum(found) == 5


def choose(desk: Desk, folder: Path, **files: Any) -> str:
    """Choose files of these names and contents; what the page then says."""
    for name, value in files.items():
        data = value if isinstance(value, bytes) else canonical(value)
        (folder / f"{name}.json").write_bytes(data)
    paths = [folder / f"{name}.json" for name in files]

    def chosen(page: Any) -> str:
        page.reload()
        page.set_input_files("#files", paths)
        page.locator("#verdict.good, #verdict.bad").wait_for()
        return str(page.inner_text("main"))

    return desk.do(chosen)


def signed_bundle() -> tuple[Bundle, dict[str, Any]]:
    """A bundle that asks for one signature, and that signature."""
    key = signatures.new("监票人甲")
    made = bundle(1, scrutineers=[{"name": key["name"], "key": key["key"]}], needed=1)
    signature = signatures.sign(made["result"], key)
    assert signatures.verify(made["result"], signature)
    return made, signature


@pytest.mark.browser
def test_a_right_bundle_is_told_to_hold_with_the_digest_and_the_signatures(
    desk: Desk, tmp_path: Path
) -> None:
    made, signature = signed_bundle()
    said = choose(desk, tmp_path, bundle=made, good=signature, again=signature)
    assert "全部成立" in said and "Everything holds" in said
    assert digest(made["result"]) in said and digest(made["manifest"]) in said
    assert re.search("✓ 有效.*监票人甲（good.json）", said, re.S)
    assert "有效签名 1 人" in said


@pytest.mark.browser
def test_a_forged_signature_beside_a_good_one_is_told(desk: Desk, tmp_path: Path) -> None:
    made, signature = signed_bundle()
    stranger = signatures.sign(made["result"], signatures.new("监票人甲"))
    for forged in (signature | {"signature": "00" * 64}, signature | {"signature": "zz"}, stranger):
        said = choose(desk, tmp_path, bundle=made, good=signature, forged=forged)
        assert "有 1 个签名无效" in said and "全部成立" not in said
        assert re.search("✗ 无效.*监票人甲（forged.json）", said, re.S)


@pytest.mark.browser
def test_a_signature_of_another_result_is_not_valid(desk: Desk, tmp_path: Path) -> None:
    made, signature = signed_bundle()
    made["tally"][0]["present"] -= 1
    said = choose(desk, tmp_path, bundle=with_result(made), other=signature)
    assert "✗ 无效" in said and "有效签名 0 人" in said


@pytest.mark.browser
def test_a_wrong_bundle_is_told_not_to_hold_and_the_fault_is_named(desk: Desk, tmp_path: Path) -> None:
    said = choose(desk, tmp_path, bundle=wrong()["canary-changed"])
    assert "请不要签字" in said and "全部成立" not in said
    assert "canary-changed" in said and "校验票的勾选没有改动" in said


@pytest.mark.browser
@pytest.mark.parametrize("data", [b"", b"{", b"[1]", b'{"format": "shigan/box/slips/1"}', b"\xff\xfe"])
def test_other_files_get_a_sentence_with_a_remedy(desk: Desk, tmp_path: Path, data: bytes) -> None:
    said = choose(desk, tmp_path, other=data)
    assert "other.json" in said and "请重新选择" in said and "请选择一个核验包" in said


@pytest.mark.browser
def test_the_page_loads_nothing_and_breaks_no_rule_of_its_own(desk: Desk, tmp_path: Path) -> None:
    seen: list[str] = []

    def watch(page: Any) -> None:
        page.on("request", lambda request: seen.append(request.url))
        page.on("console", lambda message: seen.append(message.text))

    desk.do(watch)
    choose(desk, tmp_path, bundle=right()[0])
    assert [url for url in seen if not url.startswith("file:")] == []


def test_the_page_is_one_file_that_names_nothing_outside() -> None:
    text = page()
    assert text.count("<script") == text.count("</script") == text.count("<style") == 1
    assert not re.search(r"https?://|src=|href=|url\(|import\s|fetch\(|\{\{", text)
    assert "default-src 'none'" in text and "unsafe" not in text
