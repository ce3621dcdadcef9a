"""What a seat reads all day, from one grid to the whole city."""

from __future__ import annotations

import random
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from bench.city import City
from bench.client import Hammer, Result
from bench.stage import Served, Stage, sign_in

FILTERS: dict[str, dict[str, str]] = {
    "newest": {},
    "to accept": {"queue": "to_accept"},
    "handling": {"queue": "handling"},
    "overdue": {"queue": "overdue"},
    "closed": {"queue": "closed"},
    "by category": {"category": "B007/"},
    "by unit": {"unit": "BD03-04"},
    "since a month": {},
    "from grid workers": {"source": "grid"},
}


@dataclass(frozen=True)
class Scope:
    name: str
    role: str
    unit: str
    codes: list[str]


def scopes(city: City) -> list[Scope]:
    grid = city.grid_codes[city.grids // 3]
    return [
        Scope("grid", "grid_worker", grid[:12], [grid]),
        Scope("community", "community", grid[:12], [grid[:12]]),
        Scope("sub-district", "street_seat", grid[:9], [grid[:9]]),
        Scope("district", "district_seat", grid[:6], [grid[:6]]),
        Scope("city", "district_seat", grid[:4], [grid[:4]]),
        Scope("branch", "department_clerk", "BD03-04", []),
        Scope("department", "department_leader", "BD03", []),
    ]


def read(served: Served, token: str, paths: list[str], *, rounds: int = 25) -> Result:
    """One connection, one request after the other: what a person waits for, not what a queue adds."""
    hammer = Hammer(served.port, 1, token)
    hammer.run(lambda number, turn: ("GET", paths[turn % len(paths)], None), per_connection=min(5, len(paths)))
    return hammer.run(lambda number, turn: ("GET", paths[turn % len(paths)], None), per_connection=rounds, keep=True)


def queue_paths(city: City, name: str) -> list[str]:
    values = dict(FILTERS[name])
    if name == "since a month":
        from datetime import timedelta

        values["reported_from"] = (city.now - timedelta(days=30)).isoformat()
    return [f"/api/cases?{urlencode(values)}"]


def detail_paths(stage: Stage, codes: list[str], unit: str) -> list[str]:
    code = codes[0] if codes else ""
    with stage.owner() as connection:
        if code:
            rows = connection.execute(
                "select id from cases_case where current_grid >= %s and current_grid < %s order by reported_at desc limit 300",
                [code, code + "~"],
            ).fetchall()
        else:
            rows = connection.execute(
                "select case_id from cases_assignment where unit_path like %s order by reported_at desc limit 300",
                [f"%{unit}/%"],  # the branch's own, or the whole department's
            ).fetchall()
    random.seed(1)
    return [f"/api/cases/{row[0]}" for row in random.sample(rows, min(40, len(rows)))]


SEARCHES = ["路", "水", "井盖", "井盖缺失", "平安路38号", "希望明确是哪个单位", "登瀛路12", "不存在的词语", "WG3299"]


def search_paths() -> list[str]:
    return [f"/api/cases?q={quote(words)}" for words in SEARCHES]


def map_paths(city: City) -> list[str]:
    west, south, _, _ = city.cell(0)
    paths = []
    for zoom, size in ((8, 1.3), (11, 0.3), (13, 0.08), (15, 0.02)):
        x, y = west + 0.4, south + 0.5
        paths.append(f"/api/cases/map?west={x}&south={y}&east={x + size}&north={y + size}&zoom={zoom}")
    return paths


def sign_in_scope(stage: Stage, scope: Scope) -> str:
    return sign_in(stage, scope.name, scope.role, scope.unit, scope.codes)
