"""The kept figures agree with the cases to the unit, whatever happened in whatever order."""

import random
import threading
import uuid
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from wangge.cases import rollups
from wangge.cases.models import Case, DayByPlace, OpenByPlace
from wangge.cases.rollups_facts import TARGETS
from wangge.cases.rules.states import State
from wangge.cases.tests.factories import make_case
from wangge.cases.tests.history import SYSTEM, happen, reported, say
from wangge.cases.tests.made import category
from wangge.core import clock, journal
from wangge.core.actor import acting
from wangge.testing import town
from wangge.testing.world import World


@pytest.mark.parametrize("seed", range(4))
def test_after_any_history_the_figures_agree(committed_world: World, seed: int) -> None:
    chance = random.Random(seed)
    with acting(SYSTEM):
        kinds = [category(f"{number:02d}").pk for number in (71, 72)]
    for _ in range(60):
        happen(committed_world, chance, kinds)
        if chance.random() < 0.3:
            rollups.read()
    assert rollups.check() == []
    kept = everything()
    rollups.rebuild()
    assert everything() == kept
    happen(committed_world, chance, kinds)
    assert rollups.check() == []


def everything() -> dict[str, list[tuple[Any, ...]]]:
    """Rows without their ids; rows of zeros are left behind by counting and mean the same as none."""
    found: dict[str, list[tuple[Any, ...]]] = {}
    for target in TARGETS:
        numbers = list(target.numbers) if target.table != "cases_opencharge" else []
        columns = ", ".join([*target.keys, *numbers])
        some = " or ".join(f"{name} <> 0" for name in numbers) or "true"
        with connection.cursor() as cursor:
            cursor.execute(f"select {columns} from {target.table} where {some} order by {', '.join(target.keys)}")
            found[target.table] = cursor.fetchall()
    return found


def test_an_entry_that_commits_late_is_counted(committed_world: World) -> None:
    """Its transaction began before, its entry has the lower id, and the reader has passed it by."""
    begun, go = threading.Event(), threading.Event()

    def late() -> None:
        try:
            with acting(SYSTEM):
                case = make_case(committed_world)
                say(case)
                begun.set()
                assert go.wait(20)
        finally:
            connection.close()

    writer = threading.Thread(target=late)
    writer.start()
    assert begun.wait(20)
    reported(committed_world)
    rollups.catch_up()
    assert open_in(town.GRID) == 1
    go.set()
    writer.join()
    rollups.catch_up()
    assert open_in(town.GRID) == 2
    assert rollups.check() == []


def open_in(code: str) -> int:
    return sum(OpenByPlace.objects.filter(code=code).values_list("open", flat=True))


def test_the_same_entry_read_twice_counts_once(committed_world: World) -> None:
    case = reported(committed_world)
    for _ in range(3):
        with acting(SYSTEM):
            say(case, case)
        rollups.catch_up()
    assert open_in(town.GRID) == open_in("") == 1
    journal.rewind(rollups.READER)
    assert rollups.check() == []


def test_an_import_is_one_entry_and_all_its_cases_count(
    committed_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rollups, "AT_ONCE", 3)
    batch = uuid.UUID(int=7)
    with acting(SYSTEM):
        for _ in range(7):
            make_case(committed_world, State.CLOSED, batch=batch)
        entry = journal.Entry(kind="cases.imported", subject=("import", str(batch)), data={"batch": str(batch)})
        journal.record(entry, by=SYSTEM, at=clock.now())
    rollups.catch_up()
    assert DayByPlace.objects.get(code=town.STREET).closed == 7
    assert rollups.check() == []


def test_a_difference_is_found_named_and_mended(committed_world: World, capsys: pytest.CaptureFixture[str]) -> None:
    case = reported(committed_world)
    rollups.catch_up()
    OpenByPlace.objects.filter(code=town.GRID).update(open=5)
    Case.objects.filter(pk=case.pk).update(is_overdue=True)  # behind the journal's back
    with pytest.raises(CommandError, match="有 4 处不一致"):
        call_command("rollups", "check")
    assert "cases_openbyplace" in capsys.readouterr().out
    call_command("rollups", "rebuild")
    assert rollups.check() == []
    assert open_in(town.GRID) == 1


def test_a_case_that_is_gone_no_longer_counts(committed_world: World) -> None:
    case = reported(committed_world)
    rollups.catch_up()
    with acting(SYSTEM):
        Case.objects.filter(pk=case.pk).delete()
        say(case)
    assert rollups.check() == []
    assert open_in("") == 0


def test_days_are_beijing_days(committed_world: World) -> None:
    before = clock.day_start(date(2026, 3, 2)) - timedelta(seconds=1)  # 23:59:59 on 1 March
    reported(committed_world, at=before)
    reported(committed_world, at=before + timedelta(seconds=1))
    rollups.catch_up()
    found = DayByPlace.objects.filter(code="").order_by("day").values_list("day", "reported")
    assert list(found) == [(date(2026, 3, 1), 1), (date(2026, 3, 2), 1)]
