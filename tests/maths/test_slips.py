"""Codes of slips: no typing error of the usual kinds passes, and people may write them as they like."""

import hashlib
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shigan.maths.slips import (
    ALPHABET,
    LONGEST_INPUT,
    NUMBER,
    SYMBOLS,
    BadCode,
    StrangeSymbol,
    WrongCheck,
    WrongLength,
    make,
    nullifier,
    parse,
    remainder,
    stored,
)

CODE = "01234-56789-ABCDE-FGHJK-MNPJ5"
"""The design's own example; a code may hold anything, this one is easy to read."""
BARE = CODE.replace("-", "")
HASH = "aba595b29cbef317f04376d5eba33d4e02eb59ea75bd697684630ca4107006c9"


def passes(text: str) -> bool:
    try:
        parse(text)
    except WrongCheck:
        return False
    return True


def code_of(head: list[int]) -> list[int]:
    return [*head, *remainder([*head, 0, 0])]


heads = st.lists(st.integers(0, 31), min_size=SYMBOLS - 2, max_size=SYMBOLS - 2)


def test_the_published_example_is_stored_under_its_hash() -> None:
    assert stored(CODE, "E-2027-001").hex() == HASH
    assert stored(BARE.lower(), "E-2027-001").hex() == HASH


def test_every_single_wrong_symbol_is_noticed() -> None:
    for place in range(SYMBOLS):
        for symbol in set(ALPHABET) - {BARE[place]}:
            assert not passes(BARE[:place] + symbol + BARE[place + 1 :])


def test_every_exchange_of_two_neighbours_is_noticed_whatever_they_are() -> None:
    for place in range(SYMBOLS - 1):
        for one, two in combinations(range(32), 2):
            # Whatever stands elsewhere: errors add up (below), so the rest may be zeros that do not check.
            word, exchanged = [0] * SYMBOLS, [0] * SYMBOLS
            word[place], word[place + 1] = one, two
            exchanged[place], exchanged[place + 1] = two, one
            assert remainder(word) != remainder(exchanged)


@given(heads)
def test_every_exchange_of_two_symbols_of_a_code_is_noticed(head: list[int]) -> None:
    word = code_of(head)
    for a, b in combinations(range(SYMBOLS), 2):
        exchanged = list(word)
        exchanged[a], exchanged[b] = word[b], word[a]
        assert (remainder(exchanged) == (0, 0)) is (word[a] == word[b])


def test_every_pair_of_wrong_symbols_is_noticed() -> None:
    # Remainders add up (next test), so two errors cancel only where each alone leaves the same remainder.
    single = set()
    for place in range(SYMBOLS):
        for error in range(1, 32):
            single.add(remainder([error if at == place else 0 for at in range(SYMBOLS)]))
    assert len(single) == SYMBOLS * 31 and (0, 0) not in single


@given(heads, heads)
def test_remainders_add_up(one: list[int], two: list[int]) -> None:
    both = remainder([a ^ b for a, b in zip(one, two, strict=True)])
    assert both == tuple(a ^ b for a, b in zip(remainder(one), remainder(two), strict=True))


def test_all_symbols_sum_to_nothing_in_both_equations_of_the_code() -> None:
    def product(x: int, y: int) -> int:
        """By the definition of GF(32): polynomials over GF(2) modulo a⁵ + a² + 1."""
        long = 0
        for bit in range(5):
            long ^= (x << bit) * (y >> bit & 1)
        for bit in range(8, 4, -1):
            long ^= (0b100101 << bit - 5) * (long >> bit & 1)
        return long

    for code in make(20):
        plain, weighted = 0, 0
        for symbol in code.replace("-", ""):
            plain, weighted = plain ^ ALPHABET.index(symbol), product(weighted, 2) ^ ALPHABET.index(symbol)
        assert (plain, weighted) == (0, 0)


def test_new_codes_are_all_different_check_and_use_every_symbol_about_equally() -> None:
    codes = make(2000)
    assert len(set(codes)) == 2000 and all(parse(code) == code for code in codes)
    for place in range(23 + 4):  # the random ones, with the dashes between
        counts = [sum(code[place] == symbol for code in codes) for symbol in ALPHABET]
        assert codes[0][place] == "-" or 15 < min(counts) <= max(counts) < 130  # 62.5 each, sd 7.8
    assert make(0) == []


@given(heads)
def test_a_code_is_read_back_however_it_is_written(head: list[int]) -> None:
    bare = "".join(ALPHABET[number] for number in code_of(head))
    printed = "-".join(bare[i : i + 5] for i in range(0, 25, 5))
    wide = "".join(chr(ord(sign) + 0xFEE0) for sign in printed)  # 全角
    look_alike = bare.replace("0", "o").replace("1", "l").replace("V", "u")
    for written in (
        printed,
        bare.lower(),
        wide,
        wide.lower(),
        look_alike,
        look_alike.replace("l", "I"),
        " ".join(bare),
        printed.replace("-", "\u3000"),
        printed.replace("-", "——"),
        printed.replace("-", "－"),
        f"\ufeff{printed}\r\n",
    ):
        assert parse(written) == printed


@pytest.mark.parametrize("sign", list("*/.,中А€é"))
def test_strange_symbols_are_refused_with_their_place(sign: str) -> None:
    with pytest.raises(StrangeSymbol) as refusal:
        parse(CODE[:7] + sign + CODE[8:])
    assert refusal.value.place == 7


@pytest.mark.parametrize("text", ["", "---", BARE[:-1], BARE + "0", CODE + CODE, "0" * LONGEST_INPUT * 5000])
def test_too_short_and_too_long_is_refused_with_the_count(text: str) -> None:
    with pytest.raises(WrongLength) as refusal:
        parse(text)
    assert refusal.value.count == len(text.replace("-", ""))


@given(st.text(max_size=60))
def test_whatever_is_typed_is_a_code_or_refused(text: str) -> None:
    try:
        code = parse(text)
    except BadCode:
        return
    assert parse(code) == code


def test_no_refusal_holds_what_was_typed() -> None:
    wrong = "Q" + BARE[1:]
    for text in (wrong, wrong[:20], wrong[:24] + "*"):
        with pytest.raises(BadCode) as refusal:
            parse(text)
        told = f"{refusal.value} {refusal.value.args} {vars(refusal.value)}"
        assert not any(text[i : i + 4] in told for i in range(len(text) - 3))


def test_no_two_capitals_that_look_alike_are_in_the_alphabet() -> None:
    assert len(set(ALPHABET)) == 32 and not set(ALPHABET) & set("ILOU")
    assert set(NUMBER) == set(ALPHABET) | set("ILOU")


def test_the_same_code_is_stored_differently_in_every_election() -> None:
    assert len({stored(CODE, election) for election in ("E-1", "E-2", "E-1 ", "选举")}) == 4
    for bad in ("", "E\0", "\0"):
        with pytest.raises(ValueError, match="zero byte"):
            stored(CODE, bad)
    with pytest.raises(WrongCheck):
        stored("1" + CODE[1:], "E-1")


def test_a_ballot_lies_under_a_hash_that_is_not_the_stored_one() -> None:
    kept = stored(CODE, "E-2027-001")
    assert nullifier(kept) == hashlib.sha256(b"shigan/null/v1\0" + kept).digest() != kept
