"""10⁵ documents on the register: a draft checked, the list, one document and words found through the page.

    python tools/bench_documents.py [--documents 100000] [--folder F]

The documents are made up: notices of some 900 to 2,500 characters from sentences of few words, a fifth of
them relayed with changes by others, with the openings and closings that all share. Four and eight clients ask
without a pause on the cores that serve them; beside the wall clock stands the processor time of the server a
request. Figures move with the load of the machine: compare within one run only.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import bench

DAY, DAYS = date(2016, 1, 4), 3900
UNITS = 60
TIMES = 160
BY_RULES = 20_000
"""So many are registered as on the page; the others are copies of them in other letters."""
LETTERS = (
    "水利农业林草交通住建教育民政医保环境应急财政审计统计乡镇村社区组干部群众清理检查登记验收整改摸排调度培训值守"
    "巡护补助发放公示台账名册管网蓄池道路桥梁学校医院"
)
OPENINGS = (
    "各乡镇党委、人民政府，县直各有关单位：现将有关事项通知如下，请认真贯彻落实。",
    "各有关单位：为进一步加强和规范工作，切实保障群众利益，经研究，现就有关事项通知如下。",
)
CLOSINGS = (
    "各单位要提高政治站位，加强组织领导，压实工作责任，确保各项任务落到实处、取得实效。",
    "工作中遇到的问题请及时报告，联系电话见附件。",
)


class Papers:
    """Texts that were written so far, of which a fifth of the next ones are relays."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.recent: list[tuple[str, str]] = []
        self.words = [
            "".join(self.chance.choices(LETTERS, k=self.chance.choice((2, 2, 3, 4)))) for _ in range(4000)
        ]

    def sentence(self) -> str:
        return "".join(self.chance.choices(self.words, k=self.chance.randrange(6, 14))) + "。"

    def body(self, sentences: int) -> str:
        return "\n".join(self.sentence() for _ in range(sentences))

    def paper(self) -> tuple[str, str]:
        """A title and a text: new, or most of a recent one with a beginning of its own."""
        chance = self.chance
        title = f"关于做好{''.join(chance.choices(self.words, k=3))}工作的通知"
        if self.recent and chance.random() < 0.2:
            source, text = chance.choice(self.recent)
            title = f"关于转发《{source}》的通知"
            lines = [line if chance.random() < 0.9 else self.sentence() for line in text.splitlines()]
            body = "\n".join([*lines[1:], self.body(chance.randrange(1, 6))])
        else:
            body = self.body(chance.randrange(30, 70))
            self.recent = [*self.recent[-400:], (title, body)]
        return title, "\n".join([title, chance.choice(OPENINGS), body, chance.choice(CLOSINGS)])


def fill(documents: int, seed: int = 1) -> None:
    """A register of so many documents of ten years, judged by the rules as any other, not sealed."""
    from shigan.facts.documents import (
        Direction,
        DocumentKind,
        DocumentRegistered,
        Form,
        Level,
        counted,
        text_digest,
    )  # fmt: skip
    from shigan.facts.units import UnitFounded, UnitKind
    from shigan.web import rights, running, store
    from shigan.web.models import Account
    from shigan.work.admit import Author, Draft

    running.migrate()
    by, now = Author("P0001", "U001"), datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)
    units = []
    for n in range(1, UNITS + 1):
        kind = UnitKind.COUNTY if n == 1 else UnitKind.DEPARTMENT
        units.append(Draft(f"U{n:03d}", UnitFounded(kind=kind), "U001", DAY))
    store.append(units, by, now)
    Account.objects.create_user("officer", "not used here", code="P0001", unit="U001", role=rights.OFFICER)
    papers = Papers(seed)

    def batches() -> Iterator[tuple[list[Draft], Author, datetime]]:
        for n in range(documents):
            title, text = papers.paper()
            day = DAY + timedelta(days=n * DAYS // documents)
            fact = DocumentRegistered(
                title=title, kind=DocumentKind.NOTICE, direction=Direction.ISSUED, level=Level.COUNTY,
                form=Form.NUMBERED, number=f"测字〔{day.year}〕{n}号", dated=day, text=text,
                length=counted(text), digest=text_digest(text),
            )  # fmt: skip
            unit = f"U{1 + n % UNITS:03d}"
            yield [Draft(f"D{n + 1:06d}", fact, unit, day)], by, now

    for _written in store.append_many(batches()):
        pass


def multiply(documents: int) -> None:
    """Copies of the register in shifted alphabets, so that a copy shares with another what all share and
    nothing else, put straight into the tables: the rules would take ten times as long."""
    from django.db import connection, transaction

    with connection.cursor() as cursor:
        cursor.execute("SELECT max(id) FROM entry")
        (newest,) = cursor.fetchone()
        cursor.execute("SELECT count(*) FROM state WHERE key = 'D'")
        (known,) = cursor.fetchone()
        for at in range(known, documents, known):
            shift = str.maketrans({each: chr(ord(each) + 7 * at // known) for each in set(LETTERS)})
            many = min(known, documents - at)
            with transaction.atomic():
                for n in range(at, at + many):
                    copy_of(cursor, n - at, n, newest, shift)


def copy_of(cursor: Any, old: int, new: int, newest: int, shift: dict[int, str]) -> None:
    """One document once more under another code: entry, payload and state."""
    from shigan.facts.documents import counted, text_digest

    codes, number = (f"D{new + 1:06d}", f"D{old + 1:06d}"), f"测字〔2026〕{new}号"
    cursor.execute("SELECT e.*, p.salt, p.body, s.topic FROM entry e JOIN payload p ON p.entry_id = e.id "
                   "JOIN state s ON s.subject = e.subject WHERE e.subject = %s", codes[1:])  # fmt: skip
    columns = [each[0] for each in cursor.description]
    row = dict(zip(columns, cursor.fetchone(), strict=True))
    row |= {"id": row["id"] + new - old, "subject": codes[0]}
    salt, body, title = row.pop("salt"), json.loads(row.pop("body")), row.pop("topic")
    first, opening, *lines, closing = body["text"].split("\n")
    title = title.translate(shift)
    text = "\n".join([first.translate(shift), opening, *(line.translate(shift) for line in lines), closing])
    body |= {"title": title, "text": text, "number": number}
    body |= {"digest": text_digest(text), "length": counted(text)}
    names = ", ".join(f'"{name}"' for name in row)
    cursor.execute(f"INSERT INTO entry ({names}) VALUES ({', '.join(['%s'] * len(row))})", [*row.values()])
    values = [row["id"], salt, json.dumps(body, ensure_ascii=False)]
    cursor.execute("INSERT INTO payload (entry_id, salt, body) VALUES (%s, %s, %s)", values)
    cursor.execute(
        "INSERT INTO state SELECT %s, key, seq, unit, stage, since, due, source, %s, origin, %s, body "
        "FROM state WHERE subject = %s", [codes[0], title, number[:20], codes[1]],
    )  # fmt: skip


def timed(what: str, began: float) -> None:
    print(f"{what:<52}{time.monotonic() - began:>9.1f} s", flush=True)


def in_process(drafts: list[str]) -> None:
    """Milliseconds of the processor for a draft in the process, its sources read from the database."""
    from shigan.judge.direction import Document
    from shigan.web.pages.documents import library

    began = time.monotonic()
    stock = library.shelf()
    timed(f"index of {len(stock):,} documents opened by a new process", began)
    print(f"{'memory of this process':<52}{resident():>9.0f} MiB")
    times: dict[str, list[float]] = {"sources found": [], "whole verdict": []}
    for text in drafts:
        draft = Document.read("draft", text)
        began = time.process_time()
        stock.index.query(bench_normal(text))
        times["sources found"].append(1000 * (time.process_time() - began))
        began = time.process_time()
        stock.draft(draft)
        times["whole verdict"].append(1000 * (time.process_time() - began))
    for name, spent in times.items():
        bench.row(f"in the process: {name}", sorted(spent), 10 if name == "sources found" else 200)
    print(f"{'memory of this process':<52}{resident():>9.0f} MiB")


def bench_normal(text: str) -> Any:
    from shigan.maths.reuse import normalized

    return normalized(text)


def resident() -> float:
    """MiB of this process's own memory, without the mapped files."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("RssAnon"))


def row(name: str, once: Callable[[int], None], bar: float) -> None:
    """A line of the table, and the server's processor milliseconds a request."""
    bench.callers(once, 32)
    before = server_seconds()
    times = sorted(bench.callers(once, TIMES))
    bench.row(name, times, bar)
    print(
        f"{'  processor time of the server':<40}{1000 * (server_seconds() - before) / TIMES:>11.0f}",
        flush=True,
    )


def server_seconds() -> float:
    """Processor seconds of all processes that this one started, and theirs."""
    rows = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            rest = path.read_text().rpartition(")")[2].split()
            rows[int(path.parent.name)] = int(rest[1]), int(rest[11]) + int(rest[12])
    mine, grown = {os.getpid()}, True
    while grown:
        more = {pid for pid, (parent, _ticks) in rows.items() if parent in mine}
        grown, mine = not more <= mine, mine | more
    ticks = sum(rows[pid][1] for pid in mine - {os.getpid()} if pid in rows)
    return ticks / os.sysconf("SC_CLK_TCK")


def check(port: int, cookie: str, drafts: list[str], i: int) -> None:
    """Hand a draft in through the page."""
    form = {"words": drafts[i % len(drafts)], "csrfmiddlewaretoken": "a" * 32}
    headers = {
        "Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded", "Referer": f"http://127.0.0.1:{port}/",
    }  # fmt: skip
    bench.ask(port, "POST", "/documents/check", urlencode(form), headers, 200)


def made_drafts(documents: int, many: int = 160) -> list[str]:
    """Texts of the same kind: half new, half relays of what is registered."""
    from shigan.web.models import EntryRow
    from shigan.web.store import read_entry

    papers = Papers(2)
    chance = random.Random(3)
    for n in chance.sample(range(documents), many):
        row = EntryRow.objects.select_related("payload").get(subject=f"D{n + 1:06d}")
        fact: Any = read_entry(row).fact
        papers.recent.append((fact.title, fact.text))
    drafts = []
    for n in range(many):
        title, text = papers.recent[n] if n % 2 else papers.paper()
        drafts.append(f"关于落实《{title}》的通知\n{text}\n{papers.body(4)}")
    return drafts


def searched() -> list[str]:
    """Addresses that ask for words of one to six letters."""
    chance, words = random.Random(4), Papers(1).words
    asked = [
        *chance.sample(words, 40),
        *LETTERS[:4],
        "管水员",
        "贯彻落实",
        chance.choice(words) + chance.choice(words),
    ]
    return [f"/search?q={quote(each)}" for each in asked]


def run(folder: Path, documents: int) -> None:
    """Fill, build, serve, measure."""
    bench.prepare(folder)
    from shigan.web.pages.documents import library

    print("load", os.getloadavg())
    began = time.monotonic()
    if not (folder / "shigan.sqlite3").exists():
        fill(min(documents, BY_RULES))
        multiply(documents)
        timed(f"{documents:,} documents registered", began)
    began = time.monotonic()
    library.keep()
    timed("index built in files", began)
    size = sum(path.stat().st_size for path in (folder / library.FOLDER).rglob("*.*"))
    database = (folder / "shigan.sqlite3").stat().st_size
    print(f"{'files of the index; the database':<52}{size / 1e6:>9,.0f} MB {database / 1e6:,.0f} MB")
    drafts = made_drafts(documents)
    print(f"{'':<34}{'n':>6}{'median ms':>11}{'p95 ms':>9}{'bar':>6}")
    in_process(drafts)
    codes = [f"/documents/D{n + 1:06d}" for n in random.Random(5).sample(range(documents), 160)]
    with bench.serving(folder) as port:
        cookie, _targets, _problems = bench.session()
        pages = [
            ("register", [f"/documents/?{q}" for q in ("", "page=7", "unit=U007", "year=2026")]),
            ("register, words in the title", [f"/documents/?q={quote(w)}" for w in Papers(1).words[:20]]),
            ("one document", codes), ("words found", searched()),
        ]  # fmt: skip
        for name, addresses in pages:
            row(name, partial(bench.visit, port, cookie, addresses), 300)
        for clients in (4, 8):
            bench.CLIENTS = clients
            row(f"a draft through the page, {clients} clients", partial(check, port, cookie, drafts), 200)
    print("load", os.getloadavg())


def main() -> None:
    """Measure in a folder of its own, or in one that is given (filled once)."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--documents", type=int, default=100_000)
    parser.add_argument("--folder", type=Path)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        run(args.folder or Path(folder), args.documents)


if __name__ == "__main__":
    main()
