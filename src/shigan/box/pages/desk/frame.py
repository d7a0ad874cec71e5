"""What all pages of the desk share: the document, the form that carries the key, what was done or refused."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape

from shigan.box.desk import words as desk_words
from shigan.box.desk.keys import Role
from shigan.box.pages.frame import TAGS, Reader, grouped, path
from shigan.box.refusals import Refused
from shigan.box.words import Language


@dataclass(frozen=True)
class Seat(Reader):
    """Whom a page of the desk is for. `key` opens the desk; it stands in every form and nowhere else."""

    key: str = ""
    role: Role | None = None

    def say(self, key: str, **values: object) -> str:
        """Words of our own, of the desk first."""
        return escape(desk_words.say(self.language, key, **self._usual | values))

    def classes(self, ids: list[str]) -> str:
        """The names of classes."""
        return "、".join(self.given(self.manifest.by_class[each].name) for each in ids)

    @property
    def head(self) -> str:
        """What the desk calls itself."""
        return self.say("desk_of", role=self.say(f"role_{self.role}")) if self.role else self.say("desk")


@dataclass(frozen=True)
class Message:
    """What the last click did: a key of `desk_words`, or what was refused."""

    said: str = ""
    refused: Refused | None = None


NOTHING = Message()
WARNINGS = ("said_differ",)
"""What was done and still wants somebody's eye."""


def document(seat: Seat, heading: str, body: str, message: Message = NOTHING, refresh: str = "") -> bytes:
    """The whole page in UTF-8. `heading` and `body` are HTML; `refresh` a page to go on to."""
    bare = re.sub("<[^>]*>", "", heading)
    title = f"{seat.say('not_done')}: {bare}" if message.refused else bare
    plan = seat.say("plan", digest=grouped(seat.manifest.digest[:16]))
    return f"""<!doctype html>
<html lang={TAGS[seat.language]}>
<head>
<meta charset=utf-8>
<meta name=viewport content="width=device-width, initial-scale=1">
<meta name=robots content=noindex>{refresh}
<title>{title} · {seat.head}</title>
<link rel=stylesheet href="/box.css">
<link rel=stylesheet href="/desk.css">
</head>
<body class=work>
<a class=skip href="#main">{seat.say("skip")}</a>
<header><div><a class=home href="{seat.path("desk")}">{seat.head}</a>{_other(seat)}</div></header>
<main id=main>
{told(seat, message)}<h1>{heading}</h1>
{body}
</main>
<footer><p>{seat.given(seat.manifest.title)} · {plan}</p></footer>
</body>
</html>
""".encode()


def _other(seat: Seat) -> str:
    """The other language: a link at the door, further in a form, because the key has to go along."""
    other: Language = "zh" if seat.language == "en" else "en"
    words = f"lang={TAGS[other]}"
    if not seat.role:
        return f'<a {words} hreflang={TAGS[other]} href="{path(other, "desk")}">{seat.say("other")}</a>'
    return (
        f'<form method=post action="{path(other, "desk")}">{hidden("key", seat.key)}'
        f"<button class=link {words}>{seat.say('other')}</button></form>"
    )


def told(seat: Seat, message: Message) -> str:
    """What was refused, with its remedy, or what was done."""
    if message.refused:
        refused, english = message.refused, seat.language == "en"
        text = escape(refused.english if english else refused.text)
        remedy = escape(refused.cure if english else refused.remedy)
        return f"""<div class=fault role=alert><h2>{seat.say("not_done")}</h2>
<p>{text[:1].upper() + text[1:]}{"." if english else "。"}</p><p>{remedy}</p></div>
"""
    if not message.said:
        return ""
    kind = "done warn" if message.said in WARNINGS else "done"
    return f'<p class="{kind}" role=status>{seat.say(message.said)}</p>\n'


def hidden(name: str, value: str) -> str:
    """A field that goes along."""
    return f'<input type=hidden name={name} value="{escape(value, quote=True)}">'


def step_form(seat: Seat, action: str, inside: str, button: str, files: bool = False, **also: str) -> str:
    """A form that posts the key to an action of the desk, with one big button. `also` goes along."""
    kind = " enctype=multipart/form-data" if files else ""
    carried = "".join(hidden(name, value) for name, value in {"key": seat.key, **also}.items())
    return f"""<form method=post action="{seat.path(_address(action))}" autocomplete=off{kind}>
{carried}{inside}<p class=send><button>{seat.say(button)}</button></p>
</form>"""


def quiet(seat: Seat, action: str, button: str, **also: str) -> str:
    """A small button for what is not the next step."""
    carried = "".join(hidden(name, value) for name, value in {"key": seat.key, **also}.items())
    return (
        f'<form method=post action="{seat.path(_address(action))}">{carried}'
        f"<button class=quiet>{seat.say(button)}</button></form>"
    )


def _address(action: str) -> str:
    return f"desk/{action}" if action else "desk"


def upload(seat: Seat, name: str, label: str, rows: int = 4) -> str:
    """Choose files, or paste their text: both are read. `label` is HTML."""
    return f"""<div class=field><label for={name}-file>{label}</label>
<input id={name}-file name={name} type=file accept=".json,application/json" multiple></div>
<div class=field><label for={name}>{seat.say("or_paste")}</label>
<textarea id={name} name={name} rows={rows} autocomplete=off autocapitalize=none spellcheck=false></textarea>
</div>
"""


def table(caption: str, head: list[str], lines: list[list[str]], kind: str = "") -> str:
    """A table whose first column names the line. All texts are HTML."""
    top = "".join(f"<th scope=col>{cell}" for cell in head)
    body = "".join(
        f"<tr><th scope=row>{line[0]}" + "".join(f"<td>{cell}" for cell in line[1:]) for line in lines
    )
    return (
        f'<div class=wide tabindex=0 role=group aria-label="{re.sub("<[^>]*>", "", caption)}">'
        f'<table class="figures {kind}"><caption>{caption}</caption><thead><tr>{top}</thead>'
        f"<tbody>{body}</tbody></table></div>"
    )
