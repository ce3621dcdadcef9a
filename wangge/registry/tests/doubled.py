"""People in homes, with telephones and addresses, and rows of the same people again with known errors: what the
finder of doubles is measured on, here and by `script/bench doubles`."""

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

from wangge.registry.rules.alike import Traits

# The commonest surnames are nearly half of all people; given names are drawn as unevenly.
SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许邓冯韩曹曾彭萧蔡潘田董袁于余叶蒋杜苏魏程吕丁沈任姚卢"
GIVEN = "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂华玉萍红建国文辉力志晓东海波宁健康思雨欣怡子轩浩然梓涵"
HOMOPHONE = {"伟": "卫", "英": "瑛", "静": "靖", "明": "鸣", "杨": "扬", "洋": "扬", "国": "帼", "志": "智", "文": "雯"}
PEOPLE, TWICE = 6_000, 600  # a large community


def generated(seed: int) -> tuple[list[Traits], set[frozenset[object]]]:
    """People in homes of one to five, with telephones (some shared in the family) and addresses (to the room, to the
    number in the street, of a village or dormitory), and rows of the same people again with one or two errors each.
    The pairs that are one person are told beside them."""
    draw = random.Random(seed)
    people = [_somebody(draw, order) for order in range(PEOPLE)]
    again, pairs = [], set()
    for order, one in enumerate(draw.sample(people, TWICE)):
        twin = replace(
            one, id=PEOPLE + order, number=None if draw.random() < 0.7 else b"wrong%d" % order, has_fault=True
        )
        for error in draw.sample(ERRORS, draw.choice([1, 1, 1, 2])):
            twin = error(draw, twin)
        again.append(twin)
        pairs.add(frozenset((one.id, twin.id)))
    return people + again, pairs


def _somebody(draw: random.Random, order: int) -> Traits:
    surname = SURNAMES[min(int(draw.expovariate(1 / 9)), len(SURNAMES) - 1)]
    given = "".join(GIVEN[min(int(draw.expovariate(1 / 9)), len(GIVEN) - 1)] for _ in range(draw.choice([1, 2, 2, 2])))
    born = date(1935, 1, 1) + timedelta(days=draw.randrange(85 * 365))
    home = order // draw.choice([2, 3, 3, 4])
    phone = b"family%d" % home if draw.random() < 0.1 else b"own%d" % order
    has_number = draw.random() < 0.9  # and of those without, a third have no birthday either
    return Traits(
        id=order,
        name=surname + given,
        birth=born if has_number or draw.random() < 0.67 else None,
        sex="1",
        number=b"right%d" % order if has_number else None,
        phone=phone,
        home=home,
        address=_address(draw, home),
    )


def _address(draw: random.Random, home: int) -> str:
    """One in five as everybody of a village or dormitory writes it, a quarter to the number in the street."""
    kind = draw.choices(("shared", "number", "room", "none"), (20, 25, 45, 10))[0]
    street = f"桃叶渡{home // 20}号"
    return {"shared": f"秦淮村{home % 2}组", "number": street, "room": f"{street}{home % 20}室", "none": ""}[kind]


def _misspelt(draw: random.Random, one: Traits) -> Traits:
    at = draw.randrange(len(one.name))
    return replace(one, name=one.name[:at] + draw.choice(GIVEN) + one.name[at + 1 :])


def _misheard(draw: random.Random, one: Traits) -> Traits:
    return replace(one, name="".join(HOMOPHONE.get(sign, sign) for sign in one.name))


def _turned(draw: random.Random, one: Traits) -> Traits:
    return replace(one, name=one.name[1:] + one.name[0])


def _day_for_month(draw: random.Random, one: Traits) -> Traits:
    born = one.birth
    return replace(one, birth=date(born.year, born.day, born.month)) if born and born.day <= 12 else one


def _moved(draw: random.Random, one: Traits) -> Traits:
    return replace(one, home=None, address=_address(draw, draw.randrange(PEOPLE // 3)))


def _new_phone(draw: random.Random, one: Traits) -> Traits:
    return replace(one, phone=b"new%d" % draw.randrange(10**9))


def _no_birthday(draw: random.Random, one: Traits) -> Traits:
    return replace(one, birth=None)


ERRORS: list[Callable[[random.Random, Traits], Traits]] = [
    _misspelt,
    _misheard,
    _turned,
    _day_for_month,
    _moved,
    _new_phone,
    _no_birthday,
]
