"""What set-up copies is what the pages and papers find."""

from __future__ import annotations

from pathlib import Path

from tools import assets


def test_source_map_comments_are_cut_out_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "a.css").write_bytes(b"a{}\n/*# sourceMappingURL=a.css.map */")
    (tmp_path / "a.js").write_bytes(b"f()\n//# sourceMappingURL=a.js.map\n")
    assets.copy(tmp_path, {"a.css": "a.css", "a.js": "b.js"}, tmp_path / "out")
    assert (tmp_path / "out/a.css").read_bytes() == b"a{}\n"
    assert (tmp_path / "out/b.js").read_bytes() == b"f()\n\n"


def test_every_asset_is_where_the_floors_look_for_it() -> None:
    wanted = [assets.STATIC / name for name in assets.STYLES.values()]
    wanted += [assets.FONTS / name for name in assets.TYPEFACES.values()]
    assert [path.name for path in wanted if not path.is_file()] == []
