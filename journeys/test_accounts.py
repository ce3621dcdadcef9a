"""People come in: imported from a file, handed a first password, signing in; with a second factor where asked for."""

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pyotp
import pytest
from playwright.sync_api import Browser, Page, expect

from journeys.desk import Desk
from journeys.stack import Stack

OWN_PASSWORD = "柳岸石桥荷塘-2025"  # noqa: S105 - a person of this test alone
LEADERS_UNIT = "听澜区城市管理局"

ROWS = """用户名,姓名,手机号,单位编码,角色,管辖编码
journey.zhou,周新来,13800000001,320199001,街道坐席,320199001
journey.wu,吴写错,电话,NOPE,街道坐席,320199001
"""


@pytest.fixture
def machine(stack: Stack, browser: Browser) -> Iterator[Callable[[], Desk]]:
    """A machine of somebody's own where nobody is signed in."""
    contexts = []

    def sit_down() -> Desk:
        context = browser.new_context(viewport={"width": 1366, "height": 768}, locale="zh-CN", base_url=stack.url)
        contexts.append(context)
        return Desk(context.new_page())

    yield sit_down
    for context in contexts:
        context.close()


def test_accounts_come_from_a_file_and_their_people_choose_their_own_password(
    desk: Callable[..., Desk], machine: Callable[[], Desk], tmp_path: Path
) -> None:
    # Given a file with one good row and one faulty
    file = tmp_path / "人员.csv"
    file.write_text(ROWS, encoding="gb18030")

    # When the administrator has it checked
    admin = desk("administrator").goes_to("数据导入")
    page = admin.page
    _choose(page, "种类", "账号")
    page.get_by_label("文件", exact=True).set_input_files(file)
    page.get_by_role("button", name="上传并检查").click()

    # Then each fault is listed by row, and what is sound can go on without the rest
    expect(page.get_by_text("没有单位“NOPE”，或已撤销。")).to_be_visible()
    admin.finds_nothing_wrong()
    _press_and_confirm(page, "跳过有错误的行，其余暂存")
    _press_and_confirm(page, "生效")
    expect(page.get_by_text("已全部生效。")).to_be_visible()

    # When the first passwords are given
    page.get_by_role("link", name="给导入的账号发初始密码").click()
    _press_and_confirm(page, re.compile("发初始密码"))
    expect(page.get_by_text("这些密码只显示这一次")).to_be_visible()
    row = page.get_by_role("row").filter(has_text="journey.zhou")
    password = row.get_by_role("cell").last.inner_text().strip()
    admin.finds_nothing_wrong()

    # Then that person gets in with it once, and only by choosing another
    newcomer = machine()
    _give_password(newcomer.page, "journey.zhou", password)
    expect(newcomer.page.get_by_role("heading", name="设置新密码")).to_be_visible()
    newcomer.finds_nothing_wrong()
    newcomer.page.get_by_label("新密码", exact=True).fill(OWN_PASSWORD)
    newcomer.page.get_by_label("再次输入新密码").fill(OWN_PASSWORD)
    newcomer.page.get_by_role("button", name="保存新密码").click()
    expect(newcomer.page.get_by_role("navigation", name="功能")).to_be_visible()

    again = machine()
    _give_password(again.page, "journey.zhou", password)
    expect(again.page.get_by_role("alert")).to_be_visible()
    again.sign_in("journey.zhou", OWN_PASSWORD)


@pytest.mark.long
def test_a_unit_makes_the_second_factor_compulsory(
    desk: Callable[..., Desk], machine: Callable[[], Desk], stack: Stack
) -> None:
    # Given a unit whose security officer asks for a second factor
    officer = desk("security_officer").goes_to("单位")
    with _compulsory_second_factor(officer.page):
        officer.finds_nothing_wrong()

        # When somebody of that unit signs in, the factor is set up on the way
        leader = machine()
        _give_password(leader.page, stack.user("department_leader"), stack.password)
        expect(leader.page.get_by_role("img", name="身份验证器二维码")).to_be_visible()
        leader.finds_nothing_wrong()
        leader.page.get_by_text("无法扫描？手动输入密钥").click()
        factor = pyotp.TOTP(leader.page.locator("details code").inner_text().replace(" ", ""))
        used = factor.now()
        leader.page.get_by_label("动态验证码").fill(used)
        expect(leader.page.get_by_role("navigation", name="功能")).to_be_visible()

        # Then the next time a code is asked for, and a used one is worth nothing
        later = machine()
        _give_password(later.page, stack.user("department_leader"), stack.password)
        later.page.get_by_label("动态验证码").fill(used)
        expect(later.page.get_by_role("alert")).to_be_visible()
        later.page.get_by_label("动态验证码").fill(factor.at(int(time.time()), counter_offset=1))
        expect(later.page.get_by_role("navigation", name="功能")).to_be_visible()


@contextmanager
def _compulsory_second_factor(page: Page) -> Iterator[None]:
    """Of LEADERS_UNIT, and of nobody once the test is over, however it ends: other journeys sign in there too."""
    page.get_by_label("名称或编码").fill(LEADERS_UNIT)
    page.get_by_role("treeitem").filter(has_text=re.compile(rf"{LEADERS_UNIT}\s")).click()
    _press_and_confirm(page, "要求二次验证")
    try:
        expect(page.get_by_text("本单位登录必须二次验证")).to_be_visible()
        expect(page.get_by_role("treeitem").filter(has_text=LEADERS_UNIT).first).to_be_visible()
        expect(page.locator(".el-message")).to_have_count(0)  # what fades has no contrast
        yield
    finally:
        _press_and_confirm(page, "取消要求")
        expect(page.get_by_text("本单位登录不要求二次验证")).to_be_visible()


def _give_password(page: Page, username: str, password: str) -> None:
    page.goto("/sign-in")
    page.get_by_label("用户名").fill(username)
    page.get_by_label("密码", exact=True).fill(password)
    page.get_by_role("button", name="登录").click()


def _choose(page: Page, label: str, name: str) -> None:
    page.get_by_role("combobox", name=label).press("Enter")
    page.get_by_role("option", name=name, exact=True).click()


def _press_and_confirm(page: Page, name: str | re.Pattern[str]) -> None:
    page.get_by_role("button", name=name).click()
    confirm = page.get_by_role("button", name="确定", exact=True).filter(visible=True)
    confirm.click()
    expect(confirm).to_have_count(0)
