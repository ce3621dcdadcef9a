"""The one write path: made, changed, contradicted, moved, ended, erased, merged."""

import subprocess
from datetime import timedelta
from typing import Any

import pytest

from wangge.core import clock, crypto
from wangge.core.actor import Actor, acting
from wangge.core.errors import Invalid, NotFound
from wangge.core.ids import new_id
from wangge.core.models import JournalEntry
from wangge.grids.models import Boundary
from wangge.registry.access import TABLES, Ended, OutOfArea
from wangge.registry.actions import Source, Where, decide, end_record, erase_person, merge, put, unmerge, untie
from wangge.registry.actions.differences import DecidedAlready
from wangge.registry.actions.ends import StillLivedIn
from wangge.registry.actions.merging import NotMergeable
from wangge.registry.actions.put import AlreadyKnown, KnownElsewhere, RegisteredElsewhere, StaleVersion
from wangge.registry.models import Building, Change, Difference, Dwelling, Person, Residence, Token
from wangge.registry.tests.made import DEPARTMENT, building, difference, dwelling, moves_in, number, person, write
from wangge.testing import town
from wangge.testing.client import api_as
from wangge.testing.committed import owner
from wangge.testing.world import World

SYSTEM = Actor.system("test")


def people() -> list[Person]:
    with acting(SYSTEM):
        return list(Person.objects.order_by("made_at"))


def one(pk: Any) -> Person:
    with acting(SYSTEM):
        return Person.objects.get(pk=pk)


def test_sealed_values_are_nowhere_in_clear_and_open_in_their_own_row_alone(world: World) -> None:
    made = one(person(world).pk)
    assert made.id_number_masked.startswith("3201") and "19900307" not in made.id_number_masked
    assert made.phone_masked == "199****0001"
    name = "registry_person.id_number"
    assert crypto.unseal_text(bytes(made.id_number_sealed or b""), context=name, row=str(made.pk)) == number(1)
    with pytest.raises(crypto.CannotUnseal):
        crypto.unseal_text(bytes(made.id_number_sealed or b""), context=name, row=str(new_id()))


def test_an_identity_number_tells_birthday_and_sex(world: World) -> None:
    made = one(person(world, order=2).pk)
    assert (str(made.birth_date), made.sex) == ("1990-03-07", "2")


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"id_number": "110105194912310021"}, "id_number"),
        ({"phone": "12"}, "phone"),
        ({"name": "=1+1"}, "name"),
        ({"ethnicity": "01"}, "ethnicity"),
        ({"birth_date": "1990-02-30"}, "birth_date"),
        ({"birth_date": "2090-01-01"}, "birth_date"),
        ({"sex": "7"}, "sex"),
        ({"name": ""}, "name"),
    ],
)
def test_what_is_wrong_is_said_by_field_and_nothing_is_kept(world: World, values: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        write(world, "person", {"name": "张三", "registration": "registered"} | values)
    assert field in refused.value.fields
    assert people() == []


def test_a_grid_comes_from_the_point_and_nobody_writes_outside_their_area(world: World) -> None:
    assert building(world).code == town.GRID
    with pytest.raises(OutOfArea):
        building(world, town.OTHER_GRID)
    with pytest.raises(Invalid):
        write(world, "building", {"address": "海上"}, where=Where(lon=100.0, lat=10.0))


def test_the_same_number_leads_to_the_same_person(world: World) -> None:
    first = person(world)
    with pytest.raises(AlreadyKnown) as known:
        person(world)
    assert known.value.data["id"] == str(first.pk)
    again = write(
        world, "person", {"name": "张伟明", "id_number": number(1), "education": "20", "registration": "registered"},
        source=Source(kind="field"),
    )  # fmt: skip
    assert (again.record.pk, again.made, again.changed) == (first.pk, False, ("education",))


def test_a_number_that_another_record_has_is_said_whoever_changes_to_it(world: World) -> None:
    first, second = person(world), person(world, "李四", order=2)
    with pytest.raises(AlreadyKnown) as known:
        write(world, "person", {"id_number": number(1)}, id=second.pk, where=None, why="更正")
    assert known.value.data["id"] == str(first.pk)
    house = building(world)
    one_room, other = dwelling(world, house), dwelling(world, house, room="302")
    with pytest.raises(AlreadyKnown) as known:
        write(world, "dwelling", {"room": "301"}, id=other.pk, where=None)
    assert known.value.data["id"] == str(one_room.pk)
    person(world, "王五", key="stranger_community", order=3, where=Where(code=town.OTHER_GRID))
    with pytest.raises(RegisteredElsewhere) as elsewhere:
        write(world, "person", {"id_number": number(3)}, id=second.pk, where=None, why="更正")
    assert elsewhere.value.data == {}


def test_only_people_are_taken_over(world: World) -> None:
    values = {"number": "3201040101000001", "kind": "01", "name": "井盖"}
    write(world, "facility", values, key="stranger_community", where=Where(code=town.OTHER_GRID))
    with pytest.raises(RegisteredElsewhere):
        write(world, "facility", values, takes_over=True)


def test_a_person_of_another_grid_is_not_told_of_and_moves_in_only_when_somebody_says_so(world: World) -> None:
    far = person(world, key="stranger_community", where=Where(code=town.OTHER_GRID))
    values = {"name": "张伟明", "id_number": number(1), "registration": "floating"}
    with pytest.raises(KnownElsewhere) as refused:
        write(world, "person", values)
    assert refused.value.data == {}
    moved = write(world, "person", values, takes_over=True)
    assert moved.record.pk == far.pk and one(far.pk).code == town.GRID
    with acting(SYSTEM):
        entry = JournalEntry.objects.filter(kind="person.changed", subject_id=str(far.pk)).latest("id")
    assert entry.data["from"] == town.OTHER_GRID
    with pytest.raises(NotFound):
        person(world, key="stranger_community", id=far.pk, where=Where(code=town.OTHER_GRID))


def test_each_changed_field_is_a_line_of_history_sealed_where_the_field_is(world: World) -> None:
    made = person(world)
    write(world, "person", {"phone": "13812345678", "employer": "桃叶超市"}, id=made.pk, where=None, why="本人来电更正")
    with acting(SYSTEM):
        lines = {line.field: line for line in Change.objects.filter(record=made.pk)}
    assert set(lines) == {"phone", "employer"}
    assert (lines["phone"].old, lines["phone"].new) == ("199****0001", "138****5678")
    old = bytes(lines["phone"].old_sealed or b"")
    assert crypto.unseal_text(old, context="registry_change.phone", row=str(made.pk)) == "19900000001"
    assert lines["employer"].why == "本人来电更正"
    assert lines["phone"].act == lines["employer"].act


def test_nothing_personal_is_in_the_journal(world: World) -> None:
    made = person(world)
    write(world, "person", {"phone": "13812345678"}, id=made.pk, where=None)
    with acting(SYSTEM):
        text = "".join(f"{entry.changed}{entry.data}" for entry in JournalEntry.objects.all())
    for value in ("张伟明", number(1), "13812345678", "19900000001"):
        assert value not in text


def test_the_owner_of_a_field_wins_and_what_loses_is_an_open_difference(world: World) -> None:
    made = person(world)
    write(world, "person", {"name": "张伟鸣"}, id=made.pk, where=None, source=DEPARTMENT)
    assert one(made.pk).name == "张伟鸣"
    write(world, "person", {"name": "张卫明"}, id=made.pk, where=None)
    assert one(made.pk).name == "张伟鸣", "the police say how somebody is called"
    with acting(SYSTEM):
        waiting = Difference.objects.get(record=made.pk, state="open")
    assert waiting.offered == "张卫明"
    by = world["community"].actor
    with acting(by):
        decide(difference_id=waiting.pk, take=True, why="身份证原件核对", by=by, at=clock.now())
    assert one(made.pk).name == "张卫明"


def test_a_value_taken_is_whoever_said_it_and_the_next_file_does_not_undo_it(world: World) -> None:
    made = person(world)
    write(world, "person", {"phone": "13812345678", "name": "张伟鸣"}, id=made.pk, where=None, source=DEPARTMENT)
    old = Source(kind="import", said_at=clock.now() - timedelta(days=400))
    write(world, "person", {"phone": "13900001234", "name": "张卫明"}, id=made.pk, where=None, source=old)
    decide_all(world, made.pk)
    found = one(made.pk)
    assert (found.name, found.phone_masked) == ("张卫明", "139****1234"), "both were taken, the older one too"
    assert found.sources["name"][0] == found.sources["phone"][0] == "", "not the police's word"
    write(world, "person", {"name": "张伟鸣"}, id=made.pk, where=None, source=DEPARTMENT)
    assert one(made.pk).name == "张卫明"
    with acting(SYSTEM):
        waiting = Difference.objects.get(record=made.pk, state="open")
    assert (waiting.offered, waiting.owner) == ("张伟鸣", "police")
    decide_all(world, made.pk, take=False)
    write(world, "person", {"name": "张伟鸣"}, id=made.pk, where=None, source=DEPARTMENT)
    with acting(SYSTEM):
        assert not Difference.objects.filter(state="open").exists(), "nobody is asked twice"


def test_nothing_waits_about_a_record_that_has_ended_and_nothing_is_taken_into_it(world: World) -> None:
    pk = difference(world, order=4)
    by, at = world["community"].actor, clock.now()
    with acting(by):
        record = Difference.objects.get(pk=pk).record
        end_record(kind="person", record_id=record, reason="died", by=by, at=at)
        with pytest.raises(DecidedAlready):
            decide(difference_id=pk, take=True, by=by, at=at)
        with acting(SYSTEM):  # as records that ended before their differences were closed
            Difference.objects.filter(pk=pk).update(state="open", decided_at=None)
        with pytest.raises(Ended):
            decide(difference_id=pk, take=True, by=by, at=at)
        assert decide(difference_id=pk, take=False, by=by, at=at).state == "refused"


def decide_all(world: World, record: Any, *, take: bool = True) -> None:
    by = world["community"].actor
    with acting(by):
        for row in Difference.objects.filter(record=record, state="open"):
            decide(difference_id=row.pk, take=take, why="当面核对", by=by, at=clock.now())


def test_an_older_file_does_not_overwrite_what_was_seen_since(world: World) -> None:
    made = person(world)
    old = Source(kind="import", said_at=clock.now() - timedelta(days=400))
    write(world, "person", {"employer": "旧单位", "phone": "13800000000"}, id=made.pk, where=None, source=old)
    found = one(made.pk)
    assert found.employer == "旧单位", "nothing was held"
    assert found.phone_masked == "199****0001"


def test_a_stale_page_overwrites_nothing(world: World) -> None:
    made = person(world)
    write(world, "person", {"employer": "甲"}, id=made.pk, where=None, version=1)
    with pytest.raises(StaleVersion):
        write(world, "person", {"employer": "乙"}, id=made.pk, where=None, version=1)


def test_moving_a_dwelling_moves_who_lives_there(world: World) -> None:
    house, inhabitant, landlord = building(world), person(world), person(world, "李房东", order=2)
    room = dwelling(world, house)
    moves_in(world, inhabitant.pk, room.pk)
    moves_in(world, landlord.pk, room.pk, tie="owns")
    lon, lat = town.point_in(town.NEIGHBOUR_GRID)
    write(world, "building", {}, id=house.pk, where=Where(lon=lon, lat=lat))
    with acting(SYSTEM):
        assert Dwelling.objects.get().code == town.NEIGHBOUR_GRID
        assert {tie.code for tie in Residence.objects.all()} == {town.NEIGHBOUR_GRID}
    assert one(inhabitant.pk).code == town.NEIGHBOUR_GRID
    assert one(landlord.pk).code == town.GRID, "who owns it lives elsewhere"
    assert set(Token.objects.filter(record=inhabitant.pk).values_list("code", flat=True)) == {town.NEIGHBOUR_GRID}


def test_a_new_home_ends_the_one_before(world: World) -> None:
    house, who = building(world), person(world)
    first, second = dwelling(world, house), dwelling(world, house, room="302")
    moves_in(world, who.pk, first.pk)
    moves_in(world, who.pk, second.pk, tie="rents")
    with acting(SYSTEM):
        homes = {tie.dwelling_id: tie.to_date for tie in Residence.objects.filter(person=who)}
    assert homes[first.pk] is not None and homes[second.pk] is None


def test_one_room_is_one_dwelling_however_it_is_written(world: World) -> None:
    house = building(world)
    first = dwelling(world, house, unit="2单元", room="0301室")
    with pytest.raises(AlreadyKnown) as known:
        dwelling(world, house, unit="2", room="301")
    assert known.value.data["id"] == str(first.pk)


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


def test_a_redrawn_grid_takes_its_buildings_and_people_along(world: World) -> None:
    from wangge.grids.following import Redrawn
    from wangge.grids.location import LocationIndex
    from wangge.registry.redraw import registry_follows

    house, who, homeless = building(world), person(world), person(world, "王无房", order=3)
    moves_in(world, who.pk, dwelling(world, house).pk)
    shapes = [(town.NEIGHBOUR_GRID, bytes(Boundary.objects.get(code=town.GRID).geometry))]
    redrawn = Redrawn(
        redraw=new_id(),
        kind="merge",
        community=town.COMMUNITY,
        date=clock.today(),
        codes=(town.GRID, town.NEIGHBOUR_GRID),
        ended=frozenset({town.GRID}),
        successors={town.GRID: (town.NEIGHBOUR_GRID,)},
        index=LocationIndex(shapes),
    )
    with acting(Actor.system("redraw")):
        registry_follows(redrawn, clock.now())
        assert Building.objects.get().code == Dwelling.objects.get().code == town.NEIGHBOUR_GRID
    assert {one(pk).code for pk in (who.pk, homeless.pk)} == {town.NEIGHBOUR_GRID}


def test_two_rows_of_one_person_are_merged_and_parted_again(world: World) -> None:
    house = building(world)
    kept = person(world, "张伟明", values={"id_number": ""})
    gone = person(world, "张伟鸣", order=7)
    moves_in(world, gone.pk, dwelling(world, house).pk)
    by, at = world["community"].actor, clock.now()
    with acting(by):
        row = merge(kept_id=kept.pk, gone_id=gone.pk, why="同一人两次登记", by=by, at=at)
    assert one(gone.pk).merged_into_id == kept.pk
    assert one(kept.pk).id_number_masked, "what it lacked was filled"
    with acting(SYSTEM):
        assert Residence.objects.get().person_id == kept.pk
        assert not Token.objects.filter(record=gone.pk).exists()
    with acting(by):
        unmerge(merge_id=row.pk, by=by, at=at)
    with acting(SYSTEM):
        assert Residence.objects.get().person_id == gone.pk
        assert Token.objects.filter(record=gone.pk).exists()
    assert (one(kept.pk).id_number_masked, one(gone.pk).ended_at) == ("", None)


def test_parting_two_rows_leaves_what_was_corrected_since(world: World) -> None:
    kept = person(world, "张伟明", values={"id_number": "", "phone": ""})
    gone, by, at = (
        person(world, "张伟鸣", order=7, values={"employer": "桃叶超市"}),
        world["community"].actor,
        clock.now(),
    )
    with acting(by):
        row = merge(kept_id=kept.pk, gone_id=gone.pk, why="同一人两次登记", by=by, at=at)
    write(world, "person", {"phone": "13812345678"}, id=kept.pk, where=None, why="本人来电更正")
    with acting(by):
        unmerge(merge_id=row.pk, by=by, at=at)
    assert (one(kept.pk).phone_masked, one(kept.pk).employer) == ("138****5678", "")
    assert (one(gone.pk).phone_masked, one(gone.pk).employer) == ("199****0007", "桃叶超市")


@pytest.mark.parametrize("asked", [0, 1, 2])
def test_whoever_was_merged_twice_is_erased_whole_from_whichever_row(world: World, asked: int) -> None:
    first = person(world, "张伟明", values={"id_number": ""})
    second = person(world, "张伟鸣", values={"id_number": "", "employer": "桃叶超市"})
    third, by, at = person(world, "张卫明", order=7), world["community"].actor, clock.now()
    with acting(by):
        merge(kept_id=second.pk, gone_id=third.pk, why="同一人", by=by, at=at)
        merge(kept_id=first.pk, gone_id=second.pk, why="同一人", by=by, at=at)
        erase_person(person_id=(first, second, third)[asked].pk, why="本人申请", by=by, at=at)
    assert {(row.name, row.employer, row.id_number_masked) for row in people()} == {("", "", "")}


def test_people_with_two_numbers_are_two_people(world: World) -> None:
    first, second, by = person(world), person(world, order=2), world["community"].actor
    with acting(by), pytest.raises(NotMergeable):
        merge(kept_id=first.pk, gone_id=second.pk, why="同名", by=by, at=clock.now())


def test_after_erasing_a_person_no_table_and_no_file_holds_them(committed_world: World, tmp_path: Any) -> None:
    """The whole database as text, and the house's files: names, numbers and what they are found by are gone."""
    from django.conf import settings

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


def test_a_new_record_with_a_known_id_out_of_sight_is_not_found(world: World) -> None:
    far = person(world, key="stranger_community", where=Where(code=town.OTHER_GRID))
    by = world["community"].actor
    with acting(by), pytest.raises(NotFound):
        put(kind="person", record_id=far.pk, values={"name": "某人"}, by=by, at=clock.now())
