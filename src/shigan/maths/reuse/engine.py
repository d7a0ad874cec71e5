"""Who does the passes: numpy, or numba where it is installed. The same figures, bit for bit.

passes = engine("numba")
prints, counts = passes.print_texts(texts, USUAL)
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from shigan.maths.reuse import islands, kernel
from shigan.maths.reuse.kernel import Grain, Numbers, Prints
from shigan.maths.reuse.star import star

Name = Literal["numpy", "numba"]


class Engine(NamedTuple):
    """The passes; each is described where numpy does it."""

    print_texts: Callable[[Sequence[str], Grain], tuple[Prints, NDArray[np.int64]]]
    star: Callable[[NDArray[np.int64]], Numbers]
    islands: Callable[[Numbers, Grain], Numbers]
    runs: Callable[[Numbers, Grain], Numbers]


def engine(name: Name = "numpy") -> Engine:
    """The passes of this engine. Raises `ImportError` with the remedy where numba is not installed."""
    if name == "numpy":
        return Engine(kernel.print_texts, star, islands.islands, islands.runs)
    try:
        from shigan.maths.reuse import fast
    except ImportError as error:
        raise ImportError("The engine «numba» needs numba: pip install 'shigan[fast]'.") from error
    return Engine(fast.print_texts, fast.star, fast.islands, fast.runs)
