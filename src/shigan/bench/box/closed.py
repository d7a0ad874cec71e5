"""Closing a made-up box, so that there is a bundle to verify."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from shigan.bench.box.made import Made
from shigan.box import casting, closing, store
from shigan.box.phases import Clock
from shigan.box.running import Box


def bundle(made: Made) -> Path:
    """The path of bundle.json; the counts by hand are what the box itself holds."""
    late = made.manifest.closes + timedelta(minutes=1)
    box = Box(made.path, Clock(lambda: late))
    try:
        box.close()
        on_slips = box.do(lambda db: sum(own.voters == "A" for own in store.cast_ballots(db)))
        issued = box.do(lambda db: casting.signed(db, "B"))
        spare = len(made.codes) - on_slips
        tally = {
            "A": {"present": on_slips, "handed": on_slips, "unused": spare, "issued": 0},
            "B": {"present": issued, "handed": 0, "unused": 0, "issued": issued},
        }
        box.do(lambda db: closing.enter_tally(db, made.manifest, tally))
        box.do(lambda db: closing.seal(db, box.folder))
        box.do(lambda db: closing.open_canaries(db, box.folder, None))
        box.do(lambda db: closing.export(db, box.folder))
        return box.folder.out / "bundle.json"
    finally:
        box.stop()
