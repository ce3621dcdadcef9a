"""The whole demonstration is a district of 秦淮's size: its plan, its ground, under --long all that a newcomer gets.

That is what the real one carries: 12 sub-districts, 1,026 general and 308 dedicated grids, 2,455 workers of whom 1,117
are full-time, 14 departments; and 60,000 cases of twelve months.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from wangge.demo import ground, names, plan
from wangge.demo.people import DEPARTMENTS
from wangge.ground.cluster import Cluster
from wangge.ground.home import ROOT
from wangge.testing import seed

SEEDS = (20_260, 1, 7)
ROLES = """
grid_worker grid_chief community street_seat district_seat commander department_clerk department_leader assessor
administrator security_officer auditor
"""


def test_the_plan_adds_up_to_the_district_it_is_of() -> None:
    whole = plan.full(SEEDS[0])
    assert (whole.streets, whole.communities, whole.general, whole.dedicated) == (12, 110, 1026, 308)
    assert whole.general + whole.dedicated == 1334
    assert whole.full_time == 1117
    assert whole.full_time + whole.chiefs + whole.part_time + whole.professionals + whole.volunteers == 2455
    assert whole.workers == 2455
    assert (whole.cases, whole.days) == (60_000, 365)
    assert len(DEPARTMENTS) == len({one.key for one in DEPARTMENTS}) == 14


@pytest.mark.parametrize("sown", SEEDS)
def test_the_ground_has_what_the_plan_says_whatever_it_is_sown_from(sown: int) -> None:
    whole = plan.full(sown)
    land = ground.make(whole)  # it looks at the rule of 一张网 itself, and raises where it is broken
    kinds = Counter(grid.type for grid in land.grids)
    assert (len(land.streets), len(land.communities)) == (12, 110)
    assert kinds == {"general": 1026, "dedicated": 308}
    codes = [*land.divisions, *(grid.code for grid in land.grids), *(code for code, _, _ in land.micros)]
    assert len(codes) == len(set(codes))
    divided = {code[:15] for code, _, _ in land.micros}
    assert len(divided) == whole.micro_divided and divided <= {grid.code for grid in land.grids}
    assert {grid.community for grid in land.grids} == set(land.communities), "no community is left without a grid"


@pytest.fixture
def newcomer() -> "Iterator[tuple[psycopg.Connection[tuple[Any, ...]], str]]":
    """Behind every policy, after `wangge demo` into an empty house; and what it said."""
    folder = Path(tempfile.mkdtemp(prefix="wg-"))
    cluster = Cluster(folder / "home", durable=False)
    ours = {name: value for name, value in os.environ.items() if not name.startswith(("DATABASE_", "WANGGE_"))}
    ours |= {"WANGGE_HOME": str(folder / "home"), "WANGGE_DEMO": "1", "PYTHONPATH": str(ROOT)}
    try:
        seed.settle(folder / "home")
        with cluster.use():
            demo = [sys.executable, "-m", "wangge", "demo"]
            told = subprocess.run(demo, cwd=ROOT, env=ours, check=True, stdout=subprocess.PIPE, text=True).stdout
            check = [sys.executable, "-m", "wangge", "rollups", "check"]
            subprocess.run(check, cwd=ROOT, env=ours, check=True)
            with psycopg.connect(cluster.url("postgres"), autocommit=True) as connected:
                yield connected, told
    finally:
        cluster.stop()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.mark.long
@pytest.mark.timeout(900)
def test_a_newcomer_gets_all_of_it(newcomer: "tuple[psycopg.Connection[tuple[Any, ...]], str]") -> None:
    connected, told = newcomer

    def count(what: str) -> int:
        row = connected.execute(f"select count(*) from {what}").fetchone()
        assert row is not None
        return int(row[0])

    loaded = re.search(r"(\d+) 网格 grids, 2455 人 workers, 60000 件 cases", told)
    assert loaded, told
    first_hour = (ROOT / "docs" / "first-hour.md").read_text(), (ROOT / "docs" / "first-hour.zh-CN.md").read_text()
    assert f"{loaded[1]} grids, 60 000 cases" in first_hour[0] and f"{loaded[1]} 个网格、六万件案件" in first_hour[1]
    district = names.DISTRICT[0]
    assert count(f"grids_division where length(code) = 9 and code like '{district}%'") == 12
    assert count(f"grids_division where length(code) = 12 and code like '{district}%'") == 110
    assert count("grids_grid where type = 'general'") == 1026
    assert count("grids_grid where type = 'dedicated'") == 308
    assert count("grids_grid where type = 'general' and length(code) <> 15") == 0
    assert count("cases_case") == 60_000
    assert count("accounts_unit where kind = 'department'") == 14
    assert count("accounts_unit where kind = 'centre'") == 1 + 12 + 110
    # Somebody who looks after several grids serves on each of them, and is one worker.
    people = "(select distinct kind, coalesce(user_id::text, name || profession) from grids_teammember {}) of_them"
    assert count(people.format("where kind = 'full_time'")) == 1117
    assert count(people.format("where user_id is not null")) == 1117 + 340 + 620
    roles = connected.execute("select distinct r.code from accounts_post p join accounts_role r on r.id = p.role_id")
    assert {code for (code,) in roles} >= set(ROLES.split())
    months = connected.execute(
        "select count(distinct date_trunc('month', reported_at at time zone 'Asia/Shanghai')) from cases_case"
    ).fetchone()
    assert months is not None and months[0] >= 12
