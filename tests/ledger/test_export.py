"""An export is checked with Python alone, and every change of it is found."""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from shigan.facts.faults import Fault
from shigan.ledger import export, tiles, verify
from tests.ledger.making import KEY, Log

SOURCE = Path(__file__).parents[2] / "src"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An export of 300 entries under two checkpoints: full and partial tiles on two levels."""
    return Log().grow(200).grow(100).write(tmp_path / "out")


def test_paths_are_those_of_the_c2sp_specification() -> None:
    assert tiles.path(0, 1234067) == "tile/0/x001/x234/067"
    assert tiles.path(1, 273, 112) == "tile/1/273.p/112"
    assert tiles.path(tiles.ENTRIES, 0) == "tile/entries/000"


def test_a_tree_of_70000_has_the_tiles_of_the_c2sp_example() -> None:
    """tlog-tiles: 256 full and one partial tile of 112 at level 0, one full and one of 17 at level 1, …"""
    names = [name for name, _data in tiles.hashes([bytes(32)] * 70_000)]
    assert len(names) == 273 + 1 + 1 + 1 + 1
    assert {"tile/0/273.p/112", "tile/1/000", "tile/1/001.p/17", "tile/2/000.p/1"} <= set(names)


def test_an_export_is_whole_with_the_standard_library_alone(folder: Path) -> None:
    words = [sys.executable, "-I", "-S", "-c"]
    code = f"import sys; sys.path.insert(0, {str(SOURCE)!r}); from shigan.ledger.verify import main; "
    done = subprocess.run(
        [*words, code + f"sys.exit(main([{str(folder)!r}, '--key', {KEY.public.hex()!r}]))"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "300 条" in done.stdout and "台账完整" in done.stdout


def test_a_change_of_any_byte_of_any_file_is_found(folder: Path) -> None:
    """300 random bytes; `tools/bench.py mutations` does a thousand."""
    chance = random.Random(6)
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    for _n in range(300):
        path = chance.choice(files)
        data = path.read_bytes()
        at = chance.randrange(len(data))
        path.write_bytes(data[:at] + bytes([data[at] ^ chance.randrange(1, 256)]) + data[at + 1 :])
        try:
            found = bool(list(verify.check(folder, KEY.public)))
        except Fault:
            found = True
        assert found or data[at:] == b"\n", (path, at)
        path.write_bytes(data)
    assert not list(verify.check(folder, KEY.public))


def test_a_missing_file_is_named(folder: Path) -> None:
    for name in (tiles.path(0, 1, 44), tiles.path(tiles.ENTRIES, 0), f"{export.POINTS}/300"):
        kept = (folder / name).read_bytes()
        (folder / name).unlink()
        assert any(Path(name).name in bad.place for bad in verify.check(folder)), name
        (folder / name).write_bytes(kept)


def test_a_legally_erased_content_is_no_fault(folder: Path) -> None:
    lines = (folder / export.PAYLOADS).read_text().splitlines(keepends=True)
    (folder / export.PAYLOADS).write_text("".join(lines[:10] + lines[11:]))
    assert not list(verify.check(folder))


def test_another_key_is_found_by_the_printed_one(folder: Path) -> None:
    assert any(bad.place == export.KEY for bad in verify.check(folder, bytes(31) + b"\1"))


def test_a_rollback_and_a_fork_are_found_by_a_checkpoint_kept_outside(tmp_path: Path) -> None:
    log = Log().grow(10).grow(5)
    older, forked = Log().grow(10).write(tmp_path / "old"), Log("另").grow(20).write(tmp_path / "fork")
    for folder, words in ((older, "整库被换回了旧的"), (forked, "被改写")):
        said: list[str] = []
        assert not list(verify.check(folder, KEY.public)), "in itself it is whole"
        assert verify.report(folder, KEY.public, log.notes[1:], say=said.append) == 1
        assert words in "".join(said)
    assert verify.report(log.write(tmp_path / "true"), KEY.public, log.notes, say=len) == 0


def test_an_export_never_covers_another(folder: Path) -> None:
    with pytest.raises(Fault, match="不覆盖"):
        Log().grow(1).write(folder)
    shutil.rmtree(folder)
    with pytest.raises(Fault, match="没有可导出的"):
        Log().write(folder)
    assert not folder.exists()


def test_a_bundle_that_ends_in_an_entry_is_refused() -> None:
    for data in (b"\0", b"\0\3ab", b"\0\1a\0"):
        with pytest.raises(Fault, match="不完整"):
            tiles.unbundled(data)
