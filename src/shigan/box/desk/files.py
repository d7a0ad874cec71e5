"""The files that the desk hands out: from the database while it holds them, else from the folder."""

from __future__ import annotations

from pathlib import Path

from shigan.box import closing
from shigan.box.canonical import canonical
from shigan.box.desk.answer import Answer
from shigan.box.desk.state import ROWS
from shigan.box.phases import Phase
from shigan.box.refusals import Refused
from shigan.box.running import Box
from shigan.box.verifier import page

JSON = "application/json"
IN_FOLDER = ("manifest.json", "notice.json", "slips.json")
IN_OUT = ("bundle.json", "result.json", "included.json", "comments.json", ROWS)


def write_out(box: Box) -> None:
    """Make `out/` anew; nothing to do before the count and after the erasure."""
    if Phase.COUNTED <= box.phase < Phase.ERASED:
        box.do(lambda db: closing.export(db, box.folder))


def file_of(box: Box, name: str) -> Answer:
    """One file to be saved. Raises Refused for any other name, and for what is not there (any more)."""
    if name == "verifier.html":
        return Answer(page().encode(), save_as=name)
    if name in IN_FOLDER:
        return _saved(box.folder.path / name)
    if name in IN_OUT:
        if name != ROWS and not (box.folder.out / name).exists():
            write_out(box)  # the step that makes it was cut off
        return _saved(box.folder.out / name)
    raise _missing("?")


def _saved(path: Path) -> Answer:
    if not path.exists():
        raise _missing(path.name)
    return Answer(path.read_bytes(), kind=JSON, save_as=path.name)


def _missing(name: str) -> Refused:
    return Refused(f"现在没有 {name}", f"there is no {name} now", "请按步骤办理。", "Follow the steps.")


def included(box: Box) -> bytes:
    """`included.json`. Raises Refused before the seal."""
    if box.phase < Phase.SEALED:
        raise _missing("included.json")
    if box.phase is Phase.ERASED:
        return (box.folder.out / "included.json").read_bytes()
    return canonical(box.do(lambda db: closing.included(db, box.folder)))
