"""An impact assessment (PIPL § 55, § 56) is written, stands in the list, and is followed by the next."""

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, expect

from journeys.desk import Desk
from wangge.core import clock

PROSE = ("处理目的与方式", "合法性依据", "必要性", "对个人权益的影响", "保护措施", "结论")
KIND = "/assessments/people"


@pytest.mark.long
def test_an_assessment_is_recorded_and_followed_by_another_that_keeps_it(desk: Callable[..., Desk]) -> None:
    officer, auditor = desk("security_officer"), desk("auditor")
    page, mark = officer.page, f"{clock.now():%H%M%S}"

    # When the security officer records an assessment, nothing of it left out
    page.goto(KIND)
    page.get_by_role("button", name=re.compile("^登记(新的)?评估$")).click()
    page.get_by_role("button", name="登记评估", exact=True).last.click()
    expect(page.get_by_text("请填写。").first).to_be_visible()
    _writes(page, f"先评估{mark}", until=clock.today() + timedelta(days=20))
    officer.finds_nothing_wrong()
    page.get_by_role("button", name="登记评估", exact=True).last.click()

    # Then it stands, and that it ends soon is said where all are seen
    expect(page.get_by_role("article").first).to_contain_text(f"结论：先评估{mark}")
    page.goto("/assessments")
    ends_soon = page.get_by_role("row").filter(has_text=f"先评估{mark}")
    expect(ends_soon).to_contain_text("即将到期")

    # When the next follows, beginning from its words
    page.goto(KIND)
    page.get_by_role("button", name="登记新的评估").click()
    expect(page.get_by_label("结论")).to_have_value(f"结论：先评估{mark}")
    _writes(page, f"再评估{mark}", until=clock.today() + timedelta(days=700))
    page.get_by_role("button", name="登记评估", exact=True).last.click()

    # Then that one stands, and the auditor reads the earlier one as it was
    expect(page.get_by_role("article").first).to_contain_text(f"结论：再评估{mark}")
    reader = auditor.page
    reader.goto(KIND)
    expect(reader.get_by_text("有效", exact=True)).to_be_visible()
    earlier = reader.get_by_role("group").filter(has_text=f"先评估{mark}")
    earlier.locator("summary").click()
    expect(earlier.get_by_role("article")).to_contain_text(f"结论：先评估{mark}")
    expect(reader.get_by_role("button", name=re.compile("登记"))).to_have_count(0)
    auditor.finds_nothing_wrong()


def _writes(page: Page, by: str, *, until: date) -> None:
    for label in PROSE:
        page.get_by_label(label).fill(f"{label}：{by}")
    page.get_by_role("textbox", name="评估人").fill(by)
    for label, day in (("评估日期", clock.today()), ("有效至", until)):
        field = page.get_by_role("combobox", name=label)
        field.fill(day.isoformat())
        field.press("Enter")
