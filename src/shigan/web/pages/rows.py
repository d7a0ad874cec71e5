"""Several rows on one page, written together or not at all; empty rows are left out."""

from __future__ import annotations

import copy
import time
from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shigan.facts import Fact
from shigan.facts.faults import Fault
from shigan.facts.problems import ProblemRaised
from shigan.web import store
from shigan.web.forms import CodeField, DayInput, form_for
from shigan.work.unattributed import looks_named, must_be_unattributed


class Occasion(forms.Form):
    """What all rows of a page share: the day, and the state of the thing that the writer saw."""

    happened = forms.DateField(label=_("发生日期"), widget=DayInput())
    seen = forms.IntegerField(widget=forms.HiddenInput)
    opened = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        self.initial.setdefault("opened", int(time.time()))
        self.initial.setdefault("happened", timezone.localdate())

    def seconds_open(self) -> int:
        """How long the page was open, at most an hour."""
        opened = self.cleaned_data.get("opened") or int(time.time())
        return max(0, min(3600, int(time.time()) - opened))


class HeardField(forms.CharField):
    """Words somebody said: refused when a number in them leads to a person."""

    def clean(self, value: Any) -> str:
        """The words, or the rule's sentence as an error."""
        text = str(super().clean(value))
        try:
            must_be_unattributed(text)
        except Fault as fault:
            raise forms.ValidationError(fault.sentence(gettext)) from fault
        return text


class HeardForm(forms.Form):
    """A form with what somebody said in `text`; words that look like a name need a second look."""

    required_css_class = "required"
    text = HeardField(max_length=1000, widget=forms.Textarea({"class": "form-control", "rows": 3}))
    sure = forms.BooleanField(
        label=_("看过了，这不是说话人的姓名"), required=False,
        widget=forms.CheckboxInput({"class": "form-check-input"}),
    )  # fmt: skip
    named = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""

    def clean(self) -> dict[str, Any]:
        """Ask once where the words look like a name."""
        cleaned = super().clean() or {}
        self.named = looks_named(cleaned.get("text", ""))
        if self.named and not cleaned.get("sure"):
            self.add_error("text", gettext("这里好像写了姓名。请删去；不是说话人的姓名，就在下面打勾。"))
        return cleaned


class CriticismForm(forms.Form):
    """One problem raised: its category, its words, the unit that must solve it."""

    category = forms.CharField(
        label=_("问题类别"), max_length=40, widget=forms.TextInput({"class": "form-control"})
    )
    text = forms.CharField(
        label=_("具体问题（原文）"), max_length=2000,
        widget=forms.Textarea({"class": "form-control", "rows": 3}),
    )  # fmt: skip
    unit = CodeField("U", label=_("责任单位（空为本单位）"), required=False)


def field_like(kind: type[Fact], key: str, **changes: Any) -> Any:
    """A form field as the form of a kind has it, with some attributes changed."""
    field = copy.deepcopy(form_for(kind).base_fields[key])  # classes do hash
    for name, value in changes.items():
        setattr(field, name, value)
    return field


def filled_rows(formset: Any) -> list[dict[str, Any]]:
    """The values of the rows in which something was written."""
    return [form.cleaned_data for form in formset if form.has_changed()]


def free_codes(letter: str) -> Iterator[str]:
    """Free codes of a letter, one after another; two writers may get the same, then one of them is Stale."""
    first = store.next_code(letter)
    for number in range(int(first[1:]), 10**9):
        yield f"{letter}{number:0{len(first) - 1}d}"


def raised(row: dict[str, Any], source: Any, origin: str) -> ProblemRaised:
    """The problem that a row tells of."""
    return ProblemRaised(source=source, category=row["category"], text=row["text"], origin=origin)
