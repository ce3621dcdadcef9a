"""A sign is scanned with the camera, or its code typed: what stands there is shown, and work begins at that place."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from journeys.desk import Desk
from journeys.given import writing
from journeys.phone import Phone
from journeys.pictures import film_of_a_code
from journeys.street import Place
from wangge.core import clock

pytest_plugins = ["journeys.phones"]


def test_the_sign_of_ones_own_grid_is_read_by_the_camera_where_there_is_no_network(
    phone: Callable[..., Phone], tmp_path: Path
) -> None:
    film = tmp_path / "sign.mjpeg"
    worker = phone(before_camera=film)
    page = worker.page
    grid = page.request.get(f"{worker.stack.url}/api/field/pack").json()["grids"][0]
    film_of_a_code(film, f"https://district.example/public/report?grid={grid['code']}")
    worker.opens("").is_kept()
    expect(page.get_by_text("我的本月工作")).to_be_visible()
    worker.has_network(False)
    page.get_by_role("link", name="扫一扫").click()
    expect(page.get_by_role("heading", name=grid["name"])).to_be_visible()
    expect(page.get_by_text(grid["code"])).to_be_visible()
    page.get_by_role("button", name="在此上报").click()
    expect(page.get_by_role("heading", name="上报")).to_be_visible()
    worker.has_network(True)


@pytest.mark.long
def test_a_home_is_known_by_the_code_on_its_door_and_its_form_begins_with_the_address(
    desk: Callable[..., Desk], phone: Callable[..., Phone]
) -> None:
    clerk, worker = desk("community"), phone()
    code, street = f"FW{clock.now():%H%M%S%f}", f"听雨巷{clock.now():%M%S}号"
    grid = worker.page.request.get(f"{worker.stack.url}/api/field/pack").json()["grids"][0]["code"]
    body = {"values": {"address": street, "house_no": code}, "where": {"code": grid}}
    made = clerk.page.request.post("/api/registry/records/dwelling", data=body, headers=writing(clerk))
    assert made.status == 201, made.text()

    page = worker.page
    worker.opens("scan")
    page.get_by_label("或输入牌上的编码").fill("FW-NOWHERE-1")
    page.get_by_role("button", name="查看").click()
    expect(page.get_by_role("heading", name="没有认出这个码")).to_be_visible()
    assert worker.finds_nothing_wrong() == []
    page.get_by_role("button", name="再扫一个").click()
    page.get_by_label("或输入牌上的编码").fill(f"https://door.example/q?id={code}")
    page.get_by_role("button", name="查看").click()
    expect(page.get_by_role("heading", name=street)).to_be_visible()
    assert worker.finds_nothing_wrong() == []
    assert worker.wider_than_the_phone() == 0
    page.get_by_role("button", name="在此采集或检查").click()
    page.get_by_role("button", name="消防安全检查").click()
    expect(page.get_by_label("单位、店铺或门牌")).to_have_value(street)


@pytest.mark.long
def test_a_code_that_only_the_house_knows_waits_for_a_network_and_says_so(phone: Callable[..., Phone]) -> None:
    worker = phone()
    page = worker.page
    worker.opens("scan")
    worker.has_network(False)
    page.get_by_label("或输入牌上的编码").fill("FW32010400012")
    page.get_by_role("button", name="查看").click()
    expect(page.get_by_role("heading", name="本机不认识这个码")).to_be_visible()
    assert worker.finds_nothing_wrong() == []
    worker.has_network(True)
    page.get_by_role("button", name="再扫一个").click()
    page.get_by_label("或输入牌上的编码").fill("FW32010400012")
    page.get_by_role("button", name="查看").click()
    expect(page.get_by_role("heading", name="没有认出这个码")).to_be_visible()


def test_a_point_is_checked_by_its_sign_and_the_plans_sheet_without_network_and_read_at_the_desk(
    desk: Callable[..., Desk], phone: Callable[..., Phone], standing: Callable[[Phone], Place], tmp_path: Path
) -> None:
    # Given a patrol through a cellar, whose points have printed signs
    film = tmp_path / "sign.mjpeg"
    planner, worker = desk("community"), phone(before_camera=film)
    page, house = worker.page, worker.stack.url
    lon, lat = standing(worker)
    grid = page.request.get(f"{house}/api/grids/locate", params={"lon": lon, "lat": lat}).json()["code"]
    name = f"地下车库{clock.now():%H%M%S}"
    points = [
        {"name": place, "lon": lon, "lat": lat, "radius_m": 40, "dwell_s": 0, "photo_needed": False, "has_code": True}
        for place in ("配电间", "水泵房")
    ]
    body = {"grid": grid, "name": name, "points": points, "form": "patrol_point"}
    made = planner.page.request.post("/api/field/patrol-plans", data=body, headers=writing(planner))
    assert made.status == 201, made.text()
    plan = made.json()["id"]
    first, second = planner.page.request.get(f"/api/field/patrol-plans/{plan}/codes").json()

    # When the worker holds the camera before the second sign, far from where the points are drawn
    worker.stands_at(lon + 0.01, lat).opens("patrol").is_kept()
    page.get_by_role("link", name=name).click()
    expect(page.get_by_text("还有 2 个点未巡查")).to_be_visible()
    worker.has_network(False)
    film_of_a_code(film, second["text"])
    page.get_by_role("button", name="扫码打卡").click()
    _fills_in(worker, "水泵房", "有问题，需上报")
    expect(page.get_by_text("还有 1 个点未巡查")).to_be_visible()

    # Then the same sign counts once, one of another place not at all, and the round has what was scanned
    page.get_by_role("button", name="扫码打卡").click()
    expect(page.get_by_text("“水泵房”已经打过卡。")).to_be_visible()
    film_of_a_code(film, "wangge:point:elsewhere")
    page.get_by_role("button", name="扫码打卡").click()
    expect(page.get_by_text("这不是本次巡查的点位码。")).to_be_visible()
    assert worker.finds_nothing_wrong() == []
    film_of_a_code(film, first["text"])
    page.get_by_role("button", name="扫码打卡").click()
    _fills_in(worker, "配电间", "正常")
    expect(page.get_by_text("还有 0 个点未巡查")).to_be_visible()
    worker.has_network(True).has_sent_everything()
    pack = page.request.get(f"{house}/api/field/pack").json()
    [round_] = [one for one in pack["patrols"] if one["plan"] == name]
    assert [point["check"]["how"] for point in round_["points"]] == ["code", "code"]

    # And the desk reads each point with what was written there
    seat = planner.page
    seat.goto(f"/field/patrols?view=keeping&walked={round_['day']}+{plan}")
    shown = seat.get_by_role("dialog", name=name)
    pump = shown.get_by_role("listitem").filter(has_text="水泵房")
    expect(pump.get_by_text("有问题，需上报")).to_be_visible()
    expect(pump.get_by_text("扫码", exact=True)).to_be_visible()
    expect(pump.get_by_text("阀门渗水")).to_be_visible()
    planner.finds_nothing_wrong()


def _fills_in(worker: Phone, point: str, state: str) -> None:
    """The sign opens the sheet of its point; nothing is sent before it is filled in."""
    page = worker.page
    expect(page.get_by_text(f"“{point}”已扫码，请填好下面的内容再打卡。")).to_be_visible()
    page.get_by_role("button", name="打卡", exact=True).click()
    expect(page.get_by_text("请填写此项")).to_be_visible()
    page.get_by_label(state, exact=True).check()
    if state != "正常":
        page.get_by_label("说明", exact=True).fill("阀门渗水")
    assert worker.finds_nothing_wrong() == []
    page.get_by_role("button", name="打卡", exact=True).click()
    expect(page.get_by_role("button", name="打卡", exact=True)).to_have_count(0)
