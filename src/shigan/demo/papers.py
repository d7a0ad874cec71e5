"""How the demo county's documents are worded: notices, relays, collections of several, all from a grammar."""

from __future__ import annotations

from datetime import date
from random import Random
from typing import Final

from shigan.demo.words import OFFICE, VILLAGE, Matter, Words, read

CHINESE: Final = ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十")
LIMIT: Final = 5200
"""Characters of a document that is too long."""
LATER: Final = ("goal", "progress", "found_good", "found_bad", "result")
"""What a section tells besides the trouble and what is to be done."""


def matter_of(words: Words, random: Random) -> Matter:
    """What a document is about, with the sentences of documents on top of those of problems."""
    matter = words.matter(random.choice((OFFICE, VILLAGE)), random, random.choice(categories()))
    return Matter(matter.category, matter.grammar.over(read("documents")["documents"]), matter.settled)


def categories() -> list[str]:
    """All matters that the county writes of."""
    return [*read("village"), *read("office")]


def ordinal(number: int) -> str:
    """一 … 十, 十一 … 九十九."""
    tens, ones = divmod(number, 10)
    return ((CHINESE[tens - 1] if tens > 1 else "") + "十" if tens else "") + (
        CHINESE[ones - 1] if ones else ""
    )


def body(
    words: Words, matter: Matter, random: Random, day: date, office: str, place: str, length: int = 0
) -> str:
    """An opening, sections about several things, and whom to ask; of `length` characters or more."""
    given = {"office": office, "place": place}
    lines, about = [matter.say("opening", random, day, **given)], matter
    while len(lines) < 4 or sum(map(len, lines)) < length:
        lines.append(f"{ordinal(len(lines))}、{section(about, random, day, given)}")
        about = matter_of(words, random)
    return "\n".join([*lines, matter.say("call", random, day, **given)])


def section(about: Matter, random: Random, day: date, given: dict[str, str]) -> str:
    """One thing: what is wrong, what is to be done, who does it by when."""
    rules = ("raise", "measures", *random.sample(LATER, random.randint(0, 2)), "act")
    said = (about.say(rule, random, day, **given).strip("。") + "。" for rule in rules)
    return f"{about.settled['thing']}。{''.join(said)}"


def paper(number: str, title: str, to: str, text: str, issuer: str, day: date) -> str:
    """The whole of a document as GB/T 9704 lays it out, in lines."""
    signed = f"{issuer}\n{day.year}年{day.month}月{day.day}日"
    return "\n".join(line for line in (number, title, f"{to}：", text, signed) if line) + "\n"


def relay_title(title: str) -> str:
    """The title of what hands a document on."""
    return f"关于转发《{plain_title(title)}》的通知"


def plain_title(title: str) -> str:
    """The title of what was handed on, or the title itself."""
    return title.partition("《")[2].rpartition("》")[0] if title.startswith("关于转发") else title
