"""The result as it will be published, in tables, with what the canaries are worth."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from shigan.box.desk.figures import caught
from shigan.box.desk.state import State
from shigan.box.manifest import Part
from shigan.box.pages.desk.frame import Seat, table
from shigan.box.publication import NOTHING

REWRITTEN = (5, 10, 20)
"""So many rewritten ballots, for which the chance of being found is said."""
COLUMNS = ("expected", "present", "handed", "tokens", "returned", "valid", "blank", "void")


def result(seat: Seat, state: State) -> str:
    """All of it; nothing before the count."""
    if state.result is None:
        return ""
    groups = "".join(_group(seat, each) for each in state.result["groups"])
    return f"""<h2>{seat.say("result")}</h2>{_canaries(seat, state.result)}
{_counts(seat, state.result)}{groups}"""


def _canaries(seat: Seat, told: Mapping[str, Any]) -> str:
    """Whether the test ballots came through, and how likely they would have told."""
    cast, wrong = told["canaries"]["cast"], told["canaries"]["wrong"]
    ballots = told["box"]["leaves"] - cast
    if not cast:
        return f"<p>{seat.say('caught_none')}</p>"
    said = seat.say("canaries_bad" if wrong else "canaries_good", cast=cast, wrong=wrong)
    kind = "fault" if wrong else "lead"
    possible = [m for m in REWRITTEN if m <= ballots + cast]
    line = [seat.say("caught_chance"), *(f"{100 * caught(ballots, cast, m):.0f}%" for m in possible)]
    head = [seat.say("caught_count"), *(str(m) for m in possible)]
    chances = table(seat.say("caught_more", canaries=cast), head, [line])
    return f"<p class={kind}><strong>{said}</strong></p>{chances}"


def _counts(seat: Seat, told: Mapping[str, Any]) -> str:
    head = [seat.say("balance_class"), *(seat.say(f"c_{key}") for key in COLUMNS)]
    lines = [[seat.classes([own["voters"]]), *(str(own[key]) for key in COLUMNS)] for own in told["counts"]]
    return table(seat.say("result_counts"), head, lines) + (
        f"<p>{seat.say('result_paper', paper=told['paper'])}</p>" if told["paper"] else ""
    )


def _group(seat: Seat, group: Mapping[str, Any]) -> str:
    title = f"<h3>{seat.say('group', names='{names}', valid=group['valid'])}</h3>"
    title = title.replace("{names}", seat.classes(group["voters"]))
    if group["detail"] == NOTHING:
        return f"{title}<p>{seat.say('group_nothing', least=seat.manifest.rule.nothing_below)}</p>"
    cells = {(own["part"], own["target"], own["item"]): own for own in group["cells"]}
    parts = "".join(_part(seat, part, cells) for part in seat.manifest.parts)
    alike = ""
    if any(len(part.items) * len(part.targets) > 1 for part in seat.manifest.parts):
        alike = f"<p>{seat.say('group_alike', share=_share(seat, group['alike']))}</p>"
    return title + parts + alike


def _part(seat: Seat, part: Part, cells: Mapping[tuple[str, str, str], Mapping[str, Any]]) -> str:
    if part.kind == "pick":
        lines = [
            [seat.person(choice), _share(seat, cells[part.id, "", choice]["upper"])]
            for choice in part.choices
        ]
        return table(seat.given(part.title), [seat.say("who_judged"), seat.say("group_ticked")], lines)
    tables = []
    for key, options in (("best", part.options[:1]), ("upper", part.options[:2])):
        found = [[cells[part.id, target, item][key] for item in part.items] for target in part.targets]
        if found and found[0][0] is None:
            continue
        words = " + ".join(seat.given(option) for option in options)
        caption = seat.say(f"group_{key}", options="{options}").replace("{options}", words)
        head = [seat.say("who_judged"), *(seat.term(item) for item in part.items)]
        lines = [
            [seat.person(target), *(_share(seat, share) for share in shares)]
            for target, shares in zip(part.targets, found, strict=True)
        ]
        tables.append(table(f"{seat.given(part.title)} · {caption}", head, lines))
    return "".join(tables)


def _share(seat: Seat, share: list[int] | None) -> str:
    return seat.say("from_to", low=share[0], high=share[1]) if share else "—"
