"""RSA keys as plain numbers, refused where they are too weak or too large to calculate with."""

from dataclasses import dataclass, field
from functools import cached_property

FEWEST_BITS = 2048
MOST_BITS = 8192
"""Above it a stranger's key would only keep the computer busy."""


class BadKey(ValueError):  # noqa: N818 - a plain word, like the other refusals of the house
    """These numbers are no key that may be used here."""


@dataclass(frozen=True)
class PublicKey:
    """The modulus n, odd and of 2048 to 8192 bits, and the exponent e, odd with 2¹⁶ < e < 2²⁵⁶.

    The range of e is that of FIPS 186-5, A.1.1, which RFC 9474, 6.2, recommends for making keys. Raises
    BadKey outside of these. Whether n is the product of two primes cannot be seen from here; the randomized
    variants keep their blindness even where it is not (RFC 9474, 7.3).
    """

    n: int
    e: int

    def __post_init__(self) -> None:
        if not FEWEST_BITS <= self.bits <= MOST_BITS:
            raise BadKey(f"a modulus has {FEWEST_BITS} to {MOST_BITS} bits, not {self.bits}")
        if self.n < 0 or self.n % 2 == 0:
            raise BadKey("a modulus is positive and odd")
        if self.e % 2 == 0 or not 2**16 < self.e < 2**256:
            raise BadKey("the public exponent is an odd number between 2^16 and 2^256")

    @property
    def bits(self) -> int:
        """The length of the modulus in bits."""
        return self.n.bit_length()

    @property
    def size(self) -> int:
        """The length in bytes of every signature and blinded message under this key (modulus_len)."""
        return (self.bits + 7) // 8

    def number(self, data: bytes) -> int | None:
        """The number below n that exactly `size` bytes stand for (RFC 8017, 4.2), or None."""
        if len(data) != self.size:
            return None
        value = int.from_bytes(data, "big")
        return value if value < self.n else None

    def data(self, value: int) -> bytes:
        """A number below n in `size` bytes (RFC 8017, 4.1)."""
        return value.to_bytes(self.size, "big")


@dataclass(frozen=True)
class PrivateKey:
    """Two primes p ≠ q and the public exponent, as another program made them (`cryptography`, OpenSSL).

    They are not tested for being prime: `blind_sign` checks each of its results instead. Raises BadKey where
    the public key would be refused, the primes are equal or even, or e has no inverse. Printing the key shows
    none of its secrets.
    """

    p: int = field(repr=False)
    q: int = field(repr=False)
    e: int = 65537

    def __post_init__(self) -> None:
        if min(self.p, self.q) < 3 or self.p == self.q or not self.p & self.q & 1:
            raise BadKey("a key needs two different odd primes")
        _ = self.public
        try:
            _ = self.exponent_p, self.exponent_q, self.coefficient
        except ValueError:
            raise BadKey("the public exponent has no inverse under these primes") from None

    @cached_property
    def public(self) -> PublicKey:
        """What everybody may know."""
        return PublicKey(self.p * self.q, self.e)

    @cached_property
    def exponent_p(self) -> int:
        """dP = e⁻¹ mod (p - 1), RFC 8017, 3.2."""
        return pow(self.e, -1, self.p - 1)

    @cached_property
    def exponent_q(self) -> int:
        """dQ = e⁻¹ mod (q - 1), RFC 8017, 3.2."""
        return pow(self.e, -1, self.q - 1)

    @cached_property
    def coefficient(self) -> int:
        """qInv = q⁻¹ mod p, RFC 8017, 3.2."""
        return pow(self.q, -1, self.p)
