"""Verifying Ed25519 signatures with the standard library alone, after RFC 8032 section 5.1.

An outsider shall need nothing but Python to check a checkpoint. Nothing secret passes through here, so
constant time is no concern; a signature takes some milliseconds. Signing is left to a real library.
"""

import hashlib
from typing import NamedTuple

P = 2**255 - 19
"""The prime of the field."""
L = 2**252 + 27742317777372353535851937790883648493
"""The order of the base point."""
D = -121665 * pow(121666, -1, P) % P
SQRT_MINUS_1 = pow(2, (P - 1) // 4, P)


class Point(NamedTuple):
    """A point of the curve in extended coordinates: x = X/Z, y = Y/Z, xy = T/Z (RFC 8032, 5.1.4)."""

    X: int
    Y: int
    Z: int
    T: int


NEUTRAL = Point(0, 1, 1, 0)


def verify(public_key: bytes, message: bytes, signature: bytes) -> bool:
    """Did the owner of `public_key` (32 bytes) make `signature` (64 bytes) for `message`?

    The strict reading: S < L, canonical encodings only, R compared byte for byte (no cofactor), and keys of
    small order, under which a signature binds nobody, are refused. Malformed input is answered with False.
    """
    if len(public_key) != 32 or len(signature) != 64:
        return False
    key, s = _decode(public_key), int.from_bytes(signature[32:], "little")
    if key is None or s >= L or _same(_times(8, key), NEUTRAL):
        return False
    digest = hashlib.sha512(signature[:32] + public_key + message).digest()
    challenge = int.from_bytes(digest, "little") % L
    return _encode(_add(_times(s, BASE), _times(challenge, _negative(key)))) == signature[:32]


def _add(a: Point, b: Point) -> Point:
    """The complete addition law for a = -1 (RFC 8032, 5.1.4); it doubles as well."""
    low, high = (a.Y - a.X) * (b.Y - b.X), (a.Y + a.X) * (b.Y + b.X)
    cross, both = 2 * D * a.T * b.T, 2 * a.Z * b.Z
    e, f, g, h = (high - low) % P, (both - cross) % P, (both + cross) % P, (high + low) % P
    return Point(e * f % P, g * h % P, f * g % P, e * h % P)


def _times(factor: int, point: Point) -> Point:
    total = NEUTRAL
    for bit in f"{factor:b}":
        total = _add(total, total)
        if bit == "1":
            total = _add(total, point)
    return total


def _negative(point: Point) -> Point:
    return Point(-point.X % P, point.Y, point.Z, -point.T % P)


def _same(a: Point, b: Point) -> bool:
    return (a.X * b.Z - b.X * a.Z) % P == 0 and (a.Y * b.Z - b.Y * a.Z) % P == 0


def _encode(point: Point) -> bytes:
    """y in 255 bits, little-endian, and the lowest bit of x on top (RFC 8032, 5.1.2)."""
    inverse = pow(point.Z, -1, P)
    x, y = point.X * inverse % P, point.Y * inverse % P
    return (y | (x & 1) << 255).to_bytes(32, "little")


def _decode(data: bytes) -> Point | None:
    """The point that 32 bytes stand for, or None where there is none (RFC 8032, 5.1.3)."""
    number = int.from_bytes(data, "little")
    y, sign = number & (1 << 255) - 1, number >> 255
    x = _x_of(y) if y < P else None
    if x is None or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = P - x
    return Point(x, y, 1, x * y % P)


def _x_of(y: int) -> int | None:
    """A root of x² = (y² - 1) / (dy² + 1), or None."""
    u, v = (y * y - 1) % P, (D * y * y + 1) % P
    square = u * pow(v, -1, P) % P  # v is never 0: -1/d has no root
    x = pow(square, (P + 3) // 8, P)
    if x * x % P != square:
        x = x * SQRT_MINUS_1 % P
    return x if x * x % P == square else None


def _base() -> Point:
    """The base point: y = 4/5, x even (RFC 8032, table 1)."""
    point = _decode((4 * pow(5, -1, P) % P).to_bytes(32, "little"))
    assert point is not None
    return point


BASE = _base()
