"""What a thief of disks looks for: who voted, with what, from where, when, and in which order."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from scipy.stats import spearmanr

PRINTED = re.compile(rb"[\x20-\x7e]{4,}")
ACCIDENTS = 1
"""Four bytes of a time turn up by chance in megabytes of hashes; two different ones do not."""


@dataclass
class Secrets:
    """What must not be anywhere: words by what they are, and the seconds at which ballots were cast."""

    words: dict[str, set[str]] = field(default_factory=dict)
    seconds: set[int] = field(default_factory=set)

    def add(self, what: str, *words: str) -> None:
        self.words.setdefault(what, set()).update(words)

    def code(self, code: str) -> None:
        """A code as printed and without its dashes; case does not matter, see `found`."""
        self.add("code", code, code.replace("-", ""))

    def token(self, text: str) -> None:
        """Message and signature as they are typed."""
        self.add("token", *text.split(".")[1:])


def contents(folders: Iterable[Path]) -> dict[str, bytes]:
    """Every byte of every file, each content once."""
    files = (path for folder in folders for path in sorted(folder.rglob("*")) if path.is_file())
    by_content = {path.read_bytes(): str(path) for path in files}
    return {name: data for data, name in by_content.items()}


def found(files: Mapping[str, bytes], secrets: Secrets) -> dict[str, int]:
    """How many of the secrets are somewhere, by what they are; in any case of letters."""
    text = b"\n".join(run for data in files.values() for run in PRINTED.findall(data)).lower()
    hits = {
        what: sum(word.lower().encode() in text for word in words) for what, words in secrets.words.items()
    }
    hits["time as text"] = sum(any(each in text for each in _written(second)) for second in secrets.seconds)
    raw = b"\0".join(files.values())
    hits["time as bytes"] = sum(any(each in raw for each in _binary(second)) for second in secrets.seconds)
    hits["time as bytes"] -= min(ACCIDENTS, hits["time as bytes"])
    return {what: count for what, count in hits.items() if count}


def _written(second: int) -> list[bytes]:
    """Unix time, and the time of the day with a date before it, as databases and logs write it."""
    at = datetime.fromtimestamp(second, UTC)
    zones = [at, at.astimezone(), at.astimezone(datetime.strptime("+0800", "%z").tzinfo)]
    days = [f"{zone:%Y-%m-%d}{gap}{zone:%H:%M:%S}" for zone in zones for gap in " t"]
    return [str(second).encode(), *(day.encode() for day in days), f"{at:%d/%b/%Y:%H:%M:%S}".lower().encode()]


def _binary(second: int) -> list[bytes]:
    return [struct.pack(kind, second) for kind in ("<I", ">I", "<Q", ">Q", "<d", ">d")]


def order(files: Mapping[str, bytes], names: Sequence[bytes]) -> float:
    """The largest |ρ| (Spearman) between the order of `names` and that of their places, over all files that
    hold most of them; 0 where none does."""
    largest = 0.0
    for data in files.values():
        places = [(rank, data.find(name)) for rank, name in enumerate(names)]
        there = [pair for pair in places if pair[1] >= 0]
        if len(there) > len(names) // 2:
            largest = max(largest, abs(float(spearmanr(*zip(*there, strict=True)).statistic)))
    return largest


def side_by_side(data: bytes, names: Sequence[bytes], page: int = 4096) -> float:
    """Of all pairs in one page of the database: how often the earlier one lies before the later one."""
    pages: dict[int, list[int]] = {}
    for name in names:
        place = data.find(name)
        if place >= 0:
            pages.setdefault(place // page, []).append(place)
    pairs = [(a, b) for own in pages.values() for i, a in enumerate(own) for b in own[i + 1 :]]
    return sum(a < b for a, b in pairs) / len(pairs)
