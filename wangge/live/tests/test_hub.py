"""Who falls behind is told to load again; nothing is left out in silence."""

import asyncio

from wangge.accounts.permissions import Permission
from wangge.cases.queries.news import Audience, View
from wangge.core.actor import Actor
from wangge.live.hub import LARGEST_BACKLOG, CaseNews, Hub

SEAT = Actor(permissions=frozenset({str(Permission.CASE_READ)}), ranges=("320104",), unit_path="320104/")


def news(size: int) -> CaseNews:
    event = b"event: case.note\ndata: " + b"x" * size + b"\n\n"
    return CaseNews(events={(View.PLAIN, "zh"): event}, audience=Audience("320104001001001", "320104/", (), ""))


def heard(hub: Hub, latest_id: str) -> bytes:
    piece = asyncio.run(hub.join(SEAT, b"session", latest_id).take())
    assert piece is not None
    return piece


def id_of(piece: bytes) -> str:
    return piece.split(b"\n")[0].removeprefix(b"id: ").decode()


def test_who_missed_little_gets_it_again() -> None:
    hub = Hub()
    first = heard(hub, "")
    hub.deliver([news(10)] * 3)
    assert heard(hub, id_of(first)).count(b"event: case.note") == 3


def test_who_missed_more_than_may_wait_is_told_to_load_again() -> None:
    hub = Hub()
    first = heard(hub, "")
    hub.deliver([news(LARGEST_BACKLOG // 100)] * 101)
    again = heard(hub, id_of(first))
    assert again.count(b"event: ") == 1 and b"event: resync" in again
    assert b"event: hello" in heard(hub, id_of(again)), "what came before is not owed any more"
