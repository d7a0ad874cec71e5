"""The relations of documents in tables equal numpy's, whatever the engine and the order of rows."""

from __future__ import annotations

import random
from pathlib import Path

import ibis
import pytest

from shigan.judge.relays import Relays, write_prints
from shigan.maths import reuse
from shigan.maths.reuse.relate import relate
from tests.judge.spark import cluster, executors, needs_spark, session


def prose(chance: random.Random, length: int) -> str:
    return "".join(chr(chance.randrange(0x4E00, 0x9000)) for _ in range(length))


def archive(documents: int) -> list[str]:
    """Documents with stretches of two earlier ones, some of them twice, and with common formulae."""
    chance = random.Random(1)
    formulae = [prose(chance, 12) for _ in range(5)]
    texts = [prose(chance, 400)]
    while len(texts) < documents:
        first, second = chance.choice(texts), chance.choice(texts)
        parts = [prose(chance, 60), first[30:230], chance.choice(formulae), second[-150:], first[100:160]]
        texts.append("，".join(chance.sample(parts, len(parts))))
    return texts


TEXTS = archive(60)


def numpy_digests(sensitive: bool = False) -> tuple[str, str]:
    found = relate(enumerate(TEXTS), sensitive=sensitive)
    assert len(found.islands) > 60 and len(found.runs) > 60
    return reuse.digest(found.islands), reuse.digest(found.runs)


def written(folder: Path, order: list[int], sensitive: bool = False) -> str:
    path = folder / "prints.parquet"
    write_prints(((number, TEXTS[number]) for number in order), path, sensitive=sensitive)
    return str(path)


@pytest.mark.parametrize("sensitive", [False, True])
def test_on_duckdb_the_relations_are_those_of_numpy(tmp_path: Path, sensitive: bool) -> None:
    path = written(tmp_path, list(range(len(TEXTS))), sensitive)
    assert Relays(ibis.duckdb.connect().read_parquet(path), sensitive).digests() == numpy_digests(sensitive)


def test_the_order_of_the_documents_in_the_file_changes_nothing(tmp_path: Path) -> None:
    order = list(range(len(TEXTS)))
    random.Random(2).shuffle(order)
    path = written(tmp_path, order)
    assert Relays(ibis.duckdb.connect().read_parquet(path)).digests() == numpy_digests()


@pytest.mark.slow
@needs_spark
def test_on_spark_the_relations_are_those_of_numpy(tmp_path: Path) -> None:
    path = written(tmp_path, list(range(len(TEXTS))))
    with session("local[2]", tmp_path) as spark:
        assert Relays(ibis.pyspark.connect(spark).read_parquet(path)).digests() == numpy_digests()


@pytest.mark.slow
@needs_spark
def test_on_a_spark_cluster_of_two_workers_the_relations_are_those_of_numpy(tmp_path: Path) -> None:
    path = written(tmp_path, list(range(len(TEXTS))))
    with cluster(tmp_path) as master, session(master, tmp_path) as spark:
        assert Relays(ibis.pyspark.connect(spark).read_parquet(path)).digests() == numpy_digests()
        assert executors(spark) == 2
