"""Text reuse (文本复用): which passages of a document stand in earlier ones.

    from shigan.maths import reuse

    index = reuse.Index()
    for number, text in enumerate(texts):               # in order of the date the evidence gives
        index.add(number, reuse.normalized(text))
    draft = reuse.normalized(text)
    islands = index.query(draft)                        # normal characters
    reuse.passages(draft, islands, texts.__getitem__)   # original characters, aligned and merged
    reuse.seen_before(index, draft, islands)            # seen before, but from mixed sources

docs/reuse.md has the formulas, the guarantee and the figures.
"""

from shigan.maths.reuse.align import Passage as Passage
from shigan.maths.reuse.align import passages as passages
from shigan.maths.reuse.formulae import families as families
from shigan.maths.reuse.formulae import formulae as formulae
from shigan.maths.reuse.index import Index as Index
from shigan.maths.reuse.islands import Island as Island
from shigan.maths.reuse.islands import Run as Run
from shigan.maths.reuse.islands import digest as digest
from shigan.maths.reuse.kernel import fingerprints as fingerprints
from shigan.maths.reuse.marks import marked as marked
from shigan.maths.reuse.marks import seen_before as seen_before
from shigan.maths.reuse.text import Normal as Normal
from shigan.maths.reuse.text import normalized as normalized
