"""What the desk answers to phones: time that is asked for, an envelope that was not sent; two phones that differ."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from journeys.desk import Desk
from journeys.given import writing
from journeys.phone import Phone
from journeys.pictures import photo
from wangge.core import clock

pytest_plugins = ["journeys.phones"]


@pytest.mark.long
def test_more_time_is_asked_on_the_phone_and_granted_at_the_desk(
    desk: Callable[..., Desk], phone: Callable[..., Phone]
) -> None:
    giver, worker = desk("community"), phone()
    errand = _given(giver, worker, f"清理积水{clock.now():%H%M%S}")
    until = clock.local(clock.now() + timedelta(hours=30)).replace(second=0, microsecond=0)
    _opens(worker, errand)
    worker.page.get_by_role("button", name="签收", exact=True).click()
    worker.page.get_by_role("button", name="申请延期", exact=True).click()
    worker.page.get_by_label("希望延长到").fill(f"{until:%Y-%m-%dT%H:%M}")
    worker.page.get_by_label("说明", exact=True).fill("抽水泵明早才到")
    _confirms(worker)
    worker.has_sent_everything()

    page = giver.page
    page.goto("/field/errands")
    page.get_by_role("button", name=errand["title"]).click()
    expect(page.get_by_text("抽水泵明早才到").first).to_be_visible()
    giver.finds_nothing_wrong()
    page.get_by_role("button", name="同意", exact=True).click()
    expect(page.get_by_text("已同意延时")).to_be_visible()
    mine = worker.page.request.get(f"{worker.stack.url}/api/field/errands/{errand['id']}").json()["mine"]
    assert clock.local(datetime.fromisoformat(mine["due_at"])) == until


@pytest.mark.long
def test_what_is_beyond_the_worker_is_handed_up_from_the_phone(
    desk: Callable[..., Desk], phone: Callable[..., Phone]
) -> None:
    giver, worker = desk("community"), phone()
    errand = _given(giver, worker, f"清理违建{clock.now():%H%M%S}")
    _opens(worker, errand)
    worker.page.get_by_role("button", name="签收", exact=True).click()
    worker.page.get_by_role("button", name="上报上级", exact=True).click()
    _confirms_nothing_yet(worker)
    worker.page.get_by_label("说明", exact=True).fill("须执法部门到场，社区无权处置")
    _confirms(worker)
    worker.has_sent_everything()
    giver.page.goto("/field/errands")
    giver.page.get_by_role("button", name=errand["title"]).click()
    expect(giver.page.get_by_text("须执法部门到场，社区无权处置").first).to_be_visible()
    expect(giver.page.get_by_text("已上报", exact=True).first).to_be_visible()
    giver.finds_nothing_wrong()


@pytest.mark.long
def test_an_envelope_is_opened_and_carried_out_at_the_desk(
    desk: Callable[..., Desk], phone: Callable[..., Phone], tmp_path: Path
) -> None:
    worker, words = phone(), f"围墙裂缝{clock.now():%H%M%S}"
    worker.opens("").is_kept()
    expect(worker.page.get_by_text("我的本月工作")).to_be_visible()  # the pack, and the house's key with it
    worker.has_network(False)
    worker.reports(words, photo(tmp_path / "a.jpg"))
    worker.opens("queue")
    with worker.page.expect_download() as saving:
        worker.page.get_by_role("button", name="导出加密文件").click()
    saving.value.save_as(tmp_path / "sealed.json")

    centre = desk("community")
    page = centre.page
    page.goto("/field/handed-in")
    page.locator("input[type=file]").set_input_files(str(tmp_path / "sealed.json"))
    carry = page.get_by_role("button", name="以本人名义补录")
    expect(carry).to_be_visible()
    centre.finds_nothing_wrong()
    carry.click()
    page.get_by_role("button", name="确定").click()
    expect(page.get_by_text("补录完成")).to_be_visible()
    expect(page.get_by_role("dialog").get_by_text("已补录").first).to_be_visible()
    expect(carry).to_have_count(0)
    worker.has_network(True).has_sent_everything()  # the same again: harmless
    assert len(worker.cases(words)) == 1


def test_two_phones_differ_and_both_versions_are_shown_until_the_worker_decides(
    desk: Callable[..., Desk], phone: Callable[..., Phone]
) -> None:
    giver, first, second = desk("community"), phone(), phone()
    errand = _given(giver, first, f"查看路灯{clock.now():%H%M%S}")
    _opens(first, errand)
    _opens(second, errand)
    first.has_network(False)
    first.page.get_by_role("button", name="签收", exact=True).click()
    expect(first.page.get_by_role("button", name="出发", exact=True)).to_be_visible()
    second.page.get_by_role("button", name="退回", exact=True).click()
    second.page.get_by_label("说明", exact=True).fill("不在我的网格")
    _confirms(second)
    second.has_sent_everything()
    first.opens("queue").has_network(True)
    card = first.page.locator("article", has_text=errand["title"])
    expect(card).to_contain_text("未通过", timeout=60_000)
    expect(card.locator("dl")).to_contain_text("服务器上已退回")
    expect(card.locator("dl")).to_contain_text("您这里")
    assert first.finds_nothing_wrong() == []
    card.get_by_role("button", name="放弃").click()
    card.get_by_role("button", name="确定").click()
    expect(card).to_have_count(0)
    first.has_sent_everything()


def _given(giver: Desk, worker: Phone, title: str) -> dict[str, Any]:
    me = worker.page.request.get(f"{worker.stack.url}/api/session").json()
    body = {
        "kind": "other",
        "title": title,
        "text": "请到现场查看并反馈。",
        "posts": [me["post"]["id"]],
        "grid": me["ranges"][0],
        "due_at": (clock.now() + timedelta(hours=4)).isoformat(),
    }
    answer = giver.page.request.post("/api/field/errands", data=body, headers=writing(giver))
    assert answer.status == 201, answer.text()
    made: dict[str, Any] = answer.json()
    return made


def _opens(worker: Phone, errand: dict[str, Any]) -> None:
    worker.opens("tasks")
    worker.page.get_by_role("link", name=errand["title"]).click()
    expect(worker.page.get_by_role("button", name="签收", exact=True)).to_be_visible()


def _confirms_nothing_yet(worker: Phone) -> None:
    worker.page.get_by_role("button", name="确定").click()
    expect(worker.page.get_by_text("请写一句说明")).to_be_visible()


def _confirms(worker: Phone) -> None:
    """The form closes when the phone has it in its book; whoever leaves before has not sent it."""
    confirm = worker.page.get_by_role("button", name="确定")
    confirm.click()
    expect(confirm).to_have_count(0)
