"""The desk (收箱工作台): the closing ceremony on screen, for three keys and nobody else.

No cookies and no accounts: every form carries the key. Each click is one step of `closing`; a step that is
cut off is done again, and whatever lies in `out/` is made anew before the next step needs it.
"""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, replace

from shigan.box import closing, sealed, signatures, store, tokens
from shigan.box.counting import TALLY
from shigan.box.desk import state as desk_state
from shigan.box.desk.answer import Answer, Form, objects
from shigan.box.desk.figures import margins
from shigan.box.desk.files import file_of, included, write_out
from shigan.box.desk.keys import Keys, Role
from shigan.box.desk.state import CLERKS, ROWS
from shigan.box.desk.words import say
from shigan.box.folder import write
from shigan.box.pages import desk as pages
from shigan.box.pages.desk import Message, Seat
from shigan.box.phases import NAMES, Phase
from shigan.box.refusals import Refused
from shigan.box.running import Box
from shigan.box.words import LANGUAGES, Language
from shigan.maths import slips

LARGEST = 8 * 2**20
"""Bytes of a form: the file of the canaries is the largest that is handed in."""


@dataclass(frozen=True)
class Visit:
    """One click: who, in which language, and what was sent."""

    seat: Seat
    role: Role
    form: Form
    at: str = ""
    code: str = ""
    row: str = ""
    said: str = ""


Step = Callable[[Visit], "Answer | Visit"]
"""What a click does: a page of its own, or the visit with which the current step is shown."""


class Desk:
    """The addresses under `/desk`. `answer` knows nothing of the network."""

    def __init__(self, box: Box, keys: Keys | None = None) -> None:
        self.box, self.keys = box, keys or Keys()
        anybody, clerks, one = tuple(Role), tuple(CLERKS), (Role.SCRUTINEER,)
        counted = (Phase.COUNTED, Phase.PUBLISHED)
        self._steps: dict[str, tuple[tuple[Role, ...], tuple[Phase, ...], Step]] = {
            "": (anybody, tuple(Phase), lambda visit: replace(visit, at=visit.form.get("at", ""))),
            "open": (clerks, (Phase.CLOSED,), self._open),
            "paper": (clerks, (Phase.CLOSED,), self._paper),
            "papered": (one, (Phase.CLOSED,), self._papered),
            "tally": (one, (Phase.CLOSED,), self._tally),
            "seal": (one, (Phase.CLOSED,), self._seal),
            "canaries": (one, (Phase.SEALED,), self._canaries),
            "publish": (one, (Phase.COUNTED,), self._publish),
            "shares": (one, (Phase.PUBLISHED,), self._shares),
            "erase": (one, (Phase.PUBLISHED,), self._erase),
            "file": (one, tuple(Phase), self._file),
            "checkpoint": (one, tuple(Phase)[Phase.SEALED :], self._checkpoint),
            "margins": (one, counted, self._margins),
        }

    @staticmethod
    def owns(path: str) -> bool:
        """Whether an address (without its language) is the desk's."""
        return path == "/desk" or path.startswith("/desk/")

    async def answer(self, method: str, path: str, language: Language, form: Form) -> Answer:
        """One request; whatever a step refuses is said on the page of the step."""
        name = path.removeprefix("/desk").removeprefix("/")
        if name not in self._steps:
            return Answer(b"", 404, "text/plain")
        await asyncio.to_thread(self._close_if_due)
        seat = Seat(self.box.manifest, self.box.names, language)
        if method != "POST":
            return Answer(pages.door(seat, self.box.phase))
        try:
            role = await self.keys.role(form.get("key", ""))
        except Refused as refusal:
            return self.turned_away(language, refusal)
        seat = replace(seat, role=role, key=self.keys.codes[role])
        return await asyncio.to_thread(self._answer, name, Visit(seat, role, form))

    def turned_away(self, language: Language, refusal: Refused) -> Answer:
        """The door, with what was wrong."""
        seat = Seat(self.box.manifest, self.box.names, language)
        return Answer(pages.door(seat, self.box.phase, Message(refused=refusal)), 403)

    def _close_if_due(self) -> None:
        """Not a minute late. (`Box.minute` also counts a minute of voting, so it is not called here.)"""
        if self.box.phase is Phase.CLOSED:
            self.box.close()

    def _answer(self, name: str, visit: Visit) -> Answer:
        who, when, step = self._steps[name]
        try:
            self._must(visit.role in who, "not_yours", role=say_role(who[-1]))
            self._must(self.box.phase in when, "not_now", phase=NAMES[self.box.phase])
            done = step(visit)
            return done if isinstance(done, Answer) else self._page(done, Message(done.said))
        except Refused as refusal:
            return self._page(self._back(name, visit), Message(refused=refusal))
        except (sqlite3.Error, OSError):
            return self._page(self._back(name, visit), Message(refused=_refused("no_disk")))

    @staticmethod
    def _must(holds: bool, key: str, **words: tuple[str, str]) -> None:
        if not holds:
            raise _refused(key, **words)

    def _back(self, name: str, visit: Visit) -> Visit:
        """Where a refused click leads: the same step, with what was sent."""
        if name == "paper":
            return replace(visit, at="paper", code=_code(visit.form), row=self._row(visit.form))
        back = {"open": "paper", "papered": "paper", "tally": "counts", "shares": "shares"}
        return replace(visit, at=back.get(name, ""))

    def _page(self, visit: Visit, message: Message) -> Answer:
        """The current step of this role. A sheet that was refused for good goes away with its code."""
        state, code = desk_state.read(self.box), visit.code
        if message.refused and code and not self._may_key(visit):
            code = ""
        if visit.role is Role.SCRUTINEER:
            typed = visit.form if visit.at == "counts" else {}
            body = pages.scrutineer(visit.seat, state, visit.at, message, typed, code, visit.row)
        else:
            body = pages.clerk(visit.seat, state, code, message, visit.row)
        return Answer(body)

    # paper

    def _open(self, visit: Visit) -> Visit:
        """A code was scanned: its sheet."""
        code = _code(visit.form)
        self.box.do(lambda db: self._waits(db, visit.role, code))
        return replace(visit, at="paper", code=slips.parse(code))

    def _may_key(self, visit: Visit) -> bool:
        try:
            self.box.do(lambda db: self._waits(db, visit.role, visit.code))
        except Refused:
            return False
        return True

    def _waits(self, db: sqlite3.Connection, role: Role, code: str) -> None:
        """Raises Refused where `closing.key_paper` would whatever the marks, before anybody ticks them."""
        credential = tokens.of_slip(self.box.manifest, code)
        found = store.find(db, credential.n) if credential else None
        if found is None or found.voters == store.DECOY:
            raise Refused(
                "没有这个票码", "there is no such code",
                "请对照纸票重新扫码或输入。", "Scan or type it again from the sheet.",
            )  # fmt: skip
        if found.channel == "paper":
            raise Refused("这张纸票已录完", "this sheet is settled", "请录下一张。", "Go on to the next.")
        given = dict(db.execute("SELECT clerk, row FROM paper WHERE n = ?", (found.n,)).fetchall())
        both = {closing.FIRST, closing.SECOND} <= given.keys()
        if role is Role.SCRUTINEER and not both:
            raise Refused(
                "这张票两次录入没有分歧，不需要复核", "the two readings of this sheet do not differ",
                "请录入不一致的那几张。", "Read those that differ.",
            )  # fmt: skip

    def _paper(self, visit: Visit) -> Visit:
        """The marks of the sheet, or a void one."""
        manifest, code, row = self.box.manifest, _code(visit.form), self._row(visit.form)
        kind = self.box.do(lambda db: closing.key_paper(db, manifest, CLERKS[visit.role], code, row))
        return replace(visit, at="paper", said=f"said_{kind}")

    def _row(self, form: Form) -> str:
        manifest = self.box.manifest
        if form.get("void"):
            return manifest.void
        return "".join((form.get(f"c{at}") or "-")[:2] for at in range(len(manifest.cells)))

    def _papered(self, visit: Visit) -> Visit:
        state = desk_state.read(self.box)
        alone, differ = state.papers["alone"], state.papers["differ"]
        if alone or differ:
            raise _refused("paper_open", alone=(str(alone),) * 2, differ=(str(differ),) * 2)
        return replace(visit, at="counts")

    # counts and seal

    def _tally(self, visit: Visit) -> Visit:
        """Kept as it was counted; one step on only when it adds up."""
        given = {
            each.id: {key: visit.form.get(f"{each.id}_{key}", "").strip() for key in TALLY}
            for each in self.box.manifest.classes
        }
        for each in self.box.manifest.classes:
            if not each.tokens:
                given[each.id]["issued"] = "0"
        texts = [text for line in given.values() for text in line.values()]
        self._must(all(t.isascii() and t.isdigit() and len(t) <= 6 for t in texts), "counts_bad")
        counted = {voters: {key: int(text) for key, text in line.items()} for voters, line in given.items()}
        self.box.do(lambda db: closing.enter_tally(db, self.box.manifest, counted))
        whole = not any(own.off or own.too_many for own in desk_state.read(self.box).balances)
        return replace(visit, at="seal" if whole else "counts")

    def _seal(self, visit: Visit) -> Visit:
        self.box.do(lambda db: closing.seal(db, self.box.folder))
        closing.tidy(self.box.writer, self.box.folder)
        return replace(visit, said="sealed_done")

    def _canaries(self, visit: Visit) -> Visit:
        given = objects(visit.form.get("canaries", ""), "校验票文件", "the file of the canaries")
        opened = given[0] if given else None
        try:
            self.box.do(lambda db: closing.open_canaries(db, self.box.folder, opened))
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            if isinstance(error, Refused):
                raise
            raise Refused(
                "这不是校验票文件", "this is no file of canaries",
                "请选监票人做的 canaries.json。", "Choose the canaries.json that the scrutineers made.",
            ) from error  # fmt: skip
        write_out(self.box)
        return visit

    # result, shares, erasure

    def _publish(self, visit: Visit) -> Visit:
        given = objects(visit.form.get("signatures", ""), "签名", "the signatures")
        result = desk_state.read(self.box).result
        known = {each.key for each in self.box.manifest.scrutineers}
        for number, own in enumerate(given, 1):
            good = signatures.verify(dict(result or {}), own) and own["key"] in known
            self._must(good, "sign_bad", number=(str(number),) * 2)
        write_out(self.box)
        self.box.do(lambda db: closing.publish(db, self.box.folder, given))
        return replace(visit, said="published_done")

    def _shares(self, visit: Visit) -> Answer:
        """A fresh key each time; the shares are on this one page and nowhere else."""
        rows = self.box.do(lambda db: closing.rows_for_appeal(db, self.box.folder))
        file, parts = sealed.sealed(rows, self.box.manifest)
        write(self.box.folder.out / ROWS, file)
        return Answer(pages.shares(visit.seat, [sealed.printed(part, file) for part in parts]))

    def _erase(self, visit: Visit) -> Visit:
        self._must(bool(visit.form.get("sure")), "erase_unsure")
        self._must((self.box.folder.out / ROWS).exists(), "erase_no_rows")
        write_out(self.box)
        self.box.do(lambda db: closing.erase(db, self.box.folder))
        closing.tidy(self.box.writer, self.box.folder)
        return visit

    # what is saved and printed

    def _file(self, visit: Visit) -> Answer:
        return file_of(self.box, visit.form.get("name", ""))

    def _checkpoint(self, visit: Visit) -> Answer:
        commitment = str(self.box.folder.slips().plain["commitment"])
        return Answer(pages.checkpoint(visit.seat, desk_state.read(self.box), commitment))

    def _margins(self, visit: Visit) -> Answer:
        rows = self.box.do(lambda db: closing.rows_for_appeal(db, self.box.folder))
        return Answer(pages.exact(visit.seat, margins(rows, self.box.manifest)))

    # for everybody

    def included(self, language: Language) -> bytes:
        """The list on which voters find their numbers; before the seal a sentence."""
        seat = Seat(self.box.manifest, self.box.names, language)
        if self.box.phase < Phase.SEALED:
            return pages.early(seat)
        root = self.box.do(lambda db: store.get(db, "root"))
        return pages.included(seat, json.loads(included(self.box)), root)


def _code(form: Form) -> str:
    """A scanner types the whole address that the slip's picture holds; the code stands behind its #."""
    return form.get("code", "").rpartition("#")[2].strip()


def say_role(role: Role) -> tuple[str, str]:
    """The name of a role in both languages."""
    chinese, english = (say(language, f"role_{role}") for language in LANGUAGES)
    return chinese, english


def _refused(key: str, **words: tuple[str, str]) -> Refused:
    """A refusal of the desk's own: sentence and remedy from `desk_words`, gaps filled in both languages."""
    texts = [
        say(language, name, **{gap: both[at] for gap, both in words.items()})
        for name in (key, f"{key}_do")
        for at, language in enumerate(LANGUAGES)
    ]
    chinese, english, remedy, cure = texts
    return Refused(chinese.rstrip("。"), english.rstrip("."), remedy, cure)
