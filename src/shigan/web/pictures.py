"""Pictures made on the server as inline SVG: intervals, small bars, month strips, stacked shares.

Each carries its words in <title>; a page shows every picture beside the table of the same figures. Shades and
shapes carry the meaning, never colour alone. Only attributes are used: the content policy forbids styles.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil, floor, log10

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from shigan.judge.finding import Benchmark

INK, LINE, SOFT, TINT = "#1f2937", "#2b5fa8", "#9aa4b2", "#dbe4f0"
ROW, TOP, LEFT, WIDTH = 22, 26, 150, 640
DARK_FROM = 0.55
"""From this share of the fullest cell on, a cell is so dark that its number is written in white."""


@dataclass(frozen=True)
class Dot:
    """One line of an interval picture; without value and interval it says `note` instead. `beside` is a
    second figure, drawn as a ring."""

    label: str
    value: float | None = None
    low: float | None = None
    high: float | None = None
    note: str = ""
    beside: float | None = None


def _picture(width: int, height: int, title: str, body: Iterable[SafeString], kind: str = "") -> SafeString:
    return format_html(
        '<svg class="sg-picture {}" role="img" viewBox="0 0 {} {}" width="{}" height="{}">'
        "<title>{}</title>{}</svg>",
        kind,
        width,
        height,
        width,
        height,
        title,
        mark_safe("".join(body)),
    )


def _line(x1: float, y1: float, x2: float, y2: float, stroke: str = SOFT, width: float = 1) -> SafeString:
    ends = f'x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"'
    return mark_safe(f'<line {ends} stroke="{stroke}" stroke-width="{width}"/>')


def _rect(x: float, y: float, width: float, height: float, fill: str) -> SafeString:
    return mark_safe(
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" fill="{fill}"/>'
    )


def _dot(x: float, y: float, r: float = 4) -> SafeString:
    return mark_safe(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{r}" fill="{LINE}"/>')


def _ring(x: float, y: float, r: float = 4) -> SafeString:
    return mark_safe(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{r}" fill="#ffffff" stroke="{INK}"/>')


def _text(x: float, y: float, words: object, anchor: str = "start", kind: str = "") -> SafeString:
    place = mark_safe(f'x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" class="{kind}"')
    return format_html("<text {}>{}</text>", place, words)


@dataclass(frozen=True)
class Scale:
    """From figures to places on the line, with round marks."""

    low: float
    high: float
    step: float

    @classmethod
    def over(cls, values: Sequence[float]) -> Scale:
        """A scale that holds all values and begins and ends at round marks."""
        low, high = (min(values), max(values)) if values else (0.0, 1.0)
        spread = max(high - low, 1.0)
        step = 10 ** floor(log10(spread / 2))
        step *= next((k for k in (1, 2, 5) if spread / (step * k) <= 6), 10)
        return cls(floor(low / step) * step, ceil(high / step) * step, step)

    def x(self, value: float, left: float = LEFT, width: float = WIDTH - LEFT - 20) -> float:
        """Where a value stands."""
        return left + width * (value - self.low) / ((self.high - self.low) or 1)

    def marks(self) -> list[float]:
        """The round marks."""
        return [self.low + n * self.step for n in range(round((self.high - self.low) / self.step) + 1)]


def intervals(dots: Sequence[Dot], *, title: str, unit: str, group: Benchmark | None = None) -> SafeString:
    """A dot with its interval for each line, in the order given; the band is the group's middle half."""
    known = figures_of(dots)
    known += [group.q1, group.q3] if group else []
    scale, bottom = Scale.over(known), TOP + ROW * len(dots)
    body: list[SafeString] = []
    if group:
        body.append(
            _rect(scale.x(group.q1), TOP - 4, scale.x(group.q3) - scale.x(group.q1), bottom - TOP + 8, TINT)
        )
        body.append(_line(scale.x(group.median), TOP - 4, scale.x(group.median), bottom + 4, INK))
    for mark in scale.marks() if known else ():
        body.append(_line(scale.x(mark), TOP - 4, scale.x(mark), bottom + 4, "#e1e5ea"))
        body.append(_text(scale.x(mark), TOP - 10, f"{mark:g}", "middle"))
    body.append(_text(0, TOP - 10, unit))
    for at, dot in enumerate(dots):
        body += _row(dot, scale, TOP + ROW * at + ROW / 2)
    return _picture(WIDTH, int(bottom + 10), title, body, "sg-intervals")


def figures_of(dots: Iterable[Dot]) -> list[float]:
    """All figures that a scale over some lines must hold."""
    return [v for dot in dots for v in (dot.value, dot.low, dot.high, dot.beside) if v is not None]


def _row(dot: Dot, scale: Scale, y: float) -> list[SafeString]:
    body = [_text(0, y + 4, dot.label)]
    if dot.value is None and dot.low is None:
        body.append(_text(LEFT, y + 4, dot.note))
    if dot.low is not None and dot.high is not None:
        low, high = scale.x(dot.low), scale.x(dot.high)
        body += [_line(low, y, high, y, LINE, 2), _line(low, y - 4, low, y + 4, LINE, 2)]
        body.append(_line(high, y - 4, high, y + 4, LINE, 2))
    if dot.beside is not None:
        body.append(_ring(scale.x(dot.beside), y))
    return [*body, _dot(scale.x(dot.value), y)] if dot.value is not None else body


def small_intervals(dots: Sequence[Dot], scale: Scale, title: str, width: int = 280) -> SafeString:
    """The same without words, small enough for a row of a table; `scale` is that of the whole column."""
    body, row = [], 7
    for mark in scale.marks():
        at = scale.x(mark, 4, width - 8)
        body.append(_line(at, 0, at, row * len(dots) + 2, "#e1e5ea"))
    for nth, dot in enumerate(dots):
        y = row * nth + row / 2 + 1
        if dot.low is not None and dot.high is not None:
            body.append(_line(scale.x(dot.low, 4, width - 8), y, scale.x(dot.high, 4, width - 8), y, LINE, 2))
        if dot.value is not None:
            body.append(_dot(scale.x(dot.value, 4, width - 8), y, 2.5))
    return _picture(width, row * len(dots) + 2, title, body, "sg-small")


def small_scale(scale: Scale, title: str, width: int = 280) -> SafeString:
    """The marks of `small_intervals`, for the head of its column."""
    marks = scale.marks()
    ends = {0: "start", len(marks) - 1: "end"}
    body = [
        _text(scale.x(mark, 4, width - 8), 11, f"{mark:g}", ends.get(nth, "middle"))
        for nth, mark in enumerate(marks)
    ]
    return _picture(width, 14, title, body, "sg-small")


def bar(
    value: float | None, low: float | None, high: float | None, title: str, width: int = 96
) -> SafeString:
    """A place between 0 and 100 with its interval; the tick stands in the middle of the group."""
    body = [_rect(0, 6, width, 4, "#e8ebef"), _line(width / 2, 2, width / 2, 14, SOFT)]
    if low is not None and high is not None:
        body.append(_rect(width * low / 100, 5, max(1.0, width * (high - low) / 100), 6, "#9db8dc"))
    if value is not None:
        body.append(_dot(4 + (width - 8) * value / 100, 8))
    return _picture(width, 16, title, body, "sg-bar")


def strip(rows: Sequence[tuple[str, Sequence[float]]], months: Sequence[str], title: str) -> SafeString:
    """Twelve cells a row, darker where there are more: a pile in December is seen at once."""
    cell, left, height = 26, 64, 20
    most = max((n for _label, series in rows for n in series), default=0) or 1
    body = [_text(left + cell * at + cell / 2, 11, words, "middle") for at, words in enumerate(months)]
    for line, (label, series) in enumerate(rows):
        y = 16 + line * (height + 2)
        body.append(_text(0, y + 14, label))
        for at, n in enumerate(series):
            body += _cell(left + cell * at, y, cell - 2, height, n, n / most)
    return _picture(left + cell * 12, 18 + len(rows) * (height + 2), title, body, "sg-strip")


def _cell(x: float, y: float, width: float, height: float, n: float, share: float) -> list[SafeString]:
    light, dark = (240, 244, 249), (23, 61, 112)
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(light, dark, strict=True))
    kind = "on-dark" if share >= DARK_FROM else ""
    words = _text(x + width / 2, y + 14, f"{n:.0f}" if n else "·", "middle", kind)
    return [_rect(x, y, width, height, f"#{red:02x}{green:02x}{blue:02x}"), words]


SHADES = ("#173d70", "#4f79b3", "#9db8dc", "#dbe4f0", "#f3f4f6")
"""From the best option to the worst, then 不了解: one hue, so that no option looks good or bad."""


def stacked(parts: Sequence[tuple[str, float]], title: str, width: int = 180) -> SafeString:
    """Shares of 100 side by side, in the order of the options."""
    total = sum(share for _option, share in parts) or 1
    x, body = 0.0, []
    for at, (_option, share) in enumerate(parts):
        body.append(_rect(x, 1, width * share / total, 10, SHADES[min(at, len(SHADES) - 1)]))
        x += width * share / total
        body.append(_line(x, 1, x, 11, "#ffffff"))
    return _picture(width, 12, title, body, "sg-stacked")


def two_bars(now: float, before: float, most: float, title: str, width: int = 160) -> SafeString:
    """This year's figure over last year's paler one, on one scale."""
    body = [
        _rect(0, 2, width * now / (most or 1), 8, LINE),
        _rect(0, 12, width * before / (most or 1), 6, SOFT),
    ]
    return _picture(width, 20, title, body, "sg-small")
