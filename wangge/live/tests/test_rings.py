"""A bell rings with those, and only those, who find the notice in their list."""

from itertools import product

from wangge.command.models import Notice
from wangge.core import clock
from wangge.live.hub import Hub
from wangge.live.notices import Ring, is_addressed
from wangge.testing import town
from wangge.testing.world import World


def test_the_feed_and_the_list_agree_on_who_is_told(world: World) -> None:
    posts = [None, world["street_seat"].post.pk, world["grid_worker"].post.pk]
    units = [world.unit(code).path for code in (town.COMMUNITY, town.STREET, "D-CG-1", "D-CG")]
    permissions, codes = ("case.read", "case.review", "case.handle"), (town.GRID, town.NEIGHBOUR_GRID, town.STREET)
    made = []
    for number, (to, by, unit, may, code) in enumerate(product(posts, posts, units, permissions, codes), 1):
        made.append(
            Notice(
                key=str(number),
                seq=number,
                entry_id=1,
                kind="assigned",
                unit_path="" if to else unit,
                permission="" if to else may,
                code=code,
                post_id=to,
                by_post=by,
                subject_type="unit",
                subject_id="1",
                at=clock.now(),
            )
        )
    Notice.objects.bulk_create(made)
    rows = list(Notice.objects.all())
    told = 0
    for person in world.people.values():
        wanted = set(Notice.objects.addressed_to(person.actor).values_list("pk", flat=True))
        assert {row.pk for row in rows if is_addressed(row, person.actor)} == wanted, person.key
        told += len(wanted)
    assert 0 < told < len(rows) * len(world.people)


def test_two_posts_of_one_scope_hear_each_their_own(world: World) -> None:
    """Listeners of one scope share what they are given, but not what is said to one post."""
    import asyncio
    from dataclasses import replace

    one = world["street_seat"].actor
    other = replace(one, post_id=one.post_id + 10**6 if one.post_id else None)
    notice = Notice(seq=1, post_id=one.post_id, subject_type="unit", subject_id="1")

    async def heard() -> tuple[bytes | None, bytes | None]:
        hub = Hub()
        first, second = hub.join(one, b"1", ""), hub.join(other, b"2", "")
        await first.take(), await second.take()
        hub.deliver([Ring(notice, b"event: notice\ndata: {}\n\n")])
        first.wake.set()
        second.wake.set()
        return await first.take(), await second.take()

    mine, theirs = asyncio.run(heard())
    assert mine and b"event: notice" in mine and theirs == b""
