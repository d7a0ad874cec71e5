"""A sentence for the person at the desk: what is wrong, where, by which rule, and what to do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Self


def _(text: str) -> str:
    """Mark Chinese source text for the English catalogue; the text itself stays as it is."""
    return text


def told(text: str, values: Mapping[str, Any], translate: Callable[[str], str] = str) -> str:
    """A template filled with its values, in the language of `translate`; values that are terms follow."""
    turned = {key: _turned(value, translate) for key, value in values.items()}
    return translate(text).format(**turned)


def _turned(value: Any, translate: Callable[[str], str]) -> Any:
    """A term or a list of terms with 、 in the other language; a value of another kind as it is."""
    if isinstance(value, tuple):
        return translate(_("；")).join(str(_turned(each, translate)) for each in value)
    if isinstance(value, Said):
        return value.sentence(translate)
    if not isinstance(value, str) or not value:
        return value
    if (whole := translate(value)) != value or "、" not in value:
        return whole
    parts = value.split("、")
    turned = [translate(part) if part else part for part in parts]
    return translate(_("、")).join(turned) if turned != parts else value


@dataclass(frozen=True)
class Said:
    """A sentence kept as template and values, so that a page can tell it in its reader's language."""

    text: str
    values: Mapping[str, Any]

    def sentence(self, translate: Callable[[str], str] = str) -> str:
        """The sentence; `translate` turns template and terms into another language."""
        return told(self.text, self.values, translate)

    def __str__(self) -> str:
        return self.sentence()


class Fault(ValueError):  # noqa: N818  a word people read, not an error of the program
    """Something a person can mend.

    `text` and `remedy` are Chinese templates for `str.format(**values)`; they are kept apart from the
    values so that a page can translate them. `place` names a cell, a field or a file; `source` the rule.
    """

    def __init__(
        self, text: str, *, remedy: str = "", place: str = "", source: str = "", **values: object
    ) -> None:
        self.text, self.remedy, self.place, self.source, self.values = text, remedy, place, source, values
        super().__init__(self.sentence())

    def sentence(self, translate: object = None) -> str:
        """The whole sentence; `translate` maps each template to another language before it is filled."""
        turn = translate if callable(translate) else str
        said = told(self.text, self.values, turn)
        source = told(_("（{source}）"), {"source": self.source}, turn) if self.source else ""
        place = told(_("{place}："), {"place": self.place}, turn) if self.place else ""
        stop = turn(_("。"))
        if said.endswith(("。", "？", ".", "?")) and not source:
            stop = stop.strip("。.")  # the mark is there already; English goes on after a space
        remedy = told(self.remedy, self.values, turn) if self.remedy else ""
        return f"{place}{said}{source}{stop}{remedy}".rstrip()

    def at(self, place: str) -> Self:
        """The same fault, told with its place."""
        self.place = place
        self.args = (self.sentence(),)
        return self

    def __str__(self) -> str:
        return self.sentence()


def not_more(less: str, n: int, more: str, limit: int) -> None:
    """Raise `Fault` where a count of sheets or people is above another that holds it."""
    if n > limit:
        raise Fault(
            _("{less} {n} 多于{more} {limit}"),
            remedy=_("核对计票单。"),
            less=less,
            n=n,
            more=more,
            limit=limit,
        )
