"""The contract's parts by name: two of one name would be written into it as one, without a word."""

import json
from collections import defaultdict
from typing import Any

from ninja.openapi.schema import OpenAPISchema

from wangge.config.api import api


class Listening(OpenAPISchema):
    """Keeps each saying of a part, where the contract keeps the last."""

    def __init__(self) -> None:
        self.said: dict[str, set[str]] = defaultdict(set)
        super().__init__(api, "")

    def add_schema_definitions(self, definitions: dict[str, Any]) -> None:
        for name, part in definitions.items():
            self.said[name].add(json.dumps(part, sort_keys=True))
        super().add_schema_definitions(definitions)


def test_no_two_parts_have_one_name() -> None:
    said = Listening().said
    assert said
    assert sorted(name for name, sayings in said.items() if len(sayings) > 1) == []
