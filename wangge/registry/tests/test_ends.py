"""What ends, and who is erased: each for its reason, and nothing of the erased is left anywhere."""

import subprocess
from typing import Any

import pytest
from django.conf import settings

from wangge.core import clock
from wangge.core.actor import acting
from wangge.registry.access import TABLES
from wangge.registry.actions import end_record, erase_person, untie
from wangge.registry.actions.ends import StillLivedIn
from wangge.registry.models import Residence
from wangge.registry.tests.made import DEPARTMENT, building, dwelling, moves_in, number, one, person, write
from wangge.testing.client import api_as
from wangge.testing.committed import owner
from wangge.testing.world import World


def test_what_is_lived_in_does_not_end(world: World) -> None:
    house, who = building(world), person(world)
    room = dwelling(world, house)
    moves_in(world, who.pk, room.pk)
    by, at = world["community"].actor, clock.now()
    with acting(by):
        for kind, pk in (("dwelling", room.pk), ("building", house.pk)):
            with pytest.raises(StillLivedIn):
                end_record(kind=kind, record_id=pk, reason="demolished", by=by, at=at)
        untie(residence_id=Residence.objects.get().pk, to_date=None, by=by, at=at)
        end_record(kind="dwelling", record_id=room.pk, reason="demolished", by=by, at=at)
        end_record(kind="building", record_id=house.pk, reason="demolished", by=by, at=at)


def test_a_record_ends_for_a_reason_of_its_kind(world: World) -> None:
    api, who, house = api_as(world["community"]), person(world), building(world)
    reasons = api.get("/api/registry/dictionary").json()["end_reasons"]
    assert reasons.keys() == TABLES.keys()
    for kind, record, wrong, right in (
        ("person", who, "demolished", "died"),
        ("building", house, "died", "demolished"),
    ):
        path = f"/api/registry/records/{kind}/{record.pk}"
        refused = api.post(f"{path}/end", {"reason": wrong})
        assert (refused.status_code, list(refused.json()["fields"])) == (422, ["reason"])
        assert right in reasons[kind] and wrong not in reasons[kind]
        assert api.post(f"{path}/end", {"reason": right}).status_code == 204
        file = api.get(path).json()
        assert (file["end_reason"], file["permissions"]["edit"]) == (right, False)
        assert api.post(f"{path}/end", {"reason": right}).status_code == 409


def test_a_file_says_who_may_erase_the_person(world: World) -> None:
    who, house = person(world), building(world)
    path, erase = f"/api/registry/records/person/{who.pk}", f"/api/registry/people/{who.pk}/erase"
    worker, clerk = api_as(world["grid_worker"]), api_as(world["community"])
    assert not worker.get(path).json()["permissions"]["erase"]
    assert worker.post(erase, {"why": "本人书面申请"}).status_code == 403
    assert not clerk.get(f"/api/registry/records/building/{house.pk}").json()["permissions"]["erase"]
    assert clerk.get(path).json()["permissions"]["erase"]
    assert clerk.post(erase, {"why": "本人书面申请"}).status_code == 204
    assert not clerk.get(path).json()["permissions"]["erase"]


def test_after_erasing_a_person_no_table_and_no_file_holds_them(committed_world: World, tmp_path: Any) -> None:
    """The whole database as text, and the house's files: names, numbers and what they are found by are gone."""
    world = committed_world
    house, who = building(world), person(world, "欧阳𠮷祥", order=321)
    moves_in(world, who.pk, dwelling(world, house).pk)
    write(world, "person", {"employer": "天下第一斋", "phone": "13812345678"}, id=who.pk, where=None)
    write(world, "person", {"name": "欧阳吉祥"}, id=who.pk, where=None, source=DEPARTMENT)
    write(world, "person", {"name": "欧阳急祥"}, id=who.pk, where=None)
    before = one(who.pk)
    hashes = [bytes(value).hex() for value in (before.id_number_hash, before.phone_hash) if value]
    words = ["欧阳𠮷祥", "欧阳吉祥", "欧阳急祥", "天下第一斋", "13812345678", number(321), "138****5678", *hashes]
    assert all(word in dump() for word in ("欧阳吉祥", "天下第一斋", hashes[0]))
    by = world["community"].actor
    with acting(by):
        erase_person(person_id=who.pk, why="本人申请删除", by=by, at=clock.now())
    left = dump()
    assert [word for word in words if word in left] == []
    assert str(who.pk) in left, "a tombstone stays"
    found = subprocess.run(
        ["grep", "-rlaF", *(f"-e{w}" for w in words), str(settings.HOME / "files")], check=False, capture_output=True
    )
    assert found.stdout == b""


def dump() -> str:
    with owner() as connected:
        tables = [
            name
            for (name,) in connected.execute(
                "select relname from pg_class where relkind in ('r', 'p') and relnamespace = 'public'::regnamespace"
            )
        ]
        rows = []
        for name in tables:
            with connected.cursor() as cursor, cursor.copy(f'copy (select * from "{name}") to stdout') as copy:
                rows += [bytes(part).decode() for part in copy]
    return "".join(rows)
