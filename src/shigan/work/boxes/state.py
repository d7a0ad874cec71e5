"""What the entries about one evaluation add up to."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime, timezone
from functools import cached_property

from shigan.box import manifest as manifests
from shigan.box.manifest import Manifest
from shigan.box.presets import title_of
from shigan.facts import Fact
from shigan.facts.boxes import BoxClosed, BoxOpened, SlipsMade
from shigan.facts.faults import _
from shigan.ledger.entry import COUNTY_TIME, Entry
from shigan.work.state import State, base, replace

SEALED, PUBLISHED = _("已备案"), _("已公布")
NEXT: dict[str, tuple[type[Fact], ...]] = {SEALED: (BoxClosed,), PUBLISHED: ()}
COUNTY_ZONE = timezone(COUNTY_TIME)


@dataclass(frozen=True, kw_only=True)
class Box(State):
    """`topic` is the title, `source` the preset's name, `due` the closing day while nothing is published.

    `text` is the manifest in canonical JSON; `result` the digest of what was published.
    """

    text: str = ""
    digest: str = ""
    slips: tuple[SlipsMade, ...] = ()
    commitment: str = ""
    result: str = ""

    @cached_property
    def manifest(self) -> Manifest:
        """The manifest, read again; it was checked when it was recorded."""
        return manifests.read(json.loads(self.text))


def county_day(moment: datetime) -> date:
    """The county's day of a moment with its offset."""
    return moment.astimezone(COUNTY_ZONE).date()


def fold(box: Box | None, entry: Entry) -> Box:
    """The evaluation after one more entry."""
    fact = entry.fact
    if isinstance(fact, BoxOpened):
        made = manifests.read(json.loads(fact.manifest))
        return Box(
            **base(entry),
            stage=SEALED,
            due=county_day(made.closes),
            source=title_of(made.preset),
            topic=made.title,
            text=fact.manifest,
            digest=fact.digest,
            slips=fact.slips,
            commitment=fact.commitment,
        )
    assert box is not None, entry.subject
    box = replace(box, seq=entry.seq)
    if isinstance(fact, BoxClosed):
        return replace(box, stage=PUBLISHED, due=None, result=fact.result)
    return box
