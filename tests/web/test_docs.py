"""`shigan docs` writes pages that say what the code says, and notices when they no longer do."""

from __future__ import annotations

from pathlib import Path

import pytest
import typer
from rich.console import Console

from shigan.cli import app
from shigan.facts import KINDS
from shigan.policy import NAMES, Rulebook, numbers
from shigan.web import docs

COMMANDS = typer.main.get_command(app)
ROOT = Path(__file__).parents[2]


def write(folder: Path, *, check: bool) -> int:
    return docs.write(folder, check=check, out=Console(quiet=True), commands=COMMANDS)


def test_every_kind_and_field_is_described() -> None:
    page = docs.facts()
    assert all(f"`{name}`" in page for name in KINDS)
    assert "`tallies.counts`" in page, "rows inside a fact are described too"


@pytest.mark.parametrize("name", NAMES)
def test_every_number_stands_with_its_source(name: str) -> None:
    page = docs.policy()
    for number in numbers(getattr(Rulebook.shipped(), name)):
        assert number.sentence() in page and number.source in page


def test_every_command_is_described() -> None:
    page = docs.command_line(COMMANDS)
    for command in ("demo", "serve", "seal", "verify", "rebuild", "admin", "docs"):
        assert f"## `shigan {command}`" in page


def test_a_page_that_is_out_of_date_is_noticed_and_nothing_is_written(tmp_path: Path) -> None:
    assert write(tmp_path, check=True) == 1
    assert not list(tmp_path.iterdir())
    assert write(tmp_path, check=False) == 0
    assert write(tmp_path, check=True) == 0
    (tmp_path / "reference" / "facts.md").write_text("old", "utf-8")
    assert write(tmp_path, check=True) == 1


def test_no_page_names_this_machine() -> None:
    for text in (docs.facts(), docs.policy(), docs.command_line(COMMANDS)):
        assert str(Path.home()) not in text and str(ROOT) not in text
