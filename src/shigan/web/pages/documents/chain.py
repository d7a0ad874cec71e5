"""How a text came down: from its first source over its parents to this document, and who handed it on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.safestring import SafeString
from django.utils.translation import gettext

from shigan.judge.documents import Verdict
from shigan.judge.stock import Follower, Stock
from shigan.web import naming
from shigan.web.pages.documents.shown import Named, named
from shigan.web.pictures import LINE, SOFT, TINT, _line, _picture, _rect, _text

LONGEST: Final = 8
MOST: Final = 12
"""So many that handed it on are drawn; all are counted."""
WIDTH, HIGH, GAP, STEP = 560, 40, 26, 14


@dataclass(frozen=True)
class Link:
    """A document of the chain. `share`: how much of it stands in the one above; −1 for the first."""

    named: Named
    share: float
    here: bool = False
    depth: int = 0


def chain(user: object, stock: Stock, verdict: Verdict, followers: Sequence[Follower]) -> list[Link]:
    """From the first source down to this one, then those that handed it on."""
    above, depth = list[Link](), 0
    found: Verdict | None = verdict
    while found is not None and depth < LONGEST:
        parent = found.parent
        share = parent.share if parent else -1.0
        above.append(Link(named(user, found.document), share, not depth))
        found = stock.verdict(parent.document.name) if parent else None
        depth += 1
    links = [Link(each.named, each.share, each.here, at) for at, each in enumerate(reversed(above))]
    return [*links, *(_below(user, each, len(links)) for each in followers[:MOST])]


def _below(user: object, each: Follower, depth: int) -> Link:
    return Link(named(user, each.document), each.share, False, depth)


def picture(links: Sequence[Link]) -> SafeString:
    """The chain as boxes from the top down; the same figures stand in the table beside it."""
    body, tops = list[SafeString](), dict[int, float]()
    for at, link in enumerate(links):
        x, y = STEP * link.depth, at * (HIGH + GAP)
        if link.depth and link.depth - 1 in tops:
            left = STEP * (link.depth - 1) + 7
            body += [_line(left, tops[link.depth - 1] + HIGH, left, y + HIGH / 2, SOFT, 1.5)]
            body += [_line(left, y + HIGH / 2, x, y + HIGH / 2, SOFT, 1.5)]
            if link.share >= 0:
                body.append(
                    _text(x + 4, y - 6, gettext("{share}% 相同").format(share=f"{100 * link.share:.0f}"))
                )
        tops[link.depth] = y
        body += _box(link, x, y)
    return _picture(WIDTH, len(links) * (HIGH + GAP), gettext("文件从哪里来，又转到了哪里"), body, "sg-chain")


def _box(link: Link, x: float, y: float) -> list[SafeString]:
    document = link.named.document
    who = document.issuer or naming.name(document.unit)
    line = " · ".join(str(part) for part in (document.level, who, link.named.number) if part)
    width = WIDTH - x - 1
    return [
        _rect(x, y, width, HIGH, TINT if link.here else "#f3f4f6"),
        _rect(x, y, 4, HIGH, LINE if link.here else SOFT),
        _text(x + 12, y + 16, _short(link.named.title, int((width - 16) / 12.5))),
        _text(x + 12, y + 33, _short(line, int((width - 16) / 12.5))),
    ]


def _short(words: str, most: int) -> str:
    return words if len(words) <= most else f"{words[: most - 1]}…"
