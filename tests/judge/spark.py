"""Spark for tests: in this process, or a master and two workers on loopback that end with the test.

with session("local[2]", folder) as spark: ...
with cluster(folder) as master, session(master, folder) as spark: ...
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import pytest

HERE: Final = "127.0.0.1"
STARTS: Final = 60
"""Seconds that a process has to answer."""

needs_spark = pytest.mark.skipif(
    find_spec("pyspark") is None or shutil.which("java") is None,
    reason="no Spark here: `make test-spark` installs it; Java 17 must be there",
)


@contextmanager
def session(master: str, folder: Path) -> Iterator[Any]:
    """A Spark session of two cores; it listens on loopback alone."""
    from pyspark.sql import SparkSession

    told = {
        "spark.driver.bindAddress": HERE, "spark.driver.host": HERE, "spark.ui.enabled": "false",
        "spark.executor.memory": "600m", "spark.executor.cores": 1, "spark.cores.max": 2,
        "spark.scheduler.minRegisteredResourcesRatio": 1.0,
        "spark.scheduler.maxRegisteredResourcesWaitingTime": f"{STARTS}s",
        "spark.sql.shuffle.partitions": 2, "spark.sql.warehouse.dir": str(folder / "warehouse"),
        "spark.sql.execution.arrow.pyspark.enabled": "true",
    }  # fmt: skip
    builder = SparkSession.builder.master(master)
    for name, value in told.items():
        builder = builder.config(name, value)
    spark = builder.getOrCreate()
    try:
        yield spark
    finally:
        spark.stop()


@contextmanager
def cluster(folder: Path) -> Iterator[str]:
    """A standalone master with two workers of one core and 1 GiB; yields its address. docs/reuse.md has
    the same as commands."""
    port = _free_port()
    master = f"spark://{HERE}:{port}"
    with ExitStack() as stack:
        stack.enter_context(_java(folder / "master", "master.Master", "--port", str(port)))
        _await_port(port)
        for number in (1, 2):
            work = folder / f"worker{number}"
            room = ("--cores", "1", "--memory", "1g", "--work-dir", str(work))
            stack.enter_context(_java(work, "worker.Worker", *room, master))
        yield master


def executors(spark: Any) -> int:
    """How many executors have joined, the driver not counted."""
    return int(spark.sparkContext._jsc.sc().getExecutorMemoryStatus().size()) - 1


@contextmanager
def _java(folder: Path, name: str, *arguments: str) -> Iterator[None]:
    """A process of Spark's deployment with all that it starts, killed at the end whatever happens."""
    import pyspark

    home = Path(pyspark.__file__).parent
    folder.mkdir()
    command = [str(home / "bin/spark-class"), f"org.apache.spark.deploy.{name}", "--host", HERE]
    own = {"SPARK_HOME": str(home), "SPARK_LOCAL_IP": HERE, "SPARK_DAEMON_MEMORY": "256m"}
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [*command, "--webui-port", "0", *arguments], stdout=log, stderr=log, start_new_session=True,
            env={**os.environ, **own, "PYSPARK_PYTHON": sys.executable},
        )  # fmt: skip
    try:
        yield
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _free_port() -> int:
    with socket.socket() as door:
        door.bind((HERE, 0))
        return int(door.getsockname()[1])


def _await_port(port: int) -> None:
    end = time.monotonic() + STARTS
    while time.monotonic() < end:
        with socket.socket() as door:
            if door.connect_ex((HERE, port)) == 0:
                return
        time.sleep(0.2)
    raise TimeoutError(f"Nothing answers on port {port}.")
