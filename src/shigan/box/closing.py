"""The closing ceremony (收箱), step by step: paper, counts, seal, canaries, signatures, erasure.

Each step is one transaction that goes one phase forward; a step that was cut off is simply done again. Files
in `out/` are always made anew from what the database holds.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any

from shigan.box import casting, phases, signatures, store, tokens
from shigan.box.canonical import canonical
from shigan.box.counting import FAULTS, TALLY, Evidence, Leaf, commitment, read, result_of, valid_rows, wrong
from shigan.box.folder import Folder, wipe, write
from shigan.box.manifest import Manifest
from shigan.box.phases import Phase
from shigan.box.refusals import Refused

FIRST, SECOND, THIRD = "a", "b", "c"
"""Who keyed a paper sheet: two clerks apart from each other, a scrutineer where they differ."""
IN_ORDER = "请按收箱步骤依次办理。", "Follow the steps in order."
SECRET = ("bundle.json", "canaries.json", "comments.json")
"""Files of `out/` that are wiped at erasure; the scrutineers and the office have their copies."""


def key_paper(db: sqlite3.Connection, manifest: Manifest, clerk: str, code: str, row: str) -> str:
    """A paper sheet keyed by a clerk: `alone`, `agreed`, `differ` or `settled`.

    Two equal readings cast the ballot as paper, over whatever was cast on a screen. Where they differ nothing
    is cast until the third reading. Raises Refused for a wrong code, for marks that fit neither the sheet nor
    a void one, and for a sheet that is settled already.
    """
    _must_stand(db, Phase.CLOSED)
    credential = tokens.of_slip(manifest, code)
    found = store.find(db, credential.n) if credential else None
    if found is None or found.voters == store.DECOY:
        raise Refused(
            "没有这个票码", "there is no such code", "请对照纸票重新录入。", "Key it again from the sheet."
        )
    if row != manifest.void and not manifest.admits(row):
        raise Refused(
            "勾选与票面不符", "the marks do not fit the sheet",
            "请对照纸票重录；划得不合要求的记作废。", "Key it again, or as void.",
        )  # fmt: skip
    given = dict(db.execute("SELECT clerk, row FROM paper WHERE n = ?", (found.n,)).fetchall())
    if found.channel == "paper":
        raise Refused("这张纸票已录完", "this sheet is settled", "请录下一张。", "Go on to the next.")
    if clerk == THIRD and not _differ(given):
        raise Refused("两次录入没有分歧，不需要第三次", "the two readings do not differ", "", "")
    db.execute("INSERT OR REPLACE INTO paper VALUES (?, ?, ?)", (found.n, clerk, row))
    given[clerk] = row
    if clerk == THIRD or given.get(FIRST) == given.get(SECOND):
        data = store.body(found.voters, store.PAPER, row)
        db.execute("UPDATE ballot SET body = ? WHERE n = ?", (data, found.n))
        return "settled" if clerk == THIRD else "agreed"
    return "differ" if _differ(given) else "alone"


def _differ(given: Mapping[str, str]) -> bool:
    return FIRST in given and SECOND in given and given[FIRST] != given[SECOND]


def papers(db: sqlite3.Connection) -> dict[str, int]:
    """How many sheets were keyed once only, by both alike, by both differently, settled by a third."""
    by_sheet: dict[bytes, dict[str, str]] = {}
    for n, clerk, row in db.execute("SELECT n, clerk, row FROM paper"):
        by_sheet.setdefault(n, {})[clerk] = row
    kinds = [_kind(given) for given in by_sheet.values()]
    return {kind: kinds.count(kind) for kind in ("alone", "agreed", "differ", "settled")}


def _kind(given: Mapping[str, str]) -> str:
    if THIRD in given:
        return "settled"
    if len(given) < 2:
        return "alone"
    return "differ" if _differ(given) else "agreed"


def enter_tally(db: sqlite3.Connection, manifest: Manifest, given: Mapping[str, Mapping[str, int]]) -> None:
    """What was counted by hand, by class: 实到, slips handed out, slips left, tokens on the roll.

    Only taken down here; `seal` says what does not add up.
    """
    _must_stand(db, Phase.CLOSED)
    lines = [{"voters": c.id, **{key: int(given[c.id][key]) for key in TALLY}} for c in manifest.classes]
    if any(value < 0 for line in lines for value in line.values() if isinstance(value, int)):
        raise Refused("人数和票数不能是负数", "numbers of people and slips are not negative")
    store.put(db, "tally", canonical(lines).decode())


def seal(db: sqlite3.Connection, folder: Folder) -> str:
    """Fix the ballots under one root, which is printed here and gets into the ledger with the result.

    Raises Refused while paper is open or the counts do not add up.
    """
    _must_stand(db, Phase.CLOSED)
    state = papers(db)
    if state["alone"] or state["differ"]:
        raise Refused(
            f"还有 {state['alone']} 张纸票只录了一次、{state['differ']} 张两次录入不同",
            f"{state['alone']} sheets were keyed once, {state['differ']} differ",
            "请先录完。", "Finish them first.",
        )  # fmt: skip
    if not store.get(db, "tally"):
        raise Refused(
            "还没有填写各项人数和票数", "the counts by hand are not there yet", "请先填写。", "Enter them."
        )
    evidence = _evidence(db, folder, None)
    for code in set(wrong(evidence)) - {"commitment", "canary-missing", "canary-changed"}:
        _refuse(code)
    store.put(db, "root", evidence.root)
    phases.advance(db, Phase.SEALED)
    return evidence.root


def _refuse(code: str, *remedy: str) -> None:
    raise Refused(*FAULTS[code], *remedy or ("请重新清点，核对后再封箱。", "Count again."))


def open_canaries(
    db: sqlite3.Connection, folder: Folder, canaries: Mapping[str, Any] | None
) -> dict[str, Any]:
    """Open the scrutineers' test ballots and count; the result.

    Raises Refused where they are not those that were committed to, or none are given and some were promised.
    Canaries that are missing or changed do not stop the count: they are its most important line.
    """
    _must_stand(db, Phase.SEALED)
    evidence = _evidence(db, folder, canaries)
    promised = sum(evidence.slips["canaries"].values())
    if promised and canaries is None:
        raise Refused(
            "还没有交来校验票文件", "the file of the canaries is missing", "请监票人提供。", "Ask for it."
        )
    if canaries is not None and commitment(canaries) != evidence.slips["commitment"]:
        _refuse("commitment")
    store.put(db, "canaries", canonical(canaries).decode())
    phases.advance(db, Phase.COUNTED)
    return result_of(evidence)


def bundle(db: sqlite3.Connection, folder: Folder) -> dict[str, Any]:
    """Everything that the scrutineers need to count again (docs/box.md, bundle.json)."""
    kept = phases.reached(db)
    if not Phase.COUNTED <= kept < Phase.ERASED:
        raise Refused("现在没有核验包", "there is no bundle at this step", *IN_ORDER)
    canaries = json.loads(store.get(db, "canaries", "null"))
    evidence = _evidence(db, folder, canaries)
    return {
        "format": "shigan/box/bundle/1",
        "manifest": evidence.manifest.plain,
        "slips": evidence.slips,
        "canaries": canaries,
        "leaves": [leaf.plain for leaf in evidence.leaves],
        "tokens": [[n.hex(), m.hex(), s.hex()] for n, (m, s) in sorted(evidence.tokens.items())],
        "tally": json.loads(store.get(db, "tally")),
        "result": result_of(evidence),
    }


def included(db: sqlite3.Connection, folder: Folder) -> dict[str, Any]:
    """The public list on which every voter finds the own ballot."""
    leaves = _leaves(db)
    return {
        "format": "shigan/box/included/1",
        "election": folder.manifest().election,
        "leaves": [[leaf.n.hex(), leaf.hidden.hex()] for leaf in leaves],
    }


def export(db: sqlite3.Connection, folder: Folder) -> None:
    """Write what the closing gives out: bundle, result, list, comments."""
    whole = bundle(db, folder)
    write(folder.out / "bundle.json", whole)
    write(folder.out / "result.json", whole["result"])
    write(folder.out / "included.json", included(db, folder))
    write(folder.out / "comments.json", casting.comments(db, folder.manifest()))


def publish(db: sqlite3.Connection, folder: Folder, given: Sequence[Mapping[str, Any]]) -> None:
    """Take the scrutineers' signatures; with enough of them the result is published."""
    _must_stand(db, Phase.COUNTED)
    result = bundle(db, folder)["result"]
    if not signatures.enough(result, folder.manifest(), given):
        raise Refused(
            f"有效签名不足 {folder.manifest().needed} 个",
            f"fewer than {folder.manifest().needed} good signatures",
            "请监票人核验后签名。", "The scrutineers verify and sign.",
        )  # fmt: skip
    known = {each.key for each in folder.manifest().scrutineers}
    for own in given:  # what else was handed in is not written, least of all under a name of its own choice
        if signatures.verify(result, own) and own["key"] in known:
            write(folder.out / f"signature-{own['key'][:8]}.json", own)
    phases.advance(db, Phase.PUBLISHED)


def rows_for_appeal(db: sqlite3.Connection, folder: Folder) -> dict[str, list[str]]:
    """By class, the sheets without anything that tells whose they are, sorted; what `sealed` encrypts."""
    canaries = json.loads(store.get(db, "canaries", "null"))
    known = {bytes.fromhex(n) for n, _voters, _row in (canaries or {"slips": []})["slips"]}
    return valid_rows(folder.manifest(), [leaf for leaf in _leaves(db) if leaf.n not in known])


def erase(db: sqlite3.Connection, folder: Folder) -> None:
    """Delete every link: ballots, salts, tokens, comments. What is public stays in `out/`."""
    _must_stand(db, Phase.PUBLISHED)
    for table in ("ballot", "token", "signed", "comment", "commented", "paper"):
        db.execute(f"DELETE FROM {table}")
    store.put(db, "canaries", "null")
    phases.advance(db, Phase.ERASED)


def tidy(writer: store.Writer, folder: Folder) -> None:
    """What a step leaves to be done outside of its transaction; done again at every start.

    After the seal the file is written anew, so that no freed page keeps what was there before; after erasure
    the secret files go as well.
    """
    kept = writer.do(phases.reached)
    for half in folder.out.glob("*.new"):
        wipe(half)  # a file that a crash cut off
    if kept >= Phase.CLOSED:
        folder.destroy_keys()
    if kept is Phase.ERASED:
        for name in SECRET:
            wipe(folder.out / name)
    if kept >= Phase.SEALED:
        writer.vacuum()


def _evidence(db: sqlite3.Connection, folder: Folder, canaries: Mapping[str, Any] | None) -> Evidence:
    """The box as a bundle that is not yet written; the same reader as the scrutineers'."""
    held = db.execute("SELECT n, message, signature FROM token WHERE NOT free ORDER BY n")
    plain = {
        "slips": folder.slips().plain,
        "canaries": canaries,
        "leaves": [leaf.plain for leaf in _leaves(db)],
        "tokens": [[n.hex(), message.hex(), signature.hex()] for n, message, signature in held],
        "tally": json.loads(store.get(db, "tally")),
    }
    evidence = read(plain, folder.manifest())
    if phases.reached(db) >= Phase.SEALED and evidence.root != store.get(db, "root"):
        _refuse(
            "box-root",
            "封箱后有人改过票箱文件：请停止计票，保护现场，告知监票人。",
            "The file was changed after the seal: stop, keep everything as it is, tell the scrutineers.",
        )
    return evidence


def _leaves(db: sqlite3.Connection) -> list[Leaf]:
    return [Leaf(own.n, own.salt, own.voters, own.channel, own.row) for own in store.cast_ballots(db)]


def _must_stand(db: sqlite3.Connection, wanted: Phase) -> None:
    kept = phases.reached(db)
    if kept is not wanted:
        (now, now_english), (then, then_english) = phases.NAMES[kept], phases.NAMES[wanted]
        raise Refused(
            f"票箱现在是“{now}”，这一步要在“{then}”时办",
            f"the box is “{now_english}”; this step needs “{then_english}”", *IN_ORDER,
        )  # fmt: skip
