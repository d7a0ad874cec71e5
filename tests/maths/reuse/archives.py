"""Made-up documents that share stretches, for the tests of reuse."""

from __future__ import annotations

import random


def prose(chance: random.Random, length: int, letters: int = 16_000) -> str:
    """Characters by lot, of so many letters; of many, two such texts share nothing."""
    return "".join(chr(0x4E00 + chance.randrange(letters)) for _ in range(length))


def archive(seed: int, documents: int) -> list[str]:
    """Each document has stretches of two earlier ones, some of them twice, between stretches of its own."""
    chance = random.Random(seed)
    texts = [prose(chance, 400)]
    while len(texts) < documents:
        first, second = chance.choice(texts), chance.choice(texts)
        parts = [prose(chance, 60), first[30:230], prose(chance, 20), second[-150:], first[100:160]]
        texts.append("，".join(chance.sample(parts, len(parts))))
    return texts


def shreds(seed: int, documents: int) -> list[str]:
    """Documents put together from stretches of 20 to 60 characters out of all earlier ones: mixed sources."""
    chance = random.Random(seed)
    texts = [prose(chance, 300), prose(chance, 300)]
    while len(texts) < documents:
        parts = [prose(chance, 15)]
        for _ in range(8):
            source, size = chance.choice(texts), chance.randrange(20, 60)
            start = chance.randrange(max(1, len(source) - size))
            parts += [source[start : start + size], prose(chance, chance.randrange(4))]
        texts.append("".join(parts))
    return texts
