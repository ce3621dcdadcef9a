"""Another system is let in at the console, and sends what its department keeps, signed as docs/partners.md says."""

import hashlib
import hmac
import json
import secrets
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Playwright, expect

from journeys.desk import Desk
from journeys.stack import Stack
from wangge.core import clock
from wangge.registry.rules.identity import identity_check


@pytest.mark.long
def test_a_department_s_system_is_let_in_its_key_shown_once_and_what_it_sends_is_taken(
    desk: Callable[..., Desk], playwright: Playwright, stack: Stack
) -> None:
    # Given a community, and somebody whom the police registered there
    clerk, keeper = desk("community"), desk("administrator")
    community = clerk.page.request.get("/api/session").json()["ranges"][0]
    code, number = f"GA-{secrets.token_hex(4)}", _number()

    # When the administrator lets the system of the police in
    page = keeper.page
    page.goto("/accounts/partners")
    page.get_by_role("button", name="接入系统").click()
    dialog = page.get_by_role("dialog", name="接入系统")
    dialog.get_by_label("系统名称").fill(f"人口系统 {code}")
    dialog.get_by_label("代号").fill(code)
    dialog.get_by_role("combobox", name="所属部门").click()
    page.get_by_role("option", name="公安").click()
    keeper.finds_nothing_wrong()
    dialog.get_by_role("button", name="保存").click()

    # Then its key stands there once
    shown = page.get_by_role("dialog", name=f"人口系统 {code} 的密钥")
    key = shown.get_by_role("code").inner_text()
    keeper.finds_nothing_wrong()
    shown.get_by_role("button", name="我已记下").click()
    expect(shown).to_have_count(0)
    page.reload()
    expect(page.get_by_role("row").filter(has_text=code)).to_contain_text("公安")
    assert key not in page.content()

    # When the system sends two, one of them without a name
    people = [
        {"name": "祝由之", "id_number": number, "registration": "户籍", "code": community},
        {"name": "", "id_number": _number(), "registration": "户籍", "code": community},
    ]
    batch = {"source_no": secrets.token_hex(8), "kind": "people", "rows": people}
    status, receipt = _sends(playwright, stack, "POST", "/api/partner/records", batch, partner=code, key=key)

    # Then the right one is taken, the other told by its row, and the receipt is there to be asked for
    assert (status, receipt["accepted"], receipt["errors"]) == (201, 1, 1)
    assert [fault["row"] for fault in receipt["faults"]] == [2]
    again = f"/api/partner/records?source_no={batch['source_no']}"
    assert _sends(playwright, stack, "GET", again, None, partner=code, key=key) == (200, receipt)

    # And the community finds them by their number, masked
    found = clerk.page
    found.goto("/registry")
    found.get_by_label("查人、房、单位、场所").fill(number)
    found.get_by_role("button", name="搜索").click()
    hit = found.get_by_role("link").filter(has_text="祝由之")
    expect(hit).to_have_count(1)
    expect(hit).not_to_contain_text(number)
    hit.click()
    expect(found.get_by_role("heading", name="祝由之")).to_be_visible()


def _number() -> str:
    born = f"19{60 + secrets.randbelow(40)}0{1 + secrets.randbelow(9)}1{secrets.randbelow(9)}"
    digits = f"320104{born}{secrets.randbelow(1000):03}"
    return digits + identity_check(digits + "0")


def _sends(
    playwright: Playwright, stack: Stack, method: str, path: str, body: Any, *, partner: str, key: str
) -> tuple[int, Any]:
    """As another machine, which has nobody's cookies."""
    data = "" if body is None else json.dumps(body)
    sent, nonce = str(int(clock.now().timestamp())), secrets.token_hex(16)
    lines = [method, path, sent, nonce, hashlib.sha256(data.encode()).hexdigest()]
    headers = {
        "Content-Type": "application/json",
        "X-Wangge-Partner": partner,
        "X-Wangge-Time": sent,
        "X-Wangge-Nonce": nonce,
        "X-Wangge-Signature": hmac.new(key.encode(), "\n".join(lines).encode(), hashlib.sha256).hexdigest(),
    }
    machine = playwright.request.new_context(base_url=stack.url)
    answer = machine.fetch(path, method=method, headers=headers, data=data or None)
    found = answer.status, answer.json()
    machine.dispose()
    return found
