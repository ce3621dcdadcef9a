"""The small demonstration: loads, covers its ground, and says nothing that the product would not have written."""

import re
import uuid
from collections import defaultdict
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
import shapely
from django.conf import LazySettings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client

from wangge.accounts.models import Post, User
from wangge.cases import clocks, rollups
from wangge.cases.actions.join import separate_case
from wangge.cases.configuration import configuration
from wangge.cases.models import (
    Assignment,
    Attachment,
    Case,
    DayByPlace,
    Deadline,
    Reporter,
    Step,
    Supervision,
    Whistle,
)
from wangge.cases.queries.whistles import CONDITIONS
from wangge.cases.rules.moves import BY_MOVE, Move
from wangge.cases.rules.states import OPEN, State
from wangge.cases.search import question
from wangge.core import clock, crypto
from wangge.core.actor import Actor, acting
from wangge.core.codes import Level
from wangge.core.models import JournalEntry
from wangge.demo import ground, plan, tracks
from wangge.demo.field import actor_at
from wangge.demo.load import Loaded, NotEmpty, load
from wangge.demo.topics import TOPICS
from wangge.demo.wording import counted
from wangge.field.actions.compaction import AFTER, compact
from wangge.field.models import DutySpan, Newest, PatrolDay, Record, Subject, TrackDay
from wangge.field.queries.pack import pack
from wangge.grids import queries as grids
from wangge.grids.models import Boundary, Division, Grid, TeamMember
from wangge.grids.rules.coverage import Cell, check_coverage
from wangge.registry.models import (
    Difference,
    Dwelling,
    Facility,
    Household,
    Member,
    Organisation,
    Person,
    Place,
    Residence,
)
from wangge.registry.queries.duplicates import duplicates

SYSTEM = Actor.system("test")


@pytest.fixture
def loaded(district: Loaded, db: None) -> Loaded:
    return district


def test_it_goes_into_an_empty_database_only(loaded: Loaded) -> None:
    assert Case.objects.count() == loaded.cases == 300
    with pytest.raises(NotEmpty):
        load(small=True)


def test_workers_are_on_duty_where_they_are_seen_and_went_somewhere_yesterday(loaded: Loaded) -> None:
    with acting(SYSTEM):
        compact(at=clock.day_start(clock.today()) + AFTER, limit=1000)  # between midnight and then it is yet to come
        open_now = DutySpan.objects.open().count()
        placed = Newest.objects.filter(post__in=DutySpan.objects.open().values("post")).count()
        days = list(TrackDay.objects.values_list("metres", "heard_s", "duty_s", "stops"))
        shares = list(PatrolDay.objects.filter(route_share__isnull=False).values_list("on_track", "route_share"))
    assert open_now == placed > 5
    assert len(days) > 10 and all(metres > 1000 and stops for metres, _, _, stops in days)
    assert all(0.8 * duty < heard <= duty for _, heard, duty, _ in days)
    assert max(on_track for on_track, _ in shares) > 0 and max(share or 0.0 for _, share in shares) > 0.5


def test_they_walk_on_and_nobody_else_is_moved(loaded: Loaded) -> None:
    walking, before = on_duty_now(), newest()
    tracks.go_on(at=clock.now() + timedelta(minutes=20))
    after = newest()
    assert {post for post in after if after[post] > before.get(post, 0)} == walking == on_duty_now()


def test_next_morning_those_go_out_again_who_walked_and_still_work_there_and_no_visitor_does(loaded: Loaded) -> None:
    walking, today = on_duty_now(), clock.day_start(clock.today())
    gone, locked = sorted(walking)[:2]
    Post.objects.filter(pk=gone).update(revoked_at=clock.now())
    User.objects.filter(posts=locked).update(is_active=False)
    tracks.go_on(at=today + timedelta(days=1, hours=8, minutes=29))
    assert on_duty_now() == {gone, locked}, "all others went home after nine hours"
    early, late = (today + timedelta(days=1, hours=8, minutes=minute) for minute in (40, 55))
    tracks.go_on(at=early)
    with acting(SYSTEM):
        begun = DutySpan.objects.open().exclude(post__in=(gone, locked))
        assert begun.exists() and not begun.filter(began_at__gt=early).exists(), "nobody's duty begins in the future"
    tracks.go_on(at=late)
    assert on_duty_now() == walking
    assert on_duty_now().isdisjoint({desk.post_id for desk in loaded.accounts})


def on_duty_now() -> set[int]:
    with acting(SYSTEM):
        return set(DutySpan.objects.open().values_list("post_id", flat=True))


def newest() -> dict[int, int]:
    """By post, ms."""
    with acting(SYSTEM):
        return dict(Newest.objects.values_list("post_id", "ms"))


def test_its_grids_cover_every_community(loaded: Loaded) -> None:
    shapes = {row.code: shapely.from_wkb(bytes(row.geometry)) for row in Boundary.objects.all()}
    communities = [code for code in shapes if len(code) == 12]
    assert len(communities) == 6
    for community in communities:
        cells = [Cell(code, shape) for code, shape in shapes.items() if len(code) > 12 and code.startswith(community)]
        assert check_coverage(shapes[community], cells) == []
    index = grids.index()
    assert all(index.locate(case.lon, case.lat) == case.current_grid for case in Case.objects.all())  # type: ignore[arg-type]


def test_it_has_the_people_of_the_plan_and_a_few_vacancies(loaded: Loaded) -> None:
    assert loaded.workers == 90
    staffed = set(TeamMember.objects.filter(kind="full_time").values_list("grid", flat=True))
    vacant = Grid.objects.filter(type="general").exclude(code__in=staffed).count()
    assert 0 < vacant < 4
    assert {desk.role for desk in loaded.accounts} >= {"grid_worker", "community", "street_seat", "auditor"}


def test_its_newest_cases_stand_in_every_open_state(loaded: Loaded) -> None:
    found = set(Case.objects.values_list("state", flat=True))
    assert found >= {str(state) for state in (*OPEN, State.CLOSED, State.ARCHIVED)}
    assert Case.objects.filter(is_overdue=True, state__in=OPEN).exists()
    assert Supervision.objects.filter(by_rule=True).exists()
    assert Case.objects.filter(self_settled=True).count() > 60
    assert 0 < Case.objects.filter(was_late=True).count() < 150


def test_a_case_says_how_many_once(loaded: Loaded) -> None:
    lamps = re.compile(r"(\d)盏")
    with acting(SYSTEM):
        cases = Case.objects.filter(title__contains="盏路灯")
        told = list(cases.values_list("title", "text__description"))
    assert all(lamps.findall(title) == lamps.findall(text) for title, text in told)  # at some hours there is none
    counting = [
        variant for topic in TOPICS for variant in topic.variants if any("{n}" in one for one in variant.titles)
    ]
    for variant in counting:
        said = counted(variant, 41)
        assert "{n}" not in "".join([*said.titles, said.fact, said.done])
        assert any("41" in title for title in said.titles) and "41" in said.fact
    assert counting


def test_every_history_follows_the_table_of_moves(loaded: Loaded) -> None:
    histories: dict[object, list[Step]] = defaultdict(list)
    for step in Step.objects.order_by("case", "id"):
        histories[step.case_id].append(step)
    for steps in histories.values():
        assert steps[0].kind == "report"
        for before, step in pairwise(steps):
            assert before.at <= step.at
            rule = BY_MOVE.get(Move(step.kind))
            is_told = "joined" in step.data or "separated" in step.data  # what was done with the other case
            if rule is not None and not is_told:
                assert before.state in rule.sources, (before.kind, step.kind)
                assert rule.to is None or step.state in (rule.to, State.JOINED)
    states = dict(Case.objects.values_list("pk", "state"))
    assert {case: steps[-1].state for case, steps in histories.items()} == states


def test_every_due_time_is_what_the_calendar_says(loaded: Loaded) -> None:
    config = configuration()
    for timer in Deadline.objects.all():
        due = clocks.due_of(timer, config)
        assert (timer.due_at, timer.amber_at, timer.calendar) == (due.at, due.amber_at, due.calendar_version)
    for case in Case.objects.filter(state__in=OPEN):
        shown = (case.due_at, case.due_stage, case.is_overdue)
        clocks.show(case, clocks.running(case))
        assert (case.due_at, case.due_stage, case.is_overdue) == shown


def test_whistles_stand_at_every_point_of_their_course(loaded: Loaded) -> None:
    whistles = list(Whistle.objects.prefetch_related("musters"))
    for condition in CONDITIONS.values():
        assert Whistle.objects.filter(condition).exists()
    for whistle in whistles:
        came = [muster for muster in whistle.musters.all() if muster.arrived_at]
        assert bool(whistle.musters.all()) == bool(whistle.confirmed_at)
        assert all(muster.arrived_at > whistle.confirmed_at and (muster.distance_m or 0) < 1000 for muster in came)  # type: ignore[operator]
        if whistle.ended_at:
            assert all(muster.score for muster in came)
    assert len({whistle.number for whistle in whistles}) == len(whistles)


def test_joined_cases_have_followers_and_can_be_taken_out_again(loaded: Loaded) -> None:
    joined = Case.objects.filter(state="joined").select_related("joined_to")
    assert joined.count() >= 2
    with acting(SYSTEM):
        for case in joined:
            assert case.joined_to is not None and case.joined_to.current_grid == case.current_grid
            follower = Reporter.objects.get(case=case.joined_to, pk=uuid.UUID(int=case.pk.int ^ 1))
            assert follower.is_follower and not Reporter.objects.filter(case=case).exists()
    with acting(SYSTEM) as by:
        case = joined[0]
        before = Step.objects.filter(case=case.joined_to_id).count()
        back = separate_case(case_id=case.pk, by=by, at=clock.now(), reason="不是同一件事")
        assert back.state in ("reported", "accepted") and back.due_at is not None
        assert Reporter.objects.get(case=case).is_follower is False
        assert Step.objects.filter(case=joined[0].joined_to_id or case.joined_to_id).count() >= before


def test_seats_put_right_what_was_told_wrongly(loaded: Loaded) -> None:
    corrections = [step.data["before"] for step in Step.objects.filter(kind="correct")]
    assert corrections and all(corrections)


def test_every_open_case_with_a_unit_has_one_lead(loaded: Loaded) -> None:
    for case in Case.objects.filter(state__in=["dispatched", "handling", "suspended", "handled", "reviewed"]):
        lead = Assignment.objects.get(case=case, role="lead", ended_at__isnull=True)
        assert lead.unit_path == case.lead_path


def test_reporters_are_sealed_and_found_by_telephone(loaded: Loaded) -> None:
    with acting(SYSTEM):
        reporter = Reporter.objects.exclude(phone_sealed=None).first()
        assert reporter is not None and reporter.phone_sealed is not None
        phone = crypto.unseal_text(bytes(reporter.phone_sealed), context="cases_reporter.phone", row=str(reporter.pk))
        assert phone.startswith("1990000")
        assert bytes(reporter.phone_hash or b"") == crypto.hash_phone(phone)
        assert phone not in reporter.phone_masked


def test_text_is_found_as_a_reported_one_is(loaded: Loaded) -> None:
    asked = question("楼道")
    assert asked is not None
    found = Case.objects.extra(
        where=["id in (select case_id from cases_text where tokens @@ %s::tsquery)"], params=[asked.query]
    )
    assert found.count() >= Case.objects.filter(title__contains="楼道").count() > 0


def test_pictures_carry_place_and_time(loaded: Loaded) -> None:
    with acting(SYSTEM):
        pieces = list(Attachment.objects.select_related("case"))
    assert {piece.photo_type for piece in pieces} == {"before", "after"}
    for piece in pieces:
        assert piece.case is not None and piece.lon == pytest.approx(piece.case.lon, abs=1e-4)
        assert piece.taken_at is not None and piece.served_sha256 != piece.sha256


def test_one_journal_entry_stands_for_a_batch(loaded: Loaded) -> None:
    entry = JournalEntry.objects.get(kind="cases.imported")
    assert Case.objects.filter(batch=entry.data["batch"]).count() == loaded.cases


@pytest.mark.usefixtures("district")
def test_its_figures_are_what_its_cases_say(django_db_blocker: Any) -> None:
    with django_db_blocker.unblock():
        assert rollups.check() == []
        assert sum(DayByPlace.objects.values_list("reported", flat=True)) >= 300


def test_its_accounts_sign_in_from_this_machine_only(loaded: Loaded, settings: LazySettings) -> None:
    settings.DEMO = True
    assert not User.objects.filter(is_demo=False).exists()
    body = {"username": "qu1", "password": loaded.password}
    here = Client(REMOTE_ADDR="127.0.0.1").post("/api/session", body, content_type="application/json")
    assert (here.status_code, here.json()["status"]) == (200, "signed_in")
    elsewhere = Client(REMOTE_ADDR="10.1.2.3").post("/api/session", body, content_type="application/json")
    assert (elsewhere.status_code, elsewhere.json()["code"]) == (403, "session.demo_from_elsewhere")


def test_the_same_seed_invents_the_same_district() -> None:
    one, other = ground.make(plan.small(7)), ground.make(plan.small(7))
    assert one.divisions == other.divisions
    assert [(grid.code, grid.name, grid.shape.wkb) for grid in one.grids] == [
        (grid.code, grid.name, grid.shape.wkb) for grid in other.grids
    ]
    assert ground.make(plan.small(8)).divisions != one.divisions


def test_it_is_not_loaded_where_its_accounts_would_be_nobodys(settings: LazySettings) -> None:
    settings.DEMO = False
    with pytest.raises(CommandError, match="WANGGE_DEMO=1"):
        call_command("demo", "--small")


def test_its_first_worker_finds_a_living_phone(loaded: Loaded) -> None:
    """Work of today, work that is late, and some behind it; how patrols were kept is counted."""
    worker = actor_at(next(desk for desk in loaded.accounts if desk.role == "grid_worker"))
    with acting(worker):
        held = pack(by=worker, at=clock.now())
    assert held["patrols"] and held["visits"] and len(held["errands"]) >= 3
    assert {"respond", "collect", "other"} <= {errand["kind"] for errand in held["errands"]}
    assert any(errand["mine"]["late"] for errand in held["errands"])
    with acting(SYSTEM):
        assert PatrolDay.objects.filter(seen__gt=0).count() >= 5
        assert Subject.objects.filter(next_date__lt=clock.today(), is_active=True).exists()
        assert Record.objects.filter(subject__isnull=False).count() >= 30


def test_its_registry_came_in_as_files_do_and_has_what_registries_have(loaded: Loaded) -> None:
    with acting(SYSTEM) as by:
        homes = list(Residence.objects.filter(to_date=None).values_list("person_id", flat=True))
        assert Person.objects.count() > len(homes) > 300
        assert len(homes) == len(set(homes))
        assert 0 < Person.objects.filter(number_faulty=True).count() < Person.objects.count() / 20
        assert set(Dwelling.objects.values_list("occupancy", flat=True)) == {"owner", "rented", "vacant", "unknown"}
        assert Organisation.objects.exists() and Difference.objects.exists()
        assert Place.objects.exists() and Facility.objects.exclude(state="01").exists()
        families = Household.objects.count()
        assert Member.objects.filter(relation="02").count() > families * 0.95, "some heads' numbers are mistyped"
        assert not Household.objects.filter(dwelling=None).exists()
        assert set(Person.objects.values_list("sex", flat=True)) >= {"1", "2"}
        twice = [
            duplicates(code, by=by)
            for code in Division.objects.filter(level=Level.COMMUNITY).values_list("code", flat=True)
        ]
        assert any(found["items"] for found in twice)
    community = actor_at(next(desk for desk in loaded.accounts if desk.role == "community"))
    with acting(community):
        assert Person.objects.visible_to(community).exists()
