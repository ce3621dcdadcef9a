"""Dumped here, restored into another cluster: every reader goes on from where it was, nothing missed, nothing twice."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from faults.client import PLACE, call
from faults.house import House, until
from faults.test_kills import figures_agree
from wangge.core.ids import new_id
from wangge.ground.psql import binary, for_libpq

pytestmark = [pytest.mark.long, pytest.mark.timeout(600)]


def report(house: House, count: int) -> set[str]:
    made: set[str] = set()
    for number in range(count):
        body = {"source": "telephone", "title": f"路灯不亮 {number}", **PLACE, "category_id": house.category}
        answer = call(house, "street_seat", "POST", "/api/cases", body, new_id())
        assert answer.status == 201, answer
        made.add(str(answer.body["id"]))
    return made


def read_in(house: House, batch: int = 7) -> None:
    """A second reader of the house's journal, in a process of its own, counts how often it is handed each entry."""
    house.run("read", str(batch), module="faults.reader")


@pytest.fixture
def other() -> Iterator[House]:
    folder = Path(tempfile.mkdtemp(prefix="wg-"))
    yield House(folder / "home")
    moved = House(folder / "home")
    moved.cluster.stop()
    shutil.rmtree(folder, ignore_errors=True)


def handed(house: House) -> dict[str, int]:
    return dict(house.ask("select entry, times from faults_seen"))


def goes_on_there(house: House, other: House, made: set[str], old_entries: set[str]) -> None:
    other.tokens, other.units, other.category = house.tokens, house.units, house.category
    with other.cluster.use():
        clusters = {str(row[0]) for row in other.ask("select journal_cluster() union select cluster from core_journal")}
        assert len(clusters) == 2, "the same cluster: nothing was moved"
        other.up()
        try:
            new = report(other, 5)
            until(other.readers_done, why=other.readers)
            figures_agree(other)
            kept = {str(row[0]) for row in other.ask("select id from cases_case")}
            assert kept == made | new
            read_in(other)
            read_in(other)
            entries = {str(row[0]) for row in other.ask("select id from core_journal")}
            times = handed(other)
            assert set(times) == entries and old_entries < entries
            assert set(times.values()) == {1}, {entry: count for entry, count in times.items() if count != 1}
        finally:
            other.down()


def test_wangge_backup_and_restore(house: House, other: House) -> None:
    made = report(house, 12)
    house.run("make", module="faults.reader")
    read_in(house)
    until(house.readers_done, why=house.readers)
    made |= report(house, 8)  # the readers have not all seen these when the backup is taken
    house.run("backup", str(house.home / "one.backup"))
    old = {str(row[0]) for row in house.ask("select id from core_journal")}
    other.home.mkdir(parents=True)
    other.run("restore", str(house.home / "one.backup"))
    everything = {str(row[0]) for row in house.ask("select id from cases_case")}
    assert made <= everything
    goes_on_there(house, other, everything, old)


def test_pg_dump_into_another_server(house: House, other: House) -> None:
    """By the database's own tools, and by a role that is nobody here."""
    from wangge.ground.cluster_making import DATABASE, OWNER

    house.run("make", module="faults.reader")
    report(house, 5)
    read_in(house)
    report(house, 4)
    dump = house.home / "plain.dump"
    _tool("pg_dump", house.cluster.url("postgres"), "--format=custom", f"--file={dump}", "-d")
    old = {str(row[0]) for row in house.ask("select id from core_journal")}
    everything = {str(row[0]) for row in house.ask("select id from cases_case")}
    shutil.copy(house.home / "keys.json", _made(other.home) / "keys.json")
    with other.cluster.use():
        _tool("pg_restore", other.cluster.url("postgres", DATABASE), str(dump), "--no-owner", f"--role={OWNER}", "-d")
    goes_on_there(house, other, everything, old)


def _made(home: Path) -> Path:
    home.mkdir(parents=True, exist_ok=True)
    return home


def _tool(name: str, url: str, *words: str) -> None:
    location, environment = for_libpq(url)
    subprocess.run([str(binary(name)), *words, location], env={**os.environ, **environment}, check=True)
