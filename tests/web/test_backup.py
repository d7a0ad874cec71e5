"""The commands from end to end: a county is backed up while it stands, restored, verified, served."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import POSTGRES
from tests.web.test_durability import fresh_database
from tests.web.test_running import shigan


def well(folder: Path, *words: str, **more: str) -> str:
    answer = shigan(folder, *words, **more)
    assert answer.returncode == 0, answer.stderr
    return answer.stdout


def county_and_back(place: Path, url: str, to: str) -> None:
    data, backups, keys = place / "data", str(place / "backups"), str(place / "data/keys/backup")
    well(data, "demo", "--build-only", "--scale", "0.01", SHIGAN_DATABASE_URL=url)
    said = well(data, "backup", "--to", backups, SHIGAN_DATABASE_URL=url)
    assert "票箱 B0003 尚未公布并清除，没有备份" in said
    (file,) = (place / "backups").iterdir()
    assert "演练通过" in well(data, "drill", backups, SHIGAN_DATABASE_URL=url)
    restore = ("restore", str(file), "--key", keys)
    assert "已恢复并核对" in well(place / "new", *restore, SHIGAN_DATABASE_URL=to)
    assert "台账完整" in well(place / "new", "verify", SHIGAN_DATABASE_URL=to)
    assert (place / "new/keys/ledger.pub").read_text() == (data / "keys/ledger.pub").read_text()
    again = shigan(place / "new", *restore, SHIGAN_DATABASE_URL=to)
    assert again.returncode == 2 and "不覆盖" in again.stderr and "Traceback" not in again.stderr


@pytest.mark.slow
def test_a_county_is_backed_up_drilled_and_restored_on_sqlite(tmp_path: Path) -> None:
    county_and_back(tmp_path, "", "")


@pytest.mark.slow
@pytest.mark.postgres
def test_a_county_is_backed_up_drilled_and_restored_on_postgresql(tmp_path: Path) -> None:
    county_and_back(tmp_path, fresh_database(POSTGRES), fresh_database(POSTGRES))
    other = shigan(
        tmp_path / "data", "backup", "--to", str(tmp_path), SHIGAN_DATABASE_URL="postgresql://x@127.0.0.1:1/x"
    )
    assert other.returncode == 2 and "数据库连不上" in other.stderr


def test_serving_by_https_without_a_certificate_says_what_to_run(tmp_path: Path) -> None:
    answer = shigan(tmp_path, "serve", "--tls")
    assert answer.returncode == 2 and "shigan tls" in answer.stderr and "Traceback" not in answer.stderr


def test_a_drill_without_a_backup_fails_with_a_sentence(tmp_path: Path) -> None:
    answer = shigan(tmp_path, "drill", str(tmp_path))
    assert answer.returncode == 2 and "没有备份" in answer.stderr and "Traceback" not in answer.stderr
