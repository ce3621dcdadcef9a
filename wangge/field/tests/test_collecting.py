"""From a sheet at a door into the registry: made, corrected, refused, sent again."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from wangge.core import clock
from wangge.core.actor import Actor, acting
from wangge.core.ids import new_id
from wangge.core.models import JournalEntry
from wangge.field.models import Record
from wangge.registry.actions import Where
from wangge.registry.models import (
    Building,
    Change,
    Difference,
    Dwelling,
    Facility,
    Organisation,
    Person,
    Place,
    Residence,
)
from wangge.registry.tests.made import DEPARTMENT, building, dwelling, moves_in, number, person, write
from wangge.testing import town
from wangge.testing.client import Api, api_as
from wangge.testing.committed import at_once
from wangge.testing.world import World

SYSTEM = Actor.system("test")
VERSION = {"collect_house": 2}


def sheet(form: str, answers: dict[str, Any], registry: dict[str, Any] | None, **more: Any) -> dict[str, Any]:
    return {
        "id": str(new_id()),
        "form": form,
        "version": VERSION.get(form, 1),
        "happened_at": clock.now().isoformat(),
        "answers": answers,
        "registry": registry,
    } | more


def send(api: Api, body: Any, status: int = 201) -> Any:
    answer = api.post("/api/field/records", body)
    assert answer.status_code == status, answer.content.decode()
    return answer.json()


def about(record: Any, **more: Any) -> dict[str, Any]:
    return {"id": str(record.pk), "version": record.version} | more


def held(table: Any, pk: Any) -> Any:
    with acting(SYSTEM):
        return table.objects.get(pk=pk)


def sheets() -> int:
    with acting(SYSTEM):
        return Record.objects.count()


def newcomer(home: Dwelling, **more: Any) -> dict[str, Any]:
    answers = {"name": "陈新到", "tie": "rents", "registration": "floating", "phone": "19900008888"}
    registry = {"id": str(new_id()), "dwelling_id": str(home.pk)}
    return sheet("collect_person", answers | more.pop("answers", {}), registry | more.pop("registry", {}), **more)


@pytest.fixture
def home(world: World) -> Dwelling:
    return dwelling(world, building(world), occupancy="owner", use="01")


@pytest.fixture
def worker(world: World) -> Api:
    return api_as(world["grid_worker"])


def test_a_corrected_dwelling_has_its_history_from_the_field(worker: Api, home: Dwelling) -> None:
    body = sheet("collect_house", {"occupancy": "rented", "rental_use": "02"}, about(home))
    made = send(worker, body)
    row = held(Dwelling, home.pk)
    assert (row.occupancy, row.rental_use, row.use, row.version) == ("rented", "02", "01", home.version + 1)
    assert made["registry"] == {
        "kind": "dwelling", "id": str(home.pk), "version": row.version, "fields": ["occupancy", "rental_use"],
    }  # fmt: skip
    assert made["answers"] == {} and made["grid"] == town.GRID
    assert made["address"] == "平江府路12号金陵花园3幢2单元301室"
    lines = worker.get(f"/api/registry/records/dwelling/{home.pk}/history").json()["lines"]
    assert {(one["field"], one["new"], one["source"]) for one in lines} == {
        ("occupancy", "rented", "field"),
        ("rental_use", "02", "field"),
    }


def test_the_same_envelope_again_does_nothing(worker: Api, home: Dwelling) -> None:
    body = sheet("collect_house", {"occupancy": "vacant"}, about(home))
    first, again = send(worker, body), send(worker, body)
    assert first == again and held(Dwelling, home.pk).version == home.version + 1 and sheets() == 1
    other = body | {"answers": {"occupancy": "lent"}}
    assert send(worker, other, 422)["code"] == "record.id_used"


def test_the_same_envelope_twice_at_once_is_written_once(committed_world: World) -> None:
    """Sent again, because the first answer was not heard, while the first is still under way."""
    home = dwelling(committed_world, building(committed_world), occupancy="owner", use="01")
    worker = api_as(committed_world["grid_worker"])
    corrected = sheet("collect_house", {"occupancy": "vacant"}, about(home))
    for body in (corrected, newcomer(home)):
        statuses = at_once(*[lambda body=body: worker.post("/api/field/records", body).status_code] * 4)
        assert statuses == [201] * 4
    assert held(Dwelling, home.pk).version == home.version + 1 and sheets() == 2


def test_a_new_person_lives_where_they_were_found(worker: Api, home: Dwelling) -> None:
    body = newcomer(home, answers={"id_number": number(7), "birth_date": "1990-03-07"})
    made = send(worker, body)
    row = held(Person, made["registry"]["id"])
    assert str(row.pk) == body["registry"]["id"] and (row.source, row.code) == ("field", town.GRID)
    assert row.version == made["registry"]["version"]
    with acting(SYSTEM):
        ties = Residence.objects.filter(person=row, to_date=None).values_list("dwelling_id", "tie")
        assert list(ties) == [(home.pk, "rents")]
        assert Change.objects.get(record=row.pk, field="residence").source == "field"


def test_the_sheet_keeps_no_value_of_the_registry(worker: Api, home: Dwelling) -> None:
    """They stand once: where they are corrected, kept for their time, and erased."""
    made = send(worker, newcomer(home, answers={"id_number": number(8)}))
    row = held(Record, made["id"])
    assert row.secrets_sealed is None and row.masked == {}
    assert row.answers == {"tie": "rents"} and row.address == ""
    assert row.registry["fields"] == ["id_number", "name", "phone", "registration"]
    [entry] = JournalEntry.objects.filter(kind="record.made", subject_id=made["id"])
    assert "陈新到" not in str(entry.data) and entry.data["registry"]["kind"] == "person"


def test_an_untouched_sealed_field_stands_and_a_new_one_is_sealed(world: World, worker: Api) -> None:
    who = person(world, order=31)
    send(worker, sheet("collect_person", {"employer": "某餐饮店"}, about(who)))
    row = held(Person, who.pk)
    assert bytes(row.phone_hash) == bytes(who.phone_hash or b"") and row.phone_masked == who.phone_masked
    send(worker, sheet("collect_person", {"phone": "19900007777"}, about(row)))
    assert held(Person, who.pk).phone_masked == "199****7777"


def test_what_is_given_empty_is_taken_away_but_not_what_is_needed(world: World, worker: Api) -> None:
    who = person(world, order=32, values={"employer": "某厂"})
    refused = send(worker, sheet("collect_person", {"name": None}, about(who)), 422)
    assert set(refused["fields"]) == {"answers.name"}
    send(worker, sheet("collect_person", {"employer": None}, about(who)))
    assert held(Person, who.pk).employer == ""


def test_what_is_sealed_is_taken_away_on_purpose_with_its_reason_on_record(world: World, worker: Api) -> None:
    who = person(world, order=33)
    body = sheet("collect_person", {"phone": None}, about(who))
    assert set(send(worker, body, 422)["fields"]) == {"registry.why"}
    assert held(Person, who.pk).phone_masked == who.phone_masked
    body["registry"]["why"] = "号码已停用，本人要求删除"
    send(worker, body)
    row = held(Person, who.pk)
    assert (row.phone_sealed, row.phone_hash, row.phone_masked) == (None, None, "")
    [line] = worker.get(f"/api/registry/records/person/{who.pk}/history").json()["lines"]
    assert (line["field"], line["old"], line["new"]) == ("phone", who.phone_masked, "")
    assert (line["why"], line["source"]) == ("号码已停用，本人要求删除", "field")
    [entry] = JournalEntry.objects.filter(kind="person.changed", subject_id=str(who.pk))
    assert "停用" not in str(entry.data)  # what somebody wrote may name people


def test_what_a_department_sealed_is_not_taken_away_but_waits(world: World, worker: Api) -> None:
    who = person(world, order=34, values={"permit_number": "A1"}, source=DEPARTMENT)
    body = sheet("collect_person", {"permit_number": None}, about(who, why="证件已注销"))
    send(worker, body)
    assert held(Person, who.pk).permit_number_masked == who.permit_number_masked
    with acting(SYSTEM):
        assert Difference.objects.filter(record=who.pk, field="permit_number").count() == 1


def test_a_household_is_collected_in_its_dwelling_with_who_belongs_to_it(
    world: World, worker: Api, home: Dwelling
) -> None:
    who = person(world, order=35)
    registry = {"id": str(new_id()), "dwelling_id": str(home.pk)}
    made = send(worker, sheet("collect_household", {"registration": "registered", "number": "H-7"}, registry))
    path, key = f"/api/registry/households/{registry['id']}/members", str(new_id())
    joins = {"person_id": str(who.pk), "relation": "02"}
    first, again = (worker.post(path, joins, Idempotency_Key=key).json() for _ in range(2))
    assert first == again
    file = worker.get(f"/api/registry/records/household/{registry['id']}").json()
    assert file["dwelling"]["id"] == str(home.pk) and file["code"] == town.GRID == made["grid"]
    assert [(one["id"], one["relation"]) for one in file["members"]] == [(str(who.pk), "02")]
    send(worker, sheet("collect_household", {"number": "H-8"}, {"id": registry["id"], "version": file["version"]}))
    for _ in range(2):
        left = worker.post(f"/api/registry/members/{first['id']}/end", Idempotency_Key=registry["id"])
        assert left.status_code == 204
    listed = worker.get(f"/api/registry/records/dwelling/{home.pk}").json()["households"]
    assert [one["number"] for one in listed] == ["H-8"]


def test_a_facility_is_collected_where_it_stands_and_its_place_put_right(world: World, worker: Api) -> None:
    lon, lat = town.point_in(town.GRID)
    number_ = f"{town.GRID[:6]}0101000007"
    registry = {"id": str(new_id())}
    answers = {"number": number_, "kind": "01", "name": "上水井盖", "state": "01"}
    send(worker, sheet("collect_facility", answers, registry, lon=lon, lat=lat))
    row = held(Facility, registry["id"])
    assert (row.lon, row.lat, row.code) == (lon, lat, town.GRID)
    moved = sheet("collect_facility", {"state": "02"}, about(row), lon=lon + 0.0001, lat=lat)
    send(worker, moved)
    now = held(Facility, row.pk)
    assert (now.lon, now.lat, now.state, now.version) == (lon + 0.0001, lat, "02", row.version + 1)
    lines = worker.get(f"/api/registry/records/facility/{row.pk}/history").json()["lines"]
    assert {(one["field"], one["old"]) for one in lines} == {("state", "01"), ("position", f"{lon},{lat}")}
    [found] = worker.post("/api/registry/search", {"q": number_}).json()["items"]
    assert (found["kind"], found["id"]) == ("facility", str(row.pk))


def test_another_place_alone_is_another_state_of_the_record(world: World, worker: Api) -> None:
    """In the same grid too: who had the former place before them is told, and nobody is moved out of their area."""
    stood = building(world)
    assert stood.lon is not None
    place = {"lon": stood.lon + 0.0001, "lat": stood.lat}
    send(worker, sheet("collect_building", {}, about(stood), **place))
    assert held(Building, stood.pk).version == stood.version + 1
    community = api_as(world["community"])
    late = {"version": stood.version, "values": {"name": "三幢"}}
    answer = community.patch(f"/api/registry/records/building/{stood.pk}", late)
    assert answer.json()["code"] == "registry.stale"
    lon, lat = town.point_in(town.OTHER_GRID)
    row = held(Building, stood.pk)
    assert send(worker, sheet("collect_building", {}, about(row), lon=lon, lat=lat), 403)["code"] == (
        "registry.out_of_area"
    )


def test_what_changed_meanwhile_is_said_and_no_sheet_stands(world: World, worker: Api, home: Dwelling) -> None:
    write(world, "dwelling", {"occupancy": "vacant"}, id=home.pk, where=None)
    body = sheet("collect_house", {"occupancy": "rented"}, about(home))
    refused = send(worker, body, 409)
    assert refused["code"] == "registry.stale"
    assert refused["data"] == {"kind": "dwelling", "id": str(home.pk), "version": home.version + 1}
    assert sheets() == 0 and held(Dwelling, home.pk).occupancy == "vacant"
    body["registry"] = {"id": str(home.pk), "version": refused["data"]["version"]}
    send(worker, body)
    assert held(Dwelling, home.pk).occupancy == "rented"


def test_two_corrections_in_one_dead_zone_are_no_conflict_with_oneself(
    world: World, worker: Api, home: Dwelling
) -> None:
    for occupancy in ("rented", "vacant", "lent"):
        send(worker, sheet("collect_house", {"occupancy": occupancy}, about(home)))
    assert held(Dwelling, home.pk).occupancy == "lent"
    write(world, "dwelling", {"occupancy": "owner"}, id=home.pk, where=None)
    send(worker, sheet("collect_house", {"occupancy": "rented"}, about(home)), 409)


def test_who_is_known_elsewhere_is_said_and_moves_in_when_that_is_said(
    world: World, worker: Api, home: Dwelling
) -> None:
    other = building(world, town.OTHER_GRID, key="stranger_community", address="荷塘路9号")
    there = dwelling(world, other, key="stranger_community")
    who = person(world, "陈新到", key="stranger_community", order=41, where=Where(code=town.OTHER_GRID))
    moves_in(world, who.pk, there.pk, key="stranger_community")
    body = newcomer(home, answers={"id_number": number(41)})
    assert send(worker, body, 409)["code"] == "registry.known_elsewhere"
    assert sheets() == 0
    body["registry"]["moved_in"] = True
    made = send(worker, body)
    assert made["registry"]["id"] == str(who.pk)
    with acting(SYSTEM):
        assert list(Residence.objects.filter(person=who.pk, to_date=None).values_list("dwelling", flat=True)) == [
            home.pk
        ]
    assert held(Person, who.pk).code == town.GRID


def test_who_is_known_here_is_that_person(world: World, worker: Api, home: Dwelling) -> None:
    who = person(world, "陈新到", order=42)
    first = send(worker, newcomer(home, answers={"id_number": number(42)}))
    assert first["registry"]["id"] == str(who.pk)
    again = send(worker, newcomer(home, answers={"id_number": number(42), "tie": "lives"}))
    assert again["registry"]["id"] == str(who.pk)
    with acting(SYSTEM):
        assert Residence.objects.filter(person=who.pk).count() == 1


def test_a_number_that_somebody_else_has_is_said_with_their_record(world: World, worker: Api) -> None:
    one, other = person(world, order=43), person(world, "李四", order=44)
    refused = send(worker, sheet("collect_person", {"id_number": number(44)}, about(one)), 409)
    assert refused["code"] == "registry.already_known" and refused["data"]["id"] == str(other.pk)
    assert sheets() == 0


def test_what_has_ended_and_what_is_out_of_sight(world: World, worker: Api) -> None:
    gone, elsewhere = (
        person(world, order=45),
        person(world, key="stranger_community", order=46, where=Where(code=town.OTHER_GRID)),
    )
    api_as(world["community"]).post(f"/api/registry/records/person/{gone.pk}/end", {"reason": "moved_away"})
    assert send(worker, sheet("collect_person", {"employer": "某厂"}, about(gone)), 409)["code"] == "registry.ended"
    for record in (about(elsewhere), {"id": str(new_id()), "version": 1}):
        assert send(worker, sheet("collect_person", {"employer": "某厂"}, record), 404)["code"] == "not_found"


def test_a_shop_by_position_and_none_outside_ones_area(worker: Api) -> None:
    answers = {"name": "顺达便利店", "kind": "individual", "phone": "025-86000000"}
    lon, lat = town.point_in(town.GRID)
    made = send(worker, sheet("collect_organisation", answers, {"id": str(new_id())}, lon=lon, lat=lat, accuracy=9))
    row = held(Organisation, made["registry"]["id"])
    assert (row.code, row.lon, row.source) == (town.GRID, lon, "field")
    lon, lat = town.point_in(town.OTHER_GRID)
    body = sheet("collect_place", {"name": "小广场", "kind": "square"}, {"id": str(new_id())}, lon=lon, lat=lat)
    assert send(worker, body, 403)["code"] == "registry.out_of_area"
    send(worker, body | {"lon": None, "lat": None, "grid": town.GRID})
    assert held(Place, body["registry"]["id"]).code == town.GRID
    with acting(SYSTEM):
        assert Place.objects.count() == 1


def test_a_room_that_was_known_is_that_room_for_those_who_were_put_into_it(worker: Api, home: Dwelling) -> None:
    """Both were made without a network, under an id of the phone's own."""
    mine = str(new_id())
    answers = {"unit": "2", "room": "301", "use": "01", "occupancy": "rented"}
    made = send(worker, sheet("collect_house", answers, {"id": mine, "building_id": str(home.building_id)}))
    assert made["registry"]["id"] == str(home.pk)
    person_made = send(worker, newcomer(home, registry={"dwelling_id": mine}))
    with acting(SYSTEM):
        assert Residence.objects.get(person=person_made["registry"]["id"]).dwelling_id == home.pk


def test_faults_are_said_by_the_field_of_the_sheet(worker: Api, home: Dwelling) -> None:
    refused = send(worker, newcomer(home, answers={"phone": "12", "id_number": "110105194912310021"}), 422)
    assert set(refused["fields"]) == {"answers.phone", "answers.id_number"}
    assert set(send(worker, newcomer(home, answers={"tie": None}), 422)["fields"]) == {"answers.tie"}
    lost = newcomer(home, registry={"dwelling_id": None})
    assert set(send(worker, lost, 422)["fields"]) == {"registry.dwelling_id"}
    assert sheets() == 0


def test_a_sheet_of_the_registry_says_what_it_is_about_and_no_other_does(worker: Api) -> None:
    answers = {"name": "小广场", "kind": "square"}
    assert set(send(worker, sheet("collect_place", answers, None), 422)["fields"]) == {"registry"}
    stray = sheet("visit_general", {"met": "met"}, {"id": str(new_id())})
    assert set(send(worker, stray, 422)["fields"]) == {"registry"}


def test_the_word_of_a_department_stands_and_the_other_waits(world: World, worker: Api) -> None:
    who = person(world, "周甲", order=47)
    row = write(world, "person", {"name": "周假"}, id=who.pk, where=None, source=DEPARTMENT).record
    send(worker, sheet("collect_person", {"name": "周佳"}, about(row)))
    assert held(Person, who.pk).name == "周假"
    with acting(SYSTEM):
        assert Difference.objects.get(record=who.pk).source == "field"


def test_one_tap_freshens_what_was_seen_and_nothing_else(world: World, worker: Api) -> None:
    long_ago = clock.now() - timedelta(days=400)
    who = person(world, order=48, values={"employer": "某厂", "occupation": "厨师"}, at=long_ago)
    seen_at = clock.now() - timedelta(hours=3)
    body = sheet("collect_person", {}, about(who, confirmed=["employer", "phone", "name"]))
    made = send(worker, body | {"happened_at": seen_at.isoformat()})
    row = held(Person, who.pk)
    assert made["registry"] | {"id": ""} == {"kind": "person", "id": "", "version": who.version, "fields": []}
    assert set(row.sources) == {"employer", "name"} and row.sources["employer"][1] == seen_at.isoformat()
    assert row.checked_at > who.checked_at


def test_a_phone_whose_clock_is_years_behind_makes_nothing_stale(worker: Api, home: Dwelling) -> None:
    body = sheet("collect_house", {"hazard": "01"}, about(home)) | {"happened_at": "2001-01-01T00:00:00Z"}
    send(worker, body)
    assert held(Dwelling, home.pk).sources["hazard"][1] == home.changed_at.isoformat()


def test_who_may_not_write_there_leaves_no_sheet(world: World, home: Dwelling) -> None:
    body = sheet("collect_house", {"occupancy": "vacant"}, about(home))
    assert send(api_as(world["stranger_grid_worker"]), body, 404)["code"] == "not_found"
    roles = world.roles["grid_worker"]
    roles.permissions = [one for one in roles.permissions if one != "registry.edit"]
    roles.save(update_fields=["permissions"])
    assert send(api_as(world["grid_worker"]), body, 403)["code"] == "not_allowed"
    assert sheets() == 0


def test_an_old_sheet_of_a_dwelling_stays_a_sheet(worker: Api) -> None:
    """A phone that opened it before the house was brought up to date."""
    answers = {"house_no": "3-2-301", "use": "01", "occupied": "own"}
    made = send(worker, sheet("collect_house", answers, None, version=1, grid=town.GRID))
    assert made["registry"] is None and made["answers"] == answers


def test_somebody_who_moved_out_is_said_once(world: World, worker: Api, home: Dwelling) -> None:
    who, key = person(world, order=49), str(new_id())
    moves_in(world, who.pk, home.pk)
    with acting(SYSTEM):
        tie = Residence.objects.get(person=who.pk).pk
    for _ in range(2):
        answer = worker.post(f"/api/registry/ties/{tie}/end", {"in_field": True}, **{"Idempotency-Key": key})
        assert answer.status_code == 204, answer.content.decode()
    with acting(SYSTEM):
        assert Residence.objects.get(pk=tie).to_date == clock.today()
        assert Change.objects.get(record=who.pk, new=f"-lives:{home.pk}").source == "field"
    assert isinstance(tie, UUID)


def test_what_a_task_asked_to_collect_belongs_to_it(world: World, worker: Api, home: Dwelling) -> None:
    lon, lat = town.point_in(town.GRID)
    given = {
        "kind": "collect", "title": "核对出租房", "posts": [world["grid_worker"].post.pk], "form": "collect_house",
        "lon": lon, "lat": lat,
    }  # fmt: skip
    errand = api_as(world["community"]).post("/api/field/errands", given).json()
    done = {"move": "finish", "happened_at": clock.now().isoformat()}
    path = f"/api/field/errands/{errand['id']}/moves"
    assert set(worker.post(path, done).json()["fields"]) == {"form"}
    made = send(worker, sheet("collect_house", {"occupancy": "rented"}, about(home), errand_id=errand["id"]))
    assert made["errand_id"] == errand["id"]
    assert worker.post(path, done).json()["state"] == "closed"
