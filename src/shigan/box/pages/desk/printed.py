"""What is printed at the closing: the sealing sheet, the exact counts, the three shares."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from shigan.box.desk.figures import Margin
from shigan.box.desk.state import State
from shigan.box.manifest import BLANK
from shigan.box.pages.desk.counting import balance
from shigan.box.pages.desk.frame import Seat, document, quiet, step_form, table
from shigan.box.pages.frame import grouped
from shigan.box.words import moment


def checkpoint(seat: Seat, state: State, commitment: str) -> bytes:
    """The sealing sheet (封箱单): the root, what it stands over, and room for the signatures."""
    manifest = seat.manifest
    people = "".join(
        f"<tr><th scope=row>{seat.given(each.name)}<td><td>" for each in manifest.scrutineers or ()
    ) or ("<tr><th scope=row><td><td>" * 2)
    body = f"""{_bar(seat)}
<p class=session>{seat.given(manifest.title)} · {seat.given(manifest.election)}</p>
<p class=number><span>{seat.say("root")}</span> <code class=root>{_lines(state.root)}</code></p>
<dl class=facts>
<dt>{seat.say("checkpoint_leaves")}<dd>{state.leaves}
<dt>{seat.say("fact_times")}<dd>{seat.say("span")}
<dt>{seat.say("fact_digest")}<dd><code>{_lines(manifest.digest)}</code>
<dt>{seat.say("checkpoint_commitment")}<dd>{_commitment(seat, state, commitment)}
<dt>{seat.say("checkpoint_time")}<dd>{moment(seat.language, state.now)}
</dl>
{balance(seat, state)}
<table class="figures sign"><caption>{seat.say("checkpoint_sign")}</caption>
<thead><tr><th scope=col>{seat.say("role_scrutineer")}<th scope=col>{seat.say("checkpoint_hand")}
<th scope=col>{seat.say("checkpoint_date")}</thead><tbody>{people}</tbody></table>"""
    return document(seat, seat.say("checkpoint"), body)


def _commitment(seat: Seat, state: State, commitment: str) -> str:
    if not sum(state.canaries.values()):
        return seat.say("checkpoint_none")
    return f"<code>{_lines(commitment)}</code>"


def _lines(hexes: str) -> str:
    """64 symbols in two lines of eight groups, as they are read aloud."""
    return f"{grouped(hexes[:32])}<br>{grouped(hexes[32:])}"


def exact(seat: Seat, margins: Iterable[Margin]) -> bytes:
    """The exact counts, for the reviewing body (评议机构) alone."""
    tables = "".join(_margin(seat, each) for each in margins)
    body = f"""{_bar(seat)}
<p class=only>{seat.say("margins_only")}</p>
<p class=session>{seat.given(seat.manifest.title)} · {seat.given(seat.manifest.election)}</p>
{tables}<p>{seat.say("margins_few", least=seat.manifest.rule.nothing_below)}</p>"""
    return document(seat, seat.say("margins"), body)


def _margin(seat: Seat, margin: Margin) -> str:
    part = margin.part
    title = seat.say("group", names="{names}", valid=margin.valid)
    caption = f"{seat.given(part.title)} · {title.replace('{names}', seat.classes(list(margin.voters)))}"
    if part.kind == "pick":
        head = [seat.say("who_judged"), seat.say("mark")]
        return table(caption, head, [[seat.person(own.item), str(own.counts[0])] for own in margin.lines])
    marks = [_mark(seat, part.options, mark) for mark in margin.marks]
    head = [seat.say("who_judged"), seat.say("what"), *marks]
    lines = [
        [seat.person(own.target), seat.term(own.item), *(str(n) for n in own.counts)] for own in margin.lines
    ]
    return table(caption, head, lines)


def _mark(seat: Seat, options: Sequence[str], mark: str) -> str:
    return seat.say("blank") if mark == BLANK else seat.term(options[int(mark) - 1])


def shares(seat: Seat, texts: Sequence[str]) -> bytes:
    """The three shares, each for its own sheet of paper; this page is made once and kept nowhere."""
    sheets = "".join(_share(seat, number, text) for number, text in enumerate(texts, 1))
    body = f"""<p class="lead noprint"><strong>{seat.say("shares_once")}</strong> {seat.say("by_print")}</p>
{sheets}
<div class=noprint>{step_form(seat, "", "", "shares_next")}
<div class=quiets>{quiet(seat, "shares", "shares_again")}</div></div>"""
    return document(seat, seat.say("shares_title"), body)


def _share(seat: Seat, number: int, text: str) -> str:
    lines = "<br>".join(text.splitlines())
    return f"""<section class=share><h2>{seat.say("share", number=number)}</h2>
<p>{seat.given(seat.manifest.title)} · {seat.given(seat.manifest.election)}</p>
<p class=number><code class=lines>{lines}</code></p>
<p class=onpaper>{seat.say("share_more")}</p></section>"""


def _bar(seat: Seat) -> str:
    """Above a page for printing, on the screen only."""
    return (
        f"""<div class="noprint bar"><p>{seat.say("by_print")}</p>{quiet(seat, "", "back_to_desk")}</div>"""
    )
