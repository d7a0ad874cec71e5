"""Very many documents with the index of their wording in files, and the texts left where they are.

    stock = Stock.built(documents, rules, read, folder)    # once; any order
    stock = Stock.opened(folder, rules, read)              # in a moment: the files are mapped into memory
    stock.take([document], gone={"D00007"})                # what was registered and withdrawn since
    verdict = stock.draft(Document.read("draft", text))    # the verdict of `Library`, of all documents
    for hit in stock.find(["蓄水池"], {"U003"}): ...

Of a document the files hold a card (`direction.Card`), its fingerprints and its pairs of letters; the text of
a source is asked of `read`. The files are never the truth: whoever loses them builds them anew. A document
that came since lies in memory between its neighbours, until `FRESH` of them make new files worth while. One
that is gone leaves the files at once.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import RLock
from typing import Final, Generic, NamedTuple, TypeVar

from shigan.judge.direction import Document, card, order
from shigan.judge.documents import Judging, Source, Span, Verdict
from shigan.judge.stock_files import PRINTS, WORDS, AsOf, Files, Held, kept_files, write_files
from shigan.maths import reuse
from shigan.maths.reuse.formulae import LONG
from shigan.maths.reuse.index import Layer
from shigan.maths.reuse.parts import opened, spill
from shigan.maths.reuse.relate import relate
from shigan.maths.reuse.words import Words
from shigan.policy.documents import DocumentsPolicy

T = TypeVar("T")
FRESH: Final = 1000
"""So many documents may lie in memory; more make new files."""
BLOCK: Final = 2000
"""Documents that are printed together when files are built."""
TEXTS: Final = 500
"""So many texts are kept in memory, those used last."""
HALF: Final = 0.5
"""A document with so much of an earlier one hands it on."""
LOOKED: Final = 400
"""Texts in which words are sought, at most."""
AT_ONCE: Final = 40

Read = Callable[[Collection[str]], Iterable[Document]]
"""The documents of these names, in any order."""


Text = tuple[Document, reuse.Normal]


class Follower(NamedTuple):
    """A later document, and about which share of it stands in the earlier one (0 to 1)."""

    document: Document
    share: float


class Hit(NamedTuple):
    """A document that holds all words, and where the first stands in its text."""

    document: Document
    where: Span


class Stock(Judging):
    """Without a folder everything lies in memory."""

    def __init__(self, rules: DocumentsPolicy, read: Read, folder: Path | None = None) -> None:
        self.rules, self.read, self.folder, self.as_of = rules, read, folder, AsOf()
        self.index, self.words = reuse.Index(), Words()
        self.files: tuple[Layer, Layer] | None = None
        self.held: dict[int, Held] = {}
        self.numbers: dict[str, int] = {}
        self.fresh: dict[str, reuse.Normal] = {}
        self.family: dict[str, int] = {}
        self.texts = Texts(read)
        self.documents = Column[Document](self, lambda text: text[0])
        self.normal = Column[reuse.Normal](self, lambda text: text[1])
        self.lock = RLock()
        self._latest: tuple[object, ...] = ()
        self._named: set[str] = set()
        self._families: dict[int, int] | None = None

    def __len__(self) -> int:
        return len(self.held)

    @property
    def families(self) -> Mapping[int, int]:
        if self._families is None:
            self._families = {self.numbers[name]: family for name, family in self.family.items()}
        return self._families

    # --- what is asked of it ---------------------------------------------------------------------------

    def draft(self, document: Document) -> Verdict:
        with self.lock:
            return super().draft(document)

    def verdict(self, name: str) -> Verdict:
        """Of one of the documents, against those before it."""
        with self.lock:
            number = self.numbers[name]
            document, normal = self.texts.one(name)
            return self._judged(document, normal, self.index.query(normal, before=number), number)

    def followers(self, name: str) -> list[Follower]:
        """The documents that hand it on, in their order."""
        with self.lock:
            number, normal = self.numbers[name], self.normal[self.numbers[name]]
            shared = self.index.sharing(normal, after=number)
            shares = {doc: min(1.0, n / self.held[doc].size) for doc, n in shared}
            found = [doc for doc, share in shares.items() if share >= HALF]
            self._fetch(found)
            return [Follower(self.documents[doc], shares[doc]) for doc in found]

    def find(self, words: Sequence[str], units: Collection[str] | None) -> Iterator[Hit]:
        """The documents of these units (None: of all) whose texts hold all words, the latest first.

        Width, case and blanks make no difference. Looked at are `LOOKED` texts at most."""
        plain = [each for each in (reuse.normalized(word).text for word in words) if each]
        if not plain:
            return
        with self.lock:
            found = set.intersection(*({*self.words.holding(each).tolist()} for each in plain))
        names = [self.held[number] for number in sorted(found, reverse=True)]
        seen = [each.card.name for each in names if units is None or each.unit in units][:LOOKED]
        for first in range(0, len(seen), AT_ONCE):
            for document, normal in self.texts.several(seen[first : first + AT_ONCE]):
                at = normal.text.find(plain[0])
                if all(each in normal.text for each in plain):
                    yield Hit(document, normal.original(at, at + len(plain[0])))

    def _sources(
        self, document: Document, normal: reuse.Normal, islands: Sequence[reuse.Island], before: int | None
    ) -> tuple[Source, ...]:
        self._fetch({island.source for island in islands})
        return super()._sources(document, normal, islands, before)

    def _fetch(self, numbers: Iterable[int]) -> None:
        self.texts.several([self.held[number].card.name for number in numbers])

    # --- what comes and goes ---------------------------------------------------------------------------

    def take(self, documents: Iterable[Document], gone: Collection[str], as_of: AsOf) -> None:
        """Take in what came, let go what went."""
        with self.lock:
            lost = [name for name in gone if name in self.numbers]
            filed = any(name not in self.fresh for name in lost)
            for name in lost:
                self._forget(name)
            new = [self._received(d) for d in documents if d.name not in gone and d.name not in self.numbers]
            arranged = not filed and ((not lost and self._appended(new)) or self._arranged(new))
            if not arranged:
                self._put_behind(held for held in new)
            self.as_of, self._families = as_of, None
            if self.folder and (not arranged or len(self.fresh) > FRESH):
                self._write(self.folder)

    def _received(self, document: Document) -> Held:
        normal = reuse.normalized(document.text)
        self.fresh[document.name] = normal
        return Held(card(document, self.rules.eras), document.unit, len(reuse.fingerprints(normal)))

    def _forget(self, name: str) -> None:
        del self.held[self.numbers.pop(name)]
        self.fresh.pop(name, None)
        self.family.pop(name, None)
        self.texts.forget(name)

    def _appended(self, new: Sequence[Held]) -> bool:
        """Put documents behind all others; False where one belongs between them or they name it."""
        new = sorted(new, key=lambda held: held.card.key)
        named = self._named.union(*(held.card.names for held in new))
        if any(held.card.key <= self._latest or {held.card.title, held.card.number} & named for held in new):
            return False
        self._put_behind(new)
        return True

    def _put_behind(self, new: Iterable[Held]) -> None:
        for held in new:
            self._put(max(self.held, default=0) + 1, held)

    def _arranged(self, new: Sequence[Held]) -> bool:
        """Number all anew but those in the files; False where these would have to change places."""
        rows = [*self.held.items(), *((0, held) for held in new)]
        placed, last = dict[int, Held](), 0
        for at in order([held.card for _number, held in rows]):
            number, held = rows[at]
            filed = held.card.name not in self.fresh
            if filed and number <= last:
                return False
            last = number if filed else last + 1
            placed[last] = held
        self._lay(placed)
        return True

    def _lay(self, placed: Mapping[int, Held]) -> None:
        """Put the fresh ones in their new places."""
        known = self.numbers
        self.held = {number: held for number, held in placed.items() if held.card.name not in self.fresh}
        self.numbers = {held.card.name: number for number, held in self.held.items()}
        self.index.layers, self.words.layers = ([each] for each in self.files) if self.files else ([], [])
        self.index.fresh, self.words.fresh = [], []
        for number, held in placed.items():
            if held.card.name in self.fresh:
                self._put(number, held, joining=held.card.name not in known)

    def _put(self, number: int, held: Held, joining: bool = True) -> None:
        name = held.card.name
        normal = self.fresh[name]
        if joining:
            self._join(name, self.index.query(normal))
        self.index.add(number, normal)
        self.words.add(number, normal)
        self.held[number], self.numbers[name] = held, number
        self._latest = max(self._latest, held.card.key)
        self._named |= held.card.names

    def _join(self, name: str, islands: Iterable[reuse.Island]) -> None:
        """The document and those it shares long passages with are one family from now on.

        Which ones an island names depends on what was there before; so of texts that are woven from many
        others the families may differ from those of all documents at once, until files are built anew."""
        long = {each.source for each in islands if each.end - each.start >= LONG}
        if not long:
            return
        members = {name, *(self.held[number].card.name for number in long)}
        several = {self.family[each] for each in members if each in self.family}
        one = min(several, default=-1 - len(self.family))
        if len(several) > 1:
            members |= {each for each, family in self.family.items() if family in several}
        self.family |= dict.fromkeys(members, one)

    # --- its files -------------------------------------------------------------------------------------

    def _write(self, folder: Path) -> None:
        files = Files(folder, self.held, self.family, self.as_of)
        layers = self.index.settled(), self.words.settled()
        self._open(write_files(folder, *layers, files, self.rules))

    def _open(self, files: Files) -> None:
        """Have what the files hold and nothing else."""
        self.files = opened(files.folder / PRINTS), opened(files.folder / WORDS)
        self.index.layers, self.words.layers = [self.files[0]], [self.files[1]]
        self.index.fresh, self.words.fresh, self.fresh = [], [], {}
        self.held, self.family, self.as_of = files.held, files.family, files.as_of
        self.numbers = {held.card.name: number for number, held in files.held.items()}
        self._latest = max(held.card.key for held in files.held.values())
        self._named = {name for held in files.held.values() for name in held.card.names}
        self._families = None

    @classmethod
    def opened(cls, rules: DocumentsPolicy, read: Read, folder: Path) -> Stock | None:
        """The stock that lies in the folder; None where there is none, or one of other rules."""
        files = kept_files(folder, rules)
        if files is None:
            return None
        stock = cls(rules, read, folder)
        stock._open(files)
        return stock

    @classmethod
    def built(
        cls, documents: Iterable[Document], rules: DocumentsPolicy, read: Read, folder: Path, as_of: AsOf
    ) -> Stock:
        """A stock of very many documents, made in files from the start: time grows with the text."""
        stock = cls(rules, read, folder)
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=folder) as place:
            found = relate(stock._laid(documents, Path(place)), folder=Path(place) / "related")
            islands = (reuse.Island(*row) for row in found.islands.tolist())
            families = reuse.families(islands)
            stock.family = {stock.held[n].card.name: -1 - family for n, family in families.items()}
            stock.as_of = as_of
            if stock.held:
                stock._write(folder)
        return stock

    def _laid(self, documents: Iterable[Document], place: Path) -> Iterator[tuple[int, str]]:
        """Lay the documents into files, some thousand at a time, and hand their texts on."""
        index, words = reuse.Index(), Words()
        for number, document in enumerate(documents):
            held = self._received(document)
            normal = self.fresh.pop(document.name)
            self.held[number], self.numbers[document.name] = held, number
            index.add(number, normal)
            words.add(number, normal)
            if (number + 1) % BLOCK == 0:
                self._spill(index, words, place / str(number))
                index, words = reuse.Index(), Words()
            yield number, document.text
        self._spill(index, words, place / "last")

    def _spill(self, index: reuse.Index, words: Words, place: Path) -> None:
        self.index.layers += [spill(layer, place / PRINTS) for layer in index.settled()]
        self.words.layers += [spill(layer, place / WORDS) for layer in words.settled()]


class Column(Generic[T]):
    """One thing about each document by its number, read when it is asked for."""

    def __init__(self, stock: Stock, of: Callable[[Text], T]) -> None:
        self.stock, self.of = stock, of

    def __getitem__(self, number: int, /) -> T:
        return self.of(self.stock.texts.one(self.stock.held[number].card.name))


class Texts:
    """Documents and their normal forms by name; the `TEXTS` used last stay in memory."""

    def __init__(self, read: Read) -> None:
        self.read = read
        self.found = OrderedDict[str, Text]()
        self.lock = RLock()

    def one(self, name: str) -> Text:
        """One document. Raises KeyError where it cannot be read."""
        return self.several([name])[0]

    def several(self, names: Sequence[str]) -> list[Text]:
        """The documents of these names in this order, read at once."""
        with self.lock:
            missing = [name for name in names if name not in self.found]
            if missing:
                for document in self.read(missing):
                    self.found[document.name] = document, reuse.normalized(document.text)
            for name in names:
                self.found.move_to_end(name)
            texts = [self.found[name] for name in names]
            while len(self.found) > max(TEXTS, len(names)):
                self.found.popitem(last=False)
            return texts

    def forget(self, name: str) -> None:
        """Read it anew when it is asked for."""
        self.found.pop(name, None)
