"""The one write path: made, changed, contradicted, moved."""

from datetime import timedelta
from typing import Any

import pytest

from wangge.core import clock, crypto
from wangge.core.actor import acting
from wangge.core.errors import Invalid, NotFound
from wangge.core.ids import new_id
from wangge.core.models import JournalEntry
from wangge.registry.access import Ended, OutOfArea
from wangge.registry.actions import Source, Where, decide, end_record, put
from wangge.registry.actions.differences import DecidedAlready
from wangge.registry.actions.put import AlreadyKnown, KnownElsewhere, RegisteredElsewhere, StaleVersion
from wangge.registry.models import Change, Difference, Dwelling, Residence, Token
from wangge.registry.tests.made import (
    DEPARTMENT,
    SYSTEM,
    building,
    difference,
    dwelling,
    moves_in,
    number,
    one,
    people,
    person,
    write,
)
from wangge.testing import town
from wangge.testing.world import World


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


def test_a_new_record_with_a_known_id_out_of_sight_is_not_found(world: World) -> None:
    far = person(world, key="stranger_community", where=Where(code=town.OTHER_GRID))
    by = world["community"].actor
    with acting(by), pytest.raises(NotFound):
        put(kind="person", record_id=far.pk, values={"name": "某人"}, by=by, at=clock.now())
