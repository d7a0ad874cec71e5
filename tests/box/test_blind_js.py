"""The browser's side of blind signatures, in Chromium on a page without TLS, against Python and OpenSSL."""

from __future__ import annotations

import base64
import hashlib
import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from shigan.box.verifier import STATIC
from shigan.maths.blind import (
    PSS_RANDOMIZED,
    VARIANTS,
    PrivateKey,
    PublicKey,
    Variant,
    blind,
    blind_sign,
    finalize,
    prepare,
    verify,
)
from tests.box.chromium import HOST, Desk, Site, opened, served
from tests.maths.test_blind_vectors import KEY, number, openssl, vectors

pytestmark = pytest.mark.browser
TOOLS = """
const H = bytes.hex, B = bytes.fromHex, N = (text) => BigInt("0x" + text);
const keyOf = (own) => blindRsa.publicKey(N(own.n), BigInt(own.e));
const refused = (work) => { try { work(); return false; } catch { return true; } };
"""


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with served() as site:
        site.files["/"] = "<!doctype html><html><body>" + site.load(STATIC) + "</body></html>"
        yield site


@pytest.fixture(scope="module")
def desk(site: Site) -> Iterator[Desk]:
    with opened() as desk:
        yield desk


@pytest.fixture
def blank(desk: Desk, site: Site) -> Desk:
    """A page with the scripts and nothing else."""
    desk.do(lambda page: page.goto(site.url("/")))
    return desk


def run(desk: Desk, body: str, given: Any) -> Any:
    """What `body`, the inside of a function of `given`, returns."""
    return desk.call(f"(given) => {{ {TOOLS} {body} }}", given)


def plain(key: PublicKey) -> dict[str, Any]:
    return {"n": f"{key.n:x}", "e": key.e}


def flipped(data: bytes, bit: int) -> bytes:
    return (int.from_bytes(data, "big") ^ 1 << bit % (8 * len(data))).to_bytes(len(data), "big")


def made(bits: int) -> PrivateKey:
    if bits == 2048:
        return KEY
    own = rsa.generate_private_key(65537, bits).private_numbers()
    return PrivateKey(own.p, own.q)


def test_the_page_has_no_cryptography_of_the_browser_to_lean_on(blank: Desk) -> None:
    there = blank.call("() => [isSecureContext, typeof crypto.subtle, location.hostname]")
    assert there == [False, "undefined", HOST]


def test_hashes_of_all_lengths_are_those_of_python(blank: Desk) -> None:
    data = [Random(length).randbytes(length) for length in range(300)]
    found = run(
        blank,
        "return given.map((d) => [sha2.sha256, sha2.sha384, sha2.sha512].map((hash) => H(hash(B(d)))));",
        [each.hex() for each in data],
    )
    kinds = (hashlib.sha256, hashlib.sha384, hashlib.sha512)
    assert found == [[kind(each).hexdigest() for kind in kinds] for each in data]


WALK = """
const variant = blindRsa.VARIANTS[given.variant], key = keyOf(given), message = B(given.message);
const encoded = blindRsa.encode(message, key.bits - 1, B(given.salt));
const { blinded, inverse } = blindRsa.blindedBy(key, encoded, N(given.factor));
const signature = blindRsa.finalize(key, message, B(given.answer), inverse, variant);
const other = Object.values(blindRsa.VARIANTS).find((own) => own.salt !== variant.salt);
return [H(encoded), H(blinded), inverse.toString(16), H(signature),
  blindRsa.verify(key, message, signature, variant), blindRsa.verify(key, message, signature, other)];
"""


def walked(vector: dict[str, str], message: str, variant: Variant) -> tuple[dict[str, Any], list[Any]]:
    """What the browser is given of a vector, and what has to come out."""
    key = PublicKey(number(vector["n"]), number(vector["e"]))
    inverse = number(vector["inv"])
    given = plain(key) | {
        "variant": variant.name, "message": message, "salt": vector["salt"], "answer": vector["blind_sig"],
        "factor": f"{pow(inverse, -1, key.n):x}",
    }  # fmt: skip
    encoded = vector.get("encoded_msg")  # one of the six does not tell it
    return given, [encoded, vector["blinded_msg"], f"{inverse:x}", vector["sig"], True, False]


def all_vectors() -> list[tuple[dict[str, Any], list[Any]]]:
    by_name = {variant.name: variant for variant in VARIANTS}
    found = [walked(v, v["input_msg"], by_name[v["name"]]) for v in vectors("test_vectors_rfc9474.json")]
    for vector in vectors("draft_vectors.json"):
        (variant,) = (
            v for v in VARIANTS if not v.randomized and v.salt_bytes == len(bytes.fromhex(vector["salt"]))
        )
        found.append(walked(vector, vector["msg"], variant))
    return found


def same(found: list[Any], wanted: list[Any]) -> bool:
    return found[1:] == wanted[1:] and wanted[0] in (None, found[0])


def test_the_vectors_of_the_rfc_and_its_draft_come_out_byte_for_byte(blank: Desk) -> None:
    checked = [same(run(blank, WALK, given), wanted) for given, wanted in all_vectors()]
    assert checked == [True] * 6


@pytest.mark.parametrize(("bits", "times"), [(2048, 100), (3072, 5)])
def test_what_the_browser_blinds_and_python_signs_verifies_everywhere(
    blank: Desk, bits: int, times: int
) -> None:
    key = made(bits)
    made_there = run(
        blank,
        """
        const key = keyOf(given);
        window.kept = Array.from({ length: given.times }, (_, i) => {
          const message = blindRsa.prepare(bytes.utf8("B0001 " + i));
          return { message, ...blindRsa.blind(key, message) };
        });
        return window.kept.map((own) => [H(own.message), H(own.blinded)]);
        """,
        plain(key.public) | {"times": times},
    )
    assert len({blinded for _message, blinded in made_there}) == times
    answers = [blind_sign(key, bytes.fromhex(blinded)).hex() for _message, blinded in made_there]
    signatures = run(
        blank,
        """
        const key = keyOf(given);
        return window.kept.map((own, i) =>
          H(blindRsa.finalize(key, own.message, B(given.answers[i]), own.inverse)));
        """,
        plain(key.public) | {"answers": answers},
    )
    for (text, _blinded), signed in zip(made_there, signatures, strict=True):
        message, signature = bytes.fromhex(text), bytes.fromhex(signed)
        assert verify(key.public, message, signature)
        assert openssl(key.public, message, signature, PSS_RANDOMIZED.salt_bytes)


def test_what_was_tampered_with_is_refused_in_the_browser_too(blank: Desk) -> None:
    message = prepare(b"B0001")
    blinding = blind(KEY.public, message)
    answer = blind_sign(KEY, blinding.message)
    signature = finalize(KEY.public, message, answer, blinding.inverse)
    size, n = KEY.public.size, KEY.public.n
    twin = (int.from_bytes(signature, "big") + n).to_bytes(size + 1, "big")
    bad_signatures = [
        *(flipped(signature, bit) for bit in range(0, 8 * size, 331)), signature[1:], b"\0" + signature, b"",
        twin, n.to_bytes(size, "big"), bytes(size),
    ]  # fmt: skip
    bad_answers = [flipped(answer, 5), answer[:-1], answer + b"\0", b"\0" + answer, bytes(size)]
    found = run(
        blank,
        """
        const key = keyOf(given), message = B(given.message), inverse = N(given.inverse);
        return [
          blindRsa.verify(key, message, B(given.signature)),
          given.signatures.map((own) => blindRsa.verify(key, message, B(own))),
          given.messages.map((own) => blindRsa.verify(key, B(own), B(given.signature))),
          given.answers.map((own) => refused(() => blindRsa.finalize(key, message, B(own), inverse))),
          refused(() => blindRsa.finalize(key, message, B(given.answer), inverse + 1n)),
        ];
        """,
        plain(KEY.public)
        | {
            "message": message.hex(), "signature": signature.hex(), "answer": answer.hex(),
            "inverse": f"{blinding.inverse:x}", "signatures": [each.hex() for each in bad_signatures],
            "messages": [flipped(message, 3).hex(), message.hex() + "00", ""],
            "answers": [each.hex() for each in bad_answers],
        },
    )  # fmt: skip
    assert found == [True, [False] * len(bad_signatures), [False] * 3, [True] * len(bad_answers), True]


def test_weak_even_and_oversized_keys_are_refused_in_the_browser_too(blank: Desk) -> None:
    n = KEY.public.n
    bad = [(n >> 1 | 1, 65537), (n - 1, 65537), (n << 6145 | 1, 65537), (n, 65536), (n, 3), (n, 2**256 + 1)]
    found = run(
        blank,
        "return given.map(([n, e]) => refused(() => blindRsa.publicKey(N(n), N(e))));",
        [[f"{n:x}", f"{e:x}"] for n, e in bad],
    )
    assert found == [True] * len(bad)


ORACLE = """
import { RSABSSA } from "@cloudflare/blindrsa-ts";
import { readFileSync } from "node:fs";
const given = JSON.parse(readFileSync(0, "utf8")), { subtle } = globalThis.crypto;
const B = (text) => Uint8Array.from(Buffer.from(text, "hex"));
const H = (data) => Buffer.from(data).toString("hex");
const suite = RSABSSA.SHA384.PSS.Randomized(), by = { name: "RSA-PSS", hash: "SHA-384" };
const key = await subtle.importKey("jwk", given.public, by, true, ["verify"]);
const secret = await subtle.importKey("jwk", given.private, by, true, ["sign"]);
const message = suite.prepare(B(given.text)), { blindedMsg, inv } = await suite.blind(key, message);
const signature = await suite.finalize(key, message, await suite.blindSign(secret, blindedMsg), inv);
const answers = await Promise.all(given.blinded.map((own) => suite.blindSign(secret, B(own))));
console.log(JSON.stringify({ message: H(message), signature: H(signature), answers: answers.map(H) }));
"""


def jwk(key: PrivateKey) -> dict[str, dict[str, str]]:
    """Both halves of the key as RFC 7517 writes them."""
    d = pow(key.e, -1, (key.p - 1) * (key.q - 1))
    public = {"kty": "RSA", "n": coded(key.public.n), "e": coded(key.e)}
    secret = {
        "d": d, "p": key.p, "q": key.q, "dp": key.exponent_p, "dq": key.exponent_q, "qi": key.coefficient,
    }  # fmt: skip
    return {"public": public, "private": public | {name: coded(value) for name, value in secret.items()}}


def coded(value: int) -> str:
    data = value.to_bytes((value.bit_length() + 7) // 8, "big")
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


@pytest.fixture
def oracle(tmp_path: Path) -> Path:
    """A folder with another implementation in it; only for this test, and only where npm reaches it."""
    if not shutil.which("npm"):
        pytest.skip("no npm here to fetch @cloudflare/blindrsa-ts with")
    command = ["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", "@cloudflare/blindrsa-ts@0.4"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120)
    if done.returncode:
        pytest.skip(f"npm does not get @cloudflare/blindrsa-ts: {done.stderr.strip()[-200:]}")
    (tmp_path / "oracle.mjs").write_text(ORACLE)
    return tmp_path


@pytest.mark.slow
def test_another_implementation_signs_for_the_browser_and_is_verified_by_it(
    blank: Desk, oracle: Path
) -> None:
    made_there = run(
        blank,
        """
        const key = keyOf(given), message = blindRsa.prepare(bytes.utf8("B0001"));
        window.kept = Array.from({ length: 10 }, () => ({ message, ...blindRsa.blind(key, message) }));
        return window.kept.map((own) => H(own.blinded));
        """,
        plain(KEY.public),
    )
    given = jwk(KEY) | {"text": b"B0001".hex(), "blinded": made_there}
    done = subprocess.run(
        ["node", "oracle.mjs"],
        cwd=oracle,
        input=json.dumps(given),
        capture_output=True,
        text=True,
        check=True,
    )
    theirs = json.loads(done.stdout)
    found = run(
        blank,
        """
        const key = keyOf(given), [message, signature] = [B(given.message), B(given.signature)];
        window.kept.forEach((own, i) =>
          blindRsa.finalize(key, own.message, B(given.answers[i]), own.inverse));
        return blindRsa.verify(key, message, signature);
        """,
        plain(KEY.public) | theirs,
    )
    assert found is True
