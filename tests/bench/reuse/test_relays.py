"""Relays from a seed: their shares, their order, and a truth that holds for all pairs of a family."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from shigan.bench.reuse import truth
from shigan.bench.reuse.corpus import Corpus, corpus
from shigan.bench.reuse.relays import NOTE, NOTE_COPIED, RATES, Plan, made
from shigan.bench.reuse.spans import PLACE, Document, Kind, writers

PLAN = Plan(seed=7, each=2, chains=6, notes=5, copies=20)


@pytest.fixture(scope="module")
def prose() -> Corpus:
    return corpus(None, 7, 60)


@pytest.fixture(scope="module")
def documents(prose: Corpus) -> list[Document]:
    return made(prose, PLAN)


def of(documents: list[Document], kind: Kind) -> list[Document]:
    return [document for document in documents if document.kind is kind]


def test_there_are_as_many_of_each_kind_and_rate_as_planned(documents: list[Document]) -> None:
    for kind in (Kind.WHOLE, Kind.PARTIAL, Kind.MOSAIC):
        rates = [document.rate for document in of(documents, kind)]
        assert sorted(rates) == sorted(RATES * 2)
    assert [len(of(documents, kind)) for kind in (Kind.CHAIN, Kind.NOTE, Kind.MASS)] == [18, 5, 20]


def test_the_same_seed_makes_the_same_relays(documents: list[Document]) -> None:
    again = made(corpus(None, 7, 60), PLAN)
    assert [document.text for document in again] == [document.text for document in documents]


def test_documents_are_numbered_by_their_dates_and_sources_come_first(documents: list[Document]) -> None:
    assert [document.number for document in documents] == list(range(len(documents)))
    assert all(a.date <= b.date for a, b in pairwise(documents))
    assert all(source < document.number for document in documents for source in document.sources)


def test_every_character_stands_where_its_origin_says(documents: list[Document]) -> None:
    for document in documents:
        if document.kind is Kind.NOTE:
            for char, origin in zip(document.text, document.span.origin.tolist(), strict=True):
                assert documents[origin >> PLACE].text[origin & 0xFFFFF] == char
        assert writers(document.span.origin).max() <= document.number


def test_a_whole_relay_without_edits_is_all_copied(documents: list[Document]) -> None:
    for document in of(documents, Kind.WHOLE):
        if document.rate == 0:
            assert truth.kept(document).mean() > 0.9, "but for names and blanks"


def test_a_third_to_two_thirds_of_a_partial_relay_are_copied(documents: list[Document]) -> None:
    shares = [truth.copied(document).mean() for document in of(documents, Kind.PARTIAL)]
    assert min(shares) > 0.2 and max(shares) < 0.7


def test_a_mosaic_has_two_or_three_sources_and_text_of_its_own(documents: list[Document]) -> None:
    for document in of(documents, Kind.MOSAIC):
        assert len(document.sources) in (2, 3)
        firsts = set(writers(document.span.origin).tolist())
        assert firsts == {*document.sources, document.number}


def test_the_last_of_a_chain_still_holds_what_the_first_wrote(documents: list[Document]) -> None:
    by_number = {document.number: document for document in documents}
    last = [each for each in of(documents, Kind.CHAIN) if by_number[each.sources[0]].kind is Kind.CHAIN]
    for document in last:
        middle = by_number[document.sources[0]]
        first = by_number[middle.sources[0]]
        assert 0 < truth.shared(document, first) <= truth.shared(document, middle)


def test_a_note_copies_320_of_390_characters(documents: list[Document]) -> None:
    for document in of(documents, Kind.NOTE):
        assert (len(document.text), int(truth.kept(document).sum())) == (NOTE, NOTE_COPIED)


def test_one_notice_is_sent_on_by_all_villages(documents: list[Document]) -> None:
    (source,) = {document.sources for document in of(documents, Kind.MASS)}
    assert all(np.any(truth.kept(document)) for document in of(documents, Kind.MASS))
    assert documents[source[0]].kind is Kind.BASE


def test_a_corpus_of_short_documents_cannot_be_copied_from(prose: Corpus) -> None:
    with pytest.raises(ValueError, match="800"):
        made(Corpus([], prose.foreign), PLAN)
