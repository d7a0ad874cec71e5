"""The bar of legal erasure; `python tools/bench.py erasure` runs it.

1,000 subjects of the demo county (officials' year files, problems, visits, tasks) are erased by two accounts.
Then `verify` must pass, every proof of a sample must hold, and no text that stood in these entries alone may
be found in any file of the data folder: the database with its journal, uploads, whatever lies there.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from datetime import date
from pathlib import Path

SUBJECTS = 1000
SHORTEST = 8
"""Characters; shorter texts are common words."""


def erasure(folder: Path, scale: float, subjects: int = SUBJECTS) -> int:
    """Build, erase, look; prints one line a step and returns how many things are wrong."""
    os.environ |= {"SHIGAN_DATA": str(folder), "SHIGAN_SECRET_KEY": "only for the benchmark"}
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shigan.web.settings")
    import django

    django.setup()
    from rich.console import Console

    from shigan.web import boards, erasing, running, sealing, verifying

    running.build_demo(scale, Console(quiet=True))
    chosen = _chosen(subjects)
    texts = _texts_of(chosen)
    alone = texts - _found(texts, [_others(folder, chosen)])
    before = _found(alone, _files(folder))
    began = time.monotonic()
    erased = _erase(chosen)
    took = time.monotonic() - began
    began = time.monotonic()
    erasing.scrub()
    scrubbed = time.monotonic() - began
    sealing.seal()
    boards.judge_now()
    bad = list(verifying.verify())
    unproven = _unproven(chosen)
    left = _found(alone, _files(folder))
    print(f"{len(chosen):,} subjects, {erased:,} entries, {len(alone):,} texts of their own")
    print(f"texts found in the files: before {len(before):,}, after {len(left):,}")
    print(f"erased in {took:.1f} s, files rewritten in {scrubbed:.1f} s")
    print(f"verify: {len(bad)} wrong; proofs that do not hold: {unproven}")
    return len(bad) + unproven + len(left) + (len(before) != len(alone))


def _chosen(subjects: int) -> dict[str, list[int]]:
    """The first subjects with words in them, kind after kind: code → seqs."""
    from shigan.web import store
    from shigan.work.erasure import erasable

    chosen: dict[str, list[int]] = {}
    for key in ("P/", "Q", "V", "T"):
        codes = list(store.listing(key).order_by("pk").values_list("pk", flat=True)[:subjects])
        for entry in store.lives(codes):
            full = len(chosen) >= subjects and entry.subject not in chosen
            if not full and erasable(entry.fact):
                chosen.setdefault(entry.subject, []).append(entry.seq)
    return chosen


def _texts_of(chosen: dict[str, list[int]]) -> set[str]:
    from shigan.facts import texts
    from shigan.web import store

    found = set()
    for entry in store.lives(chosen):
        if entry.fact is not None and entry.seq in chosen[entry.subject]:
            found |= {t for t in texts(entry.fact) if len(t) >= SHORTEST and "\n" not in t and '"' not in t}
    return found


def _others(folder: Path, chosen: dict[str, list[int]]) -> Path:
    """A file with the words of everybody else, who keep theirs."""
    from shigan.web.models import EntryRow, NameRow

    path = Path(tempfile.mkdtemp(prefix="shigan-others-")) / "others.txt"
    with path.open("w") as out:
        for row in EntryRow.objects.select_related("payload").iterator(chunk_size=5000):
            if row.seq not in chosen.get(row.subject, ()):
                out.write(row.payload.body + "\n")
        for name in NameRow.objects.values_list("name", "post"):
            out.write(" ".join(name) + "\n")
    return path


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def _found(texts: set[str], files: list[Path]) -> set[str]:
    """Which of these texts stand, as bytes, in any of the files."""
    with tempfile.NamedTemporaryFile("w") as patterns:
        patterns.write("\n".join(sorted(texts)))
        patterns.flush()
        words = ["grep", "-ahoF", "-f", patterns.name, *map(str, files)]
        said = subprocess.run(words, stdout=subprocess.PIPE, env=os.environ | {"LC_ALL": "C"}, check=False)
    seen = set(said.stdout.decode(errors="replace").splitlines())
    return {t for t in texts if t in seen} | {t for t in texts - seen if any(t in s for s in seen)}


def _erase(chosen: dict[str, list[int]]) -> int:
    from shigan.facts.erasure import Asker, Basis, ErasureRequested
    from shigan.web import erasing, store
    from shigan.web.models import Account
    from shigan.work.admit import Author, Draft
    from shigan.work.erasure import Erasure

    who = {a.role: Author(a.code, a.unit) for a in Account.objects.all()}
    for code, seqs in chosen.items():
        fact = ErasureRequested(about=code, seqs=tuple(seqs), basis=Basis.RETENTION, asker=Asker.OURSELVES)
        about, case = store.state(code), store.next_code("E")
        assert about is not None
        store.append([Draft(case, fact, about.unit, date.today())], who["officer"])
        state = store.state(case)
        assert isinstance(state, Erasure)
        erasing.approve(state, who["leader"], date.today())
    return sum(map(len, chosen.values()))


def _unproven(chosen: dict[str, list[int]], sample: int = 200) -> int:
    from shigan.web import proving, store

    entries = [e for e in store.lives(list(chosen)[:sample]) if e.gone]
    proofs = [proving.prove(entry) for entry in entries[:sample]]
    return sum(proof is None or not proof.holds for proof in proofs)


if __name__ == "__main__":
    import sys

    with tempfile.TemporaryDirectory() as data:
        sys.exit(erasure(Path(data), float(sys.argv[1]), int(sys.argv[2])))
