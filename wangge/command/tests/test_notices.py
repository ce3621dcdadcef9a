"""通知: who is told of what, once, and never of what is not theirs."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest

from wangge.cases import actions
from wangge.cases.actions import ReportGiven
from wangge.cases.models import Case, ProcedureStep
from wangge.cases.rules.states import Source
from wangge.cases.rules.supervision import LadderStep
from wangge.cases.tests import made
from wangge.command import noticing
from wangge.command.actions.notices import forget_notices
from wangge.command.models import Notice
from wangge.command.rules import delivery, notices
from wangge.command.rules.delivery import Wishes
from wangge.core import clock, journal
from wangge.core.actor import Actor, acting
from wangge.core.clock import BEIJING
from wangge.core.journal import Batch, Read
from wangge.core.revisions import bump
from wangge.field.actions.silence import say_silences
from wangge.field.models import DutySpan, Newest
from wangge.field.tests.positions import on_duty
from wangge.testing import town
from wangge.testing.client import Api, api_as
from wangge.testing.world import Person, World


def say() -> None:
    """As the worker's reader: in a test's one transaction no snapshot sees anything new."""
    from wangge.core.models import JournalEntry

    latest = Notice.objects.order_by("-entry_id").values_list("entry_id", flat=True).first() or 0
    names = list(Read.__dataclass_fields__)
    rows = JournalEntry.objects.filter(id__gt=latest).order_by("id").values(*names)
    noticing.handle(Batch(entries=[Read(**row) for row in rows], position=1, as_of=clock.now()))


def listed(person: Person, **query: Any) -> list[dict[str, Any]]:
    answer = api_as(person).get("/api/notices", **query)
    assert answer.status_code == 200, answer.content.decode()
    return list(answer.json()["items"])


def kinds(person: Person) -> list[str]:
    return [one["kind"] for one in listed(person)]


def do(person: Person, action: Any, case: Case, **values: Any) -> Case:
    with acting(person.actor):
        found: Case = action(case_id=case.pk, by=person.actor, at=clock.now(), **values)
    return found


@pytest.fixture
def dispatched(world: World) -> Case:
    """By the street's seat to 城管局桃叶中队; reported by the grid worker."""
    worker, seat = world["grid_worker"], world["street_seat"]
    given = ReportGiven(
        source=Source.GRID, title="路面塌陷 13813911111", code=town.GRID, category_id=made.category().pk
    )
    with acting(worker.actor):
        case = actions.report_case(given=given, by=worker.actor, at=clock.now()).case
    do(world["community"], actions.accept_case, case) if case.holder == world.unit(town.COMMUNITY) else do(
        seat, actions.accept_case, case
    )
    case.refresh_from_db()
    holder = world["community"] if case.holder == world.unit(town.COMMUNITY) else seat
    do(holder, actions.dispatch_case, case, lead_id=world.unit("D-CG-1").pk)
    case.refresh_from_db()
    return case


def holder_of(world: World, case: Case) -> Person:
    return world["community"] if case.holder == world.unit(town.COMMUNITY) else world["street_seat"]


def test_the_unit_a_case_is_dispatched_to_is_told_and_nobody_else(world: World, dispatched: Case) -> None:
    say()
    [told] = listed(world["department_clerk"])
    assert told["kind"] == "assigned" and told["number"] == dispatched.number and not told["read"]
    assert "13813911111" not in told["title"], "a number in a title is read by those who may know the reporter alone"
    for key in ("police_clerk", "stranger_department_clerk", "grid_worker", "stranger_street_seat", "auditor"):
        assert kinds(world[key]) == [], key


def test_a_unit_hears_that_a_step_of_anothers_case_is_its_to_sign(world: World, dispatched: Case) -> None:
    kind = dispatched.category
    assert kind is not None
    steps = (("现场勘查", None), ("水务会签", world.unit("D-SW")))
    ProcedureStep.objects.bulk_create(
        ProcedureStep(category=kind, number=number, name_zh=name, unit=unit)
        for number, (name, unit) in enumerate(steps, 1)
    )
    bump("cases")
    water = world["stranger_department_clerk"]
    do(world["department_clerk"], actions.sign_case, dispatched)
    say()
    assert kinds(water) == []
    do(world["department_clerk"], actions.sign_step, dispatched, number=1)
    say()
    [told] = listed(water)
    assert (told["kind"], told["number"], told["text"]) == ("step_waits", dispatched.number, "轮到本单位签办流程步骤")


def test_who_did_it_is_not_told_of_it_but_their_colleague_is(world: World, dispatched: Case) -> None:
    seat = holder_of(world, dispatched)
    do(world["department_clerk"], actions.return_case, dispatched, reason="不属于本单位职责")
    say()
    assert kinds(seat) == ["returned"]
    Notice.objects.filter(kind="returned").update(by_post=seat.post.pk)
    assert kinds(seat) == []


def test_the_same_said_again_on_one_case_is_one_notice_that_is_new_again(world: World, dispatched: Case) -> None:
    seat, clerk = holder_of(world, dispatched), world["department_clerk"]
    say()
    assert api_as(clerk).post("/api/notices/read", {"ids": [listed(clerk)[0]["id"]]}).json() == {"read": 1}
    assert listed(clerk, unread=True) == []
    do(seat, actions.recall_case, dispatched, reason="派错了单位")
    do(seat, actions.dispatch_case, dispatched, lead_id=world.unit("D-CG-1").pk)
    say()
    assert sorted(kinds(clerk)) == ["assigned", "taken_away"]
    again = next(one for one in listed(clerk, unread=True) if one["kind"] == "assigned")
    assert again["times"] == 2


def test_an_entry_read_twice_says_nothing_twice(world: World, dispatched: Case) -> None:
    say()
    before = list(Notice.objects.values_list("key", "seq", "times"))
    entries = Read.__dataclass_fields__
    from wangge.core.models import JournalEntry

    rows = JournalEntry.objects.order_by("id").values(*entries)
    noticing.handle(Batch(entries=[Read(**row) for row in rows], position=2, as_of=clock.now()))
    assert list(Notice.objects.values_list("key", "seq", "times")) == before


def test_a_card_is_urgent_and_the_whole_department_hears_of_it(world: World, dispatched: Case) -> None:
    seat = holder_of(world, dispatched)
    do(seat, actions.supervise_case, dispatched, step=LadderStep.URGE, text="请抓紧办理")
    say()
    assert kinds(world["department_leader"]) == [] and "supervised" in kinds(world["department_clerk"])
    do(world["commander"], actions.supervise_case, dispatched, step=LadderStep.RED_CARD, text="久拖不决")
    say()
    [card] = listed(world["department_leader"])
    assert card["kind"] == "carded" and card["urgent"] and card["text"] == "城管局桃叶中队被出示红牌"
    assert listed(world["department_leader"])[0] and "红牌，请办理并回执" in [
        one["text"] for one in listed(world["department_clerk"])
    ]


def test_the_unit_complained_of_hears_nothing_of_a_bad_rating(world: World, dispatched: Case) -> None:
    rule = next(rule for rule in notices.RULES if rule.kind == "rated_badly")
    case = Case(complained_root=world.unit(town.STREET).path, current_grid=town.GRID, holder_path="x/")
    inside, outside = noticing.Addressee(world.unit(town.COMMUNITY).path), noticing.Addressee("320104/")
    assert not noticing._may_hear(rule, inside, case) and noticing._may_hear(rule, outside, case)
    assert all(rule.confides for rule in notices.RULES if rule.on in {"case.rate", "case.contact"})


def test_the_worker_who_reported_hears_how_it_ended(world: World, dispatched: Case) -> None:
    seat, clerk = holder_of(world, dispatched), world["department_clerk"]
    do(clerk, actions.sign_case, dispatched)
    do(clerk, actions.finish_case, dispatched, text="已修补路面")
    do(seat, actions.pass_review, dispatched)
    do(seat, actions.close_case, dispatched, outcome="solved")
    say()
    assert kinds(world["grid_worker"]) == ["my_report"] and kinds(world["stranger_grid_worker"]) == []
    assert "handled" not in kinds(clerk)


def test_the_grids_centre_is_rung_when_somebody_on_duty_falls_silent(world: World) -> None:
    span, at = on_duty(world["grid_worker"], ago=timedelta(hours=1)), clock.now()
    with acting(Actor.system("test")) as by:
        DutySpan.objects.filter(pk=span.pk).update(heard_at=span.began_at)
        say_silences(by=by, at=at, limit=10)
    say()
    [told] = listed(world["street_seat"])
    assert (told["kind"], told["title"], told["number"]) == ("silent", "王小格", town.GRID)
    assert "15 分钟" in told["text"]
    assert bell(api_as(world["street_seat"]))[0] == 1
    assert kinds(world["grid_worker"]) == [] and kinds(world["stranger_street_seat"]) == []
    with acting(Actor.system("test")) as by:
        place = {"ms": 1, "lon": 118.0, "lat": 32.0, "accuracy": 5, "speed": 0, "odd": 0, "source": "phone"}
        Newest.objects.create(post=span.post, code=span.code, heard_at=at + timedelta(seconds=1), **place)
        say_silences(by=by, at=at + timedelta(seconds=2), limit=10)
    say()
    [told] = listed(world["street_seat"])
    assert told["text"] == "在岗人员已恢复联系" and told["times"] == 2


def test_one_who_looks_after_one_grid_is_told_of_that_grid_alone(world: World, dispatched: Case) -> None:
    values = {
        "entry_id": 1,
        "kind": "supervised",
        "unit_path": world.unit(town.COMMUNITY).path,
        "permission": "case.read",
        "subject_type": "unit",
        "subject_id": "1",
        "at": clock.now(),
    }
    Notice.objects.create(key="here", seq=10**6, code=town.GRID, **values)
    Notice.objects.create(key="there", seq=10**6 + 1, code=town.DEDICATED_GRID, **values)
    assert len(kinds(world["grid_worker"])) == 1 and len(kinds(world["community"])) == 2


def bell(api: Api) -> tuple[int, int, int]:
    found = api.get("/api/notices/unread").json()
    return found["told"], found["urgent"], found["held"]


def test_the_bell_counts_and_all_is_read_up_to_what_was_shown(world: World, dispatched: Case) -> None:
    clerk = api_as(world["department_clerk"])
    say()
    assert bell(clerk) == (1, 0, 0)
    shown = listed(world["department_clerk"])[0]["seq"]
    do(holder_of(world, dispatched), actions.supervise_case, dispatched, step=LadderStep.URGE, text="请抓紧")
    say()
    assert clerk.post("/api/notices/read-all", {"up_to": shown}).status_code == 200
    assert bell(clerk) == (1, 0, 0), "what came while they looked is still news"
    clerk.post("/api/notices/read-all", {"up_to": 2**62})
    assert bell(clerk) == (0, 0, 0)


def test_no_heap_of_notices_hides_an_urgent_one(world: World) -> None:
    """A hundred newer ones that nobody wished to hear of, and a hundred more that wait for a digest."""
    values = {
        "entry_id": 1,
        "unit_path": world.unit("D-CG-1").path,
        "permission": "case.read",
        "subject_type": "unit",
        "subject_id": "1",
        "at": clock.now(),
    }
    Notice.objects.create(key="urgent", seq=1, kind="supervised", urgent=True, **values)
    Notice.objects.create(key="plain", seq=2, kind="whistled", **values)
    kinds_ = ["assigned"] * 100 + ["overdue"] * 100
    Notice.objects.bulk_create(
        Notice(key=f"n{place}", seq=10 + place, kind=kind, **values) for place, kind in enumerate(kinds_)
    )
    clerk = api_as(world["department_clerk"])
    later = (clock.local(clock.now()) + timedelta(minutes=90)).strftime("%H:%M")
    wishes = {"digest_at": [later], "ways": {"assigned": "never", "deadline": "digest"}}
    assert clerk.put("/api/notices/settings", wishes).status_code == 200
    assert bell(clerk) == (1, 1, 100)


def test_what_one_wished_not_to_hear_of_is_left_out_and_a_digest_waits(world: World, dispatched: Case) -> None:
    clerk = api_as(world["department_clerk"])
    say()
    soon = (clock.local(clock.now()) + timedelta(minutes=90)).strftime("%H:%M")
    wishes = {"digest_at": [soon], "ways": {"assigned": "digest"}}
    assert clerk.put("/api/notices/settings", wishes).json()["ways"]["assigned"] == "digest"
    assert bell(clerk) == (0, 0, 1) and listed(world["department_clerk"])[0]["held"]
    clerk.put("/api/notices/settings", {"digest_at": ["09:00"], "ways": {"assigned": "never"}})
    assert bell(clerk) == (0, 0, 0) and listed(world["department_clerk"]) == []
    assert clerk.put("/api/notices/settings", {"digest_at": ["09:00"], "quiet_from": "22:00"}).status_code == 422


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-03-{text}").replace(tzinfo=BEIJING).astimezone(UTC)


NIGHT = (time(22), time(7))


@pytest.mark.parametrize(
    ("said", "wishes", "urgent", "told"),
    [
        ("09T23:59", Wishes(quiet=NIGHT), False, "10T07:00"),
        ("10T00:01", Wishes(quiet=NIGHT), False, "10T07:00"),
        ("10T07:00", Wishes(quiet=NIGHT), False, "10T07:00"),
        ("10T00:01", Wishes(quiet=NIGHT), True, "10T00:01"),
        ("10T12:30", Wishes(quiet=(time(12), time(13, 30))), False, "10T13:30"),
        ("10T09:00", Wishes(ways={"assigned": "digest"}), False, "10T09:00"),
        ("10T09:01", Wishes(ways={"assigned": "digest"}), False, "10T14:00"),
        ("10T18:00", Wishes(ways={"assigned": "digest"}, quiet=(time(8), time(9, 30))), False, "11T09:30"),
        ("10T18:00", Wishes(ways={"assigned": "never"}), False, None),
        ("10T18:00", Wishes(ways={"assigned": "never"}), True, "10T18:00"),
        ("10T18:00", Wishes(ways={"deadline": "never"}), False, "10T18:00"),
    ],
)
def test_quiet_hours_and_digests_hold_back_all_but_what_is_urgent(
    said: str, wishes: Wishes, urgent: bool, told: str | None
) -> None:
    found = delivery.told_at(at(said), group="assigned", urgent=urgent, wishes=wishes)
    assert found == (at(told) if told else None)


def test_every_notice_has_a_sentence_in_both_languages_for_what_its_entries_say() -> None:
    data = {"step": "red_card", "stage": "handle", "score": 1, "created": 3, "changed": 0, "date": "2026-01-01"}
    for rule in notices.RULES:
        for language in ("zh", "en"):
            text = notices.sentence(rule.kind, rule.on, data, language)
            assert text and "{" not in text
    assert notices.sentence("import_finished", "grids.imported", data, "en") == "Import finished: 3 new, 0 changed"


def test_the_reader_keeps_a_cursor_of_its_own(committed_world: World) -> None:
    seat = committed_world["street_seat"]
    given = ReportGiven(source=Source.TELEPHONE, title="路灯不亮", code=town.GRID, category_id=made.category().pk)
    with acting(seat.actor):
        case = actions.report_case(
            given=given,
            by=seat.actor,
            at=clock.now(),
        ).case
    do(seat, actions.accept_case, case)
    do(seat, actions.dispatch_case, case, lead_id=committed_world.unit("D-CG-1").pk)
    assert noticing.read() > 0 and noticing.read() == 0
    assert kinds(committed_world["department_clerk"]) == ["assigned"]
    with acting(Actor.system("test")):
        assert forget_notices(before=clock.now() + timedelta(days=1), limit=10) == 1
        journal.rewind(noticing.READER)
    assert noticing.read() > 0 and kinds(committed_world["department_clerk"]) == ["assigned"]
