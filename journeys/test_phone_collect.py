"""At the door: what is registered is checked, corrected and completed on the phone, with and without a network."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from journeys.desk import Desk
from journeys.given import writing
from journeys.phone import Phone
from journeys.street import Place
from wangge.core import clock

pytest_plugins = ["journeys.phones"]


def made(clerk: Desk, kind: str, values: dict[str, Any], where: dict[str, Any]) -> str:
    body = {"values": values, "where": where}
    answer = clerk.page.request.post(f"/api/registry/records/{kind}", data=body, headers=writing(clerk))
    assert answer.status == 201, answer.text()
    return str(answer.json()["id"])


def lived_in(clerk: Desk, place: Place) -> tuple[str, str, str]:
    """A building with a room, and who lives there: its address, the room's id, their name."""
    stamp = f"{clock.now():%H%M%S}"
    lon, lat = place
    address, name = f"采集路{stamp}号", "周在家"
    building = made(clerk, "building", {"address": address, "floors": 6}, {"lon": lon, "lat": lat})
    room = made(
        clerk,
        "dwelling",
        {"unit": "1", "room": "502", "floor": 5, "use": "01", "occupancy": "owner"},
        {"building_id": building},
    )
    grid = clerk.page.request.get(f"/api/registry/records/dwelling/{room}").json()["code"]
    person = made(clerk, "person", {"name": name, "registration": "registered", "phone": "19900001234"}, {"code": grid})
    tie = {"dwelling_id": room, "tie": "lives"}
    answer = clerk.page.request.post(f"/api/registry/people/{person}/ties", data=tie, headers=writing(clerk))
    assert answer.status == 201, answer.text()
    return address, room, name


def opens_the_room(page: Page, address: str) -> None:
    page.get_by_role("link", name="登记核对").click()
    page.get_by_label("门牌、小区楼栋、姓名或单位").fill(address)
    page.get_by_role("button", name="查找").click()
    page.get_by_role("link", name=address).click()
    page.get_by_role("link", name="1-502").click()
    expect(page.get_by_role("heading", name=f"{address}1单元502室")).to_be_visible()


def chosen(page: Page, group: str, choice: str) -> None:
    page.get_by_role("group", name=group).get_by_text(choice, exact=True).click()


@pytest.mark.long
def test_a_home_opened_online_is_corrected_and_completed_in_a_dead_zone(
    desk: Callable[..., Desk], phone: Callable[..., Phone], standing: Callable[[Phone], Place]
) -> None:
    clerk, worker = desk("community"), phone()
    page = worker.page
    address, room, name = lived_in(clerk, standing(worker))

    # Given a home that was opened while there was a network, and found as it stands
    worker.opens("").is_kept()
    worker.opens("visits")
    opens_the_room(page, address)
    expect(page.get_by_role("link", name=name)).to_be_visible()
    expect(page.get_by_text("199****1234")).to_be_visible()
    assert worker.finds_nothing_wrong() == []
    before = clerk.page.request.get(f"/api/registry/records/dwelling/{room}").json()["checked_at"]
    with page.expect_response(lambda answer: answer.url.endswith("/api/field/records")) as sent:
        page.get_by_role("button", name="核对无误").click()
    assert sent.value.status == 201, sent.value.text()
    expect(page.get_by_role("button", name="核对无误")).to_be_visible()
    after = clerk.page.request.get(f"/api/registry/records/dwelling/{room}").json()
    assert after["checked_at"] > before and after["sources"]["occupancy"]

    # When the network is gone, and the home is let to somebody new
    worker.has_network(False)
    page.get_by_role("link", name="更正").click()
    chosen(page, "使用状态", "出租")
    chosen(page, "出租用途", "住房")
    assert worker.finds_nothing_wrong() == []
    page.get_by_role("button", name="保存更正").click()
    expect(page.get_by_text("待上传", exact=False).first).to_be_visible()
    page.get_by_role("button", name=f"已搬走 {name}").click()
    page.get_by_role("button", name="确定").click()
    expect(page.get_by_text("还没有登记住在这里的人。")).to_be_visible()
    page.get_by_role("link", name="添加：人口").click()
    page.get_by_role("button", name="保存登记").click()
    expect(page.get_by_text("还有 3 项需要填写或更正")).to_be_visible()
    page.get_by_label("姓名").fill("钱新来")
    chosen(page, "与房屋关系", "租住")
    page.get_by_label("联系电话").fill("19900005678")
    chosen(page, "人口类别", "流动")
    page.get_by_label("流入原因").select_option("务工")
    assert worker.finds_nothing_wrong() == []
    page.get_by_role("button", name="保存登记").click()
    expect(page.get_by_text("钱新来", exact=False)).to_be_visible()

    # Then all of it is there once the network is back, in the name of the field
    worker.has_network(True).has_sent_everything()
    clerk.page.goto(f"/registry/dwelling/{room}")
    expect(clerk.page.get_by_text("钱新来")).to_be_visible()
    file = clerk.page.request.get(f"/api/registry/records/dwelling/{room}").json()
    assert (file["values"]["occupancy"], file["values"]["rental_use"]) == ("rented", "02")
    [who] = [one for one in file["people"] if one["to_date"] is None]
    assert (who["name"], who["tie"], who["phone"]) == ("钱新来", "rents", "199****5678")
    past = clerk.page.request.get(f"/api/registry/records/dwelling/{room}/history").json()
    assert {(one["field"], one["source"]) for one in past["lines"]} == {("occupancy", "field"), ("rental_use", "field")}


def test_what_changed_meanwhile_is_shown_beside_what_was_written(
    desk: Callable[..., Desk], phone: Callable[..., Phone], standing: Callable[[Phone], Place]
) -> None:
    clerk, worker = desk("community"), phone()
    page = worker.page
    address, room, _ = lived_in(clerk, standing(worker))
    worker.opens("").is_kept()
    worker.opens("visits")
    opens_the_room(page, address)

    # When a desk changes the home while the worker corrects it without a network
    worker.has_network(False)
    page.get_by_role("link", name="更正").click()
    chosen(page, "使用状态", "空置")
    page.get_by_role("button", name="保存更正").click()
    changed = {"values": {"occupancy": "lent"}, "why": "电话核实"}
    path = f"/api/registry/records/dwelling/{room}"
    assert clerk.page.request.patch(path, data=changed, headers=writing(clerk)).ok
    worker.has_network(True)

    # Then both stand side by side, nothing is lost, and the worker decides
    expect(page.get_by_role("link", name="去处理")).to_be_visible()
    page.get_by_role("link", name="去处理").click()
    expect(page.get_by_text("现在登记的 借住")).to_be_visible()
    expect(page.get_by_text("您写的 空置")).to_be_visible()
    assert worker.finds_nothing_wrong() == []
    page.get_by_role("button", name="仍按我写的提交").click()
    expect(page.get_by_text("现在登记的 借住")).to_have_count(0)
    worker.has_sent_everything()
    assert clerk.page.request.get(path).json()["values"]["occupancy"] == "vacant"


def test_a_building_its_room_and_who_lives_there_are_registered_wholly_without_a_network(
    desk: Callable[..., Desk], phone: Callable[..., Phone], standing: Callable[[Phone], Place]
) -> None:
    clerk, worker = desk("community"), phone()
    page, lon_lat = worker.page, standing(worker)
    worker.stands_at(*lon_lat).opens("").is_kept()
    stamp = f"{clock.now():%H%M%S}"
    worker.opens("registry").has_network(False)
    page.get_by_role("link", name="楼栋", exact=True).click()
    page.get_by_label("地址").fill(f"无网路{stamp}号")
    expect(page.get_by_text("精度约")).to_be_visible()
    page.get_by_role("button", name="保存登记").click()
    page.get_by_role("link", name="添加：房屋").click()
    page.get_by_label("户室").fill("201")
    chosen(page, "用途", "住宅")
    chosen(page, "使用状态", "自住")
    page.get_by_role("button", name="保存登记").click()
    page.get_by_role("link", name="添加：人口").click()
    page.get_by_label("姓名").fill("孙无网")
    chosen(page, "与房屋关系", "居住")
    chosen(page, "人口类别", "户籍")
    page.get_by_role("button", name="保存登记").click()
    expect(page.get_by_text("孙无网")).to_be_visible()
    worker.has_network(True).has_sent_everything()
    found = clerk.page.request.post(
        "/api/registry/search", data={"q": f"无网路{stamp}号"}, headers=writing(clerk)
    ).json()["items"]
    [building] = [one for one in found if one["kind"] == "building"]
    file = clerk.page.request.get(f"/api/registry/records/building/{building['id']}").json()
    assert (file["source"], file["dwelling_count"], file["people_count"]) == ("field", 1, 1)


@pytest.mark.long
def test_a_household_a_facility_and_a_sealed_number_are_put_right_in_a_dead_zone(
    desk: Callable[..., Desk], phone: Callable[..., Phone], standing: Callable[[Phone], Place]
) -> None:
    clerk, worker = desk("community"), phone()
    page, place = worker.page, standing(worker)
    address, room, name = lived_in(clerk, place)
    grid = clerk.page.request.get(f"/api/registry/records/dwelling/{room}").json()["code"]
    lon, lat = place
    number = f"{grid[:6]}0102{clock.now():%H%M%S}"
    values = {"number": number, "kind": "01", "name": "雨水井盖", "state": "01"}
    cover = made(clerk, "facility", values, {"lon": lon, "lat": lat})

    # Given a home, who lives there and a manhole that were opened while there was a network
    worker.opens("").is_kept()
    worker.opens(f"registry/facility/{cover}")
    expect(page.get_by_role("heading", name="雨水井盖")).to_be_visible()
    worker.opens("visits")
    opens_the_room(page, address)
    page.get_by_role("link", name=name).click()
    expect(page.get_by_role("heading", name=name)).to_be_visible()
    person = page.url.split("/")[-1]

    # When the network is gone, and a telephone is no longer theirs
    worker.has_network(False)
    page.get_by_role("link", name="更正").click()
    page.get_by_role("button", name="清除已登记的内容 联系电话").click()
    expect(page.get_by_text("将清除已登记的 199****1234")).to_be_visible()
    page.get_by_role("button", name="保存更正").click()
    expect(page.get_by_text("请写明清除的原因")).to_be_visible()
    page.get_by_label("清除原因").fill("号码已换，本人要求清除")
    assert worker.finds_nothing_wrong() == []
    page.get_by_role("button", name="保存更正").click()

    # and a household is registered, with who belongs to it
    page.get_by_role("link", name=f"{address}1单元502室").click()
    page.get_by_role("link", name="添加：家庭户").click()
    page.get_by_label("户号").fill("H-0502")
    chosen(page, "户别", "户籍")
    page.get_by_role("button", name="保存登记").click()
    page.get_by_role("button", name="添加家庭成员").click()
    page.get_by_label(name).check()
    page.get_by_label("与户主关系").select_option("户主")
    assert worker.finds_nothing_wrong() == []
    page.get_by_role("button", name="添加家庭成员").click()
    expect(page.get_by_text(f"加入家庭户 · {name}")).to_be_visible()

    # and the manhole is broken, and stands elsewhere than was written
    worker.stands_at(lon + 0.0002, lat)
    worker.opens(f"registry/facility/{cover}")
    page.get_by_role("link", name="更正").click()
    chosen(page, "状态", "破损")
    page.get_by_role("button", name="取消选择 状态").click()
    chosen(page, "状态", "破损")
    expect(page.get_by_text("已登记的位置")).to_be_visible()
    page.get_by_role("button", name="回到当前位置").click()
    expect(page.get_by_text("精度约 12 米")).to_be_visible()
    assert worker.finds_nothing_wrong() == []
    page.get_by_role("button", name="保存更正").click()
    expect(page.get_by_text("待上传", exact=False).first).to_be_visible()

    # Then all of it is there once the network is back
    worker.has_network(True).has_sent_everything()
    ask = clerk.page.request
    assert ask.get(f"/api/registry/records/person/{person}").json()["values"]["phone"] == ""
    [line] = [
        one
        for one in ask.get(f"/api/registry/records/person/{person}/history").json()["lines"]
        if one["field"] == "phone"
    ]
    assert (line["old"], line["why"]) == ("199****1234", "号码已换，本人要求清除")
    [household] = ask.get(f"/api/registry/records/dwelling/{room}").json()["households"]
    members = ask.get(f"/api/registry/records/household/{household['id']}").json()["members"]
    assert [(one["name"], one["relation"]) for one in members] == [(name, "02")]
    file = ask.get(f"/api/registry/records/facility/{cover}").json()
    assert (file["values"]["state"], file["lon"]) == ("02", round(lon + 0.0002, 6))
