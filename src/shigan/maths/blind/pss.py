"""EMSA-PSS with SHA-384 and MGF1-SHA-384 (RFC 8017, 9.1 and B.2.1): from a message to a padded number.

An encoded message is ``masked DB ‖ H ‖ 0xbc`` with DB = zeros ‖ 0x01 ‖ salt and H = SHA-384(8 zeros ‖
SHA-384(message) ‖ salt). `bits` is the length in bits that it may fill, one less than the modulus.
"""

import hashlib

HASH_BYTES = 48
TRAILER = b"\xbc"


def encode(message: bytes, bits: int, salt: bytes) -> bytes:
    """EMSA-PSS-ENCODE (RFC 8017, 9.1.1): ⌈bits / 8⌉ bytes. Raises ValueError where `bits` leave no room."""
    size, top = _room(bits, len(salt))
    digest = _digest(message, salt)
    block = (b"\x01" + salt).rjust(size, b"\0")
    masked = bytearray(_xor(block, _mask(digest, size)))
    masked[0] &= top
    return bytes(masked) + digest + TRAILER


def holds(message: bytes, encoded: bytes, bits: int, salt_bytes: int) -> bool:
    """EMSA-PSS-VERIFY (RFC 8017, 9.1.2): does `encoded` belong to `message`? Malformed input: False."""
    size, top = _room(bits, salt_bytes)
    masked, digest, trailer = encoded[:size], encoded[size:-1], encoded[-1:]
    if len(encoded) != size + HASH_BYTES + 1 or trailer != TRAILER or masked[0] & ~top:
        return False
    block = bytearray(_xor(masked, _mask(digest, size)))
    block[0] &= top
    salt_from = size - salt_bytes
    if block[:salt_from] != b"\x01".rjust(salt_from, b"\0"):
        return False
    return _digest(message, bytes(block[salt_from:])) == digest


def _room(bits: int, salt_bytes: int) -> tuple[int, int]:
    """The length of DB in bytes, and which bits of its first byte may be set."""
    whole = (bits + 7) // 8
    size = whole - HASH_BYTES - 1
    if size < salt_bytes + 1:
        raise ValueError(f"no room for a hash and a salt of {salt_bytes} bytes in {bits} bits")
    return size, 0xFF >> (8 * whole - bits)


def _digest(message: bytes, salt: bytes) -> bytes:
    """H of RFC 8017, 9.1.1, steps 5 and 6."""
    return hashlib.sha384(bytes(8) + hashlib.sha384(message).digest() + salt).digest()


def _mask(seed: bytes, size: int) -> bytes:
    """MGF1 (RFC 8017, B.2.1): the hashes of seed ‖ counter, one after another."""
    rounds = range(-(-size // HASH_BYTES))
    return b"".join(hashlib.sha384(seed + i.to_bytes(4, "big")).digest() for i in rounds)[:size]


def _xor(a: bytes, b: bytes) -> bytes:
    return bytes(x ^ y for x, y in zip(a, b, strict=True))
