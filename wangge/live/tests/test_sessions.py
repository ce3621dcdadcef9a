"""A post that is revoked loses its stream within five seconds: one look is enough, and two are taken in that time.

How long it takes is measured by `script/bench prompt`.
"""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from wangge.accounts.auth import token_hash
from wangge.accounts.models import Post, Session
from wangge.core import clock
from wangge.live import sessions
from wangge.live.hub import Hub, Listener
from wangge.live.tests.feed import token_of
from wangge.testing.world import World

PROMISED = timedelta(seconds=5)
WHO = ("street_seat", "district_seat", "commander")


def test_two_looks_are_taken_within_what_is_promised() -> None:
    """The first may have begun a moment before the post was revoked."""
    assert 2 * timedelta(seconds=sessions.LOOK_S) < PROMISED


async def look(hub: Hub) -> None:
    """What `keep_looking` does between two pauses."""
    hub.renew(hub.sessions, await sessions._ask(hub.sessions))


async def listening(hub: Hub, tokens: list[str]) -> list[Listener]:
    ears = []
    for token in tokens:
        hashed = token_hash(token)
        actor = await sessions.actor_of(hashed)
        assert actor is not None
        ears.append(hub.join(actor, hashed, ""))
    await look(hub)
    return ears


@pytest.mark.parametrize("how", ["revoked", "over", "signed out"])
def test_the_first_look_after_it_closes_the_stream(committed_world: World, how: str) -> None:
    tokens = [token_of(committed_world[key]) for key in WHO]
    posts = Post.objects.filter(pk=committed_world["street_seat"].post.pk)

    def end_it() -> None:
        from django.db import connection

        at = clock.now()
        match how:
            case "revoked":
                posts.update(revoked_at=at)
            case "over":
                posts.update(valid_to=clock.today())
            case "signed out":
                Session.objects.filter(token_hash=token_hash(tokens[0])).update(ended_at=at)
        connection.close()

    async def day() -> tuple[list[bool], list[bool], Any]:
        hub = Hub()
        ears = await listening(hub, tokens)
        before = [ear.is_over for ear in ears]
        await asyncio.to_thread(end_it)
        await look(hub)
        return before, [ear.is_over for ear in ears], await ears[0].take()

    before, after, piece = asyncio.run(day())
    assert before == [False, False, False]
    assert after == [True, False, False] and piece is None, "nothing that waits is sent to it any more"
