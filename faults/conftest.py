from collections.abc import Iterator

import pytest

from faults.house import House, new_house


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    """Served, with the town in it; one for each module, for making one takes the longest."""
    with new_house() as made:
        made.up()
        yield made
