"""The feed as a browser meets it: the real process, cookies, scope, broken lines and ended posts."""

import uuid
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from psycopg import Connection

from wangge.accounts.models import Post, Session
from wangge.cases import actions
from wangge.cases.actions import ReportGiven
from wangge.cases.models import Assignment, Case
from wangge.cases.rules.states import Source
from wangge.cases.tests import made
from wangge.core import clock
from wangge.core.actor import acting
from wangge.grids.actions.grids import change_grid
from wangge.insight.actions.exports import make_next
from wangge.live.tests.feed import Ear, Live, ask, free_port, hang_up, listen, live, status, token_of, until
from wangge.live.watch import MOST_NEWS
from wangge.testing import town
from wangge.testing.client import api_as
from wangge.testing.committed import owner
from wangge.testing.world import Person, World

ODD = ("http://[", "http://127.0.0.1:99999", "http://127.0.0.1:x")


@pytest.fixture(scope="module")
def process(django_db_setup: None) -> Iterator[Live]:
    """One for all, as in a district: towns come and go beneath it."""
    with live() as found:
        yield found


@pytest.fixture
def town_live(process: Live, committed_world: World) -> Iterator[tuple[World, Live]]:
    yield committed_world, process
    hang_up()


def report(person: Person, *, title: str = "路面塌陷", code: str = town.GRID, **values: object) -> Case:
    given = ReportGiven(source=Source.TELEPHONE, title=title, code=code, **values)  # type: ignore[arg-type]
    with acting(person.actor):
        return actions.report_case(given=given, by=person.actor, at=clock.now()).case


def noted(connected: Connection[tuple[Any, ...]], case: Case, *, times: int) -> None:
    connected.execute(
        "insert into core_journal (at, kind, subject_type, subject_id, code, actor_kind, changed) "
        "select now(), 'case.note', 'case', %s, %s, 'system', '{version}' from generate_series(1, %s)",
        [str(case.pk), case.current_grid, times],
    )


def rows(ear: Ear) -> list[str]:
    return [event.data["row"]["title"] for event in ear.events if event.kind.startswith("case.") and event.data["row"]]


def test_a_new_case_arrives_where_it_is_seen_and_nowhere_else(town_live: tuple[World, Live]) -> None:
    world, process = town_live
    near = listen(process.port, token_of(world["street_seat"]))
    above = listen(process.port, token_of(world["district_seat"]))
    stranger = listen(process.port, token_of(world["stranger_street_seat"]))
    department = listen(process.port, token_of(world["department_clerk"]))
    officer = listen(process.port, token_of(world["security_officer"]))
    case = report(world["street_seat"])
    until(lambda: near.kinds() == above.kinds() == ["case.report"])
    event = next(event for event in near.events if event.kind == "case.report")
    assert event.data["subject"] == {"type": "case", "id": str(case.pk)}
    assert event.data["row"]["number"] == case.number and event.data["row"]["holder"]
    report(world["stranger_street_seat"], title="邻街的事", code=town.OTHER_GRID)
    until(lambda: rows(stranger) == ["邻街的事"])
    assert rows(near) == ["路面塌陷"] and department.kinds() == officer.kinds() == []


def test_walls_hear_that_the_ground_has_changed(town_live: tuple[World, Live]) -> None:
    world, process = town_live
    wall = listen(process.port, token_of(world["assessor"]))
    worker = listen(process.port, token_of(world["grid_worker"]))
    admin = world["administrator"]
    with acting(admin.actor):
        change_grid(code=town.GRID, changes={"name": "新名网格"}, by=admin.actor, at=clock.now())
    until(lambda: wall.kinds() == ["ground"])
    assert worker.kinds() == []


def test_who_asked_for_a_table_hears_that_it_goes_on_and_nobody_else(town_live: tuple[World, Live]) -> None:
    world, process = town_live
    mine, others = (listen(process.port, token_of(world[key])) for key in ("community", "grid_worker"))
    approver = listen(process.port, token_of(world["commander"]))
    body = {"format": "csv", "title": "人口", "record_kind": "person", "purpose": "入户走访名单"}
    asked = [api_as(world["community"]).post("/api/exports/registry", body).json()["id"] for _ in range(2)]
    assert mine.kinds() == []
    for export, approve in zip(asked, (True, False), strict=True):
        decided = api_as(world["commander"]).post(f"/api/exports/{export}/decide", {"approve": approve})
        assert decided.status_code == 204
    until(lambda: mine.kinds() == ["export", "export"])
    assert make_next(at=clock.now())
    until(lambda: mine.kinds() == ["export"] * 3)
    told = [event.data for event in mine.events if event.kind == "export"]
    assert told == [{"id": asked[0]}, {"id": asked[1]}, {"id": asked[0]}]
    assert others.kinds() == approver.kinds() == []


def test_the_unit_charged_hears_of_its_case(town_live: tuple[World, Live]) -> None:
    world, process = town_live
    seat, clerk = world["street_seat"], world["department_clerk"]
    ear = listen(process.port, token_of(clerk))
    leader = listen(process.port, token_of(world["department_leader"]))
    other = listen(process.port, token_of(world["police_clerk"]))
    category = made.category()
    case = report(seat, category_id=category.pk, accept=True)
    with acting(seat.actor):
        actions.dispatch_case(case_id=case.pk, by=seat.actor, at=clock.now(), lead_id=world.unit("D-CG-1").pk)
    until(lambda: ear.kinds()[-1:] == ["case.dispatch"] and leader.kinds()[-1:] == ["case.dispatch"])
    assert other.kinds() == []


def test_the_unit_complained_of_is_told_nothing_of_who_reported(town_live: tuple[World, Live]) -> None:
    world, process = town_live
    seat, complained = world["district_seat"], world.unit("D-CG")
    case = report(seat, complained_id=complained.pk, title="投诉")
    Assignment.objects.create(
        case=case,
        unit=world.unit("D-CG-1"),
        unit_path=world.unit("D-CG-1").path,
        role="assist",
        reported_at=case.reported_at,
        dispatched_at=case.reported_at,
    )
    theirs, ours = listen(process.port, token_of(world["department_clerk"])), listen(process.port, token_of(seat))
    with acting(seat.actor):
        actions.contact_reporter(case_id=case.pk, by=seat.actor, at=clock.now(), text="已致电报告人")
    until(lambda: ours.kinds()[-1:] == ["case.contact"] and len(theirs.kinds()) == len(ours.kinds()))
    assert set(theirs.kinds()) == {"case.changed"}
    told = str([event.data for event in (*ours.events, *theirs.events)])
    assert complained.name not in told and "complained" not in told


def test_a_revoked_post_and_an_ended_session_lose_their_streams(town_live: tuple[World, Live]) -> None:
    world, process = town_live
    token = token_of(world["street_seat"])
    revoked = listen(process.port, token)
    ended = listen(process.port, token_of(world["district_seat"]))
    stays = listen(process.port, token_of(world["commander"]))
    Post.objects.filter(pk=world["street_seat"].post.pk).update(revoked_at=clock.now())
    Session.objects.filter(user=world["district_seat"].user).update(ended_at=clock.now())
    until(lambda: revoked.is_over and ended.is_over)
    assert not stays.is_over
    assert listen(process.port, token).status == 401


def test_a_revoked_post_loses_its_stream_while_the_news_wait_for_a_table(town_live: tuple[World, Live]) -> None:
    world, process = town_live
    seat = world["street_seat"]
    case = report(seat)
    ear = listen(process.port, token_of(seat))
    with owner() as other:
        other.execute("begin; lock table cases_case in access exclusive mode")
        with owner() as writer:
            noted(writer, case, times=1)
        until(lambda: bool(other.execute("select 1 from pg_locks where not granted").fetchall()))
        Post.objects.filter(pk=seat.post.pk).update(revoked_at=clock.now())
        until(lambda: ear.is_over)
        other.execute("rollback")


def test_a_flood_of_entries_is_one_word_to_load_again(town_live: tuple[World, Live]) -> None:
    world, process = town_live
    seat = world["street_seat"]
    case = report(seat)
    ear, elsewhere = listen(process.port, token_of(seat)), listen(process.port, token_of(world["police_clerk"]))
    with owner() as other:
        noted(other, case, times=MOST_NEWS + 1)
    until(lambda: ear.kinds()[-1:] == elsewhere.kinds() == ["resync"])  # nobody looked whose affair each was
    report(seat, title="之后")
    until(lambda: rows(ear)[-1:] == ["之后"])
    assert "case.note" not in ear.kinds()


def test_listening_does_not_keep_a_session_alive(town_live: tuple[World, Live]) -> None:
    world, process = town_live
    ear = listen(process.port, token_of(world["street_seat"]))
    long_ago = clock.now() - settings.SESSION_IDLE - timedelta(minutes=1)
    Session.objects.filter(user=world["street_seat"].user).update(seen_at=long_ago)
    until(lambda: ear.is_over)
    assert Session.objects.get(user=world["street_seat"].user).seen_at == long_ago


def test_an_open_transaction_delays_only_itself(town_live: tuple[World, Live]) -> None:
    world, process = town_live
    seat = world["street_seat"]
    ear = listen(process.port, token_of(seat))
    held = report(seat, title="等着的")
    until(lambda: rows(ear) == ["等着的"])
    with owner() as other:
        other.execute("begin")
        noted(other, held, times=1)
        report(seat, title="先到的")
        until(lambda: rows(ear) == ["等着的", "先到的"])
        report(seat, title="又一件")
        until(lambda: rows(ear)[1:] == ["先到的", "又一件"])
        other.execute("commit")
    until(lambda: rows(ear)[1:] == ["先到的", "又一件", "等着的"])


def test_a_broken_stream_is_taken_up_where_it_broke(town_live: tuple[World, Live]) -> None:
    world, process = town_live
    seat = world["street_seat"]
    token = token_of(seat)
    first = listen(process.port, token)
    report(seat, title="一")
    until(lambda: rows(first) == ["一"])
    latest = first.events[-1].id
    first.close()
    report(seat, title="二")
    report(world["stranger_street_seat"], title="邻街的事", code=town.OTHER_GRID)
    report(seat, title="三")
    again = listen(process.port, token, Last_Event_ID=latest)
    until(lambda: rows(again) == ["二", "三"])
    assert "resync" not in again.kinds()


def test_after_a_kill_the_client_is_told_to_load_again(committed_world: World) -> None:
    port, seat = free_port(), committed_world["street_seat"]
    token = token_of(seat)
    with live(port) as process:
        ear = listen(port, token)
        report(seat, title="一")
        until(lambda: rows(ear) == ["一"])
        latest = ear.events[-1].id
        process.kill()
        until(lambda: ear.is_over)
    report(seat, title="无人在听")
    with live(port):
        again = listen(port, token, Last_Event_ID=latest)
        assert again.kinds() == ["resync"]
        report(seat, title="二")
        until(lambda: rows(again) == ["二"])


def test_the_feed_goes_on_after_its_database_connections_were_cut(town_live: tuple[World, Live]) -> None:
    world, process = town_live
    seat = world["street_seat"]
    ear = listen(process.port, token_of(seat))
    with owner() as other:
        other.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity "
            "where backend_type = 'client backend' and pid <> pg_backend_pid() and application_name = ''"
        )
    from django.db import connection

    connection.close()
    report(seat, title="之后")
    until(lambda: rows(ear) == ["之后"])
    until(lambda: status(process.port, "/live/health") == 200)


@pytest.mark.parametrize("token", ["", "nobody", str(uuid.UUID(int=0))])
def test_nobody_listens_without_a_session(town_live: tuple[World, Live], token: str) -> None:
    assert listen(town_live[1].port, token).status == 401


def test_only_our_own_page_may_listen(town_live: tuple[World, Live]) -> None:
    world, process = town_live
    token, page = token_of(world["street_seat"]), f"http://127.0.0.1:{settings.PORT}"
    own = listen(process.port, token, Origin=page)
    assert own.headers["access-control-allow-origin"] == page
    assert own.headers["access-control-allow-credentials"] == "true"
    for origin in ("http://evil.example", f"http://evil.example:{settings.PORT}", "http://127.0.0.1:9", "null", *ODD):
        assert listen(process.port, token, Origin=origin).status == 403
        assert status(process.port, "/live/feed", "OPTIONS", Origin=origin) == 403
    answer, headers = ask(process.port, "/live/feed", "OPTIONS", Origin=page, Access_Control_Request_Method="GET")
    assert answer == 204 and "Last-Event-ID" in headers["access-control-allow-headers"]
    assert status(process.port, "/live/feed", Host="evil.example", Cookie=f"{settings.SESSION_COOKIE}={token}") == 403


def test_a_case_that_moves_away_is_gone_where_it_was(town_live: tuple[World, Live]) -> None:
    world, process = town_live
    seat, elsewhere = world["district_seat"], world["stranger_street_seat"]
    case = report(seat)
    was, now = listen(process.port, token_of(world["community"])), listen(process.port, token_of(elsewhere))
    with acting(seat.actor):
        actions.note_case(case_id=case.pk, by=seat.actor, at=clock.now(), text="先看看")
    until(lambda: was.kinds()[-1:] == ["case.note"])
    correction = actions.Correction(code=town.OTHER_GRID)
    with acting(seat.actor):
        actions.correct_case(case_id=case.pk, by=seat.actor, at=clock.now(), correction=correction)
    until(lambda: was.kinds()[-1:] == ["case.gone"] and now.kinds() == ["case.correct"])
    assert was.events[-1].data["row"] is None


def test_who_may_not_know_the_reporter_gets_no_name_and_no_number(town_live: tuple[World, Live]) -> None:
    world, process = town_live
    seat = world["street_seat"]
    ours, theirs = (listen(process.port, token_of(world[key])) for key in ("street_seat", "grid_worker"))
    reporter = actions.ReporterGiven(name="欧阳若兰", phone="13912345678")
    report(seat, title="欧阳若兰 13912345678 反映路面塌陷", reporter=reporter)
    until(lambda: bool(rows(ours)) and bool(rows(theirs)))
    assert "欧阳若兰" in rows(ours)[0]
    assert "欧阳若兰" not in str(theirs.events) and "13912345678" not in str(theirs.events)


def test_an_english_page_reads_english(town_live: tuple[World, Live]) -> None:
    world, process = town_live
    token = token_of(world["street_seat"])
    english, chinese = listen(process.port, token, Accept_Language="en"), listen(process.port, token)
    report(world["street_seat"], category_id=made.category(name_en="Collapse").pk)
    until(lambda: bool(rows(english)) and bool(rows(chinese)))
    assert english.events[-1].data["row"]["category"]["name"] == "Collapse"
    assert chinese.events[-1].data["row"]["category"]["name"] == "路面塌陷"
