"""Keying paper sheets: first the code, then the marks. What the other clerk keyed is on no page."""

from __future__ import annotations

from shigan.box.desk.keys import Role
from shigan.box.desk.state import State
from shigan.box.pages.desk.frame import NOTHING, Message, Seat, document, hidden, quiet, step_form
from shigan.box.pages.sheet import sheet
from shigan.box.phases import Phase


def clerk(seat: Seat, state: State, code: str = "", message: Message = NOTHING, row: str = "") -> bytes:
    """A clerk's page: the field for the next code, or, when there is a `code`, the sheet for it."""
    assert seat.role, "the door is another page"
    if state.phase < Phase.CLOSED:
        body = f"<p class=lead>{seat.say('clerk_early')}</p>{quiet(seat, '', 'refresh')}"
    elif state.phase > Phase.CLOSED:
        body = f"<p class=lead>{seat.say('clerk_over')}</p>"
    elif code:
        body = marks(seat, code, row)
    else:
        count = seat.say("clerk_done", count=state.keyed[seat.role])
        body = f"<p class=lead>{count}</p>{ask_code(seat)}"
    return document(seat, seat.say("clerk"), body, message)


def ask_code(seat: Seat, focus: bool = True) -> str:
    """The field for a code, alone in its form: a scanner ends with Enter, which must key no blank sheet."""
    inside = f"""<div class=field><label for=code>{seat.say("clerk_code")}</label>
<input id=code name=code type=text inputmode=text autocomplete=off autocapitalize=characters spellcheck=false
 size=29 maxlength=200 required{" autofocus" if focus else ""} aria-describedby=code-hint>
<p class=hint id=code-hint>{seat.say("clerk_code_hint")}</p></div>"""
    return step_form(seat, "open", inside, "clerk_open")


def marks(seat: Seat, code: str, row: str = "") -> str:
    """The sheet as voters see it, with a button for a void one."""
    fields = sheet(seat, row).replace("<input ", "<input autofocus ", 1)
    back = quiet(seat, "", "clerk_drop", **({"at": "paper"} if seat.role is Role.SCRUTINEER else {}))
    return f"""<p class=lead>{seat.say("clerk_sheet_for", code=code)}</p>
<form method=post action="{seat.path("desk/paper")}" autocomplete=off>
{hidden("key", seat.key)}{hidden("code", code)}<h2>{seat.say("clerk_sheet")}</h2>
{fields}
<p class=hint>{seat.say("clerk_void_hint")}</p>
<p class="send two"><button>{seat.say("clerk_key")}</button>
<button class=quiet name=void value=1>{seat.say("clerk_void")}</button></p>
</form>
{back}"""
