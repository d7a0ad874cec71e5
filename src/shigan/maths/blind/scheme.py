"""What the holder of a message does, and anyone who checks: RFC 9474, sections 4.1, 4.2, 4.4 and 4.5."""

import secrets
from dataclasses import dataclass, field
from math import gcd

from shigan.maths.blind import pss
from shigan.maths.blind.keys import PublicKey

PREFIX_BYTES = 32
LONGEST_MESSAGE = 65536
"""In bytes, prefix included: a bound of ours, so that nobody is kept busy hashing."""


@dataclass(frozen=True)
class Variant:
    """One of the named variants of RFC 9474, section 5: the length of the salt, and whether `prepare` adds
    randomness. All use SHA-384 and MGF1-SHA-384."""

    name: str
    salt_bytes: int
    randomized: bool


PSS_RANDOMIZED = Variant("RSABSSA-SHA384-PSS-Randomized", 48, True)
"""The one to use: recommended by the RFC, and blind even under a key made with bad intent (7.3)."""
PSSZERO_RANDOMIZED = Variant("RSABSSA-SHA384-PSSZERO-Randomized", 0, True)
PSS_DETERMINISTIC = Variant("RSABSSA-SHA384-PSS-Deterministic", 48, False)
PSSZERO_DETERMINISTIC = Variant("RSABSSA-SHA384-PSSZERO-Deterministic", 0, False)
VARIANTS = (PSS_RANDOMIZED, PSSZERO_RANDOMIZED, PSS_DETERMINISTIC, PSSZERO_DETERMINISTIC)


class BadSignature(ValueError):  # noqa: N818 - a plain word, like the other refusals of the house
    """What the signer sent does not become a signature of this message under this key."""


@dataclass(frozen=True)
class Blinding:
    """`message` (as long as the modulus) goes to the signer; `inverse`, between 0 and n, to nobody."""

    message: bytes
    inverse: int = field(repr=False)


def prepare(text: bytes, variant: Variant = PSS_RANDOMIZED) -> bytes:
    """Prepare (RFC 9474, 4.1): 32 random bytes ‖ text, or the text itself. This is the message to be signed.

    Raises ValueError if it would be longer than `LONGEST_MESSAGE`.
    """
    prefix = secrets.token_bytes(PREFIX_BYTES) if variant.randomized else b""
    return _checked(prefix + text)


def blind(key: PublicKey, message: bytes, variant: Variant = PSS_RANDOMIZED) -> Blinding:
    """Blind (RFC 9474, 4.2): hide a prepared message under a fresh factor, uniform among the units mod n.

    The salt and the factor are drawn here and cannot be given (RFC 9474, 7.4). Raises ValueError for too long
    a message, and where message and modulus have a common factor, which no honest key makes happen.
    """
    encoded = pss.encode(_checked(message), key.bits - 1, secrets.token_bytes(variant.salt_bytes))
    factor = 0
    while gcd(factor, key.n) != 1:
        factor = 1 + secrets.randbelow(key.n - 1)
    return blinded_by(key, encoded, factor)


def blinded_by(key: PublicKey, encoded: bytes, factor: int) -> Blinding:
    """Steps 3 to 12 of Blind for an encoded message and a known factor r: m·rᵉ mod n, and r⁻¹ mod n.

    Apart from `blind` so that it can be checked against published vectors; not for use. Raises ValueError
    where m or r have a factor in common with n.
    """
    m = int.from_bytes(encoded, "big")
    if gcd(m, key.n) != 1:
        raise ValueError("message and modulus have a common factor: this is no honest key")
    return Blinding(key.data(m * pow(factor, key.e, key.n) % key.n), pow(factor, -1, key.n))


def finalize(
    key: PublicKey, message: bytes, blind_signature: bytes, inverse: int, variant: Variant = PSS_RANDOMIZED
) -> bytes:
    """Finalize (RFC 9474, 4.4): uncover the signature of `message`, check it, return its `key.size` bytes.

    Raises BadSignature where the signer answered anything but the right signature: a holder who notices can
    ask again, and never takes home something worthless.
    """
    if len(blind_signature) != key.size:
        raise BadSignature(f"a blind signature has {key.size} bytes, not {len(blind_signature)}")
    signature = key.data(int.from_bytes(blind_signature, "big") * inverse % key.n)
    if not verify(key, message, signature, variant):
        raise BadSignature("the signer's answer is no signature of this message")
    return signature


def verify(key: PublicKey, message: bytes, signature: bytes, variant: Variant = PSS_RANDOMIZED) -> bool:
    """RSASSA-PSS-VERIFY (RFC 9474, 4.5; RFC 8017, 8.1.2): is `signature` one of the prepared `message`?

    Strict: exactly `key.size` bytes, a number below n, a salt of exactly the variant's length. Malformed
    input is answered with False. `key` must be one the verifier already trusts: with RSA anyone can make a
    key under which a given signature verifies (RFC 9474, 7.5). Nothing secret passes through here.
    """
    number = key.number(signature)
    if number is None or len(message) > LONGEST_MESSAGE:
        return False
    opened = pow(number, key.e, key.n)
    bits = key.bits - 1
    if opened.bit_length() > bits:
        return False
    return pss.holds(message, opened.to_bytes((bits + 7) // 8, "big"), bits, variant.salt_bytes)


def _checked(message: bytes) -> bytes:
    if len(message) > LONGEST_MESSAGE:
        raise ValueError(f"a message has at most {LONGEST_MESSAGE} bytes, not {len(message)}")
    return message
