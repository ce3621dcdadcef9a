"""What everybody in the district knows: units, categories, places. Read through the API as a seat of the district."""

import random
from dataclasses import dataclass, field
from typing import Any

from wangge.demo import wording
from wangge.demo.plan import PASSWORD
from wangge.demo.simulate.browser import Answer, Browser
from wangge.demo.simulate.ledger import Ledger
from wangge.demo.topics import TOPICS, Topic, Variant
from wangge.either import either

SEAT = "qu1"
PAGE = 100
PLACES = 600
WORKERS_TRIED = 3  # grids 001 … of a community: a vacant one has nobody to sign in


class NoDistrict(Exception):
    """The server has no demonstration, does not allow it, or is not there."""


@dataclass(frozen=True, slots=True)
class Unit:
    id: int
    code: str
    name: str
    kind: str
    path: str
    division: str

    @property
    def username(self) -> str:
        """As `wangge demo` names them (demo/people.py)."""
        if self.code.startswith("D-"):
            return f"bm-{self.code[2:].lower()}"
        if len(self.code) == 12:
            return f"sq{self.code[7:9]}{self.code[10:12]}"
        return f"jd{self.code[-2:]}" if len(self.code) == 9 else SEAT


@dataclass(frozen=True, slots=True)
class Place:
    lon: float
    lat: float
    address: str
    grid: str


@dataclass(slots=True)
class Directory:
    url: str
    ledger: Ledger
    seat: Browser
    units: dict[int, Unit] = field(default_factory=dict)
    categories: dict[str, dict[str, Any]] = field(default_factory=dict)
    places: list[Place] = field(default_factory=list)
    by_path: dict[str, Unit] = field(default_factory=dict)
    by_code: dict[str, Unit] = field(default_factory=dict)
    browsers: list[Browser] = field(default_factory=list)

    def browser(self, username: str = "", *, address: str = "127.0.0.1") -> Browser:
        made = Browser(self.url, self.ledger, username=username, password=PASSWORD, address=address)
        self.browsers.append(made)
        return made

    def close(self) -> None:
        for browser in (self.seat, *self.browsers):
            browser.close()

    def centres(self, length: int) -> list[Unit]:
        return [unit for unit in self.units.values() if unit.kind == "centre" and len(unit.code) == length]

    def place(self, rng: random.Random, code: str = "") -> Place:
        fitting = [place for place in self.places if place.grid.startswith(code)]
        return rng.choice(fitting or self.places)

    def matter(self, rng: random.Random, *, from_grid: bool) -> tuple[Topic, Variant, int]:
        """A topic, what exactly, and its category here."""
        while True:
            topic = rng.choices(TOPICS, [topic.weight for topic in TOPICS])[0]
            variant = rng.choice(topic.variants)
            known = self.categories.get(variant.category)
            if known and not known["is_complaint"] and rng.random() < (topic.from_grid if from_grid else 1.0):
                return topic, wording.counted(variant, rng.randrange(2, 9)), int(known["id"])


def read(url: str, ledger: Ledger) -> Directory:
    """Raises NoDistrict, NoAnswer."""
    seat = Browser(url, ledger, username=SEAT, password=PASSWORD, patience_s=20)
    if not seat.sign_in():
        seat.close()
        raise NoDistrict(either(f"{SEAT} 不能登录", f"{SEAT} cannot sign in"))
    found = Directory(url, ledger, seat)
    for row in _pages(seat, "/api/units"):
        unit = Unit(row["id"], row["code"], row["name"], row["kind"], row["path"], row["division"])
        found.units[unit.id] = found.by_path[unit.path] = found.by_code[unit.code] = unit
    listed = _good(seat.get("/api/categories", "categories", scheme="WG"))
    found.categories = {row["code"]: row for row in listed if row["is_leaf"]}
    found.places = _places(seat)
    if not (found.units and found.categories and found.places):
        raise NoDistrict(either("没有单位、类别或地点", "no units, categories or places"))
    return found


def _pages(seat: Browser, path: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    while True:
        page = _good(seat.get(path, path, offset=len(rows), limit=PAGE))
        rows += page["items"]
        if not page["items"] or len(rows) >= page["count"]:
            return rows


def _places(seat: Browser) -> list[Place]:
    """Where things happened lately: there they will happen again."""
    found: list[Place] = []
    cursor = ""
    while len(found) < PLACES:
        page = _good(seat.get("/api/cases", "cases", queue="all", limit=PAGE, cursor=cursor))
        found += [
            Place(row["lon"], row["lat"], row["address"], row["grid"]["code"])
            for row in page["items"]
            if row["lon"] is not None
        ]
        cursor = page["next"] or ""
        if not cursor:
            break
    return found


def _good(answer: Answer) -> Any:
    if not answer.ok:
        raise NoDistrict(f"{answer.status} {answer.code}")
    return answer.body
