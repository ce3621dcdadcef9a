"""The contract's parts by name: two schemas of one name would be written into it as one, without a word."""

from collections import Counter
from collections.abc import Iterator

from ninja import Schema

from wangge.config.api import api


def test_no_two_schemas_have_one_name() -> None:
    assert api.get_openapi_schema()["components"]["schemas"]  # all routers are loaded
    named = Counter(found.__name__ for found in set(_below(Schema)) if found.__module__.startswith("wangge."))
    assert sorted(name for name, count in named.items() if count > 1) == []


def _below(schema: type[Schema]) -> Iterator[type[Schema]]:
    for found in schema.__subclasses__():
        yield found
        yield from _below(found)
