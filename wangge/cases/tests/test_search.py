"""Text of cases, from one character on: both ways of finding give the same, and nothing that is hidden is found."""

import random
from datetime import timedelta
from typing import Any

import pytest

from wangge.cases.models import Case
from wangge.cases.queries import statistics, text
from wangge.cases.queries.filters import CaseFilters
from wangge.cases.queries.listing import find, list_cases
from wangge.cases.queries.order import Place, Sort
from wangge.cases.rules.states import State
from wangge.cases.search import looks_like_number, normalise, question, tokens
from wangge.cases.tests.factories import make_case
from wangge.core import clock
from wangge.core.actor import Actor, acting
from wangge.testing import town
from wangge.testing.client import api_as
from wangge.testing.world import World

ALL = Actor(kind="system", ranges=("",), permissions=frozenset({"*"}))


def found(world: World, who: str, q: str, **query: Any) -> set[str]:
    answer = api_as(world[who]).get("/api/cases", q=q, **query)
    assert answer.status_code == 200, answer.content.decode()
    return {row["id"] for row in answer.json()["items"]}


@pytest.mark.parametrize(
    ("title", "hits", "misses"),
    [
        ("大光路路灯不亮", ["路", "大光路", "灯", "路灯不亮", "亮", "大光路路灯不亮"], ["大路", "灯路", "光亮", "街"]),
        ("𠮷野家漏水", ["𠮷", "𠮷野", "水"], ["吉野"]),
        ("3号楼ＡＢＣ-12室", ["3号", "abc", "ab", "12室", "ABC-12", "ａｂｃ"], ["bc", "2室", "号3"]),
        ("水管爆裂 停水三天", ["停水 爆裂", "水管 三天"], ["停水 四天"]),
        ("50%的路灯_坏了", ["50%", "50%的", "灯_坏"], ["50的", "灯坏", "5_%"]),
    ],
)
def test_a_piece_of_the_text_finds_it_and_nothing_else_does(
    world: World, title: str, hits: list[str], misses: list[str]
) -> None:
    case = make_case(world, title=title)
    make_case(world, title="邻里纠纷")
    assert {q for q in hits if found(world, "street_seat", q) != {str(case.pk)}} == set()
    assert {q for q in misses if found(world, "street_seat", q)} == set()


def test_address_and_description_are_searched_too_but_never_across_their_borders(world: World) -> None:
    case = make_case(world, title="井盖", address="缺失路5号", description="夜间有人绊倒")
    assert found(world, "street_seat", "缺失路") == {str(case.pk)}
    assert found(world, "street_seat", "绊倒") == {str(case.pk)}
    assert found(world, "street_seat", "井盖缺失") == set()


def test_characters_that_stand_apart_do_not_pass_for_the_word(world: World) -> None:
    make_case(world, title="长安门外，安路一号，长安")  # holds 长安 and 安路, not 长安路
    assert found(world, "street_seat", "长安路") == set()


def test_only_signs_and_spaces_find_nothing_and_harm_nothing(world: World) -> None:
    make_case(world)
    for q in ("，。", "%", "'", "\\", "：*", "!&|", "a' or 1=1--", "🙂"):
        assert found(world, "street_seat", q) == set(), q
    assert len(found(world, "street_seat", "   ")) == 1


def test_a_number_or_its_beginning_is_found(world: World) -> None:
    case = make_case(world, number="WG32010420260101000777")
    make_case(world)
    assert found(world, "street_seat", "WG32010420260101000777") == {str(case.pk)}
    assert found(world, "street_seat", "wg320104202601010007") == {str(case.pk)}
    assert looks_like_number("路灯") is None and looks_like_number("3号") is None


def test_search_stays_within_scope_and_filters(world: World) -> None:
    inside = make_case(world, title="路灯")
    make_case(world, title="路灯", code=town.OTHER_GRID, holder=town.OTHER_STREET)
    closed = make_case(world, State.CLOSED, title="路灯")
    assert found(world, "street_seat", "路灯") == {str(inside.pk), str(closed.pk)}
    assert found(world, "street_seat", "路灯", queue="open") == {str(inside.pk)}
    assert found(world, "street_seat", "路灯", code=town.OTHER_GRID) == set()


WORDS = "路灯不亮井盖缺失大光长安门南湖花园三号楼漏水停电abc12"


@pytest.mark.parametrize("by_index", [0, 10**9])
def test_walking_and_asking_the_index_find_the_same(
    world: World, monkeypatch: pytest.MonkeyPatch, by_index: int
) -> None:
    monkeypatch.setattr(text, "BY_INDEX", by_index)
    monkeypatch.setattr(statistics._statistics, "total", 1000)
    chance = random.Random(5)
    cases = [
        make_case(
            world,
            title="".join(chance.choices(WORDS, k=6)),
            description="".join(chance.choices(WORDS, k=12)),
            due_at=clock.now() if chance.random() < 0.5 else None,
        )
        for _ in range(60)
    ]
    for _ in range(80):
        q = "".join(chance.choices(WORDS, k=chance.choice([1, 1, 2, 2, 3])))
        wanted = {case.pk for case in cases if _holds(case, q)}
        for sort in Sort:
            with acting(ALL):
                ids = [
                    one.case_id
                    for one in find(ALL, CaseFilters(q=q), Place.begin(sort, None), at=clock.now(), limit=100).found
                ]
            assert len(ids) == len(set(ids)) and set(ids) == wanted, (q, sort)


def _holds(case: Case, q: str) -> bool:
    """What the page promises: the piece stands there; letters and digits from the beginning of a word."""
    for whole in (case.title, case.text.description):
        at = whole.find(q)
        while at >= 0:
            before = whole[at - 1 : at]
            if not (q[0].isascii() and before and before.isascii()):
                return True
            at = whole.find(q, at + 1)
    return False


def test_a_walk_that_finds_too_little_is_given_up_for_the_index(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text, "BY_INDEX", 0)
    monkeypatch.setattr(text, "FAR", 3)
    monkeypatch.setattr(text, "FARTHEST", 5)
    monkeypatch.setattr(statistics._statistics, "total", 1000)
    oldest = make_case(world, title="唯一的老案件")
    for _ in range(12):
        make_case(world, title="别的事")
    assert found(world, "street_seat", "唯一") == {str(oldest.pk)}
    assert found(world, "district_seat", "唯一") == {str(oldest.pk)}


@pytest.mark.parametrize("sort", [Sort.NEWEST, Sort.OLDEST])
def test_what_was_common_long_ago_is_found_week_by_week_page_behind_page(
    world: World, monkeypatch: pytest.MonkeyPatch, sort: Sort
) -> None:
    monkeypatch.setattr(text, "BY_INDEX", 0)
    monkeypatch.setattr(text, "FAR", 3)
    monkeypatch.setattr(text, "BY_WEEKS", 1)
    monkeypatch.setattr(statistics._statistics, "total", 1000)
    chance, now = random.Random(7), clock.now()
    days = [*range(12), *(chance.randrange(90, 500) for _ in range(40)), 90, 97, 97, 104]
    cases = [
        make_case(world, title="路面结冰" if day >= 90 else "路灯不亮", at=now - timedelta(days=day, seconds=number))
        for number, day in enumerate(days)
    ]
    wanted = sorted((case.reported_at, case.pk) for case in cases if case.title == "路面结冰")
    pages, cursor = [], None
    with acting(ALL):
        while True:
            page = list_cases(ALL, CaseFilters(q="结冰"), at=now, sort=sort, cursor=cursor, limit=5)
            pages += [row["id"] for row in page.items]
            if (cursor := page.next) is None:
                break
    assert pages == [pk for _, pk in (reversed(wanted) if sort is Sort.NEWEST else wanted)]


def test_what_is_struck_out_when_read_is_not_found_either(world: World) -> None:
    case = make_case(
        world,
        State.HANDLING,
        title="城管态度恶劣",
        description="本人张三丰，电话13812345678，反映执法问题",
        reporter="张三丰",
        phone="13812345678",
        lead="D-CG-1",
        complained="D-CG-1",
    )
    assert found(world, "street_seat", "张三丰") == {str(case.pk)}
    assert found(world, "street_seat", "13812345678") == {str(case.pk)}
    for who in ("department_clerk", "department_leader"):
        for q in ("张三丰", "13812345678", "138 1234 5678", "执法问题"):
            assert found(world, who, q) == set(), (who, q)
        assert found(world, who, case.number) == {str(case.pk)}


def test_every_token_of_a_question_is_among_the_tokens_of_a_text_that_holds_it() -> None:
    chance = random.Random(1)
    for _ in range(300):
        whole = "".join(chance.choices(WORDS + "，ＡＢ𠮷〇", k=20))
        start = chance.randrange(15)
        piece = whole[start : start + chance.randrange(1, 6)]
        if not (asked := question(piece)) or piece[0].isascii() or normalise(piece[0]).isascii():
            continue
        kept = {token.strip("'") for token in tokens(whole).split()}
        for token in asked.tokens:
            assert any(one.startswith(token.text) if token.is_beginning else one == token.text for one in kept)
