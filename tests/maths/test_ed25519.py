"""Ed25519: the vectors of RFC 8032 section 7.1, and agreement with OpenSSL."""

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from hypothesis import given, settings
from hypothesis import strategies as st

from shigan.maths.ed25519 import L, P, verify

RFC_8032 = {  # name: public key, message, signature
    "test 1": (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
        "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    "test 2": (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    "test 3": (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
        "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
    "test sha(abc)": (
        "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
        "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
        "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
        "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b589"
        "09351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704",
    ),
}
SMALL_ORDER_Y = (  # the y of all eight points whose order divides 8
    0,
    1,
    P - 1,
    2707385501144840649318225287225658788936804267575313519463743609750303021022,
    P - 2707385501144840649318225287225658788936804267575313519463743609750303021022,
)


def openssl(public: bytes, message: bytes, signature: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except InvalidSignature:
        return False
    return True


def signed(message: bytes) -> tuple[bytes, bytes]:
    key = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
    return key.public_key().public_bytes_raw(), key.sign(message)


@pytest.mark.parametrize("name", RFC_8032)
def test_the_published_signatures_verify(name: str) -> None:
    public, message, signature = map(bytes.fromhex, RFC_8032[name])
    assert verify(public, message, signature)
    assert not verify(public, message + b"!", signature)


@settings(max_examples=30, deadline=None)
@given(st.binary(min_size=32, max_size=32), st.binary(max_size=200), st.integers(0, 96 * 8 - 1))
def test_good_and_tampered_signatures_are_judged_as_openssl_judges_them(
    seed: bytes, message: bytes, bit: int
) -> None:
    key = Ed25519PrivateKey.from_private_bytes(seed)
    public, signature = key.public_key().public_bytes_raw(), key.sign(message)
    assert verify(public, message, signature)
    spoilt = (int.from_bytes(public + signature, "big") ^ 1 << bit).to_bytes(96, "big")
    assert not verify(spoilt[:32], message, spoilt[32:])
    assert not openssl(spoilt[:32], message, spoilt[32:])


def test_a_signature_cannot_be_given_a_second_form() -> None:
    public, signature = signed(b"checkpoint")
    s = int.from_bytes(signature[32:], "little") + L
    twin = signature[:32] + s.to_bytes(32, "little")
    assert not verify(public, b"checkpoint", twin)


@pytest.mark.parametrize("sign", [0, 1])
@pytest.mark.parametrize("y", SMALL_ORDER_Y)
def test_keys_of_small_order_are_refused(y: int, sign: int) -> None:
    # With the key (0, 1), R = (0, 1) and S = 0 "sign" every message under the bare equation.
    public = (y | sign << 255).to_bytes(32, "little")
    forged = (1).to_bytes(32, "little") + bytes(32)
    assert not any(verify(public, b"%d" % i, forged) for i in range(8))


def test_the_forgery_under_a_small_key_is_real_elsewhere() -> None:
    assert openssl((1).to_bytes(32, "little"), b"anything", (1).to_bytes(32, "little") + bytes(32))


def test_keys_that_are_no_canonical_point_are_refused() -> None:
    _, signature = signed(b"")
    for number in (P, P + 1, 2**255 - 1, 2, 1 | 1 << 255):
        assert not verify(number.to_bytes(32, "little"), b"", signature)


@pytest.mark.parametrize("cut", [0, 31, 33])
def test_wrong_lengths_are_refused(cut: int) -> None:
    public, signature = signed(b"")
    assert not verify((public * 2)[:cut], b"", signature)
    assert not verify(public, b"", (signature * 2)[: 2 * cut])
