from collections.abc import Iterator
from pathlib import Path

import pytest

from faults.house import House, new_house, show_house


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The first one also waits for the house that the others are copies of."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents and not item.get_closest_marker("timeout"):
            item.add_marker(pytest.mark.timeout(300))


@pytest.fixture(scope="session")
def like() -> Iterator[House]:
    """What every house is a copy of; making it takes the longest."""
    with show_house() as made:
        yield made


@pytest.fixture(scope="session")
def house(like: House) -> Iterator[House]:
    """Served, with the town in it; one for all that look at what is theirs alone."""
    with new_house(like) as made:
        made.up()
        yield made


@pytest.fixture(scope="module")
def own_house(like: House) -> Iterator[House]:
    """Served, with the town in it; one for a module that counts everything there is."""
    with new_house(like) as made:
        made.up()
        yield made
