"""People's data at the desk: a list leaves the house by two hands, for a while; a resident is told who looked."""

import re
from collections.abc import Callable
from secrets import randbelow

import psycopg
import pytest
from playwright.sync_api import expect

from journeys.desk import Desk
from journeys.given import registered, writing
from journeys.stack import Stack
from wangge.core import clock
from wangge.ground.cluster import Cluster
from wangge.registry.rules.identity import identity_check

PHONE = "13912340007"
CIVIL_AFFAIRS = "bm-mz-ld"


def test_a_list_is_asked_for_by_one_approved_by_another_and_gone_when_its_time_is_over(
    desk: Callable[..., Desk], stack: Stack
) -> None:
    # Given somebody in the community's books
    clerk, commander = desk("community"), desk("commander")
    name = "柳含章"
    registered(clerk, name, phone=PHONE)

    # When the community asks to take the list away, and says what for
    purpose, page = f"入户名单{clock.now():%H%M%S}", clerk.page
    page.goto("/registry")
    page.get_by_role("button", name="申请导出").click()
    asking = page.get_by_role("dialog", name="申请导出")
    asking.get_by_role("button", name="提交审批").click()
    expect(asking.get_by_text("请写明用途。")).to_be_visible()
    asking.get_by_role("combobox", name="格式").click()
    page.get_by_role("option", name="CSV").click()
    asking.get_by_placeholder("例如：出租房安全检查入户名单").fill(purpose)
    clerk.finds_nothing_wrong()
    asking.get_by_role("button", name="提交审批").click()

    # Then there is nothing to fetch yet
    mine = page.get_by_role("table", name="我的导出").get_by_role("row").nth(1)
    expect(mine).to_contain_text("待审批")
    expect(mine.get_by_role("link")).to_have_count(0)

    # When the commander approves
    commander.page.goto("/registry/approvals")
    asked = commander.page.get_by_role("row").filter(has_text=purpose)
    expect(asked).to_be_visible()
    commander.finds_nothing_wrong()
    asked.get_by_role("button", name="批准", exact=True).click()
    commander.page.get_by_role("button", name="确定").click()
    expect(asked).to_have_count(0)

    # Then the page of the one who asked says so by itself, and they fetch it: masked, with both names and the purpose
    link = mine.get_by_role("link", name=re.compile("下载"))
    expect(link).to_be_visible()
    with page.expect_download() as saving:
        link.click()
    lines = saving.value.path().read_text("utf-8-sig")
    assert all(word in lines for word in (name, purpose, clerk.own_name(), commander.own_name()))
    assert "139****0007" in lines and PHONE not in lines
    address = link.get_attribute("href") or ""
    assert commander.page.request.get(address).status == 404

    # When its days are over
    with psycopg.connect(Cluster(stack.home).owner_url) as database:
        done = database.execute("update insight_export set expires_at = now() where id = %s", [address.split("/")[-2]])
        assert done.rowcount == 1

    # Then it is fetched no more, whether somebody has cleared it away yet or not
    assert page.request.get(address).status == 409


def test_a_resident_who_asks_is_told_who_looked_and_what_for(desk: Callable[..., Desk]) -> None:
    # Given somebody whose telephone the street opened
    clerk, street = desk("community"), desk("street_seat")
    name = "石敬亭"
    file = registered(clerk, name, phone=PHONE)
    street.page.goto(file)
    street.page.get_by_role("button", name="查看敏感项").click()
    asking = street.page.get_by_role("dialog", name="查看敏感项")
    asking.get_by_text("联系电话").click()
    asking.get_by_role("combobox", name="用途").click()
    street.page.get_by_role("option", name="核对身份").click()
    street.finds_nothing_wrong()
    asking.get_by_role("button", name="查看", exact=True).click()
    expect(street.page.get_by_text(PHONE)).to_be_visible()

    # When the community answers the resident
    page = clerk.page
    page.goto(file)
    expect(page.get_by_text("139****0007")).to_be_visible()
    page.get_by_role("link", name="全部查看记录").click()

    # Then it reads there who it was, what of it, and what for; and its own reading too
    rows = page.get_by_role("table", name="谁看过").get_by_role("row")
    opened = rows.filter(has_text="查看敏感项：联系电话")
    for _ in range(20):  # the journal is read once nobody older is writing in it
        rows.first.wait_for()
        if opened.count():
            break
        page.wait_for_timeout(500)
        page.reload()
    expect(opened).to_have_count(1)
    expect(opened).to_contain_text(street.own_name())
    expect(opened).to_contain_text("核对身份")
    expect(rows.filter(has_text="打开档案").filter(has_text=clerk.own_name()).first).to_be_visible()
    expect(page.get_by_text(PHONE)).to_have_count(0)
    clerk.finds_nothing_wrong()


@pytest.mark.long
def test_who_moved_away_is_found_no_more_and_who_asks_is_erased(desk: Callable[..., Desk]) -> None:
    # Given somebody in the community's books
    clerk = desk("community")
    name, page = "阮听澜", clerk.page
    page.goto(registered(clerk, name, phone=PHONE))

    # When the clerk ends the record without saying why
    page.get_by_role("button", name="注销", exact=True).click()
    ending = page.get_by_role("dialog", name="注销")
    ending.get_by_role("button", name="注销", exact=True).click()
    expect(ending.get_by_text("请选择注销原因。")).to_be_visible()

    # Then it stands; and with a reason it has ended, and its history says so
    clerk.finds_nothing_wrong()
    ending.get_by_text("迁出、搬离").click()
    ending.get_by_placeholder("例如：家属来电告知，已核实").fill("本人来电，已迁往外地")
    ending.get_by_role("button", name="注销", exact=True).click()
    expect(ending).to_have_count(0)
    expect(page.get_by_role("region", name="登记信息")).to_contain_text("迁出、搬离")
    expect(page.get_by_role("region", name="变更历史")).to_contain_text("本人来电，已迁往外地")
    expect(page.get_by_role("button", name="修改")).to_have_count(0)
    clerk.finds_nothing_wrong()

    # When the person asks to be forgotten
    page.get_by_role("button", name="删除个人信息").click()
    erasing = page.get_by_role("dialog", name="删除个人信息")
    expect(erasing.get_by_role("button", name="删除个人信息")).to_be_disabled()
    erasing.get_by_placeholder("例如：本人书面申请，已核对身份").fill("本人书面申请")
    clerk.finds_nothing_wrong()
    file = page.url
    erasing.get_by_role("button", name="删除个人信息").click()
    page.get_by_role("button", name="确定").click()

    # Then nothing of them is left to read
    expect(page).to_have_url(re.compile("/registry$"))
    page.goto(file)
    expect(page.get_by_role("region", name="登记信息")).to_contain_text("已清除")
    expect(page.get_by_text(name)).to_have_count(0)
    expect(page.get_by_role("button", name="删除个人信息")).to_have_count(0)


@pytest.mark.long
def test_somebody_under_care_is_visited_by_whom_it_was_given_to_and_gone_when_the_basis_ends(
    desk: Callable[..., Desk],
) -> None:
    # Given an old person of a worker's grid
    worker, office, clerk = desk("grid_worker"), desk("department_leader", named=CIVIL_AFFAIRS), desk("community")
    basis, digits = f"听澜民政〔2026〕{clock.now():%H%M%S}号", f"3201041941{clock.now():%m%d}{randbelow(1000):03}"
    number = digits + identity_check(digits + "0")
    file = registered(worker, "鄢守拙", id_number=number, phone=PHONE)

    # When civil affairs begins care by a document, gives it to that worker, and names a doctor to help
    theirs = office.page
    theirs.goto("/registry/care")
    theirs.get_by_role("button", name="认定关爱对象").click()
    dialog = theirs.get_by_role("dialog", name="认定关爱对象")
    dialog.get_by_role("button", name="认定关爱对象").click()
    for lacking in ("请填写身份证号。", "请选类别。", "请写明认定文件和文号。"):
        expect(dialog.get_by_text(lacking)).to_be_visible()
    dialog.get_by_label("身份证号").fill("320104194101011234")
    dialog.get_by_label("身份证号").press("Tab")
    expect(dialog.get_by_text("本区基础数据里没有这个人")).to_be_visible()
    dialog.get_by_label("身份证号").fill(number)
    dialog.get_by_label("身份证号").press("Tab")
    office.chooses("类别", "高龄独居", "高龄独居老人")
    dialog.get_by_label("认定依据").fill(basis)
    dialog.get_by_role("combobox", name="责任人").click()
    theirs.get_by_role("option", name=worker.own_name()).first.click()
    dialog.get_by_role("button", name="增加帮扶人").click()
    dialog.get_by_role("button", name="认定关爱对象").click()
    expect(dialog.get_by_text("请填写帮扶人姓名")).to_be_visible()
    dialog.get_by_role("combobox", name="第 1 个帮扶人的身份").click()
    theirs.get_by_role("option", name="医生").click()
    dialog.get_by_label("第 1 个帮扶人的姓名").fill("阮济生")
    office.finds_nothing_wrong()
    with theirs.expect_response(lambda answer: answer.url.endswith("/api/registry/care") and answer.ok) as begun:
        dialog.get_by_role("button", name="认定关爱对象").click()
    expect(dialog).to_have_count(0)
    care = f"/api/registry/care/{begun.value.json()['id']}"

    # When the worker opens the file for a purpose, and writes down a visit
    page = worker.page
    page.goto("/registry/care")
    row = page.get_by_role("table", name="关爱对象").get_by_role("row").filter(has_text="鄢")
    row.get_by_role("button").click()
    assert basis not in page.content()
    page.get_by_role("button", name="打开", exact=True).click()
    expect(page.get_by_text(basis)).to_be_visible()
    expect(page.get_by_text("阮济生")).to_be_visible()
    day = page.get_by_role("combobox", name="走访日期")
    day.fill(clock.today().isoformat())
    day.press("Enter")
    page.get_by_label("走访情况").fill("一切安好，已装扶手。")
    worker.finds_nothing_wrong()
    page.get_by_role("button", name="记录走访").click()

    # Then it stands in the file, and the next is due later
    expect(page.get_by_role("paragraph").filter(has_text="一切安好，已装扶手。")).to_be_visible()
    expect(row.get_by_text("逾期未访")).to_have_count(0)

    # And the community, which has the person in its books, learns nothing of it
    clerk.page.goto(file)
    expect(clerk.page.get_by_role("heading", name="鄢守拙")).to_be_visible()
    assert not any(word in clerk.page.content() for word in (basis, "高龄独居", "阮济生"))
    assert "鄢" not in clerk.page.request.get("/api/registry/care").text()
    refused = clerk.page.request.post(f"{care}/open", data={"purpose": "service"}, headers=writing(clerk))
    assert refused.status == 404

    # When the department has it visited more often, and then the basis ends
    mine = theirs.get_by_role("table", name="关爱对象").get_by_role("row").filter(has_text="鄢")
    mine.get_by_role("button").click()
    theirs.get_by_role("button", name="打开", exact=True).click()
    theirs.get_by_role("button", name="调整责任人").click()
    theirs.get_by_role("group").get_by_text("重点", exact=True).or_(
        theirs.get_by_text("重点", exact=True)
    ).first.click()
    office.finds_nothing_wrong()
    theirs.get_by_role("button", name="保存").click()
    expect(mine.get_by_text("重点")).to_be_visible()
    expect(theirs.get_by_text("阮济生")).to_be_visible()
    theirs.get_by_role("button", name="解除", exact=True).click()
    theirs.get_by_role("button", name="解除", exact=True).click()
    expect(theirs.get_by_text("请填写“解除原因”")).to_be_visible()
    theirs.get_by_label("解除原因").fill("认定依据终止")
    theirs.get_by_role("button", name="解除", exact=True).click()
    expect(theirs.get_by_text("已解除")).to_be_visible()
    expect(mine).to_have_count(0)

    # Then nobody has them before their eyes any more
    page.reload()
    expect(page.get_by_role("table", name="关爱对象").get_by_role("row").first).to_be_visible()
    expect(row).to_have_count(0)
    again = page.request.post(f"{care}/open", data={"purpose": "service"}, headers=writing(worker))
    assert again.status == 404


@pytest.mark.long
def test_a_building_leads_to_its_grid_and_each_figure_there_to_its_list(desk: Callable[..., Desk]) -> None:
    # Given somebody in the community's books, and their file open
    clerk = desk("community")
    page, name = clerk.page, "温砚秋"
    page.goto(registered(clerk, name))

    # When the clerk turns to the grid that they stand in
    page.get_by_role("region", name="登记信息").get_by_role("link").last.click()
    expect(page).to_have_url(re.compile(r"/registry/grid/\d{12,17}$"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("档案")

    # Then a figure opens as many lines as it says, the new one among them
    holds = page.get_by_role("region", name="登记了什么")
    holds.get_by_role("link", name=re.compile("户籍")).click()
    people = page.get_by_role("region", name="人员")
    expect(people.get_by_role("link").filter(has_text=name).first).to_be_visible()
    holds.get_by_role("definition").get_by_role("link").first.click()
    expect(people.get_by_role("link").filter(has_text=name).first).to_be_visible()
    clerk.finds_nothing_wrong()

    # And who keeps the records of that ground right stands beside it, by name
    workers = page.request.get("/api/teams", params={"kind": "full_time"}).json()["items"]
    page.goto("/registry/quality")
    page.get_by_role("radiogroup", name="按什么汇总").get_by_text("按网格员").click()
    by_name = page.get_by_role("table", name="按网格员的数据质量").get_by_role("row")
    expect(by_name.filter(has_text=workers[0]["name"]).first).to_be_visible()
    clerk.finds_nothing_wrong()
