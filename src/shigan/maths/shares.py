"""A secret split among several so that some of them together have it and fewer have nothing.

A. Shamir, How to share a secret, Communications of the ACM 22 (1979): the secret is the value at 0 of a
random polynomial of degree `needed` - 1 over the numbers modulo a prime; a share is its value at another
place. With fewer shares than `needed` every secret remains equally likely, whatever can be computed.

A false share is not noticed here: it only leads to another secret. What was encrypted under the secret has to
notice (any authenticated encryption does).
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field

SECRET_BYTES = 32
PRIME = 2**256 + 297
"""A prime above all secrets."""
MOST_SHARES = 255


@dataclass(frozen=True)
class Share:
    """One holder's part: the place, 1 to 255, and the value there, 0 to `PRIME` - 1."""

    place: int
    value: int = field(repr=False)

    def __post_init__(self) -> None:
        if not (1 <= self.place <= MOST_SHARES and 0 <= self.value < PRIME):
            raise ValueError("a share has a place from 1 to 255 and a value below the prime")


def split(secret: bytes, needed: int, count: int) -> list[Share]:
    """`count` shares of a secret of 32 bytes, any `needed` of which give it back: 1 ≤ needed ≤ count ≤ 255.

    Raises ValueError for a secret of another length or impossible numbers.
    """
    if len(secret) != SECRET_BYTES or not 1 <= needed <= count <= MOST_SHARES:
        raise ValueError(f"cannot split {len(secret)} bytes into {count} shares of which {needed} are needed")
    random = [secrets.randbelow(PRIME) for _ in range(needed - 1)]
    polynomial = [*random, int.from_bytes(secret, "big")]  # the highest power first
    return [Share(place, _value(polynomial, place)) for place in range(1, count + 1)]


def join(shares: Sequence[Share]) -> bytes:
    """The secret of 32 bytes that at least `needed` shares belong to: Lagrange's polynomial at 0.

    Raises ValueError for no shares, for two of one place, and where the shares are visibly not of one secret.
    Too few or false shares mostly give another secret, not an error.
    """
    places = [share.place for share in shares]
    if not shares or len(set(places)) != len(places):
        raise ValueError("shares to be joined are at least one, each of another place")
    secret = sum(share.value * _weight(share.place, places) for share in shares) % PRIME
    if secret >= 2 ** (8 * SECRET_BYTES):
        raise ValueError("these shares do not belong together")
    return secret.to_bytes(SECRET_BYTES, "big")


def _value(polynomial: Sequence[int], place: int) -> int:
    total = 0
    for coefficient in polynomial:
        total = (total * place + coefficient) % PRIME
    return total


def _weight(place: int, places: Sequence[int]) -> int:
    """Lagrange's factor at 0: the product of other / (other - place)."""
    above = below = 1
    for other in places:
        if other != place:
            above, below = above * other % PRIME, below * (other - place) % PRIME
    return above * pow(below, -1, PRIME) % PRIME
