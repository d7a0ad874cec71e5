"""Short wording of many unrelated documents is a formula; a notice of a thousand relays is not."""

from __future__ import annotations

import random

from shigan.maths import reuse
from shigan.maths.reuse.relate import relate
from tests.maths.reuse.archives import prose


def told(texts: list[str], draft: str) -> list[tuple[int, bool]]:
    """(length, whether a formula) of each island of the draft."""
    index = reuse.Index()
    for number, text in enumerate(texts):
        index.add(number, reuse.normalized(text))
    family = reuse.families(reuse.Island(*row) for row in relate(enumerate(texts)).islands.tolist())
    normal = reuse.normalized(draft)
    islands = index.query(normal)
    grey = reuse.formulae(index, normal, islands, family)
    return [(island.end - island.start, is_one) for island, is_one in zip(islands, grey, strict=True)]


def test_planted_formulae_are_told_from_copies() -> None:
    chance = random.Random(1)
    formula = prose(chance, 36)
    texts = [prose(chance, 200) + formula + prose(chance, 200) for _ in range(20)]
    draft = prose(chance, 100) + formula + prose(chance, 50) + texts[3][:150]
    assert {(length > 100, is_one) for length, is_one in told(texts, draft)} == {(False, True), (True, False)}


def test_wording_of_one_family_is_no_formula_though_many_relay_it() -> None:
    chance = random.Random(2)
    notice = prose(chance, 400)
    relays = [prose(chance, 30) + notice for _ in range(30)]
    draft = prose(chance, 100) + notice[50:86] + prose(chance, 100)
    assert [is_one for _, is_one in told([notice, *relays], draft)] == [False, False]


def test_short_wording_of_a_few_documents_is_no_formula() -> None:
    chance = random.Random(3)
    wording = prose(chance, 36)
    texts = [prose(chance, 200) + wording for _ in range(4)]
    assert not any(is_one for _, is_one in told(texts, prose(chance, 90) + wording))


def test_families_are_named_after_their_first_document() -> None:
    links = [(5, 3), (3, 9), (7, 8)]
    islands = [reuse.Island(one, 0, 100, other, 0, 100, 9) for one, other in links]
    islands.append(reuse.Island(8, 0, 99, 3, 0, 99, 9))  # too short to make relatives
    assert reuse.families(islands) == {5: 3, 3: 3, 9: 3, 7: 7, 8: 7}
