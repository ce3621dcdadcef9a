"""Going overdue is said exactly once, however often the worker dies while it says so."""

import os
import random
import signal
import time

import pytest

from faults.client import PLACE, call
from faults.house import House, until
from wangge.core.ids import new_id

LATE = "select count(*) from cases_deadline where due_at <= now() and met_at is null and overdue_at is null"
SAID = """
select d.id, count(j.id) from cases_deadline d
  left join core_journal j on j.kind = 'case.overdue' and j.subject_id = d.case_id::text
 where d.met_at is null and d.due_at <= now() group by d.id
"""


def report(house: House, count: int) -> None:
    for number in range(count):
        body = {"source": "telephone", "title": f"路灯不亮 {number}", **PLACE, "category_id": house.category}
        assert call(house, "street_seat", "POST", "/api/cases", body, new_id()).status == 201


def all_late_at_once(house: House) -> None:
    house.tell("update cases_deadline set due_at = now() - interval '1 second' where met_at is null")


def said_once(house: House) -> None:
    until(lambda: house.ask(LATE) == [(0,)], why=house.readers)
    counts = house.ask(SAID)
    assert counts and all(count == 1 for _, count in counts), counts
    steps = house.ask("select count(*), count(distinct case_id) from cases_step where kind = 'overdue'")
    assert steps == [(len(counts), len(counts))]
    assert house.ask("select count(*) from cases_case where is_overdue and was_late") == [(len(counts),)]


def until_a_worker(house: House) -> int:
    until(lambda: "worker" in house.children())
    return house.children()["worker"]


@pytest.mark.long
def test_a_worker_killed_and_started_again_says_it_once(own_house: House) -> None:
    report(own_house, 12)
    os.kill(until_a_worker(own_house), signal.SIGSTOP)  # so that all of it is due when the next one begins
    all_late_at_once(own_house)
    own_house.kill("worker")
    said_once(own_house)


@pytest.mark.long
@pytest.mark.timeout(900)
def test_a_worker_killed_again_and_again_says_it_once(own_house: House) -> None:
    """At any moment, also in the middle of its transaction; and the database under it too."""
    draw = random.Random(7)
    report(own_house, 300)
    for round_ in range(8):
        pid = until_a_worker(own_house)
        if round_ == 4:
            own_house.kill("postmaster")
        all_late_at_once(own_house)
        time.sleep(draw.uniform(0.0, 2.0))
        if until_a_worker(own_house) == pid:
            os.kill(pid, signal.SIGKILL)
    said_once(own_house)
