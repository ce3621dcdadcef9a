"""One case as different readers have it."""

from datetime import timedelta
from typing import Any

from wangge.cases.models import Attachment, Case, Category, Rating
from wangge.cases.rules.states import Stage, State
from wangge.cases.tests.factories import make_case, make_reporter, make_step
from wangge.cases.tests.made import category, start
from wangge.core import clock
from wangge.core.actor import Actor, acting
from wangge.core.ids import new_id
from wangge.testing import town
from wangge.testing.client import api_as
from wangge.testing.world import World

PHONE = "13812345678"


def detail(world: World, who: str, case: Case, *, language: str = "zh") -> dict[str, Any]:
    answer = api_as(world[who], language=language).get(f"/api/cases/{case.pk}")
    assert answer.status_code == 200, answer.content.decode()
    return dict(answer.json())


def test_absent_and_out_of_scope_are_the_same(world: World) -> None:
    elsewhere = make_case(world, code=town.OTHER_GRID, holder=town.OTHER_STREET)
    api = api_as(world["street_seat"])
    answers = [api.get(f"/api/cases/{case_id}") for case_id in (elsewhere.pk, new_id())]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].json() == answers[1].json()
    assert api_as(world["stranger_street_seat"]).get(f"/api/cases/{elsewhere.pk}").status_code == 200


def test_a_seat_gets_all_it_needs_to_act(world: World) -> None:
    kind = category("01", evidence=["after"])
    case = make_case(
        world, State.HANDLED, category=kind, lead="D-CG-1", assist=["D-SW"], reporter="张三丰", phone=PHONE
    )
    make_step(case, "finish", unit=world.unit("D-CG-1"), name="吴经办", text="已修好", data={"outcome": "solved"})
    start([case], Stage.HANDLE, at=case.reported_at, unit_path=world.unit("D-CG-1").path)
    one = detail(world, "street_seat", case)
    assert one["category"]["evidence"] == ["after"]
    assert [place["name"] for place in one["places"]] == ["测试区", "桃叶街道", "柳岸社区", one["grid"]["name"]]
    assert {row["unit"]: row["role"] for row in one["assignments"]} == {
        "城管局桃叶中队": "lead",
        "测试区水务局": "assist",
    }
    assert one["steps"][0]["text"] == "已修好" and one["steps"][0]["label"] == "处置完成"
    assert one["steps"][0]["lines"] == ["结果：已解决"]
    assert one["clocks"][0]["unit"] == "城管局桃叶中队" and one["clocks"][0]["trace"]
    assert one["reporters"][0]["name"] == "张**" and one["reporters"][0]["phone"] == "138****5678"
    assert {"pass", "rework"} <= {move["kind"] for move in one["moves"]}
    assert detail(world, "street_seat", case, language="en")["steps"][0]["label"] == "handled"


def test_moves_are_the_readers_own(world: World) -> None:
    case = make_case(world, State.DISPATCHED, lead="D-CG-1")
    assert "sign" in {move["kind"] for move in detail(world, "department_clerk", case)["moves"]}
    assert "sign" not in {move["kind"] for move in detail(world, "street_seat", case)["moves"]}
    assert "recall" in {move["kind"] for move in detail(world, "street_seat", case)["moves"]}


def complaint(world: World) -> Case:
    case = make_case(
        world,
        State.HANDLING,
        title="张三丰投诉城管",
        address="张三丰家",
        description=f"我是张三丰，{PHONE}",
        lead="D-CG-1",
        assist=["D-SW"],
        complained="D-CG-1",
        reporter="张三丰",
        phone=PHONE,
    )
    make_step(case, "contact", unit=world.unit(town.STREET), name="钱街道", text="与张三丰通话", centre_only=True)
    make_step(case, "dispatch", unit=world.unit(town.STREET), name="钱街道", text=f"张三丰 {PHONE} 反映")
    make_step(case, "sign", unit=world.unit("D-CG-1"), name="吴经办")
    with acting(Actor.system("test")):
        about = {
            "case": case,
            "code": case.current_grid,
            "complained_root": case.complained_root,
            "at": case.reported_at,
        }
        Rating.objects.bulk_create([Rating(id=new_id(), score=1, text="张三丰不满意", **about)])
        Attachment.objects.bulk_create(
            [
                Attachment(
                    id=new_id(),
                    kind="picture",
                    name="张三丰.jpg",
                    mime="image/jpeg",
                    size=1,
                    sha256="0" * 64,
                    served_sha256="0" * 64,
                    from_reporter=True,
                    lon=118.79,
                    lat=32.02,
                    **about,
                )
            ]
        )
    return case


def test_the_unit_complained_of_learns_nothing_of_the_reporter(world: World) -> None:
    case = complaint(world)
    for who in ("department_clerk", "department_leader"):
        one = detail(world, who, case)
        text = api_as(world[who]).get(f"/api/cases/{case.pk}").content.decode()
        rows = api_as(world[who]).get("/api/cases").content.decode()
        for secret in ("张三丰", "张**", PHONE, "5678", "0000000000"):
            assert secret not in text and secret not in rows, (who, secret)
        assert one["reporters"] is None and one["complained"] is None
        assert one["evidence"] == [] and one["ratings"] == []
        names = {step["kind"]: step["by_name"] for step in one["steps"]}
        assert names == {"contact": "", "dispatch": "", "sign": "吴经办"}
        assert [step["withheld"] for step in one["steps"]] == [True, False, False]


def test_those_who_must_call_back_see_it_masked_and_others_not_at_all(world: World) -> None:
    case = complaint(world)
    make_reporter(case, phone="02584512345", is_follower=True)
    seat = detail(world, "street_seat", case)
    assert [one["phone"] for one in seat["reporters"]] == ["138****5678", "025****2345"]
    assert seat["complained"]["name"] == "城管局桃叶中队"
    assert seat["title"] == "张三丰投诉城管" and seat["steps"][0]["text"] == "与张三丰通话"
    for who in ("stranger_department_clerk", "grid_worker"):  # assisting, and of the place: neither calls back
        one = detail(world, who, case)
        assert one["reporters"] is None and "张三丰" not in str(one) and PHONE not in str(one)


def test_evidence_says_where_only_to_those_who_cover_the_place(world: World) -> None:
    case = make_case(world, State.HANDLING, lead="D-CG-1")
    with acting(Actor.system("test")):
        Attachment.objects.bulk_create(
            [
                Attachment(
                    id=new_id(),
                    case=case,
                    kind="picture",
                    name="a.jpg",
                    mime="image/jpeg",
                    size=1,
                    sha256="1" * 64,
                    served_sha256="1" * 64,
                    lon=118.79,
                    lat=32.02,
                    at=case.reported_at,
                    code=case.current_grid,
                )
            ]
        )
    assert detail(world, "street_seat", case)["evidence"][0]["lon"] == 118.79
    assert detail(world, "department_clerk", case)["evidence"][0]["lon"] is None


def test_related_cases_are_those_the_reader_sees(world: World) -> None:
    main = make_case(world, State.ACCEPTED, lon=118.7905, lat=32.0205)
    joined = make_case(world, State.JOINED, joined_to=main)
    near = make_case(world, title="路灯坏了", lon=118.79052, lat=32.0205)
    make_case(world, title="下水道", lon=118.80, lat=32.0205)
    related = {(one["id"], one["how"]) for one in detail(world, "street_seat", main)["related"]}
    assert related == {(str(joined.pk), "joined"), (str(near.pk), "possible")}
    assert [(one["id"], one["how"]) for one in detail(world, "street_seat", joined)["related"]] == [
        (str(main.pk), "joinedTo")
    ]


def test_possible_duplicates_are_near_in_place_and_time_or_told_alike(world: World) -> None:
    at = clock.now()
    here = make_case(world, title="污水外溢", lon=118.7905, lat=32.0205, at=at - timedelta(hours=2))
    make_case(world, title="污水外溢", lon=118.7905, lat=32.0205, at=at - timedelta(hours=30))
    nearby = make_case(world, title="桃叶路路灯不亮", lon=118.7935, lat=32.0205)  # 280 m off
    make_case(world, code=town.OTHER_GRID, holder=town.OTHER_STREET, lon=118.7905, lat=32.0205)
    api = api_as(world["street_seat"])
    answer = api.get("/api/cases/duplicates", lon=118.7905, lat=32.02052, title="桃叶路路灯不亮").json()
    why = {one["id"]: one["why"] for one in answer}
    assert set(why) == {str(here.pk), str(nearby.pk)}
    assert why[str(here.pk)] == "相距 2 米" and why[str(nearby.pk)].endswith("描述相近")
    told = api.get("/api/cases/duplicates", title="桃叶路路灯不亮了").json()
    assert [one["id"] for one in told] == [str(nearby.pk)]


def test_what_is_of_another_class_at_one_point_is_another_matter(world: World) -> None:
    at: dict[str, Any] = {"lon": 118.7905, "lat": 32.0205}
    lamp, kin, waste = (
        Category.objects.get(scheme__code="WG", name_zh=name) for name in ("路灯不亮", "井盖缺失或破损", "暴露垃圾")
    )
    lamps = make_case(world, title="东门口路灯坏了", category=lamp, **at)
    covers = make_case(world, title="东门口井盖翘起", category=kin, **at)
    make_case(world, title="垃圾堆在绿化带里", category=waste, **at)
    about_waste = make_case(world, title="路灯下垃圾成堆，路灯也不亮", category=waste, **at)
    unknown = make_case(world, title="请来人看看", **at)
    api = api_as(world["street_seat"])
    found = api.get("/api/cases/duplicates", title="路灯不亮", category_id=lamp.pk, **at).json()
    assert found[0]["id"] == str(lamps.pk)
    assert {one["id"] for one in found} == {str(one.pk) for one in (lamps, covers, about_waste, unknown)}


def test_the_map_shows_points_while_few_and_cells_when_many(world: World, monkeypatch: Any) -> None:
    from wangge.cases.queries import maps

    box = {"west": 118.78, "south": 32.0, "east": 118.83, "north": 32.04, "zoom": 14}
    for index in range(6):
        make_case(world, lon=118.7905 + index * 0.0001, lat=32.0205)
    make_case(world, State.CLOSED, lon=118.7905, lat=32.0205)
    make_case(world, code=town.OTHER_GRID, holder=town.OTHER_STREET, lon=118.81, lat=32.0205)
    make_case(world, lon=118.90, lat=32.0205)  # outside the viewport
    make_case(world)  # without a place
    api = api_as(world["street_seat"])
    assert (few := api.get("/api/cases/map", **box).json())["count"] == len(few["points"]) == 6
    assert api.get("/api/cases/map", queue="all", **box).json()["count"] == 7
    monkeypatch.setattr(maps, "POINTS", 3)
    many = api.get("/api/cases/map", **box).json()
    assert many["points"] == [] and sum(one["count"] for one in many["clusters"]) == many["count"] == 6
    assert api_as(world["district_seat"]).get("/api/cases/map", **box).json()["count"] == 7
    assert api.get("/api/cases/map", **(box | {"west": 119.0})).status_code == 422
