"""Real clusters in throw-away homes; none of these tests touches the one the rest of the suite uses."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from wangge.ground.cluster import Cluster


@pytest.fixture
def home() -> Iterator[Path]:
    """Short, so that the socket fits beside the data."""
    folder = Path(tempfile.mkdtemp(prefix="wg-"))
    yield folder / "home"
    Cluster(folder / "home").stop()
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def module_cluster() -> Iterator[Cluster]:
    folder = Path(tempfile.mkdtemp(prefix="wg-"))
    cluster = Cluster(folder / "home", durable=False)
    with cluster.use():
        yield cluster
    shutil.rmtree(folder)
