"""The sheet: as a form to fill in, and as a table of what is recorded.

Fields are called `c<number>`, the number being the place of the cell in the manifest's row. A row keeps its
default «blank», so that a mark can be taken back without JavaScript.

The server takes a sheet apart where a field says ` name=c0 value=1>` or ` name=c0 value=1 checked>`, to put
in other marks: name, value and mark stay last and in this order.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from shigan.box.manifest import BLANK, Part
from shigan.box.pages.frame import Reader


def sheet(reader: Reader, row: str = "") -> str:
    """All parts as fields. `row` are marks to keep, one character a cell; what does not fit is left out."""
    return "\n".join(
        _pick(reader, part, start, marks) if part.kind == "pick" else _grid(reader, part, start, marks)
        for part, start, marks in _parts(reader, row)
    )


def recorded(reader: Reader, row: str) -> str:
    """All parts as tables of the marks in `row`, which fits the manifest."""
    return "\n".join(
        _ticked(reader, part, marks) if part.kind == "pick" else _table(reader, part, marks)
        for part, _start, marks in _parts(reader, row)
    )


def outline(reader: Reader) -> str:
    """What will be asked, without any field."""
    return "".join(f"<li>{reader.given(part.title)}" for part in reader.manifest.parts)


def _parts(reader: Reader, row: str) -> Iterator[tuple[Part, int, str]]:
    """Each part with the number of its first cell and its marks."""
    marks = row if len(row) == len(reader.manifest.cells) else reader.manifest.blank
    start = 0
    for part in reader.manifest.parts:
        end = start + len(part.cells)
        yield part, start, marks[start:end]
        start = end


def _grid(reader: Reader, part: Part, start: int, marks: str) -> str:
    wide = len(part.items)
    rest = _options(reader, part)
    targets = (
        f"<fieldset class=who><legend>{_numbered(part, n)}{reader.person(target)}</legend>"
        + "".join(
            _line(reader, item, start + n * wide + i, rest, marks[n * wide + i])
            for i, item in enumerate(part.items)
        )
        + "</fieldset>"
        for n, target in enumerate(part.targets)
    )
    return f"""<section class=part aria-labelledby=part-{part.id}>
<h3 id=part-{part.id}>{reader.given(part.title)}</h3>
<p class="hint noprint">{reader.say("grid_hint")}</p>
{"".join(targets)}
</section>"""


def _numbered(part: Part, n: int) -> str:
    return f"{n + 1}. " if len(part.targets) > 1 else ""


def _options(reader: Reader, part: Part) -> list[tuple[str, str]]:
    """Value and words of every choice in a row, blank last."""
    words = [(str(value), reader.term(option)) for value, option in enumerate(part.options, 1)]
    return [*words, (BLANK, reader.say("blank"))]


def _line(reader: Reader, item: str, cell: int, options: list[tuple[str, str]], mark: str) -> str:
    """One row of radio buttons."""
    kept = mark if mark in dict(options) else BLANK
    buttons = "".join(
        f"<label><input type=radio name=c{cell} value={value}{' checked' if value == kept else ''}>"
        f"<span>{words}</span></label>"
        for value, words in options
    )
    return (
        f"<div class=row role=radiogroup aria-labelledby=i{cell}><b id=i{cell}>{reader.term(item)}</b>"
        f"{buttons}</div>"
    )


def _pick(reader: Reader, part: Part, start: int, marks: str) -> str:
    boxes = "".join(
        f"<label><input type=checkbox name=c{start + n} value=1{' checked' if marks[n] == '1' else ''}>"
        f"<span>{reader.person(choice)}</span></label>"
        for n, choice in enumerate(part.choices)
    )
    return f"""<section class=part>
<fieldset class=pick aria-describedby=most-{part.id}><legend>{reader.given(part.title)}</legend>
<p class=most id=most-{part.id}>{reader.say("most", most=part.most)}</p>
<div class=boxes>{boxes}</div></fieldset>
</section>"""


def _table(reader: Reader, part: Part, marks: str) -> str:
    words = dict(_options(reader, part))
    bodies = []
    for n, target in enumerate(part.targets):
        own = marks[n * len(part.items) :]
        lines = "".join(
            f"<tr><th scope=row>{reader.term(item)}<td>{words.get(own[i], escape(own[i]))}"
            for i, item in enumerate(part.items)
        )
        bodies.append(
            f"<table><caption>{_numbered(part, n)}{reader.person(target)}</caption>"
            f"<thead><tr><th scope=col>{reader.say('what')}<th scope=col>{reader.say('mark')}</thead>"
            f"<tbody>{lines}</tbody></table>"
        )
    return f"<h2>{reader.given(part.title)}</h2><div class=tables>{''.join(bodies)}</div>"


def _ticked(reader: Reader, part: Part, marks: str) -> str:
    """The ticked choices as a list; a table of crosses would hide them."""
    ticked = [choice for choice, mark in zip(part.choices, marks, strict=True) if mark == "1"]
    items = "".join(f"<li>{reader.person(choice)}" for choice in ticked)
    found = f"<ul class=ticked>{items}</ul>" if ticked else f"<p>{reader.say('none_ticked')}</p>"
    return f"<h2>{reader.given(part.title)}</h2>{found}"
