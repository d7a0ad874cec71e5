"""Looking at one's own ballot."""

from __future__ import annotations

from shigan.box.manifest import VOID, Manifest
from shigan.box.names import Names
from shigan.box.pages.frame import Reader, credential, document, form
from shigan.box.pages.sheet import recorded
from shigan.box.words import Language


def look(manifest: Manifest, names: Names, language: Language, why: str = "") -> bytes:
    """The form that asks for the code; `why` it was refused a moment ago, if it was."""
    reader = Reader(manifest, names, language)
    body = f"""<p class=lead>{reader.say("look_more")}</p><p>{reader.say("look_alone")}</p>
{form(reader, "look", credential(reader), "look_button")}"""
    return document(reader, reader.say("look"), body, "look", why)


def shown(manifest: Manifest, names: Names, language: Language, row: str | None) -> bytes:
    """What is recorded, or (None) that nothing lies under this code. Prints as a sentence, not as proof."""
    reader = Reader(manifest, names, language)
    if row is None:
        links = f"<li>{reader.link('look', 'to_look')}<li>{reader.link('', 'to_vote')}"
        body = f"<p class=lead>{reader.say('shown_none_more')}</p><ul class=next>{links}</ul>"
        return document(reader, reader.say("shown_none"), body, "look")
    body = f"""<p class=onpaper>{reader.say("shown_print")}</p>
<div class=noprint><p class=lead>{reader.say("shown_wrong")}</p>
{_found(reader, row)}
<ul class=next><li>{reader.link("", "again")}</ul></div>"""
    return document(reader, reader.say("shown"), body, "look")


def _found(reader: Reader, row: str) -> str:
    if VOID in row:
        return f"<p class=lead><strong>{reader.say('shown_void')}</strong></p>"
    blank = f"<p><strong>{reader.say('shown_blank')}</strong></p>" if row == reader.manifest.blank else ""
    return blank + recorded(reader, row)
