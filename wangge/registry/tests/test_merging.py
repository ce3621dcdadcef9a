"""Two rows of one person: numbers that were mistyped, and what waits about the one that goes."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from wangge.core import clock
from wangge.core.actor import acting
from wangge.registry.actions import PartGiven, Source, add_part, erase_person, merge, unmerge
from wangge.registry.actions.merging import NotMergeable
from wangge.registry.actions.retention import forget_fields, forget_parts
from wangge.registry.actions.settle import held_value, offered_value, old_value
from wangge.registry.dictionary import field_of
from wangge.registry.models import Change, Difference, Merge, OrganisationPerson, Person, Residence, Token
from wangge.registry.tests.made import (
    DEPARTMENT,
    SYSTEM,
    building,
    dwelling,
    moves_in,
    number,
    one,
    people,
    person,
    write,
)
from wangge.registry.tests.test_search import ok
from wangge.testing.client import api_as
from wangge.testing.world import World

SOME_TIME = datetime(2020, 1, 1, tzinfo=UTC)


def mistyped(world: World, order: int) -> Person:
    """As a file brings it, with a warning."""
    made = person(world, "张伟明", order=order, values={"phone": "19900000001"})
    with acting(SYSTEM):
        Person.objects.filter(pk=made.pk).update(number_faulty=True)
    return made


def merged(world: World, kept: Person, gone: Person) -> Merge:
    by = world["community"].actor
    with acting(by):
        return merge(kept_id=kept.pk, gone_id=gone.pk, why="同一人", by=by, at=clock.now())


def parted(world: World, row: Merge) -> None:
    by = world["community"].actor
    with acting(by):
        unmerge(merge_id=row.pk, by=by, at=clock.now())


def number_of(pk: Any) -> tuple[str, bool]:
    row, field = one(pk), field_of("person", "id_number")
    assert field is not None
    return held_value("person", row, field), row.number_faulty


def test_a_mistyped_number_gives_way_to_the_right_one_and_comes_back_when_they_are_parted(world: World) -> None:
    kept, gone = mistyped(world, 2), person(world)
    row = merged(world, kept, gone)
    assert number_of(kept.pk) == (number(1), False)
    assert number(2) not in str(row.moved)
    with acting(SYSTEM):
        line = Change.objects.get(record=kept.pk, field="id_number")
    assert old_value(line) == number(2) and number(2) not in line.old
    parted(world, row)
    assert number_of(kept.pk) == (number(2), True)
    assert number_of(gone.pk) == (number(1), False) and one(gone.pk).ended_at is None


def test_a_right_number_stays_when_the_mistyped_row_goes(world: World) -> None:
    kept, gone = person(world), mistyped(world, 2)
    row = merged(world, kept, gone)
    assert number_of(kept.pk) == (number(1), False)
    parted(world, row)
    assert (number_of(kept.pk), number_of(gone.pk)) == ((number(1), False), (number(2), True))


def test_a_number_corrected_since_stays_when_they_are_parted(world: World) -> None:
    kept, gone = mistyped(world, 2), person(world)
    row = merged(world, kept, gone)
    write(world, "person", {"id_number": number(3)}, id=kept.pk, where=None, why="原件核对")
    parted(world, row)
    assert number_of(kept.pk) == (number(3), False)


def test_a_mistyped_number_that_fills_a_gap_keeps_its_mark(world: World) -> None:
    kept, gone = person(world, values={"id_number": ""}), mistyped(world, 2)
    row = merged(world, kept, gone)
    assert number_of(kept.pk) == (number(2), True)
    parted(world, row)
    assert number_of(kept.pk) == ("", False)


def test_two_right_numbers_are_two_people(world: World) -> None:
    with pytest.raises(NotMergeable):
        merged(world, person(world), person(world, order=2))


def waiting(pk: Any) -> list[Difference]:
    with acting(SYSTEM):
        return list(Difference.objects.filter(record=pk, state="open").order_by("field"))


def test_what_waits_about_the_row_that_goes_is_asked_of_the_one_that_stands(world: World) -> None:
    kept, gone = person(world, values={"id_number": ""}), person(world, "张卫明", order=2, values={"phone": ""})
    permit, older = {"permit_number": "J3201000000000001"}, Source(kind="import", said_at=SOME_TIME)
    for who in (kept, gone):
        write(world, "person", permit | {"name": "张伟明"}, id=who.pk, where=None, source=DEPARTMENT)
    offered = {"permit_number": "J3201000000000002", "name": "张伟民"}
    write(world, "person", offered, id=gone.pk, where=None, source=older)
    before = [one.pk for one in waiting(gone.pk)]
    row = merged(world, kept, gone)
    assert waiting(gone.pk) == []
    assert [(one.field, offered_value(one)) for one in waiting(kept.pk)] == [
        ("name", "张伟民"),
        ("permit_number", "J3201000000000002"),
    ]
    parted(world, row)
    assert ([one.pk for one in waiting(gone.pk)], waiting(kept.pk)) == (before, [])


def time_goes_by(days: int) -> None:
    """The merge, and what ended with it, lies so many days back; then retention comes."""
    with acting(SYSTEM):
        before = timedelta(days=days)
        for row in Merge.objects.all():
            Merge.objects.filter(pk=row.pk).update(at=row.at - before)
        for gone in Person.objects.exclude(ended_at=None):
            Person.objects.filter(pk=gone.pk).update(ended_at=clock.now() - before)
        for part in OrganisationPerson.objects.exclude(to_date=None):
            OrganisationPerson.objects.filter(pk=part.pk).update(to_date=clock.today() - before)
        forget_fields(by=SYSTEM, at=clock.now(), limit=10)
        forget_parts(by=SYSTEM, at=clock.now(), limit=10)


def lost_of(world: World, kept: Person) -> list[str]:
    history = ok(api_as(world["community"]).get(f"/api/registry/records/person/{kept.pk}/history"))
    return [label["zh"] for label in history["merges"][0]["lost"]]


def test_what_had_its_time_meanwhile_is_told_before_two_are_parted_and_afterwards(world: World) -> None:
    kept = person(world, values={"phone": "19900000001", "employer": "桃叶超市"})
    gone = person(world, values={"id_number": "", "phone": "19900000002", "employer": "秦淮书店"})
    row = merged(world, kept, gone)
    assert lost_of(world, kept) == []
    time_goes_by(200)
    assert lost_of(world, kept) == ["联系电话"]
    parted(world, row)
    assert lost_of(world, kept) == ["联系电话"]
    assert (one(gone.pk).phone_masked, one(gone.pk).employer, one(gone.pk).ended_at) == ("", "秦淮书店", None)
    assert one(kept.pk).phone_masked == "199****0001"


def test_what_the_other_was_given_goes_back_though_its_time_was_over_here(world: World) -> None:
    kept = person(world, values={"phone": "", "employer": ""})
    gone = person(world, values={"id_number": "", "phone": "19900000002", "employer": "秦淮书店"})
    row = merged(world, kept, gone)
    write(world, "person", {"employer": "新单位"}, id=kept.pk, where=None)
    time_goes_by(400)
    with acting(SYSTEM):
        Change.objects.filter(record=kept.pk).update(at=clock.now() - timedelta(days=1))
    assert (one(gone.pk).phone_masked, one(gone.pk).employer) == ("", "")
    assert lost_of(world, kept) == ["服务处所"]
    parted(world, row)
    field = field_of("person", "phone")
    assert field is not None
    assert held_value("person", one(gone.pk), field) == "19900000002"
    assert (one(kept.pk).phone_hash, one(kept.pk).employer, one(gone.pk).employer) == (None, "新单位", "")
    with acting(SYSTEM):
        assert Change.objects.filter(record=gone.pk, field="phone", new="199****0002", why="同一人").exists()
    assert lost_of(world, kept) == ["服务处所"]


def test_a_part_that_merging_ended_comes_back_without_its_telephone(world: World) -> None:
    kept, gone = person(world), person(world, values={"id_number": ""})
    by = world["community"].actor
    shop = write(world, "organisation", {"name": "桃叶超市", "kind": "enterprise"}).record.pk
    with acting(by):
        for who in (kept, gone):
            given = PartGiven(role="safety", person_id=who.pk, phone="13900000003")
            add_part(organisation_id=shop, given=given, by=by, at=clock.now())
    row = merged(world, kept, gone)
    time_goes_by(200)
    assert "任职联系电话" in lost_of(world, kept)
    parted(world, row)
    with acting(SYSTEM):
        back = OrganisationPerson.objects.get(person=gone)
    assert (back.to_date, back.phone_masked) == (None, "")


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
