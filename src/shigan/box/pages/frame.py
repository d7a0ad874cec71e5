"""What all pages share: the document, its words already escaped, the fault on top, and the code field."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape

from shigan.box.manifest import Manifest
from shigan.box.names import Names
from shigan.box.words import TERMS, Language, moment, say, span

CHINESE = re.compile("[\u3400-\u9fff]")
GROUP = 4
TAGS = {"zh": "zh-CN", "en": "en"}


def path(language: Language, name: str = "") -> str:
    """The address of a page: `/look` or `/en/look`; the voting page is `/` or `/en/`."""
    return f"/en/{name}" if language == "en" else f"/{name}"


def grouped(text: str) -> str:
    """In groups of four, as people compare long numbers."""
    return " ".join(text[at : at + GROUP] for at in range(0, len(text), GROUP))


@dataclass(frozen=True)
class Reader:
    """Whom a page is for. Whatever its methods return is escaped and may stand in HTML."""

    manifest: Manifest
    names: Names
    language: Language

    def say(self, key: str, **values: object) -> str:
        """Words of our own."""
        return escape(say(self.language, key, **self._usual, **values))

    @property
    def _usual(self) -> dict[str, object]:
        return {
            "opens": moment(self.language, self.manifest.opens),
            "closes": moment(self.language, self.manifest.closes),
            "span": span(self.language, self.manifest.opens, self.manifest.closes),
            "minutes": self.manifest.look_minutes,
        }

    def given(self, text: str) -> str:
        """Words of the manifest; an English page says that they are Chinese."""
        if self.language == "en" and CHINESE.search(text):
            return f"<span lang=zh>{escape(text)}</span>"
        return escape(text)

    def term(self, text: str) -> str:
        """An item or an option; an English page explains the usual ones."""
        gloss = TERMS.get(text) if self.language == "en" else None
        return f"{self.given(text)} <small>{escape(gloss)}</small>" if gloss else self.given(text)

    def person(self, code: str) -> str:
        """The name behind a code, with the post in small; plain words stay as they are."""
        post = self.names.post(code)
        return self.given(self.names.name(code)) + (f" <small>{self.given(post)}</small>" if post else "")

    def path(self, name: str = "") -> str:
        return path(self.language, name)

    def link(self, name: str, key: str) -> str:
        return f'<a href="{self.path(name)}">{self.say(key)}</a>'


def document(reader: Reader, heading: str, body: str, here: str, why: str = "") -> bytes:
    """The whole page in UTF-8. `heading` and `body` are HTML, `here` its name in addresses, `why` a fault."""
    other: Language = "zh" if reader.language == "en" else "en"
    bare = re.sub("<[^>]*>", "", heading)
    title = reader.say("error", what=say(reader.language, why)) if why else bare
    return f"""<!doctype html>
<html lang={TAGS[reader.language]}>
<head>
<meta charset=utf-8>
<meta name=viewport content="width=device-width, initial-scale=1">
<meta name=robots content=noindex>
<title>{title} · {reader.say("box")}</title>
<link rel=stylesheet href="/box.css">
<script src="/fill.js" defer></script>
</head>
<body>
<a class=skip href="#main">{reader.say("skip")}</a>
<header><p><a class=home href="{reader.path()}">{reader.say("box")}</a>
<a lang={TAGS[other]} hreflang={TAGS[other]} href="{path(other, here)}">{reader.say("other")}</a></p></header>
<main id=main>
{fault(reader, why) if why else ""}<h1>{heading}</h1>
{body}
</main>
{_footer(reader)}
</body>
</html>
""".encode()


def fault(reader: Reader, why: str) -> str:
    """What was refused, with place, rule and remedy; it takes the focus, so that it is read first."""
    lines = "".join(
        f"<dt>{reader.say(key)}</dt><dd>{reader.say(f'{why}_{key}')}</dd>"
        for key in ("where", "why", "remedy")
    )
    what = reader.say("error", what=say(reader.language, why))
    return f"""<div class=fault id=fault role=alert tabindex=-1 autofocus aria-labelledby=fault-title>
<h2 id=fault-title>{what}</h2><dl>{lines}</dl></div>
"""


def credential(reader: Reader) -> str:
    """The field for the code, and behind a fold the one for a token."""
    return f"""<div class=field>
<label for=code>{reader.say("code")}</label>
<input id=code name=code type=text inputmode=text autocomplete=off autocapitalize=characters spellcheck=false
 autocorrect=off size=29 maxlength=60 placeholder="XXXXX-XXXXX-XXXXX-XXXXX-XXXXX" aria-describedby=code-hint>
<p class=hint id=code-hint>{reader.say("code_hint")}</p>
</div>
<details class=field><summary>{reader.say("token_open")}</summary>
<label for=token>{reader.say("token")}</label>
<textarea id=token name=token rows=4 maxlength=2000 autocomplete=off autocapitalize=none spellcheck=false
 aria-describedby=token-hint></textarea>
<p class=hint id=token-hint>{reader.say("token_hint")}</p>
</details>
"""


def form(reader: Reader, action: str, inside: str, button: str, hint: str = "") -> str:
    """A form that posts to `action`, with its one button."""
    below = f"<p class=hint>{reader.say(hint)}</p>" if hint else ""
    return f"""<form method=post action="{reader.path(action)}" autocomplete=off>
{inside}<p class=send><button>{reader.say(button)}</button></p>{below}
</form>"""


def _footer(reader: Reader) -> str:
    links = [reader.link("", "to_vote"), reader.link("look", "to_look")]
    links += [reader.link("comment", "to_comment")] if reader.manifest.comments else []
    links += [reader.link("about", "to_about")]
    plan = reader.say("plan", digest=grouped(reader.manifest.digest[:16]))
    return f"""<footer><nav aria-label="{reader.say("menu")}"><ul><li>{"<li>".join(links)}</ul></nav>
<p>{plan}</p></footer>"""
