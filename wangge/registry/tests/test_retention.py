"""Each field of somebody who is gone has its time; then its value is gone, from the record and from its history."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from wangge.core import clock, crypto
from wangge.core.actor import acting
from wangge.core.models import JournalEntry
from wangge.registry import rollups, tasks
from wangge.registry.actions import PartGiven, add_part, end_record, erase_person
from wangge.registry.actions.retention import KEPT, forget_fields, forget_gone, forget_parts, sooner
from wangge.registry.actions.reveal import reveal_part
from wangge.registry.models import Change, Difference, OrganisationPerson, Person, RetentionRun
from wangge.registry.queries.retention import counted, retention
from wangge.registry.rollups import count_grids
from wangge.registry.rules.purposes import RevealPurpose
from wangge.registry.tasks import field_retention, part_retention, people_retention
from wangge.registry.tests.made import DEPARTMENT, SYSTEM, one, person, write
from wangge.testing import town
from wangge.testing.world import World

GIVEN = {"phone": "13900000001", "email": "a@example.cn", "employer": "桃叶超市", "education": "20"}


@pytest.fixture
def gone(world: World) -> UUID:
    """Changed twice, contradicted once, and ended today."""
    who = person(world, values=GIVEN).pk
    write(world, "person", {"phone": "13900000002", "employer": "秦淮书店", "name": "张伟民"}, id=who, where=None)
    write(world, "person", {"marital": "10"}, id=who, where=None, source=DEPARTMENT)
    by = world["community"].actor
    with acting(by):
        end_record(kind="person", record_id=who, reason="moved_away", by=by, at=clock.now())
    return who


def after(days: int) -> datetime:
    return clock.now() + timedelta(days=days)


def forgotten(at: datetime, limit: int = 10) -> int:
    with acting(SYSTEM):
        return forget_fields(by=SYSTEM, at=at, limit=limit)


def everything_of(pk: UUID) -> str:
    """All that the room's tables say of a record, what is sealed opened."""
    with acting(SYSTEM):
        person = Person.objects.get(pk=pk)
        said = [str(getattr(person, field.attname)) for field in Person._meta.concrete_fields]
        for line in Change.objects.filter(record=pk):
            said += [line.old, line.new]
            for sealed in (line.old_sealed, line.new_sealed):
                if sealed is not None:
                    context = f"registry_change.{line.field}"
                    said.append(crypto.unseal_text(bytes(sealed), context=context, row=str(pk)))
        said += Difference.objects.filter(record=pk).values_list("offered", flat=True)
        return "\n".join(said)


def test_nothing_goes_before_its_time_and_nobody_who_stands(world: World, gone: UUID) -> None:
    standing = person(world, "李四", order=2, values=GIVEN)
    assert forgotten(after(179)) == 0
    assert one(gone).phone_masked and one(gone).employer == "秦淮书店"
    assert forgotten(after(800)) > 0
    assert one(standing.pk).employer == "桃叶超市"


def test_how_to_reach_somebody_goes_first_from_history_too(gone: UUID) -> None:
    before = everything_of(gone)
    assert "13900000001" in before and "13900000002" in before
    assert forgotten(after(181)) == 1
    left = one(gone)
    assert (left.phone_sealed, left.phone_hash, left.phone_masked, left.email_sealed) == (None, None, "", None)
    assert (left.employer, left.name, left.id_number_masked[:4]) == ("秦淮书店", "张伟民", "3201")
    said = everything_of(gone)
    assert not any(word in said for word in ("1390000", "139****", "example.cn"))
    assert "桃叶超市" in said and "张伟明" in said


def test_what_was_planned_with_goes_after_a_year_with_what_others_said(gone: UUID) -> None:
    with acting(SYSTEM):
        assert Change.objects.filter(record=gone, field="employer", old="桃叶超市").exists()
    assert forgotten(after(366)) == 2
    left = one(gone)
    assert (left.employer, left.education, left.marital) == ("", "", "")
    assert (left.name, bool(left.id_number_hash)) == ("张伟民", True)
    said = everything_of(gone)
    assert "桃叶超市" not in said and "秦淮书店" not in said and "张伟明" in said
    with acting(SYSTEM):
        assert forget_gone(by=SYSTEM, at=after(KEPT.days + 1), limit=10) == 1
    assert one(gone).name == ""


def test_that_it_was_done_is_on_the_record_once_and_without_a_value(gone: UUID) -> None:
    at = after(366)
    assert forgotten(at) == 2
    assert forgotten(at) == 0
    with acting(SYSTEM):
        entries = JournalEntry.objects.filter(kind="person.fields_erased", subject_id=str(gone))
        changed = {field for entry in entries for field in entry.changed}
        lines = Change.objects.filter(record=gone, source="retention")
        assert changed == {"phone", "email", "employer", "education", "marital"} == {line.field for line in lines}
        assert all((line.old, line.new, line.at) == ("", "", at) for line in lines)


def test_so_many_at_once_and_the_rest_in_the_next_turn(world: World, gone: UUID) -> None:
    with acting(SYSTEM):
        others = [person(world, "李四", order=order).pk for order in (2, 3)]
        Person.objects.filter(pk__in=others).update(ended_at=clock.now())
    assert [forgotten(after(181), limit=2) for _ in range(3)] == [2, 1, 0]


def test_who_is_due_is_found_by_an_index(world: World) -> None:
    with acting(SYSTEM), CaptureQueriesContext(connection) as queries:
        forget_fields(by=SYSTEM, at=after(400), limit=10)
    asked = [query["sql"] for query in queries if "registry_person" in query["sql"]]
    assert len(asked) == len(sooner()) == 2
    with acting(SYSTEM), connection.cursor() as cursor:
        cursor.execute("set local enable_seqscan = off")
        for sql in asked:
            cursor.execute("explain " + sql)
            assert "registry_person_ended" in str(cursor.fetchall())


def closed_organisation(world: World, *, safety: UUID) -> UUID:
    """Its legal representative by name, its safety person of the registry; closed today."""
    by = world["community"].actor
    shop = write(world, "organisation", {"name": "桃叶超市", "kind": "enterprise"}).record.pk
    with acting(by):
        add_part(
            organisation_id=shop,
            given=PartGiven(role="legal", name="郑戊", phone="13900000003"),
            by=by,
            at=clock.now(),
        )
        add_part(organisation_id=shop, given=PartGiven(role="safety", person_id=safety), by=by, at=clock.now())
        end_record(kind="organisation", record_id=shop, reason="closed", by=by, at=clock.now())
    return UUID(str(shop))


def parts_of(organisation: UUID) -> dict[str, OrganisationPerson]:
    with acting(SYSTEM):
        return {part.role: part for part in OrganisationPerson.objects.filter(organisation=organisation)}


def forgotten_parts(at: datetime, limit: int = 10) -> int:
    with acting(SYSTEM):
        return forget_parts(by=SYSTEM, at=at, limit=limit)


def test_who_answers_for_an_organisation_does_so_until_it_ends(world: World) -> None:
    who = person(world).pk
    parts = parts_of(closed_organisation(world, safety=who))
    assert {part.to_date for part in parts.values()} == {clock.today()}
    assert one(who).ended_at is None


def test_of_whom_answered_for_what_ended_the_telephone_goes_and_then_the_name(world: World) -> None:
    who = person(world).pk
    shop = closed_organisation(world, safety=who)
    assert forgotten_parts(after(180)) == 0
    assert forgotten_parts(after(181)) == 1
    legal = parts_of(shop)["legal"]
    assert (legal.phone_sealed, legal.phone_masked, legal.name) == (None, "", "郑戊")
    by = world["community"].actor
    with acting(by):
        assert reveal_part(part_id=legal.pk, purpose=RevealPurpose.VERIFY, by=by, at=clock.now()) == {"phone": ""}
    assert forgotten_parts(after(731)) == 2
    assert forgotten_parts(after(731)) == 0
    assert {(part.name, part.person_id) for part in parts_of(shop).values()} == {("", None)}
    assert one(who).name == "张伟明"


def test_a_part_that_stands_and_one_in_its_time_are_left(world: World) -> None:
    by = world["community"].actor
    shop = write(world, "organisation", {"name": "秦淮书店", "kind": "enterprise"}).record.pk
    with acting(by):
        given = PartGiven(role="legal", name="郑戊", phone="13900000003")
        add_part(organisation_id=shop, given=given, by=by, at=clock.now())
    assert forgotten_parts(after(2000)) == 0


def test_that_a_part_was_emptied_is_on_the_journal_without_a_value(world: World) -> None:
    shop = closed_organisation(world, safety=person(world).pk)
    assert [forgotten_parts(after(731), limit=1) for _ in range(4)] == [1, 1, 1, 0]
    with acting(SYSTEM):
        entries = JournalEntry.objects.filter(kind="organisation.part_emptied", subject_id=str(shop))
        assert sorted(entry.changed for entry in entries) == [["name"], ["name"], ["phone"]]
        assert not any("郑戊" in str(entry.data) or "139" in str(entry.changed) for entry in entries)


def ended_days_ago(person_id: UUID, days: int) -> None:
    with acting(SYSTEM):
        Person.objects.filter(pk=person_id).update(ended_at=clock.now() - timedelta(days=days))


def figures(world: World, key: str = "community") -> dict[str, Any]:
    """Of grids counted just now."""
    with acting(SYSTEM):
        count_grids({town.GRID, town.OTHER_GRID}, at=clock.now())
    by = world[key].actor
    with acting(by):
        return counted("", by=by)


def counts(found: dict[str, Any], what: str) -> dict[tuple[str, str], int]:
    return {(one["kind"], one["field"]): one[what] for one in found["fields"] if one[what]}


def test_what_goes_soon_is_counted_by_field_and_grid_where_it_is_held(world: World, gone: UUID) -> None:
    assert counts(figures(world), "soon") == {}
    ended_days_ago(gone, 155)
    found = figures(world)
    assert counts(found, "soon") == {("person", "phone"): 1, ("person", "email"): 1}
    [line] = found["items"]
    assert (line["code"], line["values_soon"], line["records_soon"], line["values_emptied"]) == (town.GRID, 2, 0, 0)
    ended_days_ago(gone, 340)
    assert counts(figures(world), "soon") == {("person", field): 1 for field in ("employer", "education", "marital")}
    ended_days_ago(gone, 720)
    assert counts(figures(world), "soon") == {("person", ""): 1}
    assert figures(world)["items"][0]["records_soon"] == 1
    assert figures(world, "stranger_community")["items"] == []


def test_what_was_emptied_of_late_is_counted_and_is_not_soon(world: World, gone: UUID) -> None:
    ended_days_ago(gone, 181)
    assert forgotten(clock.now()) == 1
    found = figures(world)
    assert counts(found, "emptied") == {("person", "phone"): 1, ("person", "email"): 1}
    assert counts(found, "soon") == {}
    assert found["items"][0]["values_emptied"] == 2
    ended_days_ago(gone, KEPT.days + 1)
    with acting(SYSTEM):
        assert forget_gone(by=SYSTEM, at=clock.now(), limit=10) == 1
    assert counts(figures(world), "emptied") == {("person", ""): 1}


def test_who_was_erased_at_their_own_request_is_no_matter_of_time(world: World, gone: UUID) -> None:
    by = world["community"].actor
    with acting(by):
        erase_person(person_id=gone, why="本人申请", by=by, at=clock.now())
    assert counts(figures(world), "emptied") == {}


def test_parts_in_organisations_are_counted_too(world: World) -> None:
    shop = closed_organisation(world, safety=person(world).pk)
    with acting(SYSTEM):
        OrganisationPerson.objects.filter(organisation=shop).update(to_date=clock.today() - timedelta(days=731))
    assert counts(figures(world), "soon") == {("organisation", ""): 2}
    assert forgotten_parts(clock.now()) == 3
    found = figures(world)
    assert counts(found, "soon") == {}
    assert counts(found, "emptied") == {("organisation", "phone"): 1, ("organisation", ""): 2}


def test_the_grids_in_which_something_was_emptied_are_counted_anew(committed_world: World) -> None:
    """By the reader of the journal, as everything else of a grid is."""
    world = committed_world
    gone = person(world, values=GIVEN).pk

    def emptied() -> dict[tuple[str, str], int]:
        rollups.catch_up()
        by = world["community"].actor
        with acting(by):
            return counts(counted("", by=by), "emptied")

    shop = closed_organisation(world, safety=person(world, "李四", order=2).pk)
    with acting(SYSTEM):
        OrganisationPerson.objects.filter(organisation=shop).update(to_date=clock.today() - timedelta(days=181))
    assert emptied() == {}
    ended_days_ago(gone, 181)
    assert not any((field_retention(), part_retention()))
    assert emptied() == {("person", "phone"): 1, ("person", "email"): 1, ("organisation", "phone"): 1}
    ended_days_ago(gone, KEPT.days + 1)
    assert not people_retention()
    assert emptied() == {("person", ""): 1, ("organisation", "phone"): 1}


def test_the_page_says_when_it_ran_and_whether_all_was_done(
    world: World, gone: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert figures(world)["ran_at"] is None
    ended_days_ago(gone, 181)
    assert not any((people_retention(), field_retention(), part_retention()))
    found = figures(world)
    assert found["ran_at"] == found["done_at"] is not None
    ended_days_ago(gone, 366)
    monkeypatch.setattr(tasks, "AT_ONCE", 1)
    assert field_retention() is True
    found = figures(world)
    assert found["done_at"] is not None
    with acting(SYSTEM):
        run = RetentionRun.objects.get(name="fields")
    assert run.done_at is not None and run.done_at < run.ran_at


def test_figures_of_retention_are_few_queries_whatever_the_number(world: World, gone: UUID) -> None:
    ended_days_ago(gone, 340)
    figures(world)
    by = world["community"].actor
    with acting(by), CaptureQueriesContext(connection) as queries:
        found = retention(town.COMMUNITY, by=by)
    assert found["items"] and len(queries) == 4
