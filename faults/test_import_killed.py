"""`kill -9` in each step of an import of people: exact counts, nobody twice, each fault by its row."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from faults.house import House, until
from wangge.registry.rules.identity import identity_check
from wangge.testing import town

PEOPLE = 80_000  # so many that each step takes seconds, and sixteen pieces of staging
HEAD = "姓名,证件号码,性别,联系电话,网格编码"
TWICE, NO_NAME, NO_GRID = 4_000, 7_000, 9_000  # rows of the file


def number(order: int) -> str:
    born = date(1950, 1, 1) + timedelta(days=order // 999)
    digits = f"320104{born:%Y%m%d}{order % 999 + 1:03}"
    return digits + identity_check(digits + "0")


def written(path: Path) -> Path:
    lines = [HEAD]
    for row in range(2, PEOPLE + 2):
        name = "=cmd()" if row == NO_NAME else f"王{chr(0x4E00 + row % 5_000)}"
        card = number(2 if row == TWICE else row)
        lines.append(f"{name},{card},男,139{row:08},{'999' if row == NO_GRID else town.GRID}")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def press(house: House, button: str, what: str) -> str:
    return house.run(button, what, module="faults.bring").strip()


def state_of(house: House, batch: str) -> tuple[str, int, int]:
    """State, rows staged, how often the step was begun."""
    [row] = house.ask("select state, rows_staged, attempts from imports_batch where id = %s", batch)
    return row[0], row[1], row[2]


def killed_in(house: House, batch: str, what: str, state: str) -> bool:
    """As soon as the step was begun; who comes back takes it up. Whether it was still in the middle of it."""
    until(lambda: state_of(house, batch)[0] != state or any(state_of(house, batch)[1:]))
    house.kill(what)
    return state_of(house, batch)[0] == state


@pytest.mark.long  # it has to meet the worker in the middle of a step, which a busy machine may miss
@pytest.mark.timeout(900)
def test_killed_in_each_step_everybody_comes_in_once(house: House, tmp_path: Path) -> None:
    batch = press(house, "receive", str(written(tmp_path / "people.csv")))
    until(lambda: state_of(house, batch)[0] != "received")
    assert killed_in(house, batch, "worker", "checking"), "nothing was in the middle of anything"
    until(lambda: state_of(house, batch)[0] == "checked")
    faults = house.ask("select row, code from imports_rowfault where batch_id = %s order by row", batch)
    assert faults == [
        (TWICE, "registry.number_twice"),
        (NO_NAME, "registry.wrong_value"),
        (NO_GRID, "registry.no_grid"),
    ]
    press(house, "stage", batch)
    killed_in(house, batch, "postmaster", "staging")
    until(lambda: state_of(house, batch)[0] == "staged")
    assert state_of(house, batch)[1] == PEOPLE - 3
    press(house, "apply", batch)
    until(lambda: state_of(house, batch)[2] > 0 or state_of(house, batch)[0] != "applying")
    assert killed_in(house, batch, "worker", "applying"), "nothing was in the middle of anything"
    until(lambda: state_of(house, batch)[0] == "applied")
    all_are_there_once(house, batch)


def all_are_there_once(house: House, batch: str) -> None:
    [(people, numbers)] = house.ask("select count(*), count(distinct id_number_hash) from registry_person")
    assert (people, numbers) == (PEOPLE - 3, PEOPLE - 3)
    [(tokens, found)] = house.ask("select count(*), count(distinct record) from registry_token")
    assert (tokens, found) == (3 * people, people), "of two characters: each, and the whole"
    assert house.ask("select data->>'created' from core_journal where kind = 'registry.imported'") == [(str(people),)]
    assert house.ask("select count(*) from imports_stagedpage") == [(0,)]
    [(counts,)] = house.ask("select counts from imports_batch where id = %s", batch)
    assert counts == {"created": people, "changed": 0, "unchanged": 0}


@pytest.mark.long
def test_a_cancelled_import_leaves_nothing(house: House, tmp_path: Path) -> None:
    before = house.ask("select count(*) from registry_person")
    path = written(tmp_path / "again.csv")
    path.write_text(path.read_text(encoding="utf-8").replace("王", "李"), encoding="utf-8")
    batch = press(house, "receive", str(path))
    until(lambda: state_of(house, batch)[0] == "checked")
    press(house, "stage", batch)
    until(lambda: state_of(house, batch)[0] == "staged")
    press(house, "cancel", batch)
    assert house.ask("select count(*) from imports_stagedpage") == [(0,)]
    assert house.ask("select count(*) from imports_rowfault where batch_id = %s", batch) == [(0,)]
    assert house.ask("select count(*) from registry_person") == before
    assert not list((house.home / "files" / "imports").iterdir())
