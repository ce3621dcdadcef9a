"""What a wrong value is told: in the reader's language, without the words of our code."""

import pytest

from wangge.testing.client import api_as
from wangge.testing.world import World

KINDS = "verify, inspect, respond, rectify, recheck, collect, other"


@pytest.mark.parametrize(("language", "said"), [("zh", f"只能是：{KINDS}。"), ("en", f"This must be one of: {KINDS}.")])
def test_a_choice_is_said_by_what_may_be_chosen(world: World, language: str, said: str) -> None:
    body = {"kind": "sing", "title": "核实", "posts": []}
    refused = api_as(world["street_seat"], language=language).post("/api/field/errands", body)
    assert (refused.status_code, refused.json()["fields"]["kind"]) == (422, said)


@pytest.mark.parametrize(("language", "said"), [("zh", "不能为空。"), ("en", "This must not be empty.")])
def test_nothing_is_called_nothing_and_not_too_short(world: World, language: str, said: str) -> None:
    body = {"code": "x", "name": "", "kind": "branch", "division": "320104"}
    refused = api_as(world["administrator"], language=language).post("/api/units", body)
    assert (refused.status_code, refused.json()["fields"]["name"]) == (422, said)
