"""Signs of a bloc in the sheets of a team's peers (class B), seen on counts alone.

It compares each official's class-B sheets with the same official's class-A and class-C sheets: a bloc that
lifts one and pushes rivals down leaves low votes in B that A and C do not know, in one session, for several
of one team, while somebody else of that team stands better in B than in A and C. It cannot see a bloc of
more than half, a push by one step only, herding behind the head, or a team that whitewashes itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import comb
from typing import NamedTuple

from shigan.judge.chance import discoveries, upper_tail
from shigan.judge.evaluation import classes, low_votes
from shigan.judge.figures import level
from shigan.judge.roster import Roster
from shigan.judge.sheets import Line
from shigan.policy import Rulebook, Scheme

PEERS = "B"
LEAST_PUSHED = 2
"""Low votes for one person may have their reason; a bloc has several rivals."""


class View(NamedTuple):
    """How one official looks in class B against the other classes: votes of an average item."""

    person: str
    sheets: int
    low: float
    top_share: float
    other_sheets: int
    other_low: float
    other_top_share: float
    session: str
    evidence: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Bloc:
    """A team whose class-B sheets fall into two camps. `pushed` are the officials whose sheets show it."""

    unit: str
    session: str
    pushed: tuple[str, ...]
    tail: float
    evidence: tuple[int, ...]


def blocs(sheets: Mapping[str, Sequence[Line]], roster: Roster, rules: Rulebook) -> Iterator[Bloc]:
    """The teams whose sheets stand out in the county."""
    teams = _teams(sheets, roster, rules)
    seen = [view for views in teams.values() for view in views]
    total = sum(view.sheets for view in seen)
    if not total:
        return
    usual = sum(view.low for view in seen) / total
    found = {unit: bloc for unit, views in teams.items() if (bloc := _bloc(unit, views, usual, rules))}
    for unit in discoveries({u: b.tail for u, b in found.items()}, 1 - level(rules), among=len(teams)):
        yield found[unit]


def _teams(
    sheets: Mapping[str, Sequence[Line]], roster: Roster, rules: Rulebook
) -> Mapping[str, Sequence[View]]:
    teams: dict[str, list[View]] = defaultdict(list)
    for code, own in sheets.items():
        member = roster.persons.get(code)
        group = roster.groups.get(member.group) if member else None
        if member and group and group.scheme and (view := _view(code, own, group.scheme, rules)):
            teams[member.unit].append(view)
    return teams


def _view(code: str, own: Sequence[Line], scheme: Scheme, rules: Rulebook) -> View | None:
    """None without class-B sheets enough to speak of, or with nothing to compare them with."""
    found = classes(own, scheme, rules)
    peers = found.pop(PEERS, None)
    if peers is None or peers.sheets < rules.publication.nothing_below.value:
        return None
    other = sum(c.sheets for c in found.values())
    if not other:
        return None
    sessions = {line.session for line in own if line.voters == PEERS}
    return View(
        code,
        peers.sheets,
        low_votes(peers, scheme),
        peers.votes[0] / peers.sheets,
        other,
        sum(low_votes(c, scheme) for c in found.values()),
        sum(c.votes[0] for c in found.values()) / other,
        "、".join(sorted(sessions)),
        peers.evidence,
    )


def _bloc(unit: str, views: Sequence[View], usual: float, rules: Rulebook) -> Bloc | None:
    """The team's views as a bloc, if several are pushed and somebody is lifted."""
    tails = [(_pushed(view, usual), view) for view in views]
    pushed = [view for tail, view in tails if tail < 1 - level(rules)]
    lifted = max(views, key=lambda view: (view.top_share - view.other_top_share, view.person))
    if len(pushed) < LEAST_PUSHED or lifted in pushed or lifted.top_share <= lifted.other_top_share:
        return None
    return Bloc(
        unit,
        lifted.session,
        tuple(sorted(view.person for view in pushed)),
        _together([tail for tail, _view in tails]),
        tuple(p for view in pushed for p in view.evidence) + lifted.evidence,
    )


def _together(tails: Sequence[float]) -> float:
    """The chance that so many of a team have tails so small: with k of m it is at most C(m, k) · tailᵏ; the
    best k from LEAST_PUSHED to half the team, times the number of k that were tried."""
    ordered, m = sorted(tails), len(tails)
    tried = range(LEAST_PUSHED, max(LEAST_PUSHED, m // 2) + 1)
    return min(1.0, len(tried) * min(comb(m, k) * ordered[k - 1] ** k for k in tried))


def _pushed(view: View, usual: float) -> float:
    """How unlikely so many low votes in B are, if B judged as A and C do or as class B usually does."""
    rate = max(usual, (view.other_low + usual) / (view.other_sheets + 1))
    return upper_tail(round(view.low), view.sheets, min(rate, 1.0))
