"""The page of a refusal: place, rule, remedy, and the way back."""

from __future__ import annotations

from shigan.box.manifest import Manifest
from shigan.box.names import Names
from shigan.box.pages.frame import Reader, document
from shigan.box.words import Language


def refused(manifest: Manifest, names: Names, language: Language, why: str) -> bytes:
    """For a reason of `words.REFUSALS`. It is the same page for an unknown, a mistyped and a foreign code."""
    reader = Reader(manifest, names, language)
    body = f"""<ul class=next><li>{reader.link("", "back")}<li>{reader.link("look", "to_look")}</ul>"""
    return document(reader, reader.given(manifest.title), body, "", why)
