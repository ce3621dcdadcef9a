"""A table asked for, made and fetched, for tests of what leaves the house."""

from typing import Any

from wangge.core import clock
from wangge.insight.actions.exports import make_next
from wangge.testing.client import Api


def exported(api: Api, *, kind: str = "cases", **body: Any) -> Any:
    """The answer that holds the file, or the one that refused it."""
    asked = api.post(f"/api/exports/{kind}", {"format": "csv", "title": "清单"} | body)
    if asked.status_code != 201:
        return asked
    while make_next(at=clock.now()):
        pass
    return api.get(f"/api/exports/{asked.json()['id']}/file")
