"""The seat's queue: what is in which, in which order, page by page, for whom."""

import random
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from wangge.cases.models import Case
from wangge.cases.queries.filters import CaseFilters, Queue, condition
from wangge.cases.queries.listing import list_cases
from wangge.cases.queries.order import Place, Sort
from wangge.cases.queries.scope import Reach
from wangge.cases.queries.walk import page_ids
from wangge.cases.rules.states import OPEN, State
from wangge.cases.tests.factories import make_case, make_reporter
from wangge.cases.tests.made import category
from wangge.cases.tests.test_evidence import body_of
from wangge.core import clock
from wangge.core.actor import Actor, acting
from wangge.insight.tests.exporting import exported
from wangge.testing import town
from wangge.testing.client import api_as
from wangge.testing.world import World

PHONE = "13812345678"


def listed(world: World, who: str, **query: Any) -> list[str]:
    answer = api_as(world[who]).get("/api/cases", **query)
    assert answer.status_code == 200, answer.content.decode()
    return [row["id"] for row in answer.json()["items"]]


def by_phone(world: World, who: str, phone: str) -> list[str]:
    answer = api_as(world[who]).post("/api/cases/search", {"phone": phone})
    assert answer.status_code == 200, answer.content.decode()
    return [row["id"] for row in answer.json()["items"]]


def names(*cases: Case) -> set[str]:
    return {str(case.pk) for case in cases}


def test_a_seat_sees_what_lies_in_its_codes_and_what_its_unit_is_charged_with(world: World) -> None:
    inside = make_case(world)
    outside = make_case(world, code=town.OTHER_GRID, holder=town.OTHER_STREET)
    charged = make_case(world, State.HANDLING, code=town.OTHER_GRID, holder=town.OTHER_STREET, lead=town.STREET)
    below = make_case(world, code=town.OTHER_GRID, holder=town.OTHER_STREET, assist=[town.COMMUNITY])
    held = make_case(world, code=town.OTHER_GRID, holder=town.STREET)
    assert set(listed(world, "street_seat")) == names(inside, charged, below, held)
    assert set(listed(world, "stranger_street_seat")) == names(outside, charged, below, held)
    assert set(listed(world, "district_seat")) == names(inside, outside, charged, below, held)


def test_a_department_sees_what_it_is_or_was_charged_with_and_its_branches_too(world: World) -> None:
    led = make_case(world, State.HANDLING, lead="D-CG-1")
    assisted = make_case(world, State.HANDLING, lead="D-SW", assist=["D-CG-1"])
    returned = make_case(world, State.ACCEPTED, gave_back=["D-CG-1"])
    other_branch = make_case(world, State.HANDLING, lead="D-CG-2")
    make_case(world)
    assert set(listed(world, "department_clerk")) == names(led, assisted, returned)
    assert set(listed(world, "department_leader")) == names(led, assisted, returned, other_branch)
    assert set(listed(world, "stranger_department_clerk")) == names(assisted)


STATE_QUEUES = {
    "to_accept": State.REPORTED,
    "to_dispatch": State.ACCEPTED,
    "to_sign": State.DISPATCHED,
    "handling": State.HANDLING,
    "suspended": State.SUSPENDED,
    "to_review": State.HANDLED,
    "to_close": State.REVIEWED,
}


@pytest.mark.parametrize("who", ["grid_worker", "street_seat", "district_seat", "department_leader"])
def test_each_state_has_its_queue(world: World, who: str) -> None:
    made = {
        state: make_case(world, state, assist=["D-SW"], gave_back=["D-CG-1"]) for state in State if state != "joined"
    }
    for queue, state in STATE_QUEUES.items():
        assert listed(world, who, queue=queue) == [str(made[state].pk)], queue
    assert set(listed(world, who, queue="open")) == names(*(made[state] for state in OPEN))
    assert set(listed(world, who, queue="closed")) == names(made[State.CLOSED], made[State.ARCHIVED])
    assert len(listed(world, who)) == len(made)


def test_lights_supervision_and_returns_have_queues(world: World) -> None:
    now = clock.now()
    hour = timedelta(hours=1)
    green = make_case(world, State.HANDLING, due_at=now + 9 * hour, amber_at=now + 5 * hour)
    amber = make_case(world, State.HANDLING, due_at=now + hour, amber_at=now - hour)
    red = make_case(world, State.HANDLING, due_at=now - hour, amber_at=now - 2 * hour, is_overdue=True)
    supervised = make_case(world, State.HANDLING, supervision=3)
    reminded = make_case(world, State.HANDLING, supervision=2)
    returned = make_case(world, State.ACCEPTED, is_returned=True)
    make_case(world, State.CLOSED, supervision=5, is_overdue=False)
    assert set(listed(world, "street_seat", queue="amber")) == names(amber)
    assert set(listed(world, "street_seat", queue="overdue")) == names(red)
    assert set(listed(world, "street_seat", queue="supervised")) == names(supervised)
    assert set(listed(world, "street_seat", queue="returned")) == names(returned)
    due = listed(world, "street_seat", queue="open", sort="due")
    assert due[:3] == [str(case.pk) for case in (red, amber, green)]
    assert set(due[3:]) == names(supervised, reminded, returned)


def test_mine_is_what_waits_for_my_unit_or_what_i_reported(world: World) -> None:
    post = world["street_seat"].post.pk
    waits = make_case(world, State.HANDLED, holder=town.STREET)
    make_case(world, State.HANDLING, holder=town.STREET, lead="D-SW")  # the unit's turn
    make_case(world, State.REPORTED, holder=town.COMMUNITY)  # another centre's
    mine = make_case(world, State.HANDLING, holder=town.COMMUNITY, lead="D-SW", reported_by_post=post)
    make_case(world, State.CLOSED, holder=town.STREET, reported_by_post=post)
    assert set(listed(world, "street_seat", queue="mine")) == names(waits, mine)


def test_filters_narrow_and_combine(world: World) -> None:
    kind = category("07")
    wanted = make_case(
        world,
        State.CLOSED,
        category=kind,
        source="resident",
        urgency="urgent",
        satisfaction=2,
        was_late=True,
        lon=118.79,
        lat=32.02,
    )
    make_case(world, State.CLOSED, source="resident", satisfaction=5)
    assert listed(world, "street_seat", category="07/") == [str(wanted.pk)]
    for narrow in (
        {"urgency": "urgent"},
        {"satisfaction": [1, 2]},
        {"is_late": "true"},
        {"has_place": "true"},
        {"category": "07", "source": "resident", "state": "closed", "outcome": "solved"},
        {"number": wanted.number},
        {"q": wanted.number},
    ):
        assert listed(world, "street_seat", **narrow) == [str(wanted.pk)], narrow
    assert listed(world, "street_seat", category="08/") == []


def test_filters_by_place_unit_and_time(world: World) -> None:
    old = clock.now() - timedelta(days=10)
    here = make_case(world, State.HANDLING, code=town.NEIGHBOUR_GRID, lead="D-SW", at=old)
    make_case(world, State.HANDLING, code=town.GRID, lead="D-CG-1")
    assert listed(world, "street_seat", code=town.NEIGHBOUR_GRID) == [str(here.pk)]
    assert listed(world, "street_seat", code=town.OTHER_STREET) == []
    assert listed(world, "street_seat", unit=world.unit("D-SW").path) == [str(here.pk)]
    assert listed(world, "street_seat", unit=world.unit("D-GA").path) == []
    assert listed(world, "street_seat", reported_to=(old + timedelta(days=1)).isoformat()) == [str(here.pk)]
    assert listed(world, "district_seat", reported_to=(old + timedelta(days=1)).isoformat()) == [str(here.pk)]


def test_the_reporters_phone_finds_for_those_who_must_call_back_and_nobody_else(world: World) -> None:
    case = make_case(world, State.HANDLING, lead="D-CG-1", phone=PHONE, reporter="张三丰")
    make_reporter(case, phone="02584512345", is_follower=True)
    assert by_phone(world, "street_seat", "138 1234 5678") == [str(case.pk)]
    assert by_phone(world, "street_seat", "025-84512345") == [str(case.pk)]
    assert by_phone(world, "street_seat", "13800000000") == []
    assert by_phone(world, "street_seat", "不是号码") == []
    assert listed(world, "department_clerk") == [str(case.pk)]
    for who in ("department_clerk", "department_leader", "grid_worker", "stranger_street_seat"):
        assert by_phone(world, who, PHONE) == []


@pytest.mark.parametrize("sort", ["newest", "oldest", "due"])
@pytest.mark.parametrize("who", ["street_seat", "district_seat", "department_leader"])
def test_pages_neither_repeat_nor_skip_while_cases_arrive(world: World, who: str, sort: str) -> None:
    start = clock.now() - timedelta(days=1)
    made = [
        make_case(
            world,
            State.HANDLING,
            lead="D-CG-1",
            gave_back=["D-CG-1"],
            at=start + timedelta(minutes=index // 3),  # three at once: the primary key decides
            due_at=None if index % 5 == 0 else start + timedelta(hours=index % 4),
        )
        for index in range(23)
    ]
    api = api_as(world[who])
    seen: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        page = api.get("/api/cases", sort=sort, limit=4, **({"cursor": cursor} if cursor else {})).json()
        seen += [row["id"] for row in page["items"]]
        cursor = page["next"]
        make_case(world, State.HANDLING, lead="D-CG-1", at=clock.now() if sort != "oldest" else start - timedelta(1))
    # What arrived meanwhile may stand behind the cursor only where the order puts it there.
    known = [one for one in seen if one in names(*made)]
    assert len(seen) == len(set(seen))
    assert known == _in_order(made, sort)


def _in_order(cases: list[Case], sort: str) -> list[str]:
    far = datetime.max.replace(tzinfo=clock.now().tzinfo)
    if sort == "due":
        ordered = sorted(
            cases, key=lambda case: (case.due_at or far, *((case.reported_at,) if not case.due_at else ()), case.pk)
        )
    else:
        ordered = sorted(cases, key=lambda case: (case.reported_at, case.pk), reverse=sort == "newest")
    return [str(case.pk) for case in ordered]


def test_a_cursor_of_another_order_or_made_up_is_refused(world: World) -> None:
    for _ in range(3):
        make_case(world)
    api = api_as(world["street_seat"])
    cursor = api.get("/api/cases", limit=1).json()["next"]
    for query in ({"cursor": cursor, "sort": "due"}, {"cursor": "abc"}, {"cursor": "e30"}):
        answer = api.get("/api/cases", **query)
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid")


@pytest.mark.parametrize("who", ["grid_worker", "street_seat", "district_seat", "department_leader"])
def test_a_page_takes_as_many_queries_as_a_line(world: World, who: str) -> None:
    by = world[who].actor

    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            list_cases(by, CaseFilters(queue=Queue.OPEN), at=clock.now())
        return len(found)

    make_case(world, State.HANDLING, lead="D-CG-1")
    with acting(by):
        queries()  # reads the configuration, once for each process
        one = queries()
        for _ in range(10):
            make_case(world, State.HANDLING, lead="D-CG-1", code=town.NEIGHBOUR_GRID)
        one_more = queries()
    assert one == one_more <= 9


def test_the_ways_of_a_scope_hold_all_of_it_and_nothing_else(world: World) -> None:
    """The union that lists walk, against `visible_to`, on made-up posts and cases."""
    chance = random.Random(3)
    units = list(world.units)
    for index in range(80):
        state = chance.choice([state for state in State if state != State.JOINED])
        lead = chance.choice(units) if chance.random() < 0.5 else "D-CG-1"
        make_case(
            world,
            state,
            code=chance.choice([*town.GRIDS, town.STREET, town.OTHER_COMMUNITY]),
            holder=chance.choice([town.DISTRICT, town.STREET, town.OTHER_STREET, town.COMMUNITY]),
            lead=lead if chance.random() < 0.5 else None,
            assist=[unit for unit in chance.sample(units, chance.randrange(2)) if unit not in (lead, "D-CG-1")],
            gave_back=chance.sample(units, chance.randrange(3)),
            reopenings=1 if chance.random() < 0.1 else 0,
            at=clock.now() - timedelta(minutes=chance.randrange(50)),
            due_at=clock.now() + timedelta(minutes=index) if chance.random() < 0.5 else None,
        )
    prefixes = ["", town.CITY, town.DISTRICT, town.STREET, town.OTHER_STREET, town.COMMUNITY, *town.GRIDS]
    for _ in range(60):
        path = chance.choice(["", *(unit.path for unit in world.units.values())])
        by = Actor(
            unit_path=path,
            ranges=tuple(chance.sample(prefixes, chance.randrange(4))),
            permissions=frozenset({"case.read"}),
        )
        code = chance.choice(["", "", town.STREET, town.OTHER_COMMUNITY])
        for only_open in (False, True):
            for sort in Sort:
                _agree(by, sort, only_open=only_open, code=code)


def _agree(by: Actor, sort: Sort, *, only_open: bool, code: str) -> None:
    queue = Queue.OPEN if only_open else Queue.ALL
    wanted = Case.objects.visible_to(by)
    if only_open:
        wanted = wanted.open()
    if code:
        wanted = wanted.filter(current_grid__startswith=code)
    where = condition(CaseFilters(queue=queue, code=code), by=by, at=clock.now())
    found = page_ids(by, where, Place.begin(sort, None), reach=Reach(only_open=only_open, code=code), limit=200)
    ids = [one.case_id for one in found]
    assert len(ids) == len(set(ids))
    assert set(ids) == set(wanted.values_list("pk", flat=True)), (by, sort, only_open, code)


def test_the_export_holds_the_same_cases_without_contacts_and_no_formula(world: World) -> None:
    case = make_case(world, title="=cmd|'/c calc'!A1", phone=PHONE, reporter="张三丰")
    make_case(world, code=town.OTHER_GRID, holder=town.OTHER_STREET)
    text = body_of(exported(api_as(world["street_seat"]))).decode("utf-8-sig")
    lines = text.strip().splitlines()[2:]
    assert len(lines) == 1 and case.number in lines[0] and "'=cmd" in lines[0]
    assert PHONE not in text and "张三丰" not in text and "5678" not in text
    assert exported(api_as(world["department_clerk"])).status_code == 403


def test_who_may_not_read_cases_gets_none(world: World) -> None:
    make_case(world)
    for path in ("/api/cases", "/api/cases/counts", "/api/cases/duplicates"):
        assert api_as(world["auditor"]).get(path).status_code == 403
    assert len(listed(world, "assessor")) == 1
