"""Small manifests of made-up evaluations for the tests of the box."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from copy import deepcopy
from datetime import datetime, timedelta
from typing import Any

from shigan.box import manifest as manifests
from shigan.box.canonical import canonical
from shigan.box.manifest import Manifest
from shigan.maths.blind import PublicKey

SALT = "5a" * 32
OPTIONS = ["优秀", "称职", "基本称职", "不称职", "不了解"]
ITEMS = ["德", "能", "勤", "绩", "廉"]
OPENS = "2026-11-20T09:00+08:00"
CLOSES = "2026-11-20T17:00+08:00"
RULE = {
    "nothing_below": 5, "shares_from": 10, "fine_from": 30, "coarse_step": 10, "fine_step": 5, "fewest": 3,
    "comments_from": 10,
}  # fmt: skip


def grid(officials: int = 3, items: int = 5, id: str = "a") -> dict[str, Any]:
    """Officials P0001 … each judged in so many items."""
    return {
        "id": id, "kind": "grid", "title": "领导干部测评", "targets": codes(officials),
        "items": [*ITEMS, *(f"第{n}项" for n in range(6, items + 1))][:items], "options": OPTIONS,
    }  # fmt: skip


def pick(choices: int = 12, most: int = 3, id: str = "b") -> dict[str, Any]:
    """At most so many of so many officials."""
    return {"id": id, "kind": "pick", "title": "会议推荐", "choices": codes(choices), "most": most}


def codes(count: int) -> list[str]:
    return [f"P{n:04}" for n in range(1, count + 1)]


def voters(id: str, expected: int, weight: int, **changes: Any) -> dict[str, Any]:
    """A class with a tenth more slips than voters."""
    name, colour, pool = {
        "A": ("县领导", "red", "B"), "B": ("中层干部", "blue", "C"), "C": ("干部职工", "green", ""),
    }.get(id, (f"{id}类", "grey", ""))  # fmt: skip
    return {
        "id": id, "name": name, "colour": colour, "weight": weight, "expected": expected,
        "slips": expected + -(-expected // 10), "tokens": False, "pool": pool,
    } | changes  # fmt: skip


def names(plain: Mapping[str, Any]) -> dict[str, Any]:
    """`names.json` for the codes in a manifest."""
    used = [code for part in plain["parts"] for code in part.get("targets", part.get("choices", []))]
    people = {code: {"name": f"示例{code[1:]}", "post": "副局长"} for code in dict.fromkeys(used)}
    return {"salt": SALT, "names": people}


def names_hash(names: Mapping[str, Any]) -> str:
    """What the manifest says about `names.json` (docs/box.md)."""
    salted = b"shigan/names/v1\0" + bytes.fromhex(names["salt"]) + canonical(names["names"])
    return hashlib.sha256(salted).hexdigest()


def plain(keys: Mapping[str, PublicKey] | None = None, **changes: Any) -> dict[str, Any]:
    """The JSON object of a manifest: three officials in five items, classes A 8, B 12, C 40, no tokens.

    `keys` (by class) turns tokens on for these classes, issued in the week before opening. `changes` replaces
    whole fields: `parts=[grid(10), pick()]`, `closes=…`, or everything about time by `**around(now)`.
    """
    made: dict[str, Any] = {
        "format": manifests.FORMAT, "election": "B0001", "title": "2026年度领导班子和领导干部民主测评",
        "unit": "U003", "session": "2026年度考核测评会", "preset": "officials", "parts": [grid()],
        "comments": True, "classes": [voters("A", 8, 30), voters("B", 12, 30), voters("C", 40, 40)],
        "issue_from": "", "issue_to": "", "opens": OPENS, "closes": CLOSES, "look_minutes": 30,
        "rule": RULE, "keys": {}, "scrutineers": [], "needed": 0, "origin": "",
    }  # fmt: skip
    made |= deepcopy(changes)
    if keys:
        made = _with_tokens(made, keys, changes)
    return {"names": names_hash(names(made))} | made


def manifest(keys: Mapping[str, PublicKey] | None = None, **changes: Any) -> Manifest:
    """`plain`, read."""
    return manifests.read(plain(keys, **changes))


def around(now: datetime, *, opened: int = 60, closes: int = 60, issue: bool = False) -> dict[str, str]:
    """Times of an evaluation that opened so many minutes before `now` and closes so many after it.

    Negative numbers make one that opens later or is closed; with `issue` tokens were issued in the two hours
    before opening. `now` carries its offset from UTC.
    """
    opens = now - timedelta(minutes=opened)
    times = {"opens": opens, "closes": now + timedelta(minutes=closes)}
    if issue:
        times |= {"issue_from": opens - timedelta(hours=2), "issue_to": opens}
    return {key: moment.isoformat(timespec="seconds") for key, moment in times.items()}


def draft(**changes: Any) -> dict[str, Any]:
    """`plain` without keys, as the office makes it."""
    return {key: value for key, value in plain(**changes).items() if key != "keys"}


def _with_tokens(
    made: dict[str, Any], keys: Mapping[str, PublicKey], changes: Mapping[str, Any]
) -> dict[str, Any]:
    opens = datetime.fromisoformat(made["opens"])
    times = {
        "issue_from": (opens - timedelta(days=7)).isoformat(timespec="minutes"),
        "issue_to": opens.isoformat(timespec="minutes"),
    }
    return made | {
        "keys": {id: {"n": f"{key.n:x}", "e": key.e} for id, key in keys.items()},
        "classes": [each | {"tokens": each["id"] in keys} for each in made["classes"]],
        **{name: changes.get(name) or time for name, time in times.items()},
    }
