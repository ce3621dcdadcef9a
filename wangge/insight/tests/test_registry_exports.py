"""The registry leaves the house masked, approved by somebody else, marked with who and when, and for a few days."""

from datetime import timedelta
from typing import Any

from wangge.core import clock
from wangge.core.actor import Actor, acting
from wangge.core.models import JournalEntry
from wangge.insight.actions.exports import UNDECIDED, expire_old, make_next
from wangge.insight.models import Export
from wangge.registry.actions import Where
from wangge.registry.tests.made import care, number, person
from wangge.testing import town
from wangge.testing.client import api_as
from wangge.testing.world import World

BODY = {"format": "csv", "title": "人口", "record_kind": "person", "purpose": "入户走访名单"}


def ask(world: World, key: str = "community", status: int = 201, **more: Any) -> Any:
    answer = api_as(world[key]).post("/api/exports/registry", BODY | more)
    assert answer.status_code == status, answer.content
    return answer.json()


def decide(world: World, export: str, *, key: str = "commander", approve: bool = True) -> int:
    return int(api_as(world[key]).post(f"/api/exports/{export}/decide", {"approve": approve}).status_code)


def fetch(world: World, export: str) -> Any:
    while make_next(at=clock.now()):
        pass
    return api_as(world["community"]).get(f"/api/exports/{export}/file")


def test_nothing_leaves_before_somebody_else_approved_it(world: World) -> None:
    person(world)
    asked = ask(world)
    assert asked["state"] == "proposed" and fetch(world, asked["id"]).status_code == 409
    for key, status in (("community", 403), ("street_seat", 403), ("stranger_commander", 404)):
        assert decide(world, asked["id"], key=key) == status, key
    [row] = api_as(world["commander"]).get("/api/exports/proposed").json()
    assert (row["asked_by"], row["purpose"]) == (world["community"].user.name, "入户走访名单")
    assert decide(world, asked["id"]) == 204
    assert decide(world, asked["id"]) == 404, "once"
    assert b"".join(fetch(world, asked["id"]).streaming_content)


def test_what_leaves_is_masked_marked_and_of_the_askers_own_area(world: World) -> None:
    person(world)
    person(world, "李邻居", order=2, key="stranger_community", where=Where(code=town.OTHER_GRID))
    care(world, order=3)
    export = ask(world)["id"]
    decide(world, export)
    text = b"".join(fetch(world, export).streaming_content).decode("utf-8-sig")
    assert "张伟明" in text and "199****0001" in text and "1990-**-**" in text
    for hidden in (number(1), "19900000001", "李邻居", "民政", "高龄独居"):
        assert hidden not in text, hidden
    for marked in (world["community"].user.name, world["commander"].user.name, "入户走访名单", export):
        assert marked in text, marked


def test_a_refused_or_forgotten_one_is_never_made(world: World) -> None:
    refused, forgotten = ask(world)["id"], ask(world, title="另一份")["id"]
    assert decide(world, refused, approve=False) == 204
    with acting(Actor.system("test")):
        expire_old(at=clock.now() + UNDECIDED + timedelta(minutes=1), limit=10)
        states = {str(row.pk): (row.state, bytes(row.asked_sealed)) for row in Export.objects.all()}
        kinds = set(JournalEntry.objects.filter(subject_type="export").values_list("kind", flat=True))
    assert states == {refused: ("refused", b""), forgotten: ("expired", b"")}
    assert {"registry.exported", "export.refused"} <= kinds


def test_it_says_what_it_is_for_and_stays_in_the_area(world: World) -> None:
    ask(world, status=422, purpose=" ")
    ask(world, status=404, code=town.OTHER_GRID)
    ask(world, "grid_worker", 403)
