"""Do answers tell a first ballot from a later one, a wrong code or a mistyped one? By size and by time.

Time: Kolmogorov-Smirnov tests of two samples for each pair of kinds (N. Smirnov, Table for estimating the
goodness of fit of empirical distributions, Ann. Math. Statist. 19, 1948); kinds come in random order.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from itertools import combinations
from pathlib import Path
from random import Random
from urllib.parse import urlencode

from shigan.bench.box import made
from shigan.bench.box.load import answer, request
from shigan.bench.box.made import Made
from shigan.maths import slips

KINDS = ("first", "again", "wrong", "mistyped")
P_BAR = 0.01
Answers = dict[str, list[tuple[float, int]]]


def measure(say: Callable[[str], object], folder: Path, each: int) -> dict[str, float]:
    """The smallest p of all pairs, on one connection and on eight; and whether all answers are as long."""
    found = {}
    for connections in (1, 8):
        box = made.make(folder / f"box{connections}", 2 * each)
        with made.serving(box.path) as port:
            answers = asyncio.run(_ask(port, box, each, connections))
        sizes = {size for own in answers.values() for _seconds, size in own}
        p = _smallest_p(answers)
        found[f"{connections}"] = p
        say(
            f"{each} each of {', '.join(KINDS)}; connections {connections}: "
            f"answers of {len(sizes)} length(s) (bar 1), smallest p {p:.3f} (bar {P_BAR})"
        )
    return found


def _smallest_p(answers: Answers) -> float:
    from scipy.stats import ks_2samp

    times = {kind: [seconds for seconds, _size in own] for kind, own in answers.items()}
    return min(float(ks_2samp(times[a], times[b]).pvalue) for a, b in combinations(KINDS, 2))


async def _ask(port: int, box: Made, each: int, connections: int) -> Answers:
    random, answers = Random(connections), {kind: list[tuple[float, int]]() for kind in KINDS}
    old, new = box.codes[:each], box.codes[each:]
    await _client(port, [("first", _form(random, box, code)) for code in old], {"first": []})
    plan = [(kind, _form(random, box, code)) for kind, own in _codes(random, old, new) for code in own]
    random.shuffle(plan)
    await asyncio.gather(*(_client(port, plan[i::connections], answers) for i in range(connections)))
    return answers


def _codes(random: Random, old: Sequence[str], new: Sequence[str]) -> list[tuple[str, Sequence[str]]]:
    """First: of codes not used so far; again: of used ones; wrong: whole codes that the box does not have."""
    mistyped = [code[:-1] + ("0" if code[-1] != "0" else "1") for code in old]
    return [("first", new), ("again", old), ("wrong", slips.make(len(old))), ("mistyped", mistyped)]


def _form(random: Random, box: Made, code: str) -> bytes:
    marks = {f"c{at}": random.choice("12345") for at in range(len(box.manifest.cells))}
    return request(urlencode({"code": code, "token": ""} | marks))


async def _client(port: int, plan: Sequence[tuple[str, bytes]], answers: Answers) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=2**22)
    for kind, sent in plan:
        began = time.perf_counter()
        writer.write(sent)
        _status, body = await answer(reader)
        answers[kind].append((time.perf_counter() - began, len(body)))
    writer.close()
