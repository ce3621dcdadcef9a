"""What a worker settles and inspects where there is no network: it arrives whole, and says what it is about."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from journeys.desk import Desk
from journeys.phone import Phone
from journeys.pictures import photo
from journeys.stack import Stack
from wangge.core import clock

pytest_plugins = ["journeys.phones"]


def test_what_was_settled_on_the_spot_out_of_reach_is_a_case_closed_with_both_photos(
    phone: Callable[..., Phone], stack: Stack, tmp_path: Path
) -> None:
    worker, words = phone(), f"楼道杂物两堆{clock.now():%H%M%S}"
    worker.opens("").is_kept()
    page = worker.page
    expect(page.get_by_text("我的本月工作")).to_be_visible()  # the pack is here; this page was never opened before
    worker.has_network(False)
    page.get_by_role("link", name="上报").click()
    page.get_by_label("拍照", exact=True).set_input_files(str(photo(tmp_path / "before.jpg")))
    page.get_by_label("情况说明（可不填）").fill(words)
    page.get_by_text("已当场处理（自办自结）").click()
    page.get_by_role("button", name="上报").click()
    expect(page.get_by_text("请拍处理后的照片", exact=True)).to_be_visible()
    expect(page.get_by_text("自办自结请选定类别")).to_be_visible()
    page.get_by_role("button", name="全部类别").click()
    page.get_by_label("查找类别").fill("邻里纠纷")
    page.get_by_role("button", name="矛盾纠纷 / 邻里纠纷", exact=True).click()
    page.get_by_label("拍处理后照片", exact=True).set_input_files(str(photo(tmp_path / "after.jpg")))
    page.get_by_label("怎样处理的").fill("已劝导住户当场清走")
    assert worker.finds_nothing_wrong() == []
    page.get_by_role("button", name="上报").click()
    expect(page.get_by_role("heading", name="已记下，会自动上传")).to_be_visible()
    worker.has_network(True).has_sent_everything()
    expect(page.get_by_text("附件")).to_have_count(0)  # all of them have arrived
    [case] = worker.cases(words)
    evidence = page.request.get(f"{stack.url}/api/cases/{case['id']}/evidence").json()
    assert sorted(piece["photo_type"] for piece in evidence) == ["after", "near"]
    assert case["state"] == "closed"


def test_an_inspection_says_where_it_was_and_what_failed_is_to_be_rectified_there(
    phone: Callable[..., Phone], desk: Callable[..., Desk], stack: Stack, tmp_path: Path
) -> None:
    worker, where = phone(), f"顺达便利店{clock.now():%H%M%S}"
    worker.opens("collect").is_kept()
    page = worker.page
    page.get_by_role("button", name="消防安全检查").click()
    worker.has_network(False)
    for item in page.locator("fieldset.group").all():
        item.get_by_label("合格", exact=True).check()
    page.get_by_role("group", name="疏散通道").get_by_label("不合格").check()
    page.get_by_label("疏散通道、安全出口畅通").select_option(label="3 天内整改")
    page.get_by_label("现场负责人").fill("陆建国")
    page.locator("input[type=file]").first.set_input_files(str(photo(tmp_path / "exit.jpg")))
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_text("还有 1 项需要填写或更正")).to_be_visible()
    assert worker.finds_nothing_wrong() == []
    page.get_by_label("单位、店铺或门牌").fill(where)
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_text(f"消防安全检查 · {where}")).to_be_visible()
    worker.has_network(True).has_sent_everything()
    errands = page.request.get(f"{stack.url}/api/field/errands", params={"box": "mine"}).json()["items"]
    [order] = [one for one in errands if one["address"] == where]
    assert order["title"] == "整改：疏散通道、安全出口畅通"
    assert order["due_at"][:10] == (clock.today() + timedelta(days=3)).isoformat()
    seat = desk("community").page
    seat.goto(f"/field/records?failed=1&q={where}")
    seat.get_by_role("button", name=where).click()
    sheet = seat.get_by_role("dialog", name="消防安全检查")
    expect(sheet.get_by_text("不合格", exact=True)).to_be_visible()
    expect(sheet.get_by_role("img", name="照片 1")).to_be_visible()
    expect(sheet.get_by_role("link", name=order["number"])).to_be_visible()
    expect(sheet.get_by_text("陆建国")).to_have_count(0)
    sheet.get_by_role("button", name="查看加密内容").click()
    sheet.get_by_label("查看用途").fill("通知整改")
    sheet.get_by_role("button", name="查看加密内容").click()
    expect(sheet.get_by_text("陆建国")).to_be_visible()


@pytest.mark.long
def test_a_report_without_a_category_gets_one_from_who_settles_it(
    phone: Callable[..., Phone], stack: Stack, tmp_path: Path
) -> None:
    worker, words = phone(), f"楼前积水一处{clock.now():%H%M%S}"
    page = worker.page
    worker.opens("")
    worker.reports(words)
    worker.has_sent_everything()
    [case] = worker.cases(words)
    assert case["category"] is None
    worker.opens(f"cases/{case['id']}")
    page.get_by_role("button", name="自办自结", exact=True).click()
    page.get_by_label("说明", exact=True).fill("已疏通排水口")
    page.get_by_role("button", name="确定").click()
    expect(page.get_by_text("请选定类别")).to_be_visible()
    assert worker.finds_nothing_wrong() == []
    page.get_by_role("button", name="全部类别").click()
    page.get_by_label("查找类别").fill("邻里纠纷")
    page.get_by_role("button", name="矛盾纠纷 / 邻里纠纷", exact=True).click()
    page.get_by_label("拍现场照片", exact=True).set_input_files(str(photo(tmp_path / "after.jpg")))
    page.get_by_role("button", name="确定").click()
    expect(page.get_by_role("button", name="确定")).to_have_count(0)
    worker.has_sent_everything()
    [case] = worker.cases(words)
    assert (case["state"], case["category"]["name"]) == ("closed", "邻里纠纷")


@pytest.mark.long
def test_a_report_carries_a_voice_note_a_video_and_a_place_put_right_on_the_map(
    phone: Callable[..., Phone], stack: Stack
) -> None:
    worker, words = phone(), f"窨井盖松动{clock.now():%H%M%S}"
    page = worker.page
    worker.opens("report")
    for name, kind in (("录音", "audio"), ("短视频", "video")):
        page.get_by_role("button", name=name, exact=True).click()
        expect(page.get_by_role("timer")).to_contain_text("正在录制 1 秒")
        assert worker.finds_nothing_wrong() == []
        page.get_by_role("button", name="完成录制").click()
        expect(page.locator(f".pieces li.{kind}")).to_be_visible()
    expect(page.get_by_text("位于 ")).to_be_visible(timeout=60_000)  # the grids come with the first copy
    before = page.request.get(f"{stack.url}/api/session").json()["ranges"][0]
    page.get_by_role("button", name="在地图上调整").click()
    expect(page.get_by_label("在地图上点选位置")).to_be_visible()  # the map is drawn
    page.locator(".thumb-map canvas").click(position={"x": 105, "y": 150})  # beside the marker, still in the grid
    expect(page.get_by_text("已手动调整")).to_be_visible()
    page.get_by_label("情况说明（可不填）").fill(words)
    page.get_by_role("button", name="上报").click()
    expect(page.get_by_role("heading", name="已记下，会自动上传")).to_be_visible()
    worker.has_sent_everything()
    expect(page.get_by_text("附件")).to_have_count(0)
    [case] = worker.cases(words)
    evidence = page.request.get(f"{stack.url}/api/cases/{case['id']}/evidence").json()
    assert sorted(piece["kind"] for piece in evidence) == ["sound", "video"]
    assert case["grid"]["code"].startswith(before[:12])


@pytest.mark.long
def test_what_was_put_right_is_looked_at_again_with_a_photo(
    phone: Callable[..., Phone], stack: Stack, tmp_path: Path
) -> None:
    # Given an order to put something right, from an inspection of one's own
    worker, where = phone(), f"临河小吃店{clock.now():%H%M%S}"
    page = worker.page
    worker.opens("collect")
    page.get_by_role("button", name="消防安全检查").click()
    for item in page.locator("fieldset.group").all():
        item.get_by_label("合格", exact=True).check()
    page.get_by_role("group", name="疏散通道").get_by_label("不合格").check()
    page.get_by_label("疏散通道、安全出口畅通").select_option(label="3 天内整改")
    page.get_by_label("现场负责人").fill("陆建国")
    page.locator("input[type=file]").first.set_input_files(str(photo(tmp_path / "exit.jpg")))
    page.get_by_label("单位、店铺或门牌").fill(where)
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_text(f"消防安全检查 · {where}")).to_be_visible()
    worker.has_sent_everything()
    order = _errand(worker, stack, where, "rectify")

    # When it is said to be put right
    worker.opens(f"errands/{order['id']}")
    page.get_by_role("button", name="签收", exact=True).click()
    _tells(worker, "已解决", "店主已清走货架", photo(tmp_path / "right.jpg"))
    worker.has_sent_everything()

    # Then a look again is a task of its own, by its day, which needs a photo
    again = _errand(worker, stack, where, "recheck")
    assert again["title"] == "复查：疏散通道、安全出口畅通"
    worker.opens("tasks").page.get_by_role("link", name=again["title"]).filter(has_text=where).click()
    page.get_by_role("button", name="签收", exact=True).click()
    _tells(worker, "已解决", "通道畅通，货架未再摆回", photo(tmp_path / "again.jpg"))
    worker.has_sent_everything()
    looked = page.request.get(f"{stack.url}/api/field/errands/{again['id']}").json()
    assert (looked["state"], looked["mine"]["result"]) == ("closed", "fixed")


def _errand(worker: Phone, stack: Stack, where: str, kind: str) -> dict[str, Any]:
    errands = worker.page.request.get(f"{stack.url}/api/field/errands", params={"box": "mine"}).json()["items"]
    [found] = [one for one in errands if one["address"] == where and one["kind"] == kind]
    one: dict[str, Any] = found
    return one


def _tells(worker: Phone, result: str, words: str, picture: Path) -> None:
    """How it came out, at the end of the way there; without a photo it is not taken."""
    page = worker.page
    for step in ("出发", "到达现场"):
        page.get_by_role("button", name=step, exact=True).click()
    page.get_by_role("button", name="完成反馈", exact=True).click()
    page.get_by_label(result, exact=True).check()
    page.get_by_label("说明（可不填）").fill(words)
    page.get_by_role("button", name="确定").click()
    expect(page.get_by_text("请拍现场照片", exact=True)).to_be_visible()
    assert worker.finds_nothing_wrong() == []
    page.get_by_label("拍现场照片", exact=True).set_input_files(str(picture))
    expect(page.get_by_role("img", name="照片 1")).to_be_visible()
    page.get_by_role("button", name="确定").click()
    expect(page.get_by_role("button", name="确定")).to_have_count(0)
