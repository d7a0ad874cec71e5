"""Names behind codes, for pages. Read all at once and kept for a few seconds: a list costs no query a row."""

from __future__ import annotations

from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from shigan.web.lately import Lately
from shigan.web.models import NameRow

KEEP_SECONDS = 15.0


def _read() -> dict[str, tuple[str, str]]:
    return {c: (n, p) for c, n, p in NameRow.objects.values_list("code", "name", "post")}


_all = Lately(_read, KEEP_SECONDS)


def name(code: str) -> str:
    """The name behind a code, or the code itself."""
    return _all().get(code.split("/")[0], (code, ""))[0]


def post(code: str) -> str:
    """The title of a person's post, or nothing."""
    return _all().get(code.split("/")[0], ("", ""))[1]


def _lists() -> dict[str, tuple[int, SafeString]]:
    """By letter: how many options, and all of them as HTML."""
    found = {}
    for letter in "UP":
        chosen = options(letter)
        found[letter] = (len(chosen), format_html_join("", '<option value="{} {}">', chosen))
    return found


option_lists = Lately(_lists, KEEP_SECONDS)


def forget() -> None:
    """Read the names anew at the next look."""
    _all.forget()
    option_lists.forget()


def codes(letter: str, text: str) -> list[str]:
    """The codes that a typed code or full name stands for."""
    if text.startswith(letter) and text in _all():
        return [text]
    return [code for code, each in _all().items() if each[0] == text and code.startswith(letter)]


def options(letter: str) -> list[tuple[str, str]]:
    """All codes of a letter with their names, in the order of codes, for choice lists."""
    return sorted((code, each[0]) for code, each in _all().items() if code.startswith(letter))
