"""What a district sets by itself: shown before it holds, seen by the auditor, and taken back."""

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from journeys.desk import Desk
from journeys.given import dispatched, middle_of_own_grid
from wangge.core import clock


@pytest.mark.long
def test_a_dispatch_rule_is_tried_on_past_cases_applied_on_a_day_and_undone(desk: Callable[..., Desk]) -> None:
    # Given a lamp that another unit looks after, and a draft that has one rule more, first of all, from next week on
    dispatched(desk("street_seat"), "路灯不亮", place=middle_of_own_grid(desk("grid_worker")))
    keeper, note, begins = desk("administrator"), f"夜间抢修{clock.now():%H%M%S}", clock.today() + timedelta(days=7)
    page = keeper.page
    page.goto("/settings/dispatch")
    page.get_by_role("button", name="增加规则").click()
    dialog = page.get_by_role("dialog", name="增加规则")
    dialog.get_by_role("button", name="加入改动").click()
    expect(dialog.get_by_text("请选单位")).to_be_visible()
    keeper.chooses("类别", "路灯", "市政设施 / 路灯不亮")
    keeper.chooses("地方", "听雨街道", "听雨街道")
    keeper.chooses("单位", "听雨派出所", "听雨派出所")
    _sets_day(dialog.get_by_role("combobox", name="起期"), begins)
    dialog.get_by_label("顺序").fill("1")
    dialog.get_by_label("备注").fill(note)
    keeper.finds_nothing_wrong()
    dialog.get_by_role("button", name="加入改动").click()
    rule = page.get_by_role("row").filter(has_text=note)
    expect(rule).to_contain_text("听雨街道 320199001")
    expect(page.get_by_role("region", name="待生效的改动")).to_contain_text("尚未生效")

    # When the draft is replayed on past cases as it will stand then
    page.get_by_role("tab", name="试算").click()
    expect(page.get_by_role("combobox", name="改后规则按这一天算")).to_have_value(str(begins))
    page.get_by_role("button", name="用历史案件试算").click()

    # Then what each unit gets stands beside what it gets today, and so does every case
    gains = page.get_by_role("table", name="各单位").get_by_role("row").filter(has_text="听雨派出所")
    expect(gains.get_by_role("cell").last).to_contain_text("+")
    case = page.get_by_role("table", name="派向不同的案件").get_by_role("row").nth(1)
    expect(case.get_by_role("cell").last).to_have_text("听雨派出所")
    keeper.finds_nothing_wrong()

    # And where no rule reaches is listed by category and place
    page.get_by_role("tab", name="体检").click()
    uncovered = page.get_by_role("table", name="各类别").get_by_role("row").filter(has_text="个网格")
    expect(uncovered.first).to_be_visible()
    keeper.finds_nothing_wrong()

    # When it is put in force
    page.get_by_role("button", name="生效", exact=True).click()
    expect(page.get_by_text("已保存")).to_be_visible()

    # Then it stands among the changes with its day, and the auditor reads who made it
    page.get_by_role("tab", name="改动记录").click()
    change = page.get_by_role("table", name="改动记录").get_by_role("row").nth(1)
    expect(change).to_contain_text("市政设施 / 路灯不亮 · 听雨街道 → 听雨派出所")
    expect(change).to_contain_text("新增")
    expect(change).to_contain_text(str(begins))
    _auditor_reads(desk, "派单规则：新增", keeper)

    # When it is taken back
    _undoes(keeper, change)

    # Then the rules are as they were
    page.get_by_role("tab", name="规则（").click()
    expect(page.get_by_role("row").filter(has_text="听雨街道城管中队").first).to_be_visible()
    expect(rule).to_have_count(0)


def test_a_limit_is_changed_with_the_cases_it_reaches_and_undone(desk: Callable[..., Desk]) -> None:
    # Given an administrator who looks for a category by its name
    keeper = desk("administrator")
    page = keeper.page
    page.goto("/settings/categories")
    page.get_by_placeholder("名称或编码").fill("路灯不亮")
    page.get_by_role("treeitem").filter(has_text="路灯不亮").last.click()
    handling = page.get_by_role("table", name="各环节时限").get_by_role("row").filter(has_text="处置")
    expect(handling).to_contain_text("件不变")  # what it would do to open cases
    amount = handling.get_by_role("spinbutton", name="处置")
    stood = amount.input_value()

    # When its time for handling is taken out
    amount.fill("")
    amount.press("Tab")
    page.get_by_role("button", name="保存", exact=True).click()

    # Then the field says what is wrong and nothing typed is lost
    expect(handling.get_by_role("paragraph")).to_be_visible()
    keeper.finds_nothing_wrong()

    # When it is put right
    before = handling.get_by_role("button", expanded=False).inner_text()
    amount.fill("9.5")
    amount.press("Tab")
    expect(handling.get_by_role("button", expanded=False)).not_to_have_text(before)
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_text("已保存")).to_be_visible()

    # Then it stands in the category's history, and the auditor reads who made it
    change = page.get_by_role("table", name="改动记录").get_by_role("row").nth(1)
    expect(change).to_contain_text("时限")
    _auditor_reads(desk, "类别：修改", keeper)

    # When it is taken back, it is as it was
    _undoes(keeper, change)
    expect(amount).to_have_value(stood)


@pytest.mark.long
def test_a_scheme_is_copied_for_a_later_day_and_the_copy_undone(desk: Callable[..., Desk]) -> None:
    keeper, version, begins = desk("administrator"), f"v{clock.now():%H%M%S}", clock.today() + timedelta(days=40)
    page = keeper.page
    page.goto("/settings/categories")
    page.get_by_role("button", name="复制为新版本").click()
    dialog = page.get_by_role("dialog", name="复制“")
    dialog.get_by_role("button", name="复制为新版本").click()
    expect(dialog.get_by_text("请选日期")).to_be_visible()
    keeper.finds_nothing_wrong()
    dialog.get_by_label("新版本号").fill(version)
    _sets_day(dialog.get_by_role("combobox", name="自哪天起使用"), begins)
    for also in ("旧版本用到前一天为止", "针对旧版本的派单规则一并复制"):  # the other journeys go on with the old one
        dialog.get_by_text(also).click()
    dialog.get_by_role("button", name="复制为新版本").click()
    expect(dialog).to_be_hidden()
    expect(page.get_by_text(f"{begins} 起").first).to_be_visible()
    expect(page.get_by_role("tree").get_by_text("市政设施")).to_be_visible()

    # Then the history has it, with its day
    page.goto("/settings/history?kind=scheme")
    made = page.get_by_role("row").filter(has_text=version)
    expect(made).to_contain_text(str(begins))
    expect(made).to_contain_text("新增")

    # When it is taken back, it is gone with all that was copied
    _undoes(keeper, made)
    page.goto("/settings/categories")
    expect(page.get_by_role("tree").get_by_text("市政设施")).to_be_visible()
    assert version not in [one["version"] for one in page.request.get("/api/schemes").json()]


@pytest.mark.long
def test_a_day_of_the_calendar_is_changed_after_its_effect_was_seen_and_undone(desk: Callable[..., Desk]) -> None:
    # Given an administrator with a day off in the draft
    keeper, tomorrow = desk("administrator"), clock.today() + timedelta(days=1)
    page = keeper.page
    page.goto(f"/settings/calendar?year={tomorrow.year}")
    day = _working_day(page, tomorrow)
    page.get_by_role("button", name=f"{day} 上班").click()
    page.get_by_label("名称", exact=True).fill("防汛停工")
    page.get_by_role("button", name="加入改动").click()
    draft = page.get_by_role("region", name="待生效的改动")
    expect(draft).to_contain_text(f"{day} · 休息 · 防汛停工")

    # When the effect is asked for, nothing holds yet
    draft.get_by_role("button", name="预览影响").click()
    effect = draft.get_by_role("region", name="对在办案件的影响")
    expect(effect).to_contain_text("在办时限")
    expect(effect.get_by_role("definition").first).not_to_have_text("0")
    keeper.finds_nothing_wrong()

    # Then it is put in force, stands in the history with its day, and the auditor reads it
    draft.get_by_role("button", name="生效", exact=True).click()
    expect(page.get_by_role("button", name=f"{day} 休息 防汛停工")).to_be_visible()
    change = page.get_by_role("table", name="改动记录").get_by_role("row").nth(1)
    expect(change).to_contain_text(str(day))
    _auditor_reads(desk, "日历：修改", keeper)

    # And taking it back shows its own effect first
    _undoes(keeper, change, effect="对在办案件的影响")
    expect(page.get_by_role("button", name=f"{day} 上班")).to_be_visible()


@pytest.mark.long
def test_hours_are_changed_after_what_they_do_to_open_cases_was_seen_and_undone(desk: Callable[..., Desk]) -> None:
    # Given an administrator who gives the coming weeks hours of their own
    keeper, today = desk("administrator"), clock.today()
    page, name = keeper.page, f"抢险作息{clock.now():%H%M%S}"
    page.goto("/settings/calendar")
    page.get_by_role("button", name="增加一季作息").click()
    season = page.get_by_role("group").last
    season.get_by_role("textbox", name="名称（如：夏令时）").fill(name)
    _sets_day(season.get_by_role("combobox", name="自", exact=True), today)
    _sets_day(season.get_by_role("combobox", name="至（空为长期）"), today + timedelta(days=60))
    season.get_by_role("button", name="去掉时段").last.click()  # mornings alone

    # When the effect is asked for, nothing holds yet
    draft = page.get_by_role("region", name="待生效的改动")
    draft.get_by_role("button", name="预览影响").click()
    effect = draft.get_by_role("region", name="对在办案件的影响")
    expect(effect).to_contain_text("在办时限")
    expect(effect.get_by_role("definition").first).not_to_have_text("0")
    keeper.finds_nothing_wrong()

    # Then it is put in force and stands in the history, where it is taken back after its own effect was seen
    draft.get_by_role("button", name="生效", exact=True).click()
    change = page.get_by_role("table", name="改动记录").get_by_role("row").nth(1)
    expect(change).to_contain_text("作息")
    _undoes(keeper, change, effect="对在办案件的影响")
    expect(page.get_by_role("group", name=name)).to_have_count(0)


def _sets_day(field: Locator, day: date) -> None:
    field.fill(str(day))
    field.press("Enter")
    expect(field).to_have_value(str(day))


def _working_day(page: Page, since: date) -> date:
    """The first one from then on, whatever holidays are near."""
    days = page.get_by_role("button", name=re.compile(r"^\d{4}-\d\d-\d\d 上班$"))
    expect(days.first).to_be_visible()
    named = (date.fromisoformat(str(one.get_attribute("aria-label"))[:10]) for one in days.all())
    return min(day for day in named if day >= since)


def _auditor_reads(desk: Callable[..., Desk], deed: str, by: Desk) -> None:
    name = by.page.request.get("/api/session").json()["user"]["name"]
    page = desk("auditor").page
    page.goto("/journal")
    expect(page.get_by_role("row").filter(has_text=deed).filter(has_text=name).first).to_be_visible()


def _undoes(keeper: Desk, change: Locator, *, effect: str = "") -> None:
    change.get_by_role("button", name="查看").click()
    dialog = keeper.page.get_by_role("dialog")
    expect(dialog).to_contain_text("改动前" if effect else "改动")
    if effect:
        expect(dialog.get_by_role("region", name=effect)).to_be_visible()
    keeper.finds_nothing_wrong()
    dialog.get_by_role("button", name="撤销这次改动").click()
    expect(keeper.page.get_by_text("已撤销，恢复为改动前的内容")).to_be_visible()
