"""Ranges of posts and partners follow the grids."""

from typing import Any

from wangge.accounts.actions.ground import follow_grids, ranges_in_use
from wangge.accounts.models import PartnerSystem, Post
from wangge.core import clock
from wangge.core.actor import Actor, acting
from wangge.core.models import JournalEntry
from wangge.testing import town
from wangge.testing.world import World

BY = Actor.system("redraw")
NORTH, SOUTH = f"{town.COMMUNITY}021", f"{town.COMMUNITY}022"


def follow(**successors: tuple[str, ...]) -> int:
    named: dict[str, Any] = {code.removeprefix("g"): new for code, new in successors.items()}
    with acting(BY):
        return follow_grids(successors=named, place=town.COMMUNITY, data={"redraw": "r"}, by=BY, at=clock.now())


def partner() -> PartnerSystem:
    return PartnerSystem.objects.create(
        code="P1", name="外部", key_sealed=b"", codes=[town.GRID, "9999"], permissions=[], created_at=clock.now()
    )


def test_posts_and_partners_follow_with_the_larger_part_first(world: World) -> None:
    system, held = partner(), Post.objects.filter(codes__contains=[town.GRID]).count()
    assert held > 0 and follow(**{f"g{town.GRID}": (SOUTH, NORTH)}) == held + 1
    system.refresh_from_db()
    assert system.codes == [SOUTH, NORTH, "9999"]
    post = world["grid_worker"].post
    post.refresh_from_db()
    assert post.codes == [SOUTH, NORTH]
    entry = JournalEntry.objects.get(kind="post.followed_grids", subject_id=str(post.pk))
    assert (entry.code, entry.unit_paths) == (town.COMMUNITY, [world["grid_worker"].unit.path])
    assert entry.data == {"redraw": "r", "before": [town.GRID], "after": [SOUTH, NORTH]}
    assert JournalEntry.objects.get(kind="partner.followed_grids").subject_id == str(system.pk)


def test_a_grid_nobody_took_over_stays_in_a_range(world: World) -> None:
    follow(**{f"g{town.GRID}": ()})
    post = world["grid_worker"].post
    post.refresh_from_db()
    assert post.codes == [town.GRID]


def test_who_looks_after_others_is_left_alone(world: World) -> None:
    assert follow(g999999999999999=(NORTH,)) == 0 and follow() == 0
    assert not JournalEntry.objects.filter(kind__endswith="followed_grids").exists()


def test_which_ranges_are_in_use(world: World) -> None:
    partner()
    assert ranges_in_use([town.GRID, "9999", NORTH]) == {town.GRID, "9999"}
