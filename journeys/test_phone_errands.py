"""What the centre asks a worker to look at: whether it is true, whether it was mended, whether it stayed so."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from journeys.desk import Desk
from journeys.given import registered, reported, writing
from journeys.phone import Phone
from journeys.pictures import photo
from journeys.street import Place
from journeys.test_phone_collect import chosen, lived_in, opens_the_room
from wangge.core import clock
from wangge.registry.rules.identity import identity_check

pytest_plugins = ["journeys.phones"]


@pytest.mark.long
def test_what_the_centre_wants_looked_at_is_verified_checked_and_looked_at_again(
    desk: Callable[..., Desk], phone: Callable[..., Phone], standing: Callable[[Phone], Place], tmp_path: Path
) -> None:
    # Given a case that somebody telephoned about, and a worker in the street
    centre, worker = desk("community"), phone()
    page, stamp = worker.page, f"{clock.now():%H%M%S}"
    path = reported(centre, f"路面塌陷{stamp}", place=standing(worker), source="telephone")
    case = path.rpartition("/")[2]
    worker.opens("tasks").is_kept()

    # When the centre asks whether it is true
    verify = _given(centre, worker, kind="verify", title=f"核实塌陷{stamp}", case_id=case)
    _goes_there(worker, f"核实塌陷{stamp}")
    page.get_by_role("button", name="完成反馈", exact=True).click()
    page.get_by_role("button", name="确定").click()
    expect(page.get_by_text("请选择结果")).to_be_visible()
    page.get_by_label("不属实", exact=True).check()
    page.get_by_label("属实", exact=True).check()
    page.get_by_label("说明（可不填）").fill("塌陷约半米，已设警示")
    assert worker.finds_nothing_wrong() == []
    _sends(worker)

    # and, where no network is, whether it was mended
    inspect = _given(centre, worker, kind="inspect", title=f"核查塌陷{stamp}", case_id=case, needs_photo=True)
    worker.opens("tasks")
    page.get_by_role("link", name=f"核查塌陷{stamp}").click()
    page.get_by_role("button", name="签收", exact=True).click()
    worker.has_network(False)
    for step in ("出发", "到达现场", "完成反馈"):
        page.get_by_role("button", name=step, exact=True).click()
    page.get_by_label("未解决", exact=True).check()
    page.get_by_role("button", name="确定").click()
    expect(page.get_by_text("请拍现场照片", exact=True)).to_be_visible()
    page.get_by_label("拍现场照片", exact=True).set_input_files(str(photo(tmp_path / "hole.jpg")))
    expect(page.get_by_role("img", name="照片 1")).to_be_visible()
    page.get_by_role("button", name="确定").click()
    expect(page.get_by_text("待上传", exact=False).first).to_be_visible()
    worker.has_network(True).has_sent_everything()

    # and, once it was, whether it stayed so
    recheck = _given(centre, worker, kind="recheck", title=f"复查塌陷{stamp}")
    worker.opens("tasks")
    _goes_there(worker, f"复查塌陷{stamp}")
    page.get_by_role("button", name="完成反馈", exact=True).click()
    page.get_by_label("已解决", exact=True).check()
    _sends(worker)
    worker.has_sent_everything()

    # Then the centre has each answer, in the order in which it was on the way
    told = [_told(centre, one) for one in (verify, inspect, recheck)]
    assert [one["workers"][0]["result"] for one in told] == ["true", "not_fixed", "fixed"]
    steps = [step["kind"] for step in told[1]["steps"]]
    assert steps == ["given", "signed", "set_out", "arrived", "done"]
    assert told[0]["steps"][-1]["text"] == "属实。塌陷约半米，已设警示"
    centre.page.goto(path)
    expect(centre.page.get_by_text(f"核实塌陷{stamp}").first).to_be_visible()


@pytest.mark.long
def test_who_is_known_elsewhere_moves_in_when_the_worker_says_so(
    desk: Callable[..., Desk], phone: Callable[..., Phone], standing: Callable[[Phone], Place]
) -> None:
    clerk, elsewhere, worker = desk("community"), desk("community", 1), phone()
    page = worker.page
    address, room, _ = lived_in(clerk, standing(worker))
    number = f"3201041991{clock.now():%m%d}{clock.now().microsecond % 1000:03}"
    number += identity_check(number + "0")
    registered(elsewhere, "陈迁入", id_number=number)
    worker.opens("").is_kept()
    worker.opens("visits")
    opens_the_room(page, address)
    page.get_by_role("link", name="添加：人口").click()
    page.get_by_label("姓名").fill("陈迁入")
    chosen(page, "与房屋关系", "租住")
    page.get_by_label("证件号码").fill(number)
    chosen(page, "人口类别", "户籍")
    page.get_by_role("button", name="保存登记").click()
    page.get_by_role("link", name="去处理").click()
    expect(page.get_by_text("此人已在其他网格登记", exact=False)).to_be_visible()
    page.get_by_label("此人已迁入本辖区，从原住处转来").check()
    assert worker.finds_nothing_wrong() == []
    page.get_by_role("button", name="更正后上传").click()
    worker.has_sent_everything()
    living = clerk.page.request.get(f"/api/registry/records/dwelling/{room}").json()["people"]
    assert "陈迁入" in {one["name"] for one in living}


def _given(centre: Desk, worker: Phone, **values: Any) -> str:
    """To the worker; its id."""
    me = worker.page.request.get(f"{worker.stack.url}/api/session").json()
    body = {"posts": [me["post"]["id"]], "grid": me["ranges"][0], "text": "请到现场看一看。", **values}
    answer = centre.page.request.post("/api/field/errands", data=body, headers=writing(centre))
    assert answer.status == 201, answer.text()
    return str(answer.json()["id"])


def _told(centre: Desk, errand: str) -> Any:
    return centre.page.request.get(f"/api/field/errands/{errand}").json()


def _goes_there(worker: Phone, title: str) -> None:
    page = worker.page
    page.get_by_role("link", name=title).click()
    for step in ("签收", "出发", "到达现场"):
        page.get_by_role("button", name=step, exact=True).click()


def _sends(worker: Phone) -> None:
    worker.page.get_by_role("button", name="确定").click()
    expect(worker.page.get_by_role("button", name="确定")).to_have_count(0)
