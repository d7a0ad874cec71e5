"""A stock in files says what a library in memory says, in whatever order documents come and go."""

from __future__ import annotations

import random
from collections.abc import Collection, Iterable, Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from shigan.judge import stock as stocks
from shigan.judge.direction import Document
from shigan.judge.documents import Library, Verdict
from shigan.judge.stock import Stock
from shigan.judge.stock_files import AsOf
from shigan.maths.reuse import normalized
from shigan.policy import Rulebook

RULES = Rulebook.shipped().documents
DAY = date(2026, 1, 5)
LETTERS = [chr(0x4E00 + n) for n in range(2000)]


class County:
    """Some thirty documents: sources, relays that name theirs, mosaics, formulae that many share."""

    def __init__(self, seed: int, size: int = 30) -> None:
        self.chance = random.Random(seed)
        self.formula = self.words(36)
        self.documents: list[Document] = []
        for n in range(size):
            self.documents.append(self.made(f"D{n:05d}", DAY + timedelta(days=self.chance.randrange(60))))

    def words(self, length: int) -> str:
        return "".join(self.chance.choices(LETTERS, k=length))

    def made(self, name: str, dated: date) -> Document:
        chance, text = self.chance, self.words(120) + "。" + self.formula + "。" + self.words(80)
        title = f"关于{self.words(8)}的通知"
        for other in chance.sample(self.documents, min(len(self.documents), chance.choice([0, 1, 1, 3]))):
            text += other.text[:120]  # its own words
            if chance.random() < 0.5 and other.dated and other.dated <= dated:
                text += f"按照《{other.title}》办理。"
        return Document.read(name, text, title=title, dated=dated, posted=dated, unit=f"U{len(text) % 3:03d}")

    def read(self, names: Collection[str]) -> Iterator[Document]:
        return (document for document in self.documents if document.name in names)


def plain(text: str) -> str:
    return normalized(text).text


def told(verdict: Verdict) -> tuple[object, ...]:
    sources = [(s.document.name, s.evidence, s.passages) for s in verdict.sources]
    return verdict.label, round(verdict.share, 9), sources, verdict.mixed, verdict.grey, verdict.own


def must_agree(stock: Stock, documents: Iterable[Document], drafts: Iterable[Document]) -> None:
    library = Library(documents, RULES)
    numbers = sorted(stock.held)
    assert [stock.held[n].card.name for n in numbers] == [d.name for d in library.documents]
    for number, document in enumerate(library.documents):
        assert told(stock.verdict(document.name)) == told(library.verdict(number)), document.name
    for draft in drafts:
        assert told(stock.draft(draft)) == told(library.draft(draft))


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("fresh", [3, 1000])
def test_documents_that_come_one_by_one_in_any_order_are_judged_as_all_at_once(
    seed: int, fresh: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stocks, "FRESH", fresh)
    county = County(seed)
    stock = Stock(RULES, county.read, tmp_path)
    coming = random.Random(seed).sample(county.documents, len(county.documents))
    for n, document in enumerate(coming):
        stock.take([document], (), AsOf(n + 1, ""))
    assert (stock.files is not None) == (fresh == 3)
    must_agree(stock, county.documents, [county.made("稿", DAY) for _ in range(5)])


@pytest.mark.parametrize("seed", range(4))
def test_a_stock_built_in_files_and_opened_again_says_the_same(seed: int, tmp_path: Path) -> None:
    county = County(seed)
    Stock.built(iter(county.documents), RULES, county.read, tmp_path, AsOf(30, "ab"))
    stock = Stock.opened(RULES, county.read, tmp_path)
    assert stock is not None and stock.as_of == AsOf(30, "ab") and not stock.fresh
    must_agree(stock, county.documents, [county.made("稿", DAY) for _ in range(5)])
    county.documents.append(county.made("D00030", DAY + timedelta(days=10)))
    stock.take(county.documents[-1:], (), AsOf(31, "cd"))
    must_agree(stock, county.documents, [county.made("稿", DAY) for _ in range(5)])


@pytest.mark.parametrize("seed", range(4))
def test_what_is_gone_is_no_source_and_leaves_the_files_at_once(seed: int, tmp_path: Path) -> None:
    county = County(seed)
    stock = Stock.built(iter(county.documents), RULES, county.read, tmp_path, AsOf(30, ""))
    gone = {d.name for d in county.documents[:7]}
    stock.take([], gone, AsOf(31, ""))
    left = [d for d in county.documents if d.name not in gone]
    must_agree(stock, left, [county.made("稿", DAY) for _ in range(5)])
    cards = "".join(path.read_text() for path in tmp_path.rglob("cards.json"))
    assert len(list(tmp_path.rglob("cards.json"))) == 1 and not any(name in cards for name in gone)
    assert not stock.index.sharing(normalized(county.documents[0].text[160:230]))


def test_words_are_found_where_they_stand_and_only_in_the_units_asked_for(tmp_path: Path) -> None:
    county = County(1)
    stock = Stock.built(iter(county.documents), RULES, county.read, tmp_path, AsOf(30, ""))
    for document in county.documents:
        for length in (1, 2, 3, 9):
            word = document.text[40 : 40 + length]
            hits = list(stock.find([word], None))
            assert document.name in {hit.document.name for hit in hits}
            assert all(plain(hit.document.text[slice(*hit.where)]) == plain(word) for hit in hits)
            allowed = {hit.document.name for hit in hits if hit.document.unit == "U001"}
            assert {hit.document.name for hit in stock.find([word], {"U001"})} == allowed
    assert not list(stock.find([LETTERS[5] + "没有这个词"], None)) and not list(stock.find([" ，"], None))


def test_words_find_what_came_a_moment_ago(tmp_path: Path) -> None:
    county = County(2)
    stock = Stock.built(iter(county.documents), RULES, county.read, tmp_path, AsOf(30, ""))
    county.documents.append(Document.read("D00030", "水库移民后期扶持", dated=DAY, unit="U001"))
    stock.take(county.documents[-1:], (), AsOf(31, ""))
    assert [hit.document.name for hit in stock.find(["移民", "水库"], None)] == ["D00030"]
    assert [hit.document.text[slice(*hit.where)] for hit in stock.find(["移 民"], None)] == ["移民"]


def test_a_source_knows_all_that_hand_it_on() -> None:
    county = County(3, size=1)
    source = county.documents[0]
    for n in range(1, 40):
        later = DAY + timedelta(days=100 + n)
        county.documents.append(Document.read(f"D{n:05d}", source.text + county.words(40), dated=later))
    stock = Stock(RULES, county.read)
    stock.take(county.documents, (), AsOf(40, ""))
    followers = stock.followers("D00000")
    assert [each.document.name for each in followers] == [d.name for d in county.documents[1:]]
    assert all(0.7 < each.share <= 1 for each in followers)


def test_files_of_another_version_or_half_written_are_not_opened(tmp_path: Path) -> None:
    county = County(4)
    Stock.built(iter(county.documents), RULES, county.read, tmp_path, AsOf(30, ""))
    cards = next(tmp_path.rglob("cards.json"))
    cards.write_text(cards.read_text()[:100])
    assert Stock.opened(RULES, county.read, tmp_path) is None
    assert Stock.opened(RULES, county.read, tmp_path / "nothing") is None
