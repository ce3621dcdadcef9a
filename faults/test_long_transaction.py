"""A write transaction is held open: readers and deadlines go on, and what it commits late is seen once."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest

from faults.client import PLACE, call
from faults.house import House, until
from faults.listener import Listener
from faults.test_deadlines import LATE
from faults.test_kills import figures_agree
from wangge.core.ids import new_id

JOURNAL = """
insert into core_journal (at, kind, subject_type, subject_id, actor_kind, changed)
values (now(), 'case.refuse', 'case', %s, 'system', '{state}')
"""
COUNTED = "select coalesce(sum(reported), 0) from cases_daybyplace where code = ''"


@contextmanager
def held_open(house: House, case_id: str) -> Iterator["psycopg.Connection[tuple[object, ...]]"]:
    """An entry about a case, and a change of that case, not committed yet."""
    with psycopg.connect(house.cluster.url("postgres")) as slow:
        slow.execute(JOURNAL, [case_id])
        slow.execute("update cases_case set state = 'refused' where id = %s", [case_id])
        yield slow


def report(house: House, title: str) -> str:
    body = {"source": "telephone", "title": title, **PLACE, "category_id": house.category}
    answer = call(house, "street_seat", "POST", "/api/cases", body, new_id())
    assert answer.status == 201, answer
    return str(answer.body["id"])


def holds_for(house: House, seconds: float) -> None:
    slow_case = report(house, "等待提交")
    with Listener(house, "street_seat") as feed:
        until(lambda: feed.is_open)
        with held_open(house, slow_case) as slow:
            end, told = time.monotonic() + seconds, 0
            while told < 3 or time.monotonic() < end:
                told += 1
                case_id = report(house, f"照常上报 {told}")
                until(lambda case_id=case_id: feed.times_told(case_id) == 1, why=feed.words)  # type: ignore[misc]
                total = house.ask("select count(*) from cases_case")[0]
                until(lambda total=total: house.ask(COUNTED)[0] == total, why=house.readers)  # type: ignore[misc]
                house.tell("update cases_deadline set due_at = now() where case_id = %s", case_id)
                until(lambda: house.ask(LATE) == [(0,)], why=house.readers)
                time.sleep(min(1.0, seconds / 10))
            before = feed.times_told(slow_case)
            slow.commit()
        until(lambda: feed.times_told(slow_case) == before + 1, why=feed.words)
        refused = "select open from cases_openbyplace where code = '' and state = 'refused'"
        until(lambda: house.ask('select is_open from cases_grain where "case" = %s', slow_case) == [(False,)])
        assert house.ask(refused) in ([], [(0,)])
        figures_agree(house)
        assert feed.times_told(slow_case) == before + 1, "seen twice"


def test_readers_and_deadlines_go_on(house: House) -> None:
    holds_for(house, 5.0)


@pytest.mark.long
@pytest.mark.timeout(600)
def test_readers_and_deadlines_go_on_for_two_minutes(house: House) -> None:
    holds_for(house, 120.0)
