"""What the signer does: RFC 9474, section 4.3, with its safeguards of section 7.1.

* Against timing: the number to be raised is multiplied by a random rᵉ first and the result by r⁻¹ afterwards,
  and a random multiple of p - 1 (q - 1) is added to the exponent (P. Kocher, Timing attacks on
  implementations of Diffie-Hellman, RSA, DSS, and other systems, CRYPTO '96, LNCS 1109, section 10). So the
  numbers that Python multiplies are new at every signing, even of the same message. The time still depends
  on them; it is masked, not constant, and whoever can watch the caches of this computer is not kept out.
* Against faults: a wrong result under the Chinese remainder theorem would give the key away (D. Boneh,
  R. DeMillo, R. Lipton, On the importance of checking cryptographic protocols for faults, EUROCRYPT '97,
  LNCS 1233), so nothing leaves before sᵉ = m has been seen to hold.
"""

import secrets
from math import gcd

from shigan.maths.blind.keys import PrivateKey

MASK_BITS = 64


class BadBlinded(ValueError):  # noqa: N818 - a plain word, like the other refusals of the house
    """Not a blinded message under this key: `got` bytes where `size` are right, or a number not below n."""

    def __init__(self, got: int, size: int) -> None:
        self.got, self.size = got, size
        wrong = f"{got} bytes instead of {size}" if got != size else "a number not below the modulus"
        super().__init__(f"not a blinded message under this key: {wrong}")


class SigningFailure(RuntimeError):  # noqa: N818 - the RFC's own word
    """The private key or the computer is broken: the result was wrong and has been thrown away."""


def blind_sign(key: PrivateKey, blinded: bytes) -> bytes:
    """BlindSign (RFC 9474, 4.3): the blind signature, as long as the modulus.

    Raises BadBlinded unless `blinded` is exactly so long and a number below n, SigningFailure where the
    result does not check. The same bytes give the same answer, whatever was drawn in between.
    """
    public = key.public
    m = public.number(blinded)
    if m is None:
        raise BadBlinded(len(blinded), public.size)
    r = _unit(public.n)
    s = _power(key, m * pow(r, public.e, public.n) % public.n) * pow(r, -1, public.n) % public.n
    if pow(s, public.e, public.n) != m:
        raise SigningFailure("the result of the private operation is wrong")
    return public.data(s)


def _power(key: PrivateKey, m: int) -> int:
    """RSASP1 (RFC 8017, 5.2.1, step 2.b): mᵈ mod n out of its remainders by p and by q."""
    by_p = pow(m % key.p, _masked(key.exponent_p, key.p), key.p)
    by_q = pow(m % key.q, _masked(key.exponent_q, key.q), key.q)
    return by_q + key.q * ((by_p - by_q) * key.coefficient % key.p)


def _masked(exponent: int, prime: int) -> int:
    """Another exponent with the same effect (Fermat)."""
    return exponent + secrets.randbits(MASK_BITS) * (prime - 1)


def _unit(n: int) -> int:
    """A random number 0 < r < n that has an inverse."""
    r = 0
    while gcd(r, n) != 1:
        r = 1 + secrets.randbelow(n - 1)
    return r
