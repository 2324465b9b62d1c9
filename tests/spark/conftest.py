"""A Spark cluster for the tests: a master and two workers with an executor each, all in processes of their own."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

CLUSTER = "local-cluster[2,1,1024]"  # two executors with one core and 1 GB each


@pytest.fixture(scope="session")
def spark_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Spark's programs in a folder of their own: executors write their logs into the folder that Spark lives in."""
    if shutil.which("java") is None:
        if os.environ.get("CI"):
            pytest.fail("There is no Java, and tests/install-tools.sh could not install one.")
        pytest.skip("There is no Java: install a Java 17.")
    import pyspark

    home = tmp_path_factory.mktemp("spark")
    for part in ("bin", "jars"):
        (home / part).symlink_to(Path(pyspark.__file__).parent / part)
    settings = (
        "--conf spark.ui.enabled=false --conf spark.executor.memory=1024m --conf spark.ui.showConsoleProgress=false"
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SPARK_HOME", str(home))
        patch.setenv("SPARK_LOCAL_IP", "127.0.0.1")
        patch.setenv("PYSPARK_SUBMIT_ARGS", f"{settings} pyspark-shell")
        yield home


@pytest.fixture(scope="session")
def cluster(spark_home: Path) -> Iterator["SparkSession"]:
    from churnwatch.engines import spark

    with spark.session(CLUSTER) as running:
        yield running
