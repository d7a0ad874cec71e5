"""`shigan box` on the computer that holds the box: new, load, verifier, forget; serving is tested apart."""

import json
from pathlib import Path

import pytest
from pypdf import PdfReader
from typer.testing import CliRunner, Result

from shigan.box import slip_paper, slips
from shigan.box.canonical import canonical, digest
from shigan.box.folder import Folder, write
from shigan.box.refusals import Refused
from shigan.cli import app
from tests.box import manifests
from tests.box.ceremony import case, close, everybody, finish


def run(*words: object) -> Result:
    return CliRunner().invoke(app, ["box", *map(str, words)], catch_exceptions=True)


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """The office's draft.json and names.json."""
    draft = manifests.draft()
    (tmp_path / "draft.json").write_bytes(canonical(draft))
    (tmp_path / "names.json").write_bytes(canonical(manifests.names(draft)))
    return tmp_path


def test_a_box_is_made_and_loaded_and_has_a_notice(files: Path) -> None:
    made = run("new", files / "box", files / "draft.json", files / "names.json")
    manifest = Folder(files / "box").manifest()
    assert made.exit_code == 0 and digest(manifest.plain)[:4] in made.output
    (files / "slips.json").write_bytes(canonical(slips.make(manifest)[1]))
    loaded = run("load", files / "box", files / "slips.json")
    assert loaded.exit_code == 0 and "notice.json" in loaded.output
    assert json.loads((files / "box" / "notice.json").read_bytes())["manifest"] == manifest.plain
    text = "".join(page.extract_text() for page in PdfReader(files / "box" / "notice.pdf").pages)
    for own in json.loads((files / "box" / "notice.json").read_bytes())["slips"].values():
        assert own["root"][:4] in text, "the paper on the wall says the root"


def test_a_second_box_in_the_same_folder_is_refused(files: Path) -> None:
    words = "new", files / "box", files / "draft.json", files / "names.json"
    run(*words)
    assert isinstance(run(*words).exception, Refused)


def test_slips_of_another_evaluation_are_refused_by_the_name_of_their_file(files: Path) -> None:
    run("new", files / "box", files / "draft.json", files / "names.json")
    foreign = slips.make(manifests.manifest(election="B0002"))[1]
    (files / "slips.json").write_bytes(canonical(foreign))
    assert "slips.json" in str(run("load", files / "box", files / "slips.json").exception)


def test_a_box_without_slips_is_not_served(files: Path) -> None:
    run("new", files / "box", files / "draft.json", files / "names.json")
    assert isinstance(run("serve", files / "box").exception, Refused)


def test_a_bundle_and_its_published_result_are_verified(tmp_path: Path) -> None:
    made = case(tmp_path / "box")
    with made.opened() as box:
        close(made, box, everybody(made, box))
        out = box.folder.out
        checked = run("verify", out / "bundle.json", "--result", out / "result.json")
        assert checked.exit_code == 0, checked.output
        other = json.loads((out / "result.json").read_bytes()) | {"paper": 7}
        write(out / "other.json", other)
        assert run("verify", out / "bundle.json", "--result", out / "other.json").exit_code == 1
        root = slip_paper.grouped(json.loads((out / "result.json").read_bytes())["box"]["root"])
        assert run("verify", out / "bundle.json", "--root", root.upper()).exit_code == 0
        assert run("verify", out / "bundle.json", "--root", root.replace(root[0], "_")).exit_code == 1


def test_the_verifier_is_one_page_and_overwrites_nothing(tmp_path: Path) -> None:
    assert run("verifier", "--out", tmp_path / "verifier.html").exit_code == 0
    assert "<html" in (tmp_path / "verifier.html").read_text("utf-8")
    assert isinstance(run("verifier", "--out", tmp_path / "verifier.html").exception, Refused)


def test_the_sealed_rows_are_forgotten_once(tmp_path: Path) -> None:
    made = case(tmp_path / "box")
    with made.opened() as box:
        finish(made, box, close(made, box, everybody(made, box)))
    write(made.path / "out" / "rows.sealed", {"any": "thing"})
    assert run("forget", made.path).exit_code == 0
    assert not (made.path / "out" / "rows.sealed").exists()
    assert isinstance(run("forget", made.path).exception, Refused)
