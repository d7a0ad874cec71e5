"""What the box does and what it cannot promise, in plain words for voters."""

from __future__ import annotations

from shigan.box.manifest import Manifest
from shigan.box.names import Names
from shigan.box.pages.frame import Reader, document, grouped
from shigan.box.words import Language


def about(manifest: Manifest, names: Names, language: Language) -> bytes:
    """The honest page; it also shows the manifest's digest in groups, to be compared with the notice."""
    reader = Reader(manifest, names, language)
    body = f"""<h2>{reader.say("does")}</h2><ul class=plain>{_list(reader, "does", 6)}</ul>
<h2>{reader.say("told")}</h2><ul class=plain>{_list(reader, "told", 4)}</ul>
<h2>{reader.say("cannot")}</h2><ul class="plain cannot">{_limits(reader)}</ul>
<h2>{reader.say("facts")}</h2>{_facts(reader)}"""
    return document(reader, reader.say("about"), body, "about")


def _list(reader: Reader, key: str, count: int) -> str:
    least = reader.manifest.rule.nothing_below
    return "".join(f"<li>{reader.say(f'{key}_{n}', least=least)}" for n in range(1, count + 1))


def _limits(reader: Reader) -> str:
    """Each limit with what the voter can do about it."""
    return "".join(
        f"<li>{reader.say(f'cannot_{n}')} <strong>{reader.say(f'cannot_{n}_do')}</strong>"
        for n in range(1, 7)
    )


def _facts(reader: Reader) -> str:
    manifest = reader.manifest
    classes = "".join(
        f"<li>{reader.given(c.name)}: {reader.say('fact_class', expected=c.expected, weight=c.weight)}"
        for c in manifest.classes
    )
    people = "、".join(each.name for each in manifest.scrutineers)
    return f"""<dl class=facts>
<dt>{reader.say("fact_code")}</dt><dd>{reader.given(manifest.election)} · {reader.given(manifest.title)}</dd>
<dt>{reader.say("fact_times")}</dt><dd>{reader.say("span")}</dd>
<dt>{reader.say("fact_classes")}</dt><dd><ul>{classes}</ul></dd>
<dt>{reader.say("fact_scrutineers")}</dt><dd>{reader.given(people) or reader.say("fact_none")}</dd>
<dt>{reader.say("fact_digest")}</dt><dd><code>{grouped(manifest.digest)}</code>
<p class=hint>{reader.say("fact_digest_use")}</p></dd>
</dl>"""
