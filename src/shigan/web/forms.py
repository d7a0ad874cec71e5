"""Forms made from facts: the fields, labels and bounds of a fact are its form."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, cast

from django import forms
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy

from shigan.facts import Fact, Fault, Field, fields
from shigan.facts.documents import counted, text_digest
from shigan.facts.fact import base, inner
from shigan.policy import Rulebook
from shigan.web import naming
from shigan.work.admit import Draft
from shigan.work.state import State, fill

LONG = 200
FILLED_FIELDS = {
    "ResultChecked": {"watch"}, "LetterSent": {"step", "answer_due"}, "LookedBack": {"months"},
    "VoiceHeard": {"return_due", "became"}, "ResultNotified": {"until"}, "ReviewRequested": {"until"},
    "ReviewDecided": {"until"}, "AppealMade": {"until"}, "AppealExtended": {"until"},
    "MeetingHeld": {"problems", "report_due"}, "ProblemRaised": {"origin"}, "PracticeNoted": {"origin"},
    "FileRead": {"about", "form", "grant"}, "ReadingAsked": {"about"}, "ReadingGranted": {"minutes"},
    "BoxOpened": {"manifest", "digest"}, "DocumentRegistered": {"length", "digest", "specimen"},
    "BoxClosed": {
        "manifest", "result", "root", "leaves", "paper", "canaries_cast", "canaries_wrong",
    },
}  # fmt: skip
"""Fields that no person types: the rules of the day or the page itself fill them."""

CHOICES: dict[tuple[str, str], Callable[[Rulebook], list[str]]] = {
    ("ResultChecked", "method"): lambda rules: list(rules.problems.result_methods.value),
    ("GroupFormed", "scheme"): lambda rules: [scheme.name for scheme in rules.schemes.schemes],
    ("LookedBack", "method"): lambda rules: list(rules.problems.result_methods.value),
}
"""Text fields whose values the rule book lists."""


def _of_text(given: Mapping[str, Any]) -> dict[str, Any]:
    """What the text of a document says of itself; browsers send its line breaks in two characters."""
    text = given["text"].replace("\r\n", "\n")
    return {"text": text, "length": counted(text), "digest": text_digest(text) if text else ""}


READ_OFF: dict[str, Callable[[Mapping[str, Any]], dict[str, Any]]] = {"DocumentRegistered": _of_text}
"""Fields that follow from others of the same form."""

PERSON_FIELDS = {"leader", "owner", "person"}
UNIT_FIELDS = {"parent", "managed_by"}


class Minutes:
    """Expected seconds to fill each kind of field are policy (`burden.toml`); this names the kind."""

    @staticmethod
    def kind(field: Field) -> str:
        """`choice`, `date`, `number`, `short_text` or `long_text`."""
        hint, _optional = base(field.type)
        if hint is bool or (isinstance(hint, type) and issubclass(hint, StrEnum)):
            return "choice"
        if hint is date:
            return "date"
        if hint in (int, Decimal):
            return "number"
        return "long_text" if field.label.limit > LONG else "short_text"


class DayInput(forms.DateInput):
    """A date as browsers want it, `2026-03-05`, whatever the reader's language."""

    def __init__(self) -> None:
        super().__init__({"type": "date", "class": "form-control"}, format="%Y-%m-%d")


class FactForm(forms.Form):
    """A form for one kind of fact about one thing. `seen` is the thing's seq when the page was made."""

    KIND: type[Fact]
    required_css_class = "required"
    happened = forms.DateField(label=gettext_lazy("发生日期"), widget=DayInput())
    seen = forms.IntegerField(widget=forms.HiddenInput)
    opened = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, state: State | None, rules: Rulebook, **kwargs: Any) -> None:
        self.state, self.rules = state, rules
        today = timezone.localdate()
        initial = {"happened": today, "seen": state.seq if state else 0, "opened": int(time.time())}
        kwargs["initial"] = initial | kwargs.get("initial", {})
        kwargs.setdefault("prefix", None)
        kwargs.setdefault("auto_id", f"id_{self.KIND.__name__}_%s")
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        self.fields["happened"].widget.attrs["max"] = today.isoformat()
        for (kind, key), choices in CHOICES.items():
            if kind == self.KIND.__name__ and key in self.fields:
                options = [(c, gettext(c)) for c in choices(rules)]
                self.fields[key] = forms.ChoiceField(
                    label=self.fields[key].label, choices=[("", "—"), *options], widget=forms.Select(_SELECT)
                )
        self.order_fields([*(k for k in self.fields if k != "happened"), "happened"])

    def clean(self) -> dict[str, Any]:
        """The fact's own checks, as errors of the form."""
        cleaned = super().clean() or {}
        if not self.errors:
            try:
                self.fact = self._fact(cleaned)
            except Fault as fault:
                raise forms.ValidationError(fault.sentence(gettext)) from fault
        return cleaned

    def _fact(self, cleaned: dict[str, Any]) -> Fact:
        given = {f.key: cleaned[f.key] for f in fields(self.KIND) if f.key in cleaned}
        ruled = fill(self.KIND, self.state, cleaned["happened"], self.rules)
        read = READ_OFF[self.KIND.__name__](given) if self.KIND.__name__ in READ_OFF else {}
        return self.KIND(**(given | ruled | read))

    def draft(self, subject: str, unit: str) -> Draft:
        """What is to be written, once the form is valid."""
        return Draft(subject, self.fact, unit, self.cleaned_data["happened"], self.cleaned_data["seen"])

    def seconds_open(self) -> int:
        """How long the form was open, at most an hour."""
        opened = self.cleaned_data.get("opened") or int(time.time())
        return max(0, min(3600, int(time.time()) - opened))


_SELECT = {"class": "form-select"}
_INPUT = {"class": "form-control"}


_forms: dict[type[Fact], type[FactForm]] = {}


def form_for(kind: type[Fact]) -> type[FactForm]:
    """The form class of a kind, made once."""
    if kind not in _forms:
        _forms[kind] = _form_for(kind)
    return _forms[kind]


def _form_for(kind: type[Fact]) -> type[FactForm]:
    hidden = FILLED_FIELDS.get(kind.__name__, set())
    made = {f.key: _form_field(f) for f in fields(kind) if f.key not in hidden and not inner(f.type)}
    return cast(type[FactForm], type(f"{kind.__name__}Form", (FactForm,), {"KIND": kind, **made}))


def asked(kind: type[Fact]) -> list[Field]:
    """The fields that a person has to fill in to record this kind: what the burden budget counts."""
    hidden = FILLED_FIELDS.get(kind.__name__, set())
    return [f for f in fields(kind) if f.required and f.key not in hidden and not inner(f.type)]


def _form_field(field: Field) -> forms.Field:
    hint, _optional = base(field.type)
    common: dict[str, Any] = {
        "label": gettext_lazy(field.label.name),
        "required": field.required and hint is not bool,
        "help_text": gettext_lazy(field.label.hint) if field.label.hint else "",
    }
    if hint is bool:
        return forms.BooleanField(**common, widget=forms.CheckboxInput({"class": "form-check-input"}))
    if hint is date:
        return forms.DateField(**common, widget=DayInput())
    if hint is int:
        return forms.IntegerField(
            **common, min_value=field.label.low, max_value=field.label.high, widget=forms.NumberInput(_INPUT)
        )
    if hint is Decimal:
        return forms.DecimalField(**common, widget=forms.NumberInput(_INPUT | {"step": "any"}))
    if issubclass(hint, StrEnum):
        return _choice(hint, field, common)
    return _text(field, common)


def _choice(hint: type[StrEnum], field: Field, common: dict[str, Any]) -> forms.Field:
    options = [(each.value, gettext_lazy(each.value)) for each in hint]
    if not field.required:
        common["initial"] = field.default
    return forms.TypedChoiceField(
        **common, choices=[("", "—"), *options], coerce=hint, widget=forms.Select(_SELECT)
    )


def _text(field: Field, common: dict[str, Any]) -> forms.Field:
    if field.key in PERSON_FIELDS or field.key in UNIT_FIELDS:
        letter = "P" if field.key in PERSON_FIELDS else "U"
        return CodeField(letter, **common)
    attrs = _INPUT | {"maxlength": field.label.limit}
    widget = forms.Textarea(attrs | {"rows": 3}) if field.label.limit > LONG else forms.TextInput(attrs)
    return forms.CharField(**common, max_length=field.label.limit, widget=widget)


class CodeField(forms.CharField):
    """A unit or person, typed as a code or a full name; suggestions come from the page's list."""

    def __init__(self, letter: str, **kwargs: Any) -> None:
        self.letter = letter
        widget = forms.TextInput(_INPUT | {"list": f"names-{letter}", "autocomplete": "off"})
        super().__init__(**kwargs, max_length=60, widget=widget)

    def clean(self, value: Any) -> str:
        """The code; a name must be that of exactly one code."""
        text = str(super().clean(value)).strip()
        if not text:
            return ""
        found = naming.codes(self.letter, text.split(" ")[0].upper()) or naming.codes(self.letter, text)
        if len(found) != 1:
            raise forms.ValidationError(
                gettext("没有找到“{text}”，请填编号，或从列表中选。").format(text=text)
            )
        return found[0]
