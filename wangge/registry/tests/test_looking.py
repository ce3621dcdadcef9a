"""Who has looked at somebody is told whole: their own file, its history, and every other file that shows them."""

from datetime import timedelta
from typing import Any

import pytest

from wangge.core import clock, journal
from wangge.core.actor import acting
from wangge.core.ids import new_id
from wangge.registry.actions import PartGiven, add_part, merge
from wangge.registry.actions.reveal import TooManyRevealed, reveal
from wangge.registry.dictionary import KINDS
from wangge.registry.models import Change
from wangge.registry.rules.looking import LOOKED_AT
from wangge.registry.rules.purposes import MOST_REVEALED, RevealPurpose
from wangge.registry.tests.made import SYSTEM, building, care, dwelling, moves_in, person, write
from wangge.registry.tests.test_search import ok
from wangge.testing.client import api_as
from wangge.testing.world import World


def test_every_file_that_shows_somebody_is_told(world: World) -> None:
    gone = person(world, "张伟鸣", values={"id_number": "", "phone": ""})
    who, by = person(world), world["community"].actor
    room = dwelling(world, building(world))
    reader, worker = api_as(world["community"]), api_as(world["grid_worker"])
    ok(worker.get(f"/api/registry/records/dwelling/{room.pk}"))
    moves_in(world, who.pk, room.pk)
    shop = write(world, "organisation", {"name": "桃叶超市", "kind": "enterprise"}).record
    with acting(by):
        merge(kept_id=who.pk, gone_id=gone.pk, why="同一人", by=by, at=clock.now())
        add_part(organisation_id=shop.pk, given=PartGiven(role="legal", person_id=who.pk), by=by, at=clock.now())
    for path in (
        f"records/dwelling/{room.pk}",
        f"records/organisation/{shop.pk}",
        f"records/person/{gone.pk}",
        f"records/person/{who.pk}/history",
    ):
        ok(worker.get(f"/api/registry/{path}"))
    seen = ok(reader.get(f"/api/registry/people/{who.pk}/seen"))
    assert [row["via"] for row in seen["items"]] == ["person", "person", "organisation", "dwelling"]
    assert {row["name"] for row in seen["items"]} == {world["grid_worker"].user.name}


def test_whoever_asks_for_a_resident_learns_nothing_of_care(world: World) -> None:
    subject = care(world, order=6)
    ok(api_as(world["grid_worker"]).post(f"/api/registry/care/{subject}/open", {"purpose": "service"}))
    with acting(SYSTEM):
        from wangge.registry.models import Care

        who = Care.objects.get(pk=subject).person_id
    assert ok(api_as(world["community"]).get(f"/api/registry/people/{who}/seen"))["items"] == []


def test_an_earlier_state_is_right_however_much_was_changed_since(world: World) -> None:
    who, act, at = person(world, values={"employer": "甲"}), new_id(), clock.now()
    with acting(SYSTEM):
        Change.objects.bulk_create(
            Change(
                kind="person", record=who.pk, act=act, field="employer", old=str(step), new=str(step + 1),
                source="console", at=at + timedelta(seconds=step), code=who.code,
            )
            for step in range(250)
        )  # fmt: skip
    day = (at - timedelta(seconds=1)).isoformat()
    page = ok(api_as(world["community"]).get(f"/api/registry/records/person/{who.pk}/history", as_of=day))
    assert (page["values"]["employer"], len(page["lines"])) == ("0", 200)


def test_the_telephone_of_who_answers_for_an_organisation_is_revealed_on_the_record(world: World) -> None:
    shop = write(world, "organisation", {"name": "桃叶超市", "kind": "enterprise"}).record
    by = world["community"].actor
    given = PartGiven(role="safety", name="王五", phone="13812345678")
    with acting(by):
        part = add_part(organisation_id=shop.pk, given=given, by=by, at=clock.now())
    reader = api_as(world["community"])
    [line] = ok(reader.get(f"/api/registry/records/organisation/{shop.pk}"))["parts"]
    assert line["phone"] == "138****5678"
    path = f"/api/registry/parts/{part.pk}/reveal"
    assert api_as(world["grid_worker"]).post(path, {"purpose": "verify"}).status_code == 403
    assert ok(reader.post(path, {"purpose": "verify"})) == {"values": {"phone": "13812345678"}}


def test_what_was_opened_in_other_rooms_takes_nothing_from_the_limit(world: World) -> None:
    who, by, at = person(world), world["community"].actor, clock.now()
    with acting(by):
        for kind, most in (("reporter.revealed", MOST_REVEALED), ("person.revealed", MOST_REVEALED - 1)):
            journal.record_all((journal.Entry(kind=kind, subject=("x", str(n))) for n in range(most)), by=by, at=at)
        how: dict[str, Any] = {"kind": "person", "record_id": who.pk, "purpose": RevealPurpose.SERVICE, "by": by}
        assert reveal(fields=["phone"], at=at, **how) == {"phone": "19900000001"}
        with pytest.raises(TooManyRevealed):
            reveal(fields=["phone"], at=at, **how)


def test_whatever_can_be_revealed_is_watched_and_told() -> None:
    hidden = {kind for kind, fields in KINDS.items() if any(field.sensitivity != "open" for field in fields)}
    assert hidden <= set(LOOKED_AT)
