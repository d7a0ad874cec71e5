"""The English catalogue: sources are Chinese, translations stand in one file.

A string is found where it is marked (`_("…")`, gettext, template tags), or because pages translate what it
is: the words of facts (StrEnum), of measures, and every Chinese text in the shipped policies.

python tools/catalogue.py extract   # bring the .po up to date with the sources; translations stay
python tools/catalogue.py check     # fail where a source string is missing, obsolete, fuzzy, untranslated
python tools/catalogue.py compile   # .po -> .mo
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from enum import StrEnum
from importlib import import_module
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

from shigan.exchange.sheets import KINDS
from shigan.judge.measure import MEASURES
from shigan.policy import NAMES, Number, load, shipped
from shigan.policy.number import UNITS, WORDS

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src/shigan"
PO = SOURCE / "web/locale/en/LC_MESSAGES/django.po"

HEADER: dict[str, Any] = {
    "header_comment": "# English for shigan. `make catalogue` brings in what is new in the sources.",
    "project": "shigan",
    "msgid_bugs_address": "-",
    "last_translator": "-",
    "language_team": "-",
    "creation_date": datetime(2026, 1, 1, tzinfo=UTC),
    "revision_date": datetime(2026, 1, 1, tzinfo=UTC),
}

PLURAL = (1, 2)
KEYWORDS: dict[str, tuple[int, ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": PLURAL,
    "ngettext_lazy": PLURAL,
}
HOLES = re.compile(r"%\((\w+)\)[a-z]|\{(\w*)[^{}]*\}")
CHINESE = re.compile(r"[\u3400-\u9fff]")

Texts = str | tuple[str, ...]


def extracted() -> Catalog:
    """Every translatable string of the sources with the files where it stands."""
    catalogue = Catalog(charset="utf-8")
    for path in sorted(SOURCE.rglob("*")):
        if path.suffix in {".py", ".html", ".txt"} and path.is_file():
            place = path.relative_to(ROOT).as_posix()
            for text in strings(path):
                catalogue.add(text, locations=[(place, 0)])
    for place, text in terms():
        catalogue.add(text, locations=[(place, 0)])
    return catalogue


def strings(path: Path) -> Iterator[Texts]:
    """The translatable strings of one Python file or Django template."""
    source = path.read_text(encoding="utf-8")
    return marked(source) if path.suffix == ".py" else tagged(source, str(path))


def marked(source: str) -> Iterator[Texts]:
    """The literals of the calls that mark or translate them, in Python."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and called(node.func) in KEYWORDS:
            arguments = [getattr(each, "value", None) for each in node.args]
            if text := message(called(node.func), arguments):
                yield text


def called(function: ast.expr) -> str:
    """The last name of what is called: `gettext` of `translation.gettext`."""
    return str(getattr(function, "id", getattr(function, "attr", "")))


def tagged(source: str, origin: str) -> Iterator[Texts]:
    """The strings of a template's tags and filters; Django turns them into something like Python."""
    if "{%" not in source:
        return
    lines = (line.lstrip() for line in templatize(source, origin=origin).splitlines())
    found = extract_python(BytesIO("\n".join(lines).encode()), KEYWORDS, [], {"encoding": "utf-8"})
    for _line, function, arguments, _comments in found:
        if text := message(str(function), arguments):
            yield text


def terms() -> Iterator[tuple[str, str]]:
    """Chinese words that pages translate by what they are, with the file that says them."""
    for path in sorted((SOURCE / "facts").glob("*.py")):
        for word in words_of(f"shigan.facts.{path.stem}"):
            yield path.relative_to(ROOT).as_posix(), word
    for name in NAMES:
        for text in chinese(load(name, shipped(name))):
            yield f"src/shigan/policy/{name}.toml", text
    for unit in chinese(UNITS):
        yield "src/shigan/policy/number.py", unit
    for kind in KINDS.values():
        yield "src/shigan/exchange/sheets/__init__.py", kind.title
    for text in chinese(MEASURES):
        yield "src/shigan/judge/measure.py", text


def words_of(module: str) -> Iterator[str]:
    """The words of the choices that a module of facts defines."""
    for each in vars(import_module(module)).values():
        if isinstance(each, type) and issubclass(each, StrEnum) and each.__module__ == module:
            yield from chinese(tuple(each))


def chinese(thing: object) -> Iterator[str]:
    """Every text with a Chinese character in a dataclass, mapping or tuple; a number's key is no text."""
    if isinstance(thing, str):
        if CHINESE.search(thing):
            yield str(thing)
    elif is_dataclass(thing):
        for field in fields(thing):
            if not (isinstance(thing, Number) and field.name in ("name", *_searched(thing))):
                yield from chinese(getattr(thing, field.name))
    elif isinstance(thing, Mapping | tuple):
        for each in (*thing, *thing.values()) if isinstance(thing, Mapping) else thing:
            yield from chinese(each)


def _searched(number: Number[Any]) -> tuple[str, ...]:
    """The field of a word list that Chinese texts are searched for; no page shows it."""
    return ("value",) if number.unit == WORDS else ()


def message(function: str, arguments: object) -> Texts | None:
    """The literal(s) of one call; None where the argument is not a literal."""
    parts = arguments if isinstance(arguments, tuple | list) else (arguments,)
    count = len(KEYWORDS[function] or (1,))
    texts = tuple(part for part in parts[:count] if isinstance(part, str) and part)
    if len(texts) < count:
        return None
    return texts if count > 1 else texts[0]


def present() -> Catalog:
    """The catalogue as it stands in the tree, empty where there is none yet."""
    if not PO.exists():
        return Catalog(locale="en", charset="utf-8", fuzzy=False, **HEADER)
    with PO.open("rb") as file:
        return read_po(file, locale="en", abort_invalid=True)


def extract() -> int:
    """Add new strings, drop old ones, keep every translation."""
    catalogue = present()
    catalogue.update(extracted(), no_fuzzy_matching=True, update_creation_date=False)
    catalogue.obsolete.clear()
    PO.parent.mkdir(parents=True, exist_ok=True)
    with PO.open("wb") as file:
        write_po(file, catalogue, width=0, sort_output=True, include_lineno=False, ignore_obsolete=True)
    empty = sum(1 for entry in entries(catalogue) if not translated(entry))
    print(f"{PO.relative_to(ROOT)}: {len(catalogue)} strings, {empty} without translation")
    return 0


def check() -> int:
    """1 when the catalogue is not complete and exact, with a line for each fault."""
    faults = list(complaints(extracted(), present()))
    for fault in faults[:40]:
        print(fault)
    if len(faults) > 40:
        print(f"… and {len(faults) - 40} more")
    if faults:
        print(f"{len(faults)} faults in {PO.relative_to(ROOT)}; `make catalogue` brings in new strings.")
    return 1 if faults else 0


def complaints(wanted: Catalog, here: Catalog) -> Iterator[str]:
    """What is wrong with catalogue `here`, measured by the sources' `wanted`."""
    known = {key(entry): entry for entry in entries(here)}
    needed = {key(entry) for entry in entries(wanted)}
    yield from (f"missing: {text}" for text in sorted(needed - known.keys()))
    yield from (f"obsolete: {text}" for text in sorted(known.keys() - needed))
    yield from (f"obsolete: {text}" for text in sorted(map(str, here.obsolete)))
    for text in sorted(needed & known.keys()):
        entry = known[text]
        if entry.fuzzy:
            yield f"fuzzy: {text}"
        elif not translated(entry):
            yield f"untranslated: {text}"
        elif not same_holes(entry):
            yield f"placeholders differ: {text}"
        elif "%(" in text and any(
            "%" in HOLES.sub("", form.replace("%%", "")) for form in forms(entry.string)
        ):
            yield f"a bare %, which must be %%: {text}"


def entries(catalogue: Catalog) -> Iterator[Message]:
    """The messages of a catalogue without its header."""
    return (entry for entry in catalogue if entry.id)


def key(entry: Message) -> str:
    """The Chinese source string (the singular, where there are two forms)."""
    return str(entry.id if isinstance(entry.id, str) else entry.id[0])


def forms(texts: object) -> list[str]:
    """All forms of a source or a translation."""
    return [texts] if isinstance(texts, str) else [str(text) for text in texts if text]  # type: ignore[attr-defined]


def translated(entry: Message) -> bool:
    """Whether every form has its translation."""
    wanted = 1 if isinstance(entry.id, str) else 2
    return len([text for text in forms(entry.string or ()) if text]) >= wanted


def same_holes(entry: Message) -> bool:
    """Whether `{name}` and `%(name)s` are the same in source and translation, whatever their order."""
    return all(holes(text) == holes(key(entry)) for text in forms(entry.string))


def holes(text: str) -> set[str]:
    """The placeholders of a string."""
    return {match[0] for match in HOLES.finditer(text)}


def compile_() -> int:
    """Write the .mo that Django reads beside the .po."""
    if PO.exists():
        with PO.with_suffix(".mo").open("wb") as file:
            write_mo(file, present())
    return 0


def main() -> int:
    """Run the command that the only argument names."""
    if not settings.configured:
        settings.configure()
    commands = {"extract": extract, "check": check, "compile": compile_}
    if len(sys.argv) != 2 or sys.argv[1] not in commands:
        sys.exit(f"usage: python tools/catalogue.py {'|'.join(commands)}")
    return commands[sys.argv[1]]()


if __name__ == "__main__":
    sys.exit(main())
