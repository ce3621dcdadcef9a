"""A city of 盐城's size, invented: 17,784 grids, its units and posts, and 1,840,000 cases of history written by COPY.

Everything is a function of a row's index and one seed, so that two processes write parts of the same city without talking.
Places are a lattice of cells, WGS-84 lon, lat; only the roll-ups are made by the product itself.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from wangge.cases.search import tokens

CITY = "3299"
GRIDS = 17_784
DISTRICTS = 11
STREETS = 135
COMMUNITIES = 2_541  # seven grids each
CASES = 1_840_000
YEARS = 3
WEST, SOUTH, CELL = 119.5, 33.0, 0.0092  # degrees; a cell is about one kilometre
COLUMNS = 134
DEPARTMENTS = 30
CATEGORIES = 120
OPEN_SHARE = 0.0037  # 99.63 % are closed
SETTLED_SHARE = 0.70
SEED = 20_261_120

PLACES = [
    "平安",
    "和谐",
    "文峰",
    "解放",
    "人民",
    "建军",
    "迎宾",
    "新都",
    "开放",
    "青年",
    "大庆",
    "毓龙",
    "黄海",
    "盐马",
    "双元",
    "世纪",
    "希望",
    "范公",
    "登瀛",
    "东进",
    "西环",
    "通榆",
]
THINGS = [
    "路面塌陷", "井盖缺失", "路灯不亮", "暴露垃圾", "占道经营", "污水外溢", "树枝折断", "违章搭建", "噪音扰民", "停水",
    "漏水", "护栏损坏", "乱停车", "小广告", "楼道堆物", "消防通道堵塞", "油烟扰民", "积水", "公厕脏乱", "宠物扰民",
]  # fmt: skip
DETAILS = [
    "影响行人通行，请尽快派人处理", "已经有好几天没有人来看", "晚上经过很不安全，老人小孩容易摔倒", "物业说不归他们管",
    "之前反映过一次，修好后又坏了", "附近居民意见很大", "下雨天更加严重", "希望明确是哪个单位负责并给个答复",
]  # fmt: skip


@dataclass(frozen=True)
class City:
    """`now` is when the history ends."""

    now: datetime
    cases: int = CASES
    grids: int = GRIDS

    @cached_property
    def grid_codes(self) -> list[str]:
        return [self.grid_code(index) for index in range(self.grids)]

    def community_of(self, grid: int) -> int:
        return min(grid // 7, COMMUNITIES - 1)

    def community_code(self, community: int) -> str:
        street = community * STREETS // COMMUNITIES
        within = community - -(-street * COMMUNITIES // STREETS) + 1
        return f"{self.street_code(street)}{within:03d}"

    def street_code(self, street: int) -> str:
        district = street * DISTRICTS // STREETS
        within = street - -(-district * STREETS // DISTRICTS) + 1
        return f"{CITY}{district + 1:02d}{within:03d}"

    def grid_code(self, grid: int) -> str:
        community = self.community_of(grid)
        return f"{self.community_code(community)}{grid - community * 7 + 1:03d}"

    def cell(self, grid: int) -> tuple[float, float, float, float]:
        """west, south, east, north."""
        row, column = divmod(grid, COLUMNS)
        west, south = WEST + column * CELL, SOUTH + row * CELL
        return west, south, west + CELL, south + CELL

    # -- one array for each thing about a case, by index ------------------------------------------------------------
    @cached_property
    def draw(self) -> Draw:
        return Draw(self)


class Draw:
    """All the chances of the history, drawn once and in one order."""

    def __init__(self, city: City) -> None:
        random = np.random.default_rng(SEED)
        count = city.cases
        seconds = np.sort(random.random(count)) * YEARS * 365 * 86_400
        self.start = city.now - timedelta(days=YEARS * 365)
        self.reported_s: npt.NDArray[np.float64] = seconds
        # A few grids are busy, most are quiet.
        busy = random.permutation(city.grids)
        weights = 1 / (np.arange(city.grids) + 200.0)
        self.grid = busy[
            np.searchsorted(np.cumsum(weights / weights.sum()), random.random(count)).clip(0, city.grids - 1)
        ]
        self.category = (random.random(count) ** 2 * CATEGORIES).astype(np.int64)
        self.x, self.y = random.random(count), random.random(count)
        self.settled = random.random(count) < SETTLED_SHARE
        self.department = random.integers(0, DEPARTMENTS, count)
        # Open cases are the newest ones, mostly.
        age = count - np.arange(count)
        self.open = random.random(count) < OPEN_SHARE * 6 * np.exp(-age / (count / 6))
        self.state = random.integers(0, 7, count)
        self.thing = random.integers(0, len(THINGS), count)
        self.place = random.integers(0, len(PLACES), count)
        self.house = random.integers(1, 400, count)
        self.detail = random.integers(0, len(DETAILS), count)
        self.hours = random.gamma(2.0, 14.0, count)
        self.late = random.random(count) < 0.04
        self.score = random.integers(0, 12, count)
        self.random = random.integers(0, 2**62, count)


STATES = ("reported", "accepted", "dispatched", "handling", "handling", "handled", "reviewed")
SETTLED_MOVES = ("report", "settle", "archive")
LONG_MOVES = ("report", "accept", "dispatch", "sign", "finish", "pass", "close", "archive")
OPEN_MOVES = {"reported": 1, "accepted": 2, "dispatched": 3, "handling": 4, "handled": 5, "reviewed": 6}
AFTER = ("reported", "accepted", "dispatched", "handling", "handled", "reviewed", "closed", "archived")


@dataclass(frozen=True, slots=True)
class History:
    """One case as the tables want it."""

    id: uuid.UUID
    number: str
    grid: str
    lon: float
    lat: float
    category: int
    state: str
    is_open: bool
    settled: bool
    late: bool
    lead: int  # index of the department's branch, -1 for none
    reported_at: datetime
    moved_at: tuple[datetime, ...]
    title: str
    address: str
    description: str
    thing: str
    detail: str
    score: int


def histories(city: City, first: int = 0, last: int | None = None) -> Iterator[History]:
    d, codes = city.draw, city.grid_codes
    for i in range(first, city.cases if last is None else last):
        grid = int(d.grid[i])
        west, south, _, _ = city.cell(grid)
        reported = d.start + timedelta(seconds=float(d.reported_s[i]))
        is_open = bool(d.open[i])
        state = STATES[d.state[i]] if is_open else "archived"
        settled = bool(d.settled[i]) and not is_open
        moves = 3 if settled else OPEN_MOVES[state] if is_open else 8
        step = timedelta(hours=float(d.hours[i]) / 7)
        thing, place = THINGS[d.thing[i]], PLACES[d.place[i]]
        address = f"{place}路{d.house[i]}号"
        yield History(
            id=uuid7(reported, int(d.random[i])),
            number=f"WG{codes[grid][:6]}{reported + timedelta(hours=8):%Y%m%d}{i % 1_000_000:06d}",
            grid=codes[grid],
            lon=west + float(d.x[i]) * CELL,
            lat=south + float(d.y[i]) * CELL,
            category=int(d.category[i]),
            state=state,
            is_open=is_open,
            settled=settled,
            late=bool(d.late[i]),
            lead=-1 if moves < 3 or settled else int(d.department[i]) * DISTRICTS + int(codes[grid][4:6]) - 1,
            reported_at=reported,
            moved_at=tuple(reported + step * k for k in range(moves)),
            title=f"{address}{thing}",
            address=address,
            description=f"{address}附近{thing}，{DETAILS[d.detail[i]]}。",
            thing=thing,
            detail=DETAILS[d.detail[i]],
            score=int(d.score[i]) + 1 if d.score[i] < 5 and not is_open else 0,
        )


def uuid7(at: datetime, bits: int) -> uuid.UUID:
    value = int(at.timestamp() * 1000) << 80 | 0x7 << 76 | (bits >> 50 & 0xFFF) << 64 | 0x2 << 62 | bits & (1 << 62) - 1
    return uuid.UUID(int=value)


@lru_cache(maxsize=300_000)
def tokens_of(address: str, thing: str, detail: str) -> str:
    """The product's own tokens; the words repeat, so each is cut once."""
    return tokens(f"{address}{thing}", f"{address}附近{thing}，{detail}。")


def cell_wkb(city: City, grid: int) -> bytes:
    box: bytes = shapely.to_wkb(shapely.box(*city.cell(grid)))
    return box


def midnight(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


Row = tuple[Any, ...]
