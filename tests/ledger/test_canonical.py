"""The one byte string of an entry."""

from __future__ import annotations

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from shigan.facts.faults import Fault
from shigan.ledger.canonical import canonical

keys = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), min_size=1, max_size=8)
texts = st.text(st.characters(blacklist_categories=("Cs",)), max_size=20).map(
    lambda t: __import__("unicodedata").normalize("NFC", t)
)
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(keys, values, max_size=6))
def test_it_is_what_rfc_8785_says(value: dict[str, object]) -> None:
    assert canonical(value) == rfc8785.dumps(value)  # type: ignore[arg-type]


@pytest.mark.parametrize("value", [{"a": 1.5}, {"a": 2**53}, {"名": 1}, {"a": "e\u0301"}, {"a": b"x"}])
def test_floats_big_numbers_odd_keys_and_unnormalized_text_are_refused(value: dict[str, object]) -> None:
    with pytest.raises(Fault):
        canonical(value)
