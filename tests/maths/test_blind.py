"""Blind signatures: what is signed verifies, nothing else does, and no signing leads to its signature."""

import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from hypothesis import given, settings
from hypothesis import strategies as st

import shigan
from shigan.maths.blind import (
    PSS_DETERMINISTIC,
    PSS_RANDOMIZED,
    PSSZERO_DETERMINISTIC,
    PSSZERO_RANDOMIZED,
    VARIANTS,
    BadBlinded,
    BadKey,
    BadSignature,
    PrivateKey,
    PublicKey,
    SigningFailure,
    Variant,
    blind,
    blind_sign,
    blinded_by,
    finalize,
    prepare,
    verify,
)
from shigan.maths.blind.pss import encode, holds
from shigan.maths.blind.scheme import LONGEST_MESSAGE
from tests.maths.test_blind_vectors import KEY, openssl

PUBLIC = KEY.public
TEXT = b"E-2027-001"


def signed(key: PrivateKey, message: bytes, variant: Variant = PSS_RANDOMIZED) -> bytes:
    blinding = blind(key.public, message, variant)
    return finalize(key.public, message, blind_sign(key, blinding.message), blinding.inverse, variant)


def flipped(data: bytes, bit: int) -> bytes:
    return (int.from_bytes(data, "big") ^ 1 << bit % (8 * len(data))).to_bytes(len(data), "big")


def prime(bits: int) -> int:
    return rsa.generate_private_key(65537, 2 * bits).private_numbers().p


@cache
def made(bits: int) -> PrivateKey:
    """A key of exactly so many bits, also of an odd number: OpenSSL's primes are above 2^(bits - 1/2)."""
    return PrivateKey(prime(bits - bits // 2), prime(bits // 2))


@given(st.binary(max_size=300), st.sampled_from(VARIANTS))
def test_what_is_blinded_signed_and_uncovered_verifies_here_and_under_openssl(
    text: bytes, variant: Variant
) -> None:
    message = prepare(text, variant)
    signature = signed(KEY, message, variant)
    assert verify(PUBLIC, message, signature, variant)
    assert openssl(PUBLIC, message, signature, variant.salt_bytes)


@given(st.binary(min_size=1, max_size=300), st.integers(0, 2399), st.integers(0, 2047))
def test_a_message_or_signature_with_one_bit_changed_is_refused(text: bytes, bit: int, other: int) -> None:
    message = prepare(text)
    signature = signed(KEY, message)
    assert not verify(PUBLIC, flipped(message, bit), signature)
    assert not verify(PUBLIC, message, flipped(signature, other))
    assert not openssl(PUBLIC, message, flipped(signature, other), 48)


@pytest.mark.parametrize("bits", [2048, 2049, 2055, 3072])
def test_keys_of_every_length_work_and_none_signs_for_another(bits: int) -> None:
    # 2049 bits: the encoded message is a byte shorter than the modulus.
    key, message = made(bits), prepare(TEXT)
    signature = signed(key, message)
    assert key.public.bits == bits and len(signature) == key.public.size
    assert openssl(key.public, message, signature, 48)
    assert not verify(PUBLIC, message, signature)
    assert not verify(key.public, message, signed(KEY, message))


def test_variants_with_and_without_salt_do_not_pass_for_each_other() -> None:
    message = prepare(TEXT)
    assert not verify(PUBLIC, message, signed(KEY, message, PSS_RANDOMIZED), PSSZERO_RANDOMIZED)
    assert not verify(PUBLIC, message, signed(KEY, message, PSSZERO_RANDOMIZED), PSS_RANDOMIZED)


def test_only_the_randomized_variants_put_32_random_bytes_before_the_text() -> None:
    for variant in VARIANTS:
        one, two = prepare(TEXT, variant), prepare(TEXT, variant)
        assert one.endswith(TEXT) and len(one) == len(TEXT) + 32 * variant.randomized
        assert (one == two) is not variant.randomized


def test_two_blindings_of_one_message_differ_and_lead_to_the_same_signature_without_salt() -> None:
    message = prepare(TEXT)
    one, two = (blind(PUBLIC, message, PSSZERO_DETERMINISTIC) for _ in range(2))
    assert one.message != two.message and one.inverse != two.inverse
    first, second = (
        finalize(PUBLIC, message, blind_sign(KEY, b.message), b.inverse, PSSZERO_DETERMINISTIC)
        for b in (one, two)
    )
    assert first == second


def test_every_signature_fits_every_signing_so_the_signer_cannot_match_them() -> None:
    # For each pair there is one blind that would have made this signing out of that signature. All blinds are
    # equally likely, so the record of signings says nothing about which signature came of which.
    seen, signatures = [], []
    for _ in range(4):
        message = prepare(TEXT)
        blinding = blind(PUBLIC, message)
        answer = blind_sign(KEY, blinding.message)
        seen.append((blinding.message, answer))
        signatures.append(int.from_bytes(finalize(PUBLIC, message, answer, blinding.inverse), "big"))
    for blinded, answer in seen:
        for signature in signatures:
            encoded = PUBLIC.data(pow(signature, PUBLIC.e, PUBLIC.n))
            factor = int.from_bytes(answer, "big") * pow(signature, -1, PUBLIC.n) % PUBLIC.n
            assert blinded_by(PUBLIC, encoded, factor).message == blinded


def test_the_same_blinded_message_is_answered_with_the_same_bytes() -> None:
    blinded = blind(PUBLIC, prepare(TEXT)).message
    assert blind_sign(KEY, blinded) == blind_sign(KEY, blinded)


def test_the_signer_refuses_wrong_lengths_and_numbers_from_the_modulus_on() -> None:
    n, size = PUBLIC.n, PUBLIC.size
    for bad in (b"", bytes(size - 1), bytes(size + 1), n.to_bytes(size, "big"), b"\xff" * size):
        with pytest.raises(BadBlinded) as refusal:
            blind_sign(KEY, bad)
        assert (refusal.value.got, refusal.value.size) == (len(bad), size)
    largest = (n - 1).to_bytes(size, "big")
    assert blind_sign(KEY, largest) == largest  # (-1)^d = -1
    assert blind_sign(KEY, bytes(size)) == bytes(size)


def test_a_broken_private_key_answers_nothing_rather_than_something_wrong() -> None:
    # One wrong half of the result would be enough to factor the modulus.
    broken = PrivateKey(KEY.p + 2, KEY.q)
    with pytest.raises(SigningFailure):
        blind_sign(broken, broken.public.data(2))  # no message: it might share a small factor with p + 2


def test_a_wrong_answer_of_the_signer_is_noticed_by_the_holder() -> None:
    message = prepare(TEXT)
    blinding = blind(PUBLIC, message)
    answer = blind_sign(KEY, blinding.message)
    wrong = [flipped(answer, 5), answer[:-1], answer + b"\0", bytes(len(answer))]
    for bad in wrong:
        with pytest.raises(BadSignature):
            finalize(PUBLIC, message, bad, blinding.inverse)
    with pytest.raises(BadSignature):
        finalize(PUBLIC, message, answer, blinding.inverse + 1)
    with pytest.raises(BadSignature):
        finalize(PUBLIC, prepare(TEXT), answer, blinding.inverse)


def test_a_signature_cannot_be_given_a_second_form() -> None:
    message = prepare(TEXT)
    signature = signed(KEY, message)
    twin = int.from_bytes(signature, "big") + PUBLIC.n
    assert not verify(PUBLIC, message, twin.to_bytes(PUBLIC.size + 1, "big"))
    assert not verify(PUBLIC, message, b"\0" + signature)
    assert not verify(PUBLIC, message, signature[1:])
    assert not verify(PUBLIC, message, PUBLIC.n.to_bytes(PUBLIC.size, "big"))


@pytest.mark.parametrize(
    ("n", "e"),
    [
        (made(2048).public.n >> 1 | 1, 65537),  # 2047 bits
        (PUBLIC.n - 1, 65537),
        (PUBLIC.n << 6145 | 1, 65537),  # 8193 bits
        (PUBLIC.n, 65536 * 2),
        (PUBLIC.n, 3),
        (PUBLIC.n, 1),
        (PUBLIC.n, 2**256 + 1),
        (0, 65537),
        (-PUBLIC.n, 65537),
    ],
    ids=["short", "even", "long", "even e", "small e", "e of 1", "large e", "none", "negative"],
)
def test_weak_even_and_oversized_keys_are_refused(n: int, e: int) -> None:
    with pytest.raises(BadKey):
        PublicKey(n, e)


def test_private_keys_of_equal_even_or_small_primes_are_refused() -> None:
    for p, q, e in (
        (KEY.p, KEY.p, 65537),
        (KEY.p, KEY.q + 1, 65537),
        (KEY.p, 1, 65537),
        (-KEY.p, -KEY.q, 65537),
        (KEY.p, 3, 65537),
        (KEY.p, KEY.q, 65536),
        (2 * 65539 * 2**1030 + 1, KEY.q, 65539),  # e divides p - 1
        (3 * KEY.q, KEY.q, 65537),  # q has no inverse
    ):
        with pytest.raises(BadKey):
            PrivateKey(p, q, e)


def test_printing_a_key_or_a_blinding_shows_none_of_its_secrets() -> None:
    blinding = blind(PUBLIC, prepare(TEXT))
    for secret in (KEY.p, KEY.q):
        assert str(secret) not in repr(KEY)
    assert str(blinding.inverse) not in repr(blinding)


def test_messages_that_are_too_long_are_refused() -> None:
    longest = prepare(bytes(LONGEST_MESSAGE - 32))
    assert verify(PUBLIC, longest, signed(KEY, longest))
    for make in (lambda: prepare(longest), lambda: blind(PUBLIC, longest + b"!")):
        with pytest.raises(ValueError, match="at most 65536 bytes"):
            make()
    assert not verify(PUBLIC, longest + b"!", bytes(PUBLIC.size))


def test_a_message_that_shares_a_factor_with_the_modulus_is_not_blinded() -> None:
    with pytest.raises(ValueError, match="no honest key"):
        blinded_by(PUBLIC, PUBLIC.data(KEY.p), 2)


@settings(max_examples=200)
@given(st.binary(max_size=80), st.integers(2047, 2064), st.sampled_from([0, 48]), st.integers(0))
def test_an_encoded_message_holds_and_no_changed_one_does(
    message: bytes, bits: int, salt_bytes: int, bit: int
) -> None:
    encoded = encode(message, bits, bytes(range(salt_bytes)))
    assert int.from_bytes(encoded, "big").bit_length() <= bits
    assert holds(message, encoded, bits, salt_bytes)
    assert not holds(message, flipped(encoded, bit), bits, salt_bytes)
    assert not holds(message, encoded, bits, 48 - salt_bytes)


def test_malformed_encodings_do_not_hold() -> None:
    for bad in (b"", b"\xbc", bytes(256), b"\xff" * 255 + b"\xbc", bytes(255) + b"\xbc\xbc"):
        assert not holds(b"", bad, 2047, 48)
    with pytest.raises(ValueError, match="no room"):
        encode(b"", 400, bytes(48))


def test_a_verifier_needs_nothing_but_the_standard_library() -> None:
    message = prepare(TEXT, PSS_DETERMINISTIC)
    signature = signed(KEY, message, PSS_DETERMINISTIC)
    folder = Path(shigan.__file__).parents[1]
    program = f"""
import sys
sys.path.insert(0, {str(folder)!r})
from shigan.maths import blind, slips
key = blind.PublicKey({PUBLIC.n}, {PUBLIC.e})
assert blind.verify(key, {message!r}, bytes.fromhex({signature.hex()!r}))
assert not blind.verify(key, b"other", bytes.fromhex({signature.hex()!r}))
strangers = {{name.partition(".")[0] for name in sys.modules}} - sys.stdlib_module_names
assert strangers <= {{"shigan", "__main__"}}, strangers
"""
    subprocess.run([sys.executable, "-I", "-S", "-c", program], check=True)
