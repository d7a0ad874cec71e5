from __future__ import annotations

import json
import stat
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from shigan.box import manifest as manifests
from shigan.box import sealed, signatures, slips
from shigan.box.canonical import canonical
from shigan.cli import app, box, main
from shigan.maths import slips as codes
from tests.box.manifests import manifest, names, pick, plain, voters

CLASSES = [voters("A", 3, 50, slips=6, pool=""), voters("B", 3, 50, slips=5, pool="")]
PLAIN = plain(classes=CLASSES)
PLAN = manifests.read(PLAIN)
NO_FONTS = pytest.mark.skipif(not box.FONTS.is_dir(), reason="no fonts here: `make setup` fetches them")


def put(folder: Path, **objects: Any) -> list[str]:
    for name, value in objects.items():
        (folder / f"{name}.json").write_bytes(canonical(value))
    return [str(folder / f"{name}.json") for name in objects]


def run(*words: str | Path, typed: str = "") -> str:
    done = CliRunner().invoke(app, ["box", *map(str, words)], input=typed, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output


def refused(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *words: str | Path) -> str:
    """What the user reads when the command is refused, with code 2 and no stack trace."""
    monkeypatch.setattr(sys, "argv", ["shigan", "box", *map(str, words)])
    with pytest.raises(SystemExit) as ended:
        main()
    told = capsys.readouterr().err
    assert ended.value.code == 2
    assert "Traceback" not in told
    return told


@NO_FONTS
def test_slips_are_printed_in_one_folder_and_their_hashes_go_to_the_box(tmp_path: Path) -> None:
    run("slips", *put(tmp_path, manifest=PLAIN, names=names(PLAIN)), "--out", tmp_path / "usb")
    made = sorted(str(each.relative_to(tmp_path / "usb")) for each in (tmp_path / "usb").rglob("*.*"))
    assert made == [
        "print/slips-A-01.pdf", "print/slips-B-01.pdf", "slips.json", "specimen-A.pdf", "specimen-B.pdf",
    ]  # fmt: skip
    slips.read(json.loads((tmp_path / "usb" / "slips.json").read_bytes()), PLAN)
    for each in (tmp_path / "usb").rglob("*.*"):
        assert stat.S_IMODE(each.stat().st_mode) == 0o600, "nobody else on the laptop reads it"


@NO_FONTS
def test_slips_are_never_made_over_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    given = put(tmp_path, manifest=PLAIN, names=names(PLAIN), slips={})
    assert "不覆盖" in refused(monkeypatch, capsys, "slips", *given[:2], "--out", tmp_path)


def test_names_of_another_manifest_and_files_that_are_none_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    other = names(PLAIN) | {"salt": "00" * 32}
    given = put(tmp_path, manifest=PLAIN, names=other)
    assert "names.json" in refused(monkeypatch, capsys, "slips", *given, "--out", tmp_path / "x")
    assert "manifest" in refused(monkeypatch, capsys, "slips", *given[::-1], "--out", tmp_path / "x")
    (tmp_path / "names.json").write_text("{")
    assert "JSON" in refused(monkeypatch, capsys, "slips", *given, "--out", tmp_path / "x")
    assert not (tmp_path / "x").exists()


def test_canaries_are_scanned_line_by_line_and_told_by_their_last_group(tmp_path: Path) -> None:
    own, made = slips.make(PLAN)
    given = put(tmp_path, manifest=PLAIN, slips=made, names=names(PLAIN))
    scanned = [own["A"][0], own["A"][1], own["B"][0]]
    typed = "\n".join([*scanned, "", own["B"][1], ""])
    words: list[str | Path] = ["canaries", *given[:2], "--out", tmp_path / "usb", "--names", given[2]]
    told = run(*words, typed=typed)
    promised = slips.read(json.loads((tmp_path / "usb" / "slips.json").read_bytes()), PLAN)
    assert promised.canaries == {"A": 2, "B": 1}
    opened = json.loads((tmp_path / "usb" / "canaries.json").read_bytes())
    assert len(slips.check(opened, promised, PLAN).cast) == 3
    text = (tmp_path / "usb" / "to-cast.txt").read_text("utf-8")
    assert all(code[-5:] in text and code not in text + told for code in scanned)
    assert "示例0001 副局长：德 " in text


def test_codes_come_from_a_file_as_well_and_choices_are_told_by_name(tmp_path: Path) -> None:
    given = plain(classes=CLASSES, parts=[pick(4, 2)])
    own, made = slips.make(manifests.read(given))
    files = put(tmp_path, manifest=given, slips=made)
    (tmp_path / "codes.txt").write_text(own["A"][0].lower() + "\n\n")
    run("canaries", *files, "--out", tmp_path / "usb", "--codes", tmp_path / "codes.txt")
    assert "会议推荐：P000" in (tmp_path / "usb" / "to-cast.txt").read_text("utf-8")


def test_a_foreign_code_is_refused_by_its_number_and_not_repeated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _own, made = slips.make(PLAN)
    files, foreign = put(tmp_path, manifest=PLAIN, slips=made), codes.make(1)[0]
    (tmp_path / "codes.txt").write_text(foreign)
    words: list[str | Path] = [
        "canaries",
        *files,
        "--out",
        tmp_path / "usb",
        "--codes",
        tmp_path / "codes.txt",
    ]
    told = refused(monkeypatch, capsys, *words)
    assert "第 1 个编号" in told and foreign not in told
    assert not (tmp_path / "usb").exists()


def test_a_scrutineer_s_key_signs_a_result(tmp_path: Path) -> None:
    told = run("scrutineer", "监票人一", "--out", tmp_path / "key.json")
    key = json.loads((tmp_path / "key.json").read_bytes())
    assert key["key"] in told and key["seed"] not in told
    assert stat.S_IMODE((tmp_path / "key.json").stat().st_mode) == 0o600
    plan = manifest(scrutineers=[{"name": key["name"], "key": key["key"]}], needed=1)
    result = {"format": "shigan/box/result/1", "election": plan.election, "manifest": plan.digest}
    files = put(tmp_path, result=result)
    run("sign", *files, tmp_path / "key.json", "--out", tmp_path / "signed.json")
    assert signatures.enough(result, plan, [json.loads((tmp_path / "signed.json").read_bytes())])


def test_a_key_is_never_overwritten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run("scrutineer", "监票人一", "--out", tmp_path / "key.json")
    before = (tmp_path / "key.json").read_bytes()
    assert "不覆盖" in refused(monkeypatch, capsys, "scrutineer", "监票人二", "--out", tmp_path / "key.json")
    assert (tmp_path / "key.json").read_bytes() == before


def test_sealed_rows_open_with_a_share_file_and_one_typed_off_paper(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file, shares = sealed.sealed({"B": ["2" * 15, "1" * 15]}, PLAN)
    given = put(tmp_path, rows=file, share=shares[0])
    (tmp_path / "typed.txt").write_text(sealed.printed(shares[2], file))
    assert run("rows", *given, tmp_path / "typed.txt") == f"B {'1' * 15}\nB {'2' * 15}\n"
    run("rows", *given, tmp_path / "typed.txt", "--out", tmp_path / "rows.txt")
    assert (tmp_path / "rows.txt").read_text() == f"B {'1' * 15}\nB {'2' * 15}\n"
    assert "需要 2 份" in refused(monkeypatch, capsys, "rows", *given)
