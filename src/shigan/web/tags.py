"""What templates say: names, dates, entries as sentences, links to things."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import template
from django.utils.translation import gettext

from shigan.facts.faults import Fault
from shigan.ledger.entry import Entry
from shigan.policy.number import Number
from shigan.web import naming, rights
from shigan.web.links import entry_link, link
from shigan.web.models import StateRow
from shigan.web.sentences import Said, gist, tell

register = template.Library()
register.filter("name", naming.name)
register.filter("post", naming.post)
register.filter("link", link)
register.filter("gist", gist)
register.filter("entry_link", entry_link)


@register.filter
def tr(text: object) -> str:
    """Chinese source text in the reader's language."""
    return gettext(str(text)) if str(text) else ""


@register.filter
def day(value: date | datetime | None) -> str:
    """`2026-03-05`, or a dash."""
    return value.strftime("%Y-%m-%d") if value else "—"


@register.filter
def number(value: float | int | Decimal | None, places: int = 1) -> str:
    """A figure with thin grouping, or a dash."""
    if value is None:
        return "—"
    return f"{value:,}" if isinstance(value, int) else f"{value:,.{places}f}"


@register.filter
def percent(value: float | None) -> str:
    """A share of one as a percentage."""
    return "—" if value is None else f"{100 * value:.0f}%"


@register.filter
def said(entry: Entry) -> Said:
    """An entry as a sentence."""
    return tell(entry)


@register.filter
def sentence(said: object) -> str:
    """A fault, or a number of a policy, in the reader's language."""
    return said.sentence(gettext) if isinstance(said, Fault | Number) else str(said)


@register.filter
def get(mapping: Any, key: object) -> Any:
    """`mapping[key]`, or nothing."""
    return mapping.get(key) if mapping else None


@register.simple_tag(takes_context=True)
def may(context: dict[str, Any], action: str, thing: Any = None) -> bool:
    """Whether the reader may do something to a thing: `{% may 'LookedBack' problem as can %}`."""
    return rights.may(context["request"].user, action, thing)


@register.simple_tag(takes_context=True)
def way(context: dict[str, Any], code: str) -> str:
    """The address of a thing where the reader may open it, else nothing: `{% way card.origin as there %}`."""
    row = StateRow.objects.filter(pk=code).first() if code and link(code) else None
    return link(code) if row and rights.may(context["request"].user, f"see:{row.key}", row) else ""


@register.simple_tag(takes_context=True)
def query(context: dict[str, Any], **changes: object) -> str:
    """The page's own query string with some values changed; an empty value takes the key out."""
    params = context["request"].GET.copy()
    for key, value in changes.items():
        params.pop(key, None)
        if value not in ("", None):
            params[key] = str(value)
    return f"?{params.urlencode()}"
