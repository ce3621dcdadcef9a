"""`kill -9` of any process, or of the database, during a load of reports: what was answered is there, once."""

import time

import pytest

from faults.client import Load
from faults.house import House, until

WHAT = ("api", "worker", "postmaster", "live", "backend")


def everything_is_there_once(house: House, load: Load) -> None:
    answered = {answer["id"]: answer["number"] for answer in load.reported.values()}
    assert len(answered) == len(load.reported), "two keys, one case"
    kept = {str(case_id): number for case_id, number in house.ask("select id, number from cases_case")}
    assert kept == answered
    entries = house.ask("select subject_id, count(*) from core_journal where kind = 'case.report' group by 1")
    assert dict(entries) == dict.fromkeys(answered, 1)
    # A case that was reported more than five minutes ago may have a second line by now: that nobody answered it.
    for table in ("cases_text", "cases_step where kind = 'report'", "cases_deadline"):
        rows = house.ask(f"select case_id, count(*) from {table} group by 1")
        assert {str(case_id): count for case_id, count in rows} == dict.fromkeys(answered, 1), table


def figures_agree(house: House) -> None:
    until(house.readers_done, why=house.readers)
    assert "difference" in house.run("rollups", "check")


def until_more(load: Load) -> None:
    before = len(load.reported)
    until(lambda: len(load.reported) > before + 3)


def under_fire(house: House, *, rounds: int, apart_s: float) -> Load:
    load = Load(house)
    load.start()
    for _ in range(rounds):
        for what in WHAT:
            until_more(load)
            time.sleep(apart_s)
            house.kill(what)
    until_more(load)
    load.stop()
    return load


def test_every_report_that_was_answered_is_there_once(own_house: House) -> None:
    load = under_fire(own_house, rounds=1, apart_s=0.2)
    assert load.unanswered + sum(load.statuses.values()) > 0, "nobody noticed: nothing was tried"
    assert set(load.statuses) <= {503}, load.statuses
    everything_is_there_once(own_house, load)
    figures_agree(own_house)


@pytest.mark.long
@pytest.mark.timeout(900)
def test_many_times_over(own_house: House) -> None:
    own_house.tell("truncate cases_case, core_journal, cases_grain cascade")
    own_house.run("rollups", "rebuild")
    load = under_fire(own_house, rounds=8, apart_s=1.0)
    assert set(load.statuses) <= {503}, load.statuses
    everything_is_there_once(own_house, load)
    figures_agree(own_house)
