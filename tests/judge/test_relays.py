"""The relations of documents in tables equal numpy's, whatever the engine and the order of rows."""

from __future__ import annotations

import random
import shutil
from importlib.util import find_spec
from pathlib import Path

import ibis
import pytest

from shigan.judge.relays import Relays, write_prints
from shigan.maths import reuse
from shigan.maths.reuse.relate import relate

SPARK = find_spec("pyspark") is not None and shutil.which("java") is not None


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
@pytest.mark.skipif(not SPARK, reason="no Spark here: `make test-spark` installs it; Java 17 must be there")
def test_on_spark_the_relations_are_those_of_numpy(tmp_path: Path) -> None:
    from pyspark.sql import SparkSession

    path = written(tmp_path, list(range(len(TEXTS))))
    builder = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
    builder = builder.config("spark.driver.bindAddress", "127.0.0.1").config("spark.driver.host", "127.0.0.1")
    builder = builder.config("spark.sql.warehouse.dir", str(tmp_path / "warehouse"))
    session = builder.config("spark.sql.shuffle.partitions", 2).getOrCreate()
    try:
        assert Relays(ibis.pyspark.connect(session).read_parquet(path)).digests() == numpy_digests()
    finally:
        session.stop()
