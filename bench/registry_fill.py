"""Writes the registry of a city by COPY, as the owner role: `python -m bench.registry_fill PART OF SHARE NOW`.

Everything is a function of a row's index, so that two processes write parts of one city without talking. Names, numbers
and telephones are invented; what is sealed and hashed is so by the product's own keys, so that the product finds it.
"""

from __future__ import annotations

import json
import os
import random
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

import psycopg

from bench.city import PLACES as WORDS
from bench.city import City

# 33.83 million records at full size.
WHOLE = {
    "person": 8_000_000,
    "residence": 8_800_000,  # everybody lives somewhere, one in ten owns a dwelling besides
    "dwelling": 3_200_000,
    "building": 210_000,
    "household": 2_700_000,
    "member": 8_000_000,
    "organisation": 600_000,
    "organisationperson": 900_000,
    "facility": 1_400_000,
    "place": 20_000,
}
# Beside them, at full size: who left within three years, a twelfth of the city in each, as retention left them.
GONE = 2_000_000
GONE_DAYS = 1_095
PLANNED_WITH = ("native_place", "marital", "education", "occupation", "employer")  # kept for a year
NUMBER = {kind: place for place, kind in enumerate((*WHOLE, "owned", "act"))}
TOWER = 400  # dwellings of one building in the first grid, whatever the size

SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡林郭何高罗郑梁谢宋唐许邓冯韩曹曾彭萧蔡潘田董袁于余叶蒋杜苏魏程吕丁任卢姚沈钟姜崔谭"
    "陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常汤"
)
GIVEN = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂英华玉兰红春梅建国文志永海波宇浩然子涵梓萱一诺欣怡雨桐思远嘉俊熙佳琪晨"
    "阳博瑞泽诗云飞龙凤翔鹏辉斌鑫婷雪琳慧颖秀珍素琴淑德福贵财旺根生祥庆喜顺和安康宁乐天宝荣耀光宗成功立业正义忠孝仁礼"
    "智信诚善良温恭俭让谦清廉洁白雅丹青墨书画棋剑歌舞月星辰日升东南西北中山川江河湖泊林森木石岩松柏竹菊莲荷薇蔷芸芝茜"
)
RARE = "𠮷𠀀𡈽𢦏𣗋𤩽𥖄𦭎𧯧𨕥䶮㐂㛃㼆"
ESTATES = ("金陵", "阳光", "碧水", "翠湖", "华庭", "锦绣", "东方", "万科", "中南", "恒丰", "丽景", "香樟", "学府", "滨河", "紫薇", "新城", "御景", "观澜", "星河", "书香")  # fmt: skip
ESTATE_ENDS = ("花园", "家园", "小区", "新村", "公寓", "苑", "府")
ROAD_ENDS = ("路", "大道", "街", "巷", "北路", "南路", "东路", "西路")
PLAIN_TIMES = ("made_at", "changed_at", "checked_at")
RECORD = ("id", "code", "source", *PLAIN_TIMES)
BIRTHS = 29_000  # days from 1946
FIRST_BIRTH = date(1946, 1, 1)
CARDS = 999 * BIRTHS  # birthdays and sequences: each card is of one person
BEYOND = CARDS * 40_000 + 20_000_000  # where the tower's rows are numbered from: cards that nobody else has
AWAY = CARDS * 50_000 + 10_000_000  # where those are numbered from who left
NAMES = 400_009  # that many draws of a name

COLUMNS: dict[str, tuple[str, ...]] = {
    "building": (*RECORD, "address", "address_key", "parts", "lon", "lat", "use", "floors"),
    "dwelling": (
        *RECORD, "building_id", "room_key", "unit", "floor", "room", "use", "occupancy", "hazard_checked", "house_no",
    ),
    "person": (
        *RECORD, "name", "name_key", "id_type", "id_number_sealed", "id_number_hash", "id_number_masked", "sex",
        "birth_date", "phone_sealed", "phone_hash", "phone_masked", "registration", "household_region", *PLANNED_WITH,
        "sources", "ended_at", "end_reason", "erased_at",
    ),
    "residence": ("id", "person_id", "dwelling_id", "tie", "from_date", "code", "at"),
    "household": (*RECORD, "dwelling_id", "number", "registration"),
    "member": ("id", "household_id", "person_id", "relation", "code"),
    "organisation": (*RECORD, "building_id", "name", "name_key", "credit_code", "kind", "address", "phone", "staff"),
    "organisationperson": (
        "id", "organisation_id", "role", "name", "phone_sealed", "phone_masked", "code", "to_date", "phone_emptied_at",
        "erased_at",
    ),
    "facility": (*RECORD, "number", "kind", "name", "lon", "lat", "state"),
    "place": (*RECORD, "name", "kind", "lon", "lat"),
    "token": ("token", "code", "record"),
    "change": ("kind", "record", "act", "field", "old", "new", "source", "at", "code"),
}  # fmt: skip
Rows = dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class Spot:
    """A grid, how it is called, and the numbers of what stands in it: `[low, high)` by kind."""

    code: str
    cell: tuple[float, float, float, float]
    of: dict[str, tuple[int, int]]


def main(part: int, of: int, share: float, now: str) -> None:
    """One pass over the grids feeds a COPY for each table, each on a connection of its own."""
    import django

    django.setup()
    city = City(now=datetime.fromisoformat(now), cases=0)
    writer = Writer(city)
    url, began = os.environ["DATABASE_OWNER_URL"], time.monotonic()
    with ExitStack() as stack:
        copies = {kind: _copy(stack, url, f"registry_{kind}", columns) for kind, columns in COLUMNS.items()}
        for number, spot in enumerate(_spots(city, share, part, of)):
            for kind, lines in writer.rows(spot, tower=part == 0 and number == 0).items():
                copies[kind].write("".join(lines).encode())
    print(f"  part {part + 1} of {of}: {time.monotonic() - began:.0f} s", flush=True)


def uid(kind: str, index: int) -> str:
    """In the order of the index, as ids made by the clock are."""
    return f"019a{NUMBER[kind]:04x}-0000-7000-8000-{index:012x}"


def card(index: int) -> tuple[str, date, str]:
    """An identity number with its birthday and sex."""
    from wangge.registry.rules.identity import identity_check

    place = (index * 7_654_321 + 12_345) % CARDS
    born = FIRST_BIRTH + timedelta(days=place // 999)
    digits = f"3299{index % 11 + 1:02}{born:%Y%m%d}{place % 999 + 1:03}"
    return digits + identity_check(digits + "0"), born, "1" if int(digits[16]) % 2 else "2"


def phone(index: int) -> str:
    """ "" of one in seven; a few are shared by two."""
    return (
        ""
        if index % 7 == 3
        else str(13_000_000_000 + (index // 2 * 2 if index % 50 == 1 else index) * 7_919 % 6_999_999_989)
    )


def name(index: int) -> str:
    return _name(index * 7_919 % NAMES)


@lru_cache(NAMES)
def _name(index: int) -> str:
    drawn = random.Random(index * 2_654_435_761 % (1 << 32))
    if index % 97 == 5:
        return f"{_given(drawn, 3)}·{_given(drawn, 4)}"
    surname = SURNAMES[int(len(SURNAMES) * drawn.random() ** 1.8)]
    if index % 2_003 == 7:
        return surname + RARE[index // 2_003 % len(RARE)] + _given(drawn, 1)
    return surname + _given(drawn, 1 if drawn.random() < 0.22 else 2)


def address(index: int) -> str:
    """Of a building."""
    road = WORDS[index // 40 % len(WORDS)] + ROAD_ENDS[index // 40 // len(WORDS) % len(ROAD_ENDS)]
    estate = ESTATES[index // 12 % len(ESTATES)] + ESTATE_ENDS[index // 12 // len(ESTATES) % len(ESTATE_ENDS)]
    return f"{road}{index // 40 % 997 + 1}号{estate}{index % 12 + 1}幢"


class Writer:
    def __init__(self, city: City) -> None:
        from wangge.core import crypto
        from wangge.registry.sealing import NAME_PURPOSE, PURPOSES, context

        self.city = city
        self.now = city.now.isoformat()
        self.stamps = [(city.now - timedelta(days=day)).isoformat() for day in range(720)]
        self.card_seal = crypto.sealer(context("person", "id_number"))
        self.phone_seal = crypto.sealer(context("person", "phone"))
        self.part_seal = crypto.sealer("registry_organisationperson.phone")
        self.card_hash, self.phone_hash = (crypto.hasher(PURPOSES[kind]) for kind in ("identity", "phone"))  # type: ignore[index]
        self.tokens = lru_cache(300_000)(_tokens_by(crypto.hasher(NAME_PURPOSE)))

    def rows(self, spot: Spot, *, tower: bool) -> Rows:
        found: Rows = {kind: [] for kind in COLUMNS}
        self._stand(spot, found)
        if tower:
            of = dict.fromkeys((*WHOLE, "gone"), (BEYOND, BEYOND)) | {
                "building": (BEYOND, BEYOND + 1),
                "dwelling": (BEYOND, BEYOND + TOWER),
                "person": (BEYOND, BEYOND + 1_000),
                "household": (BEYOND, BEYOND + TOWER),
            }
            self._stand(Spot(spot.code, spot.cell, of), found)
        return found

    def _stand(self, spot: Spot, found: Rows) -> None:
        for kind in (
            "building",
            "dwelling",
            "household",
            "person",
            "gone",
            "organisation",
            "organisationperson",
            "facility",
            "place",
        ):
            make: Callable[[Spot, int], Iterator[tuple[str, tuple[Any, ...]]]] = getattr(self, f"_{kind}")
            for index in range(*spot.of[kind]):
                for table, values in make(spot, index):
                    found[table].append("\t".join(r"\N" if value is None else str(value) for value in values) + "\n")

    def _head(self, kind: str, spot: Spot, index: int) -> tuple[str, ...]:
        seen = self.stamps[index * 31 % 720]
        return (uid(kind, index), spot.code, "import", seen, seen, seen)

    def _building(self, spot: Spot, index: int) -> Iterator[tuple[str, tuple[Any, ...]]]:
        from wangge.registry.rules import addresses

        text = address(index)
        parts = addresses.parts_of(text)
        found = json.dumps({key: part for key in parts.__slots__ if (part := getattr(parts, key))}, ensure_ascii=False)
        lon, lat = _place(spot, index)
        yield "building", (*self._head("building", spot, index), text, addresses.key(text), found, lon, lat, "01", 18)

    def _dwelling(self, spot: Spot, index: int) -> Iterator[tuple[str, tuple[Any, ...]]]:
        building = _over("building", "dwelling", spot, index)
        first = _first("dwelling", "building", spot, building)
        unit, floor, room = (index - first) % 4 // 2 + 1, (index - first) // 4 + 1, (index - first) % 2 + 1
        used = ("owner", "owner", "rented", "vacant", "owner")[index % 5]
        checked = self.stamps[index % 200][:10] if used == "rented" and index % 3 else None
        yield (
            "dwelling",
            (
                *self._head("dwelling", spot, index), uid("building", building), f"{unit}-{floor}{room:02}", f"{unit}单元",
                floor, f"{floor}{room:02}室", "01", used, checked, f"H{index:010}",
            ),
        )  # fmt: skip

    def _household(self, spot: Spot, index: int) -> Iterator[tuple[str, tuple[Any, ...]]]:
        dwelling = uid("dwelling", _over("dwelling", "household", spot, index))
        yield "household", (*self._head("household", spot, index), dwelling, f"{index:09}", "registered")

    def _person(self, spot: Spot, index: int) -> Iterator[tuple[str, tuple[Any, ...]]]:
        key_of, called = uid("person", index), name(index)
        planned_with = ("", "", "20", "", "")
        yield "person", (*self._who(spot, index, called, phone(index)), *planned_with, "{}", None, "", None)
        for token in self.tokens(called):
            yield "token", (token, spot.code, key_of)
        home = uid("dwelling", _over("dwelling", "person", spot, index))
        yield "residence", (uid("residence", index), key_of, home, "lives", None, spot.code, self.now)
        if index % 10 == 0:
            yield "residence", (uid("owned", index), key_of, home, "owns", None, spot.code, self.now)
        household = _over("household", "person", spot, index)
        head = index == _first("person", "household", spot, household)
        yield "member", (uid("member", index), uid("household", household), key_of, "02" if head else "80", spot.code)
        if index % 4 == 0:
            yield self._change(spot, index, "education", "10", "20", "console", self.stamps[index * 31 % 720])

    def _who(self, spot: Spot, index: int, called: str, line: str) -> tuple[Any, ...]:
        from wangge.core.masking import mask_phone
        from wangge.registry.rules.names import key

        key_of = uid("person", index)
        number, born, sex = card(index)
        return (
            *self._head("person", spot, index), called, key(called), "111",
            _bytes(self.card_seal(number, key_of)), _bytes(self.card_hash(number)), f"{number[:4]}************{number[-2:]}",
            sex, born, _bytes(self.phone_seal(line, key_of)) if line else None,
            _bytes(self.phone_hash(line)) if line else None, mask_phone(line),
            "floating" if index % 6 == 1 else "registered", number[:6],
        )  # fmt: skip

    def _gone(self, spot: Spot, index: int) -> Iterator[tuple[str, tuple[Any, ...]]]:
        """As retention leaves them, each day since they left."""
        days, who = index * 31 % GONE_DAYS, AWAY + index
        left = self.city.now - timedelta(days=days, hours=index % 24)
        # The worker comes by every hour.
        reached, planned, known = (left + timedelta(days=kept, hours=1) for kept in (180, 365, 730))
        if known < self.city.now:
            nobody = ("", "", "", None, None, "", "", None, None, None, "", "", "")
            yield "person", (*self._head("person", spot, who), *nobody, *[""] * 5, "{}", left, "erased", known)
            return
        line = phone(who) if reached > self.city.now else ""
        planned_with = ("320105", "10", "20", "职员", "桃叶超市") if planned > self.city.now else ("",) * 5
        emptied = {"phone": reached, "email": reached} | dict.fromkeys(PLANNED_WITH, planned)
        marks = {field: ["", at.isoformat(), "forgotten"] for field, at in emptied.items() if at < self.city.now}
        ended = (json.dumps(marks), left, "moved_away", None)
        yield "person", (*self._who(spot, who, name(who), line), *planned_with, *ended)
        yield self._change(spot, who, "ended_at", "", "moved_away", "console", left.isoformat())
        for field in marks:
            if field != "email" and (field != "phone" or phone(who)):
                yield self._change(spot, who, field, "", "", "retention", marks[field][1])

    def _change(self, spot: Spot, index: int, *line: str) -> tuple[str, tuple[Any, ...]]:
        """`line`: field, old, new, source, at."""
        return "change", ("person", uid("person", index), uid("act", index), *line, spot.code)

    def _organisation(self, spot: Spot, index: int) -> Iterator[tuple[str, tuple[Any, ...]]]:
        from wangge.registry.rules.identity import credit_check

        building = _over("building", "organisation", spot, index)
        called = f"测试市{WORDS[index % len(WORDS)]}{_given(random.Random(index), 2)}{('商贸', '餐饮', '物流', '建材', '科技')[index % 5]}有限公司"
        code = f"91329901{index:09d}"[:17]
        values = (
            uid("building", building),
            called,
            called,
            code + credit_check(code),
            "enterprise",
            address(building),
            "",
            12,
        )
        yield "organisation", (*self._head("organisation", spot, index), *values)

    def _organisationperson(self, spot: Spot, index: int) -> Iterator[tuple[str, tuple[Any, ...]]]:
        key_of, line = uid("organisationperson", index), f"139{index % 100_000_000:08}"
        organisation = uid("organisation", _over("organisation", "organisationperson", spot, index))
        to_date = (self.city.now - timedelta(days=index // 10 * 31 % GONE_DAYS)).date() if index % 10 == 0 else None
        reached, known = (to_date and to_date + timedelta(days=kept) for kept in (180, 730))
        today = self.city.now.date()
        reached, known = (day if day is not None and day < today else None for day in (reached, known))
        sealed = None if reached else _bytes(self.part_seal(line, key_of))
        role = ("legal", "safety", "contact")[index % 3]
        values = ("" if known else name(index * 3), sealed, "" if reached else f"139****{line[-4:]}", spot.code)
        yield "organisationperson", (key_of, organisation, role, *values, to_date, reached, known)

    def _facility(self, spot: Spot, index: int) -> Iterator[tuple[str, tuple[Any, ...]]]:
        lon, lat = _place(spot, index)
        values = (
            f"3299{index:012}",
            f"0{index % 5 + 1}",
            ("井盖", "路灯", "消火栓", "行道树", "垃圾箱")[index % 5],
            lon,
            lat,
            "01",
        )
        yield "facility", (*self._head("facility", spot, index), *values)

    def _place(self, spot: Spot, index: int) -> Iterator[tuple[str, tuple[Any, ...]]]:
        lon, lat = _place(spot, index)
        yield "place", (*self._head("place", spot, index), WORDS[index % len(WORDS)] + "广场", "square", lon, lat)


def _spots(city: City, share: float, part: int, of: int) -> Iterator[Spot]:
    """A small city stands in the first grids only, so that each of them has a building."""
    counts = {kind: int(count * share) for kind, count in (WHOLE | {"gone": GONE}).items()}
    grids = min(city.grids, counts["building"])
    for grid in range(grids * part // of, grids * (part + 1) // of):
        numbers = {kind: (grid * count // grids, (grid + 1) * count // grids) for kind, count in counts.items()}
        yield Spot(city.grid_code(grid), city.cell(grid), numbers)


def _over(above: str, below: str, spot: Spot, index: int) -> int:
    """Which of `above` a row of `below` belongs to, both spread evenly over the grid."""
    (low, high), (first, last) = spot.of[above], spot.of[below]
    return low + (index - first) * (high - low) // (last - first)


def _first(below: str, above: str, spot: Spot, index: int) -> int:
    """The first row of `below` that belongs to this one of `above`."""
    (low, high), (first, last) = spot.of[above], spot.of[below]
    return first + -(-(index - low) * (last - first) // (high - low))


def _place(spot: Spot, index: int) -> tuple[float, float]:
    west, south, east, north = spot.cell
    return west + (east - west) * (index * 37 % 97 + 1) / 99, south + (north - south) * (index * 61 % 89 + 1) / 91


def _given(drawn: random.Random, count: int) -> str:
    return "".join(GIVEN[int(len(GIVEN) * drawn.random() ** 1.5)] for _ in range(count))


def _bytes(blob: bytes) -> str:
    return "\\\\x" + blob.hex()


def _tokens_by(hashed: Callable[[str | bytes], bytes]) -> Callable[[str], list[int]]:
    from wangge.registry.rules import tokens

    return lambda called: tokens.numbers(tokens.grams(called), hashed)


def _copy(stack: ExitStack, url: str, table: str, columns: tuple[str, ...]) -> psycopg.Copy:
    connection = stack.enter_context(psycopg.connect(url))
    connection.execute("set synchronous_commit = off")
    cursor = stack.enter_context(connection.cursor())
    return stack.enter_context(cursor.copy(f"copy {table} ({', '.join(columns)}) from stdin"))


def person_id(index: int) -> uuid.UUID:
    return uuid.UUID(uid("person", index))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]), sys.argv[4])
