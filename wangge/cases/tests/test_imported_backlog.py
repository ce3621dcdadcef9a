"""Open cases of another system come in: their clocks run as if they had been here, and nothing goes off at once."""

from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path

from wangge.cases import clocks, rollups, tasks
from wangge.cases.configuration import configuration
from wangge.cases.models import Case, Deadline, OpenByPlace, Step, Supervision
from wangge.cases.rules.deadlines import trace_as_json
from wangge.cases.tests.importing import Outcome, bring_in, write_csv
from wangge.core import clock
from wangge.core.actor import Actor, acting
from wangge.core.models import JournalEntry
from wangge.testing.client import api_as
from wangge.testing.moments import at_moment
from wangge.testing.world import World

HEAD = "编号,上报时间,标题,街道,社区,处置单位,办结时间\n"
NOW = "2026-03-04T02:00:00Z"  # a Wednesday, 10:00 in Beijing


def brought_in(world: World, tmp_path: Path, *rows: str) -> Outcome:
    file = write_csv(tmp_path / "backlog.csv", HEAD + "".join(f"{row}\n" for row in rows))
    return bring_in("cases", file, world["administrator"].actor, source_system="OLD", default_source="telephone")


OLD = "A1,2025-11-03 09:00,积水,桃叶街道,柳岸社区,城管局桃叶中队,"
FRESH = "A2,2026-03-04 09:30,井盖,桃叶街道,柳岸社区,城管局桃叶中队,"
WAITING = "A3,2026-03-04 09:58,噪声,桃叶街道,柳岸社区,,"
OVER = "A4,2025-11-03 09:00,已办,桃叶街道,柳岸社区,城管局桃叶中队,2025-11-04"


def case_of(number: str) -> Case:
    return Case.objects.get(source_no=number)


@at_moment(NOW)
def test_open_cases_get_the_clocks_of_their_state_from_their_own_times(world: World, tmp_path: Path) -> None:
    brought_in(world, tmp_path, OLD, FRESH, WAITING, OVER)
    running = {(row.case.source_no, row.stage): row for row in Deadline.objects.select_related("case")}
    assert set(running) == {
        ("A1", "sign"),
        ("A1", "handle"),
        ("A2", "sign"),
        ("A2", "handle"),
        ("A3", "respond"),
    }
    config = configuration()
    for row in running.values():
        due = clocks.due_of(row, config)
        assert row.started_at == row.case.reported_at
        assert (row.due_at, row.trace) == (due.at, trace_as_json(due.trace))
    lead = world.unit("D-CG-1").path
    assert {running["A1", "handle"].unit_path, running["A2", "sign"].unit_path} == {lead}
    assert running["A3", "respond"].unit_path == case_of("A3").holder_path
    fresh = case_of("A2")
    assert (fresh.due_stage, fresh.due_at) == ("handle", running["A2", "handle"].due_at)
    assert not fresh.is_overdue and not case_of("A3").is_overdue


@at_moment(NOW)
def test_what_is_overdue_by_then_is_so_at_once_and_said_once(world: World, tmp_path: Path) -> None:
    done = brought_in(world, tmp_path, OLD, FRESH)
    old = case_of("A1")
    assert old.is_overdue and old.was_late
    lines = Step.objects.filter(case=old).order_by("id").values_list("kind", "data__stage")
    assert list(lines) == [("report", None), ("overdue", "sign"), ("overdue", "handle")]
    assert not tasks.overdue(), "announced by the import; the worker says nothing again"
    kinds = Counter(JournalEntry.objects.values_list("kind", flat=True))
    assert kinds["cases.imported"] == 1 and "case.overdue" not in kinds
    assert JournalEntry.objects.get(kind="cases.imported").data["overdue"] == 1
    shown = api_as(world["commander"]).get("/api/cases", queue="overdue").json()["items"]
    assert [row["number"] for row in shown] == [old.number]
    assert done.counts.created == 2


def test_figures_agree_with_what_came_in_overdue(committed_world: World, tmp_path: Path) -> None:
    brought_in(committed_world, tmp_path, OLD, FRESH, OVER)
    assert rollups.check() == []
    with acting(Actor.system("test")):
        assert OpenByPlace.objects.get(code="", state="dispatched").overdue >= 1


@at_moment(NOW)
def test_the_check_says_how_many_would_be_overdue(world: World, tmp_path: Path) -> None:
    (told,) = brought_in(world, tmp_path, OLD, FRESH, WAITING, OVER).of("case.backlog")
    assert told.row is None and told.level == "warning"
    assert "在办案件 3 件" in told.zh and "其中 1 件" in told.zh and "督办自导入时起算" in told.zh
    again = brought_in(world, tmp_path, OLD, OVER)
    assert again.of("case.backlog") == [], "what is here already is not counted"


def ladder_on(world: World) -> None:
    rules = [
        {"step": "remind", "fraction": 0.7},
        {"step": "urge", "fraction": 1},
        {"step": "supervise", "overdue_by": {"kind": "work_hours", "amount": 4}},
        {"step": "yellow_card", "overdue_by": {"kind": "work_days", "amount": 1}},
    ]
    for stage in ("sign", "handle"):
        answer = api_as(world["commander"]).put(f"/api/supervision-rules/{stage}", {"rules": rules})
        assert answer.status_code == 200, answer.content


def climbed() -> None:
    while tasks.ladders():
        pass


def taken(number: str) -> list[tuple[str, int]]:
    rows = Supervision.objects.filter(case=case_of(number)).order_by("deadline__stage", "step")
    return list(rows.values_list("deadline__stage", "step"))


def test_the_ladder_of_a_backlog_begins_at_the_import(world: World, tmp_path: Path) -> None:
    with at_moment(NOW) as now:
        ladder_on(world)
        brought_in(world, tmp_path, OLD, FRESH)
        climbed()
        assert not Supervision.objects.exists(), "months late, and nothing goes off"
        now.move_to("2026-03-04T07:59:59Z")
        climbed()
        assert taken("A1") == []
        now.move_to("2026-03-04T08:00:00Z")  # 16:00: four working hours after the import
        climbed()
        assert taken("A1") == [("handle", 3), ("sign", 3)]
        now.move_to("2026-03-05T10:00:00Z")
        climbed()
        assert taken("A1") == [("handle", 3), ("handle", 4), ("sign", 3), ("sign", 4)]
        assert ("sign", 2) in taken("A2"), "what was in time when it came climbs every step"


def test_new_rules_do_not_wake_the_steps_that_were_over(world: World, tmp_path: Path) -> None:
    with at_moment(NOW) as now:
        brought_in(world, tmp_path, OLD)
        ladder_on(world)
        climbed()
        assert taken("A1") == []
        now.shift(timedelta(hours=6))
        climbed()
        assert taken("A1") == [("handle", 3), ("sign", 3)]


def test_more_time_granted_moves_the_whole_ladder(world: World, tmp_path: Path) -> None:
    with at_moment(NOW):
        ladder_on(world)
        brought_in(world, tmp_path, OLD)
        row = Deadline.objects.get(case=case_of("A1"), stage="handle")
        row.extensions = [{"kind": "natural_days", "amount": "200", "at": clock.now().isoformat()}]
        clocks.recount(row, config=configuration(), at=clock.now())
        assert row.due_at is not None and row.due_at > clock.now() and row.overdue_at is None
        assert row.ladder_at is not None and row.ladder_at > datetime.fromisoformat("2026-03-10T00:00:00Z")


def test_a_thousand_open_cases_cost_a_handful_of_statements(
    world: World, tmp_path: Path, django_assert_max_num_queries: object
) -> None:
    rows = [f"B{n},2025-11-03 09:00,积水 {n},桃叶街道,柳岸社区,城管局桃叶中队," for n in range(300)]
    with django_assert_max_num_queries(60):  # type: ignore[operator]
        brought_in(world, tmp_path, *rows)
    assert Deadline.objects.count() == 600 and Case.objects.filter(is_overdue=True).count() == 300
