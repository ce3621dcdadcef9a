"""A working day: on duty, a patrol through two dead zones, five reports, three errands, four visits, signed out."""

import os
from collections.abc import Callable
from datetime import datetime
from itertools import pairwise
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from shapely import LineString, Point

from journeys import street
from journeys.phone import Phone
from journeys.pictures import photo
from journeys.stack import Stack
from journeys.street import STRIDE_S, Place, corner, strides
from wangge.core import clock
from wangge.grids.rules.geometry import in_metres

pytest_plugins = ["journeys.phones"]
SHOTS = os.environ.get("WANGGE_SHOTS", "")


@pytest.mark.long
@pytest.mark.timeout(900)
def test_a_whole_working_day(
    phone: Callable[..., Phone], stack: Stack, browser: Browser, tmp_path: Path, standing: Callable[[Phone], Place]
) -> None:
    worker = phone()
    lon, lat = standing(worker)
    walk = [(lon + step * 0.00025, lat + step * 0.00012) for step in range(5)]
    day = street.prepared(worker, browser.new_context(base_url=stack.url), stack, walk)
    worker.opens("").is_kept()
    on, off = (worker.page.get_by_role("button", name=name, exact=True) for name in ("上岗", "下岗"))
    expect(on.or_(off)).to_be_visible()
    if on.is_visible():
        on.click()
    expect(worker.page.get_by_role("heading", name="在岗", exact=True)).to_be_visible()
    expect(worker.page.get_by_text("待办任务（")).to_be_visible()
    _shot(worker, "day-1-today")

    began = clock.now()
    _patrols(worker, day)
    worker.opens("")
    for number in range(1, 6):
        worker.has_network(number % 2 == 1)
        worker.reports(f"井盖破损第{number}处{day.errands[0][-6:]}", photo(tmp_path / f"{number}.jpg"))
    worker.has_network(True)
    for title in day.errands:
        _does(worker, title)
    for number, title in enumerate(day.visits):
        _visits(worker, title, offline=number == 1)

    worker.opens("")
    worker.page.get_by_role("button", name="下岗").click()
    expect(worker.page.get_by_role("heading", name="未上岗")).to_be_visible()
    worker.has_sent_everything(120_000)
    expect(worker.page.get_by_text("批位置待上传")).to_have_count(0, timeout=60_000)
    _shot(worker, "day-9-queue")
    today = worker.page.request.get(f"{stack.url}/api/field/today").json()
    assert len(worker.cases(f"处{day.errands[0][-6:]}")) == 5
    assert today["errands"]["open"] == 0 or not _open_of(worker, stack, day)
    pack = worker.page.request.get(f"{stack.url}/api/field/pack").json()
    [mine] = [one for one in pack["patrols"] if one["plan"].endswith(day.errands[0][-6:])]
    assert [point["check"]["how"] for point in mine["points"]] == ["place"] * 4 + ["skipped"]
    _was_seen_on_the_way(worker, stack, day, began)
    assert not [one for one in pack["visits"] if one["title"] in day.visits and one["days_left"] <= 0]

    worker.opens("mine")
    worker.page.get_by_role("button", name="退出登录").click()
    worker.page.get_by_role("button", name="退出登录").click()
    expect(worker.page.locator("#username")).to_be_visible()


def _patrols(worker: Phone, day: street.Day) -> None:
    round_ = worker.page.get_by_role("link", name=day.errands[0][-6:])
    worker.opens("patrol")
    round_.click()
    for number, (before, there) in enumerate(pairwise([day.points[0], *day.points[:-1]]), 1):
        worker.has_network(number not in (2, 4))  # two dead zones
        for place in strides(before, there):
            worker.stands_at(*place)
            worker.page.wait_for_timeout(STRIDE_S * 1000)
        point = worker.page.get_by_role("button", name=f"{number}. 点位{number}")
        expect(point).to_contain_text("已到达")
        point.click()
        worker.page.get_by_role("button", name="打卡", exact=True).click()
        expect(worker.page.get_by_role("button", name="打卡", exact=True)).to_have_count(0)
        if number == 2:
            _shot(worker, "day-2-patrol")
    _went_on(worker, day)
    worker.has_network(True)
    worker.page.get_by_role("button", name="5. 点位5").click()
    worker.page.get_by_role("button", name="跳过", exact=True).click()
    why = worker.page.get_by_label("为什么跳过")
    why.fill("道路施工，封闭不能进入")
    worker.page.get_by_role("button", name="跳过", exact=True).click()
    expect(why).to_have_count(0)  # it is in the queue


def _went_on(worker: Phone, day: street.Day) -> None:
    """To the last point, which cannot be reached: long enough for the phone to take the last positions."""
    for place in strides(*day.points[-2:])[:6]:
        worker.stands_at(*place)
        worker.page.wait_for_timeout(STRIDE_S * 1000)


def _was_seen_on_the_way(worker: Phone, stack: Stack, day: street.Day, began: datetime) -> None:
    """As the house has kept it: what was walked in dead zones too, along the streets and not across."""
    path = f"{stack.url}/api/field/tracks/mine?day={clock.day_of(began)}"
    track = worker.page.request.get(path).json()
    walked = [one for one in track["positions"] if one[0] >= began.timestamp() * 1000]
    way = [day.points[0], *(place for leg in pairwise(day.points) for place in (corner(*leg), leg[1]))]
    plan = in_metres(LineString(way), day.points[0])
    seen = in_metres(LineString([place[1:3] for place in walked]), day.points[0])
    assert seen.hausdorff_distance(plan) < 30, "the last point was not reached"
    corners = [in_metres(Point(place), day.points[0]) for place in way[1:-2]]
    assert max(seen.distance(one) for one in corners) < 12, "ten seconds between two positions cut a corner by so much"
    assert not [gap for gap in track["gaps"] if gap[0] >= began.timestamp() * 1000]


def _does(worker: Phone, title: str) -> None:
    worker.opens("tasks")
    worker.page.get_by_role("link", name=title).click()
    for step in ("签收", "出发", "到达现场"):
        worker.page.get_by_role("button", name=step, exact=True).click()
    _shot(worker, "day-3-errand")
    worker.page.get_by_role("button", name="完成反馈", exact=True).click()
    worker.page.get_by_label("说明（可不填）").fill("积水已排干")
    worker.page.get_by_role("button", name="确定").click()
    expect(worker.page.locator("form.form")).to_have_count(0)  # it is kept


def _visits(worker: Phone, title: str, *, offline: bool) -> None:
    worker.opens("visits").has_network(not offline)
    worker.page.get_by_role("link", name=title).click()
    worker.page.get_by_role("button", name="开始走访").click()
    form = worker.page.locator("form.fields")
    for group in form.locator("fieldset.group").all():
        group.locator("input").first.check()
    for field in form.locator("input[type=text], textarea").all():
        if field.input_value() == "":
            field.fill("正常")
    assert worker.finds_nothing_wrong() == []
    _shot(worker, "day-4-visit")
    form.get_by_role("button", name="提交").click()
    expect(form).to_have_count(0)
    worker.has_network(True)


def _open_of(worker: Phone, stack: Stack, day: street.Day) -> list[str]:
    items = worker.page.request.get(f"{stack.url}/api/field/errands", params={"box": "mine"}).json()["items"]
    ended = ("done", "withdrawn", "returned", "handed_up")
    return [one["title"] for one in items if one["title"] in day.errands and one["mine"]["state"] not in ended]


def _shot(worker: Phone, name: str) -> None:
    if SHOTS:
        worker.page.screenshot(path=f"{SHOTS}/{name}.png")
