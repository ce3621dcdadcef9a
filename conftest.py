"""Tests meet a real PostgreSQL: a throw-away cluster, migrated by the owner role, used as the application role."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import django
import hypothesis
import pytest

from wangge.core.loading import loading

_until_tests_are_found = ExitStack()
_until_tests_are_found.enter_context(loading())
_home = Path(tempfile.mkdtemp(prefix="wangge-test-"))
os.environ["WANGGE_HOME"] = str(_home / "home")
os.environ["WANGGE_LANG"] = "zh"  # what commands say, on every machine
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wangge.config.settings")


# How long something takes is the bench's to say: a busy machine fails nothing here.
hypothesis.settings.register_profile("untimed", deadline=None)
hypothesis.settings.load_profile("untimed")


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("numprocesses", None) and not hasattr(config, "workerinput"):
        django.setup()  # this process only hands out tests (pytest-xdist); each worker has a cluster of its own
        # Or the workers would read the settings before they know their cluster.
        del os.environ["DJANGO_SETTINGS_MODULE"]
        return
    from wangge.ground.cluster import Cluster
    from wangge.testing import seed

    seed.settle(_home / "home")
    cluster = Cluster(_home / "home", durable=False)
    cluster.start()
    config.stash[_CLUSTER] = cluster
    os.environ["DATABASE_URL"] = cluster.app_url
    os.environ["DATABASE_OWNER_URL"] = cluster.owner_url
    # Not before: pytest-django reads the settings as soon as it knows of them, and they are read once.
    django.setup()


def pytest_collection_finish() -> None:
    _until_tests_are_found.close()


def pytest_unconfigure(config: pytest.Config) -> None:
    import shutil

    _until_tests_are_found.close()  # of the process that hands them out
    cluster = config.stash.get(_CLUSTER, None)
    if cluster is not None:
        cluster.stop()
    shutil.rmtree(_home, ignore_errors=True)


# A file goes to one worker whole: the longest first, or the last of them would work alone.
LONGEST_FIRST = [
    "config/tests/test_access.py",
    "config/tests/test_fuzz_bad_input.py",
    "ground/tests/test_up.py",
    "ground/tests/test_cli.py",
    "ground/tests/test_backup.py",
    "ground/tests/test_cluster_life.py",
    "journeys/test_every_page.py",
    "journeys/test_phone.py",
    "journeys/test_registry.py",
    "journeys/test_wall_beside.py",
    "journeys/test_whistle.py",
    "journeys/test_phone_positions.py",
    "journeys/test_accounts.py",
    "journeys/test_phone_work.py",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    def place(item: pytest.Item) -> int:
        path = item.path.as_posix()
        return next((n for n, name in enumerate(LONGEST_FIRST) if path.endswith(name)), len(LONGEST_FIRST))

    items.sort(key=place)


pytest_plugins = ["wangge.testing.plugin"]

_CLUSTER: pytest.StashKey[object] = pytest.StashKey()


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: object) -> Iterator[None]:
    """What follows the migrations of the seed, as the owner; everything after that as the application role."""
    from django.core.management import call_command

    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        call_command("migrate", database="owner", verbosity=0)
    yield
