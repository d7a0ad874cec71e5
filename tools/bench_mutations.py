"""Random tamperings of a sealed ledger: is each found, and its first bad place named?

    python tools/bench_mutations.py [TIMES [SEED]]      1,000 unless told; ends with 1 when one is not

Eight kinds, each on the database and on an export of it. Who tampers can do all that the owner of the
server can: drop triggers, make hashes and tiles anew, sign with a key of his own, and fork the ledger with
its own key. A rollback and a fork are whole in themselves: a checkpoint that was printed finds them, or the
witness that saw a later one, or two witnesses that were shown two histories.

Named: the first place that is told is the entry, its bundle or its tile; or, where the entry looks right
in itself, something between it and the first checkpoint behind it that does not fit any more, at the latest
that checkpoint.
"""

from __future__ import annotations

import random
import re
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from tampering import database, exports
from tampering.lab import Told, built

TIMES, SEED = 1000, 1000
TARGETS = {"database": database.ATTACKS, "export": exports.ATTACKS}
CELLS = [(kind, target) for target in TARGETS for kind in database.ATTACKS]


def main(times: int, seed: int) -> int:
    """Tamper, count, print; returns how many were not found or not named."""
    began, tried, found, named = time.monotonic(), Counter[object](), Counter[object](), Counter[object]()
    with tempfile.TemporaryDirectory() as folder:
        lab = built(Path(folder), random.Random(seed))
        for n in range(times):
            kind, target = cell = CELLS[n % len(CELLS)]
            told = TARGETS[target][kind](lab)
            tried[cell] += 1
            found[cell] += bool(told[0])
            named[cell] += names(told)
            if not names(told):
                print(f"{kind}, {target}: told {list(told[0])[:3]}, done at {sorted(told[1])}")
    print(f"{times} tamperings of a ledger of {lab.sizes[-1]} entries, {time.monotonic() - began:.0f} s")
    print(f"{'':<18}{'target':<10}{'tried':>7}{'found':>7}{'named':>7}")
    for kind, target in CELLS:
        cell = kind, target
        print(f"{kind:<18}{target:<10}{tried[cell]:>7}{found[cell]:>7}{named[cell]:>7}")
    print(f"{'all':<28}{tried.total():>7}{found.total():>7}{named.total():>7}")
    return times - named.total()


def names(told: Told) -> bool:
    """Whether the first thing that was told names one of the places."""
    said, places = told
    return bool(said) and any(re.search(rf"{re.escape(place)}(?!\d)", said[0]) for place in places)


if __name__ == "__main__":
    sys.exit(1 if main(*map(int, sys.argv[1:3]), *(TIMES, SEED)[len(sys.argv) - 1 :]) else 0)
