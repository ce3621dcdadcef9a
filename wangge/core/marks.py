"""What somebody looked at before they changed it, in a few characters.

Who reads a thing to edit it is given the mark of its values; who saves sends it back, and is refused where something
else stands by then. Of the values and not of a counter: what an import or an upgrade wrote counts as well.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field

from wangge.core.errors import Conflict

LENGTH = 16
Seen = Annotated[str, Field(max_length=LENGTH, description="the mark of what was looked at; null: whatever stands")]


class ChangedMeanwhile(Conflict):
    code = "changed_meanwhile"
    zh = "您打开之后，别人改过这里，请看过再保存。"
    en = "Somebody has changed this since you opened it; look at it before saving."


def mark_of(values: Mapping[str, Any]) -> str:
    """`values`: of JSON, days, instants, numbers. Of nothing: empty."""
    if not values:
        return ""
    text = json.dumps(values, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:LENGTH]


def check(seen: str | None, values: Mapping[str, Any]) -> None:
    """`values`: as they stand, under a lock. Raises ChangedMeanwhile."""
    if seen is not None and seen != mark_of(values):
        raise ChangedMeanwhile()
