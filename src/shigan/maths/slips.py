"""Codes for paper slips: drawn at random, easy to tell apart, with two symbols that catch typing errors.

A code is 25 symbols in five groups, ``01234-56789-ABCDE-FGHJK-MNPJ5``: 23 random ones (115 bits, so that a
plain SHA-256 of it can be stored: OWASP ASVS 5.0, 6.5.2 asks for 112) and two for checking.

The alphabet is Crockford's base 32 (https://www.crockford.com/base32.html): no I, L, O, U. The symbols are
the numbers 0 to 31 of the field GF(32) = GF(2)[a] / (a⁵ + a² + 1), and a whole code is a word of the
Reed-Solomon code with the roots 1 and a (I. Reed, G. Solomon, Polynomial codes over certain finite fields,
J. SIAM 8, 1960): with c₀ the first symbol, Σ cᵢ = 0 and Σ cᵢ·a²⁴⁻ⁱ = 0. Two different codes differ in three
symbols at least, so one wrong symbol, two wrong symbols and two exchanged ones are always noticed. Nothing is
ever corrected: what is wrong is typed again.

No refusal holds the code that was refused, so that none gets into a log.
"""

import hashlib
import secrets
import unicodedata
from collections.abc import Callable

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
RANDOM_SYMBOLS = 23
SYMBOLS = 25
GROUP = 5
RANDOM_BITS = 5 * RANDOM_SYMBOLS
LONGEST_INPUT = 200
"""In characters; whatever is longer was not typed off a slip."""

NUMBER = {symbol: number for number, symbol in enumerate(ALPHABET)} | {"O": 0, "I": 1, "L": 1, "U": 27}
"""What each capital stands for; those outside of the alphabet are read as what they look like (U as V)."""


class BadCode(ValueError):  # noqa: N818 - a plain word, like the other refusals of the house
    """What was typed is no code of a slip."""


class WrongLength(BadCode):
    """`count` symbols were typed instead of 25."""

    def __init__(self, count: int) -> None:
        self.count = count
        super().__init__(f"a code has {SYMBOLS} symbols, not {count}")


class StrangeSymbol(BadCode):
    """Symbol number `place` (from 1, spaces and dashes not counted) is neither letter nor digit of a code."""

    def __init__(self, place: int) -> None:
        self.place = place
        super().__init__(f"symbol {place} is not one that codes are made of")


class WrongCheck(BadCode):
    """25 symbols, but they do not check: at least one of them is wrong, or two are exchanged."""

    def __init__(self) -> None:
        super().__init__("the check symbols do not fit the code")


def make(count: int, bits: Callable[[int], int] = secrets.randbits) -> list[str]:
    """`count` ≥ 0 different new codes, in the order in which chance made them.

    `bits` draws so many random bits; anything but the system's source is for made-up elections only.
    """
    made: dict[str, None] = {}
    while len(made) < count:
        made[_code_of(bits(RANDOM_BITS))] = None
    return list(made)


def parse(text: str) -> str:
    """The code that was meant by what was typed or scanned, as it is printed (29 characters).

    Small letters, full-width forms, spaces and dashes of any kind, and O I L U for 0 1 1 V are understood.
    Raises WrongLength, StrangeSymbol or WrongCheck.
    """
    if len(text) > LONGEST_INPUT:
        raise WrongLength(len(text))
    typed = [sign for sign in unicodedata.normalize("NFKC", text).upper() if not _separates(sign)]
    for place, sign in enumerate(typed, 1):
        if sign not in NUMBER:
            raise StrangeSymbol(place)
    if len(typed) != SYMBOLS:
        raise WrongLength(len(typed))
    numbers = [NUMBER[sign] for sign in typed]
    if remainder(numbers) != (0, 0):
        raise WrongCheck
    return _shown(numbers)


def stored(code: str, election: str) -> bytes:
    """The 32 bytes that the box keeps instead of a code: SHA-256("shigan/slip/v1" 0 election 0 code).

    The code as it is printed, dashes included; other spellings of the same code are read as `parse` reads
    them. Raises ValueError for an election without a name or with a zero byte in it, BadCode for no code.
    """
    if not election or "\0" in election:
        raise ValueError("the name of an election has at least one character and no zero byte")
    name, printed = election.encode(), parse(code).encode()
    return hashlib.sha256(b"shigan/slip/v1\0" + name + b"\0" + printed).digest()


def nullifier(credential: bytes) -> bytes:
    """The 32 bytes under which the ballot of a credential lies: SHA-256("shigan/null/v1" 0 credential).

    For a slip the credential is what `stored` returns, so that those who have only the list of stored hashes
    can check that every ballot lies under one of them; for a blind token it is the prepared message. Those
    are longer than 32 bytes, so neither can pass for the other.
    """
    return hashlib.sha256(b"shigan/null/v1\0" + credential).digest()


def remainder(numbers: list[int]) -> tuple[int, int]:
    """The word as a polynomial over GF(32), its first symbol highest, modulo x² + (a + 1)x + a.

    Each number is 0 to 31; the result (high, low) is (0, 0) for a whole code.
    """
    high = low = 0
    for number in numbers:
        high, low = low ^ _times_a(high) ^ high, number ^ _times_a(high)
    return high, low


def _code_of(value: int) -> str:
    """The code with these 115 random bits."""
    numbers = [value >> 5 * place & 31 for place in range(RANDOM_SYMBOLS)]
    return _shown([*numbers, *remainder([*numbers, 0, 0])])


def _times_a(number: int) -> int:
    """a · number in GF(32)."""
    doubled = number << 1
    return doubled ^ 0b100101 if doubled & 32 else doubled


def _shown(numbers: list[int]) -> str:
    symbols = "".join(ALPHABET[number] for number in numbers)
    return "-".join(symbols[start : start + GROUP] for start in range(0, SYMBOLS, GROUP))


def _separates(sign: str) -> bool:
    """Spaces, dashes, and what is invisible in copied text (Unicode categories Pd and Cf)."""
    return sign.isspace() or sign in "_\u2212\u30fc" or unicodedata.category(sign) in ("Pd", "Cf")
