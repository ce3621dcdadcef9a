"""Fixtures for every test (registered by the root conftest).

`world` is a small town in the test's own transaction; `committed_world` is the same town really committed, for tests
with several connections at once (threads, `on_commit`, row locks): it is wiped by the owner role afterwards.

Models are imported inside the functions: pytest reads this file before the database, and so the settings, are known.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from wangge.testing.world import World


@pytest.fixture(autouse=True)
def nobody_acts() -> None:
    """The last request of the test before leaves its actor behind, as on any thread; a request begins with nobody."""
    from wangge.core import actor

    actor.begin(None)


@pytest.fixture
def world(db: None) -> "World":
    from wangge.testing.world import build

    return build()


@pytest.fixture
def committed_world(django_db_setup: None, django_db_blocker: Any) -> "Iterator[World]":
    from wangge.testing.committed import committed_town

    with django_db_blocker.unblock(), committed_town() as world:
        yield world


@pytest.fixture(scope="session", autouse=True)
def quick_hashing() -> None:
    """Argon2 as in earnest, but with so little memory that a test may sign in."""
    from django.contrib.auth.hashers import Argon2PasswordHasher

    Argon2PasswordHasher.time_cost, Argon2PasswordHasher.memory_cost, Argon2PasswordHasher.parallelism = 1, 8, 1


@pytest.fixture(scope="session", autouse=True)
def keys() -> None:
    """As `wangge up` makes them at the first start; without asking the database, which few tests may."""
    from django.conf import settings

    from wangge.core import crypto, key_source

    key_source.create_ring_file(settings.WANGGE_KEYS_FILE)
    crypto.reload_keys()
