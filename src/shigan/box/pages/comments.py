"""Comments: apart from the ballots, with a warning about style."""

from __future__ import annotations

from html import escape

from shigan.box.manifest import Manifest
from shigan.box.names import Names
from shigan.box.pages.frame import Reader, credential, document, form
from shigan.box.words import Language

LONGEST = 500
"""In characters."""


def comment(manifest: Manifest, names: Names, language: Language, why: str = "", text: str = "") -> bytes:
    """The form for a comment; when it was refused (`why`), with the `text` that was sent."""
    reader = Reader(manifest, names, language)
    rules = "".join(
        f"<li>{reader.say(f'comment_{key}', least=manifest.rule.comments_from)}"
        for key in ("style", "apart", "shown", "once")
    )
    field = f"""<div class=field><label for=text>{reader.say("comment_text")}</label>
<textarea id=text name=text rows=6 maxlength={LONGEST} autocomplete=off aria-describedby=text-hint>
{escape(text)}</textarea>
<p class=hint id=text-hint>{reader.say("comment_hint")}</p></div>
"""
    body = f"""<ul class="plain promises">{rules}</ul>
{form(reader, "comment", credential(reader) + field, "comment_button")}"""
    return document(reader, reader.say("comment"), body, "comment", why)


def commented(manifest: Manifest, names: Names, language: Language) -> bytes:
    """The comment was taken."""
    reader = Reader(manifest, names, language)
    body = f"""<p class=lead>{reader.say("commented_more")}</p>
<ul class=next><li>{reader.link("", "to_vote")}</ul>"""
    return document(reader, reader.say("commented"), body, "comment")
