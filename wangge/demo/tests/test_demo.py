"""The small demonstration: loads, covers its ground, and says nothing that the rules would not."""

import pytest

from wangge.cases.models import Case
from wangge.demo.load import Loaded, NotEmpty, load


@pytest.fixture
def loaded(db: None) -> Loaded:
    return load(small=True)


def test_it_loads_once(loaded: Loaded) -> None:
    assert Case.objects.count() == loaded.cases == 300
    with pytest.raises(NotEmpty):
        load(small=True)
