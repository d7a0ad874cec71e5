"""The counts by hand, class by class, and whether they add up."""

from __future__ import annotations

from collections.abc import Mapping

from shigan.box.desk.state import Balance, State
from shigan.box.manifest import VoterClass
from shigan.box.pages.desk.frame import Seat, quiet, step_form, table


def counts(seat: Seat, state: State, typed: Mapping[str, str]) -> str:
    """The form, with what was `typed` or kept, and the sums of what is kept."""
    kept = {
        f"{each.voters.id}_{key}": str(value) for each in state.balances for key, value in each.tally.items()
    }
    fields = "".join(_class(seat, state, each, kept | dict(typed)) for each in seat.manifest.classes)
    return f"""<p>{seat.say("counts_more")}</p>
{balance(seat, state)}{step_form(seat, "tally", fields, "counts_button")}
<div class=quiets>{quiet(seat, "", "paper_again", at="paper")}</div>"""


def _class(seat: Seat, state: State, voters: VoterClass, known: Mapping[str, str]) -> str:
    canaries = state.canaries.get(voters.id, 0)
    title = seat.say(
        "counts_class",
        name="{name}",
        expected=voters.expected,
        slips=voters.slips,
        canaries=canaries,
    ).replace("{name}", seat.given(voters.name))
    inputs = "".join(_field(seat, state, voters.id, key, known) for key in keys(voters))
    return f"<fieldset class=counts><legend>{title}</legend><div>{inputs}</div></fieldset>"


def keys(voters: VoterClass) -> tuple[str, ...]:
    """What is to be counted for a class: tokens only where there are any."""
    return ("present", "handed", "unused", *(("issued",) if voters.tokens else ()))


def _field(seat: Seat, state: State, voters: str, key: str, known: Mapping[str, str]) -> str:
    name, hint = f"{voters}_{key}", ""
    if key == "issued":
        hint = f" <small>{seat.say('count_issued_hint', count=state.signed[voters])}</small>"
    value = "".join(sign for sign in known.get(name, "") if sign.isalnum() or sign in "-.")[:8]
    return f"""<p><label for={name}>{seat.say(f"count_{key}")}{hint}</label>
<input id={name} name={name} type=text inputmode=numeric pattern="[0-9]{{1,6}}" maxlength=6 required
 value="{value}"></p>"""


def balance(seat: Seat, state: State) -> str:
    """The equation of every class in numbers."""
    if not state.balances:
        return ""
    head = [seat.say(f"balance_{key}") for key in ("class", "sum", "people", "verdict")]
    lines = [_line(seat, each) for each in state.balances]
    return table(seat.say("balance"), head, lines)


def _line(seat: Seat, own: Balance) -> list[str]:
    tally = own.tally
    total = tally["handed"] + tally["unused"] + own.canaries
    verdict = []
    if own.off:
        verdict.append(seat.say("balance_off", by=abs(own.off)))
    if own.too_many:
        verdict.append(seat.say("balance_many"))
    words = "；".join(verdict) if verdict else seat.say("balance_ok")
    mark = f"<strong class=bad>✗ {words}</strong>" if verdict else f"✓ {words}"
    sum_ = f"{tally['handed']} + {tally['unused']} + {own.canaries}"
    slips = own.voters.slips
    return [
        seat.given(own.voters.name),
        f"{slips} ≠ {sum_} = {total}" if own.off else f"{slips} = {sum_}",
        f"{own.voters.expected} / {tally['present']} / {tally['handed']} + {tally['issued']}",
        mark,
    ]
