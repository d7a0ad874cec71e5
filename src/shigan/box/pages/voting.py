"""The voting page, and what is answered to a ballot."""

from __future__ import annotations

from typing import Literal

from shigan.box.manifest import Manifest
from shigan.box.names import Names
from shigan.box.pages.frame import Reader, credential, document, form, grouped
from shigan.box.pages.sheet import outline, sheet
from shigan.box.words import Language

Phase = Literal["before", "voting", "after"]


def vote(
    manifest: Manifest, names: Names, language: Language, phase: Phase, why: str = "", row: str = ""
) -> bytes:
    """The one page with the sheet; before opening and after closing without it, but with the times.

    A ballot that is refused (`why`, one of `words.REFUSALS`) comes back with its marks in `row`, so that
    fifty ticks need not be made again; the code is never sent back.
    """
    reader = Reader(manifest, names, language)
    body = _head(reader) + (_form(reader, row) if phase == "voting" else _shut(reader, phase))
    return document(reader, reader.given(manifest.title), body, "", why)


def receipt(manifest: Manifest, names: Names, language: Language, short: str) -> bytes:
    """The same after the first ballot and after every later one. `short`: first symbols of N, in hex."""
    reader = Reader(manifest, names, language)
    comments = f"<li>{reader.link('comment', 'to_comment')}" if manifest.comments else ""
    body = f"""<p class=lead>{reader.say("received_more")}</p>
<p class=number><span>{reader.say("number")}</span> <output>{grouped(short)}</output></p>
<ul class=plain><li>{reader.say("number_use")}<li>{reader.say("number_keep")}
<li>{reader.say("receipt_again")}<li>{reader.say("receipt_slip")}</ul>
<ul class=next><li>{reader.link("", "again")}<li>{reader.link("look", "to_look")}{comments}</ul>"""
    return document(reader, reader.say("received"), body, "")


def _head(reader: Reader) -> str:
    manifest = reader.manifest
    session = (reader.person(manifest.unit), reader.given(manifest.session))
    promises = "".join(f"<li>{reader.say(f'promise_{key}')}" for key in ("who", "again", "free"))
    return f"""<p class=session>{" · ".join(part for part in session if part)}</p>
<p class=times>{reader.say("times")}</p>
<ul class="plain promises">{promises}</ul>
<p class=noprint>{reader.link("about", "limits")}</p>
"""


def _form(reader: Reader, row: str) -> str:
    inside = f"""<h2>{reader.say("step_code")}</h2>
{credential(reader)}<h2>{reader.say("step_sheet")}</h2>
<p class="hint noprint desk">{reader.say("keys_hint")}</p>
<p class=onpaper>{reader.say("paper_hint")}</p>
{sheet(reader, row)}
"""
    return form(reader, "cast", inside, "cast", "cast_hint")


def _shut(reader: Reader, phase: Phase) -> str:
    look = f" {reader.say('after_look')}" if phase == "after" and reader.manifest.look_minutes else ""
    listed = f"<p>{reader.link('included', 'to_included')}</p>" if phase == "after" else ""
    return f"""<section class=shut><h2>{reader.say(phase)}</h2>
<p>{reader.say(f"{phase}_more")}{look}</p>{listed}</section>
<h2>{reader.say("asked")}</h2><ul class=plain>{outline(reader)}</ul>"""
