"""The scrutineers' page: where the closing stands, and the one step that is next."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from shigan.box.desk.state import State
from shigan.box.desk.words import STEPS, phase_name
from shigan.box.pages.desk import counting
from shigan.box.pages.desk.clerk import ask_code, marks
from shigan.box.pages.desk.frame import NOTHING, Message, Seat, document, hidden, quiet, step_form, upload
from shigan.box.pages.desk.result import result
from shigan.box.pages.frame import grouped
from shigan.box.phases import Phase
from shigan.box.words import moment

PUBLIC = ("manifest.json", "notice.json", "slips.json", "verifier.html")
"""What may be saved at any time."""
COUNTED = ("bundle.json", "result.json", "included.json", "comments.json")


def door(seat: Seat, phase: Phase, message: Message = NOTHING) -> bytes:
    """Where everybody comes in: what the box is doing, and the field for the key."""
    now = seat.say("state_now", phase=phase_name(seat.language, phase))
    inside = f"""<div class=field><label for=code>{seat.say("key")}</label>
<input id=code name=key type=text autocomplete=off autocapitalize=characters spellcheck=false size=29
 maxlength=60 required autofocus aria-describedby=code-hint>
<p class=hint id=code-hint>{seat.say("key_hint")}</p></div>
<p class=send><button>{seat.say("enter")}</button></p>"""
    body = f"""<p class=lead>{seat.say("state")}{now}</p>
<form method=post action="{seat.path("desk")}" autocomplete=off>{inside}</form>"""
    return document(seat, seat.say("desk"), body, message)


def scrutineer(
    seat: Seat,
    state: State,
    at: str = "",
    message: Message = NOTHING,
    typed: Mapping[str, str] | None = None,
    code: str = "",
    row: str = "",
) -> bytes:
    """The current step, or `at`, an earlier one; what was `typed` comes back; a `code` is read once more."""
    step = state.step(at)
    if not step:
        return document(seat, seat.say("done"), _line(seat, "") + _done(seat, state), message)
    title = seat.say("step_title", number=STEPS.index(step) + 1, name=seat.say(f"step_{step}"))
    present = seat.say(f"present_{step}", needed=seat.manifest.needed)
    bodies: dict[str, Callable[[], str]] = {
        "close": lambda: _close(seat),
        "paper": lambda: marks(seat, code, row) if code else _paper(seat, state),
        "counts": lambda: counting.counts(seat, state, typed or {}),
        "seal": lambda: _seal(seat, state),
        "canaries": lambda: _canaries(seat, state),
        "sign": lambda: _sign(seat, state),
        "shares": lambda: _shares(seat),
        "erase": lambda: _erase(seat),
    }
    body = f"""{_line(seat, step)}
<p class=present><b>{seat.say("present")}</b> {present}</p>
{bodies[step]()}{files(seat, state)}"""
    return document(seat, title, body, message)


def _line(seat: Seat, step: str) -> str:
    """All steps, with where we stand; said in words for those who do not see it."""
    here = STEPS.index(step) if step else len(STEPS)
    items = []
    for number, each in enumerate(STEPS):
        kind = "past" if number < here else "here" if number == here else "later"
        current = " aria-current=step" if kind == "here" else ""
        name, words = seat.say(f"step_{each}"), seat.say(f"step_{kind}")
        items.append(f"<li class={kind}{current}>{name}<small> {words}</small>")
    return f'<ol class=steps aria-label="{seat.say("steps")}">{"".join(items)}</ol>'


def _close(seat: Seat) -> str:
    return f"<p class=lead>{seat.say('close_wait')}</p>{step_form(seat, '', '', 'close_button')}"


def _paper(seat: Seat, state: State) -> str:
    numbers = "".join(
        f"<div><dt>{seat.say(f'paper_{kind}')}<dd>{state.papers[kind]}</div>"
        for kind in ("alone", "agreed", "differ", "settled")
    )
    if state.papers["differ"]:  # first things first: one big button
        next_ = f"<h2>{seat.say('paper_third', count=state.papers['differ'])}</h2>{ask_code(seat, False)}"
    else:
        next_ = step_form(seat, "papered", "", "paper_next")
    return f"""<p>{seat.say("paper_more")}</p>
<dl class=tiles>{numbers}</dl>
{quiet(seat, "", "refresh", at="paper")}
{next_}"""


def _seal(seat: Seat, state: State) -> str:
    return f"""<p class=lead>{seat.say("seal_more")}</p>
{counting.balance(seat, state)}
{step_form(seat, "seal", "", "seal_button")}
<div class=quiets>{quiet(seat, "", "counts_again", at="counts")}
{quiet(seat, "", "paper_again", at="paper")}</div>"""


def root(seat: Seat, state: State) -> str:
    """The seal in groups of four."""
    name, numbers = seat.say("root"), grouped(state.root)
    return f"""<p class=number><span>{name}</span> <code class=root>{numbers}</code></p>
<p>{seat.say("root_more", leaves=state.leaves)}</p>"""


def _canaries(seat: Seat, state: State) -> str:
    until = moment(seat.language, state.look_until)
    look = seat.say("look_past" if state.now >= state.look_until else "look_until", until=until)
    count = sum(state.canaries.values())
    inside = upload(seat, "canaries", seat.say("canaries_file", count=count)) if count else ""
    return f"""{root(seat, state)}
<p class=lead>{look}</p>
<p>{seat.say("canaries_more" if count else "canaries_none")}</p>
{step_form(seat, "canaries", inside, "canaries_button", files=True)}"""


def _sign(seat: Seat, state: State) -> str:
    needed = seat.manifest.needed
    inside = upload(seat, "signatures", seat.say("sign_files", needed=needed)) if needed else ""
    return f"""{result(seat, state)}
<h2>{seat.say("step_sign")}</h2><p>{seat.say("sign_more")}</p>
{step_form(seat, "publish", inside, "sign_button", files=True)}"""


def _shares(seat: Seat) -> str:
    return f"<p class=lead>{seat.say('shares_more')}</p>{step_form(seat, 'shares', '', 'shares_button')}"


def _erase(seat: Seat) -> str:
    kept = "".join(f"<li>{name}" for name in COUNTED)
    sure = f"""<p class=sure><label><input type=checkbox name=sure value=1 required>
<span>{seat.say("erase_sure")}</span></label></p>"""
    return f"""<p class=lead>{seat.say("erase_more")}</p><ul class=plain>{kept}</ul>
{step_form(seat, "erase", sure, "erase_button")}
<div class=quiets>{quiet(seat, "", "shares_again", at="shares")}</div>"""


def _done(seat: Seat, state: State) -> str:
    gone = "".join(f"<li>{seat.say(f'done_gone_{n}')}" for n in (1, 2, 3))
    left = "".join(f"<li>{seat.say(f'done_left_{n}')}" for n in (1, 2, 3, 4))
    return f"""<h2>{seat.say("done_gone")}</h2><ul class=plain>{gone}</ul>
<h2>{seat.say("done_left", folder=f"{state.folder}/out")}</h2><ul class=plain>{left}</ul>
<p>{seat.say("done_disk")}</p>
{result(seat, state)}{files(seat, state)}"""


def files(seat: Seat, state: State) -> str:
    """What can be saved and printed now, each with a small button."""
    saves = "".join(
        f"<button class=quiet name=name value={name}>{seat.say('save', name=name)}</button>"
        for name in names(state)
    )
    sheets = ["checkpoint"] if state.root else []
    sheets += ["margins"] if Phase.COUNTED <= state.phase < Phase.ERASED else []
    prints = "".join(quiet(seat, each, f"print_{each}") for each in sheets)
    warning = f"<p class=hint>{seat.say('files_more')}</p>" if "bundle.json" in names(state) else ""
    return f"""<section class=files><h2>{seat.say("files")}</h2>{warning}
<form method=post action="{seat.path("desk/file")}">{hidden("key", seat.key)}{saves}</form>
<div class=quiets>{prints}</div></section>"""


def names(state: State) -> tuple[str, ...]:
    """The files that there are at this moment."""
    if state.phase < Phase.COUNTED:
        return PUBLIC
    kept = COUNTED if state.phase < Phase.ERASED else ("result.json", "included.json")
    return (*kept, *(["rows.sealed"] if state.rows_kept else []), *PUBLIC)
