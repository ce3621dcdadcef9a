"""The phone in a grid worker's hand, with and without a network: nothing lost, nothing sent twice, nothing left."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from journeys import street
from journeys.phone import Phone
from journeys.pictures import photo
from journeys.stack import Stack
from wangge.core import clock

pytest_plugins = ["journeys.phones"]
TAKE_ALL = """async () => {
  const found = {}
  for (const { name } of await indexedDB.databases()) {
    const db = await new Promise((resolve, reject) => {
      const asked = indexedDB.open(name)
      asked.onsuccess = () => resolve(asked.result)
      asked.onerror = () => reject(asked.error)
    })
    for (const store of db.objectStoreNames) {
      const rows = await new Promise((resolve, reject) => {
        const asked = db.transaction(store).objectStore(store).getAll()
        asked.onsuccess = () => resolve(asked.result)
        asked.onerror = () => reject(asked.error)
      })
      const text = (key, value) =>
        value instanceof ArrayBuffer || ArrayBuffer.isView(value)
          ? new TextDecoder('utf-8').decode(value)
          : value instanceof CryptoKey ? `key extractable=${value.extractable}` : value
      found[`${name}.${store}`] = JSON.stringify(rows, text)
    }
    db.close()
  }
  for (const name of await caches.keys()) {
    const cache = await caches.open(name)
    const kept = await cache.keys()
    found[`cache ${name}`] = JSON.stringify(kept.map(({ url }) => new URL(url).pathname))
  }
  found.local = JSON.stringify({ ...localStorage })
  found.session = JSON.stringify({ ...sessionStorage })
  return found
}"""


ANOTHER_DAY = """(() => {
  const Real = Date, off = DAYS * 86400000
  globalThis.Date = class extends Real {
    constructor(...said) { said.length ? super(...said) : super(Real.now() + off) }
    static now() { return Real.now() + off }
  }
})()"""
IN_FRONT = """(is) => {
  Object.defineProperty(document, 'hidden', { configurable: true, get: () => !is })
  document.dispatchEvent(new Event('visibilitychange'))
}"""
ICONS = """icons => Promise.all(icons.map(async ({ src, type }) => {
  const answer = await fetch(new URL(src, location.origin + '/m/'))
  if (!answer.ok || answer.headers.get('content-type') !== type) return `${src} ${answer.status}`
  const { width, height } = await createImageBitmap(await answer.blob())
  return `${width}x${height}`
}))"""


def test_a_report_from_a_dead_zone_is_sent_once_although_the_browser_was_killed(
    phone: Callable[..., Phone], stack: Stack, tmp_path: Path
) -> None:
    worker = phone()
    worker.is_kept().has_network(False)
    worker.reports("楼道堆放纸箱三堆", photo(tmp_path / "a.jpg"))
    expect(worker.page.get_by_role("link", name="待上传 2")).to_be_visible()
    worker.kill()
    worker.start()
    worker.opens("queue").signs_in_if_asked(stack.user("grid_worker"))
    worker.has_sent_everything()
    [case] = worker.cases("楼道堆放纸箱三堆")
    evidence = worker.page.request.get(f"{stack.url}/api/cases/{case['id']}/evidence").json()
    assert len(evidence) == 1


def test_the_application_is_installed_and_starts_without_a_network(phone: Callable[..., Phone]) -> None:
    worker = phone()
    worker.is_kept()
    manifest = _manifest(worker)
    assert (manifest["display"], manifest["start_url"], manifest["scope"]) == ("standalone", "/m/", "/m/")
    sizes: list[str] = worker.page.evaluate(ICONS, manifest["icons"])
    assert sizes == [icon["sizes"] for icon in manifest["icons"]] and {"192x192", "512x512"} <= set(sizes)
    worker.has_network(False)
    worker.page.reload()
    expect(worker.page.get_by_role("heading", name="今日")).to_be_visible()
    expect(worker.page.get_by_text("无网络")).to_be_visible()
    worker.opens("mine")
    expect(worker.page.get_by_role("heading", level=2).first).not_to_be_empty()
    kept = json.dumps({name: text for name, text in worker.page.evaluate(TAKE_ALL).items() if name.startswith("cache")})
    assert "/assets/decode-" in kept, "a code must be read although the first scan is in a cellar"


@pytest.mark.parametrize("days", [1, pytest.param(-1, marks=pytest.mark.long)])
def test_a_phone_whose_clock_is_a_day_wrong_says_so_and_its_reports_are_of_their_own_time(
    phone: Callable[..., Phone], stack: Stack, days: int
) -> None:
    # Given a phone whose clock is wrong, and that has heard so
    worker, words = phone(), f"井盖破损{days}日{clock.now():%H%M%S}"
    worker.context.add_init_script(ANOTHER_DAY.replace("DAYS", str(days)))
    worker.opens("")  # by its own clock the session may be over: the house is asked first
    said = worker.page.get_by_text("本机时间与服务器相差约 1440 分钟")
    expect(said).to_be_visible()
    worker.is_kept()
    expect(worker.page.get_by_text("我的本月工作")).to_be_visible()

    # When it starts again where there is no network
    worker.has_network(False)
    worker.page.reload()
    expect(said).to_be_visible()
    # and is set once more while somebody writes
    before = clock.now()
    worker.page.get_by_role("link", name="上报").click()
    worker.page.get_by_label("情况说明（可不填）").fill(words)
    worker.page.evaluate(ANOTHER_DAY.replace("DAYS", str(days)))
    expect(worker.page.get_by_text("本机时间与服务器相差约 2880 分钟")).to_be_visible()
    expect(worker.page.get_by_label("情况说明（可不填）")).to_have_value(words)
    assert worker.finds_nothing_wrong() == []
    worker.page.get_by_role("button", name="上报").click()
    expect(worker.page.get_by_role("heading", name="已记下，会自动上传")).to_be_visible()

    # Then nothing is lost, and the case is of the time it was seen
    worker.has_network(True).has_sent_everything()
    case = worker.case(words)
    told = worker.page.request.get(f"{stack.url}/api/cases/{case['id']}").json()
    happened = datetime.fromisoformat(told["happened_at"] or told["reported_at"])
    assert before - timedelta(minutes=1) <= happened <= clock.now() + timedelta(minutes=1)


@pytest.mark.long
def test_a_clock_that_went_ahead_while_nobody_looked_hides_what_is_written_until_the_house_answers(
    phone: Callable[..., Phone],
) -> None:
    """As after a sleep: only the house can say whether the session is over."""
    worker = phone()
    page = worker.page
    worker.opens("report").is_kept()
    words = page.get_by_label("情况说明（可不填）")
    words.fill("写到一半的话")
    expect(page.get_by_text("位于 ")).to_be_visible()  # all that was asked has been answered: an answer tells the time
    page.wait_for_timeout(1_000)
    worker.has_network(False)
    page.evaluate(IN_FRONT, False)
    page.evaluate(ANOTHER_DAY.replace("DAYS", "3"))
    page.evaluate(IN_FRONT, True)
    expect(page.get_by_text("手机时间跳快了，连上网络核对后自动继续；您填写的内容都还在。")).to_be_visible()
    expect(words).to_be_hidden()
    assert worker.finds_nothing_wrong() == []
    worker.has_network(True)
    expect(words).to_be_visible()
    expect(words).to_have_value("写到一半的话")
    expect(page.get_by_text("本机时间与服务器相差约 4320 分钟")).to_be_visible()

    # Also a page that is begun anew where nobody can be asked
    worker.has_network(False)
    page.evaluate(IN_FRONT, False)
    page.evaluate(ANOTHER_DAY.replace("DAYS", "3"))
    page.evaluate(IN_FRONT, True)
    expect(words).to_be_hidden()
    worker.context.add_init_script(ANOTHER_DAY.replace("DAYS", "6"))
    page.reload()
    expect(page.get_by_text("手机时间与登录期限对不上")).to_be_visible()
    expect(words).to_have_count(0)
    assert worker.finds_nothing_wrong() == []
    worker.has_network(True)
    expect(words).to_be_visible()
    expect(page.get_by_text("本机时间与服务器相差约 8640 分钟")).to_be_visible()


def test_nothing_about_people_lies_in_the_open_while_one_works(phone: Callable[..., Phone], stack: Stack) -> None:
    worker = phone()
    worker.is_kept().has_network(False)
    worker.reports("三单元张大爷家漏水")
    found: dict[str, Any] = worker.page.evaluate(TAKE_ALL)
    name = worker.has_network(True).page.request.get(f"{stack.url}/api/session").json()["user"]["name"]
    for secret in ("张大爷", name):
        assert [where for where, text in found.items() if secret in text] == []
    assert "extractable=false" in found["wangge.phone.keys"]


def test_signing_out_leaves_nothing_of_the_person_on_the_phone(phone: Callable[..., Phone], stack: Stack) -> None:
    worker = phone()
    worker.reports("井盖松动响声大")
    worker.has_sent_everything()
    me = worker.page.request.get(f"{stack.url}/api/session").json()
    worker.opens("tasks").opens("mine")
    worker.page.get_by_role("button", name="退出登录").click()
    worker.page.get_by_role("button", name="退出登录").click()
    expect(worker.page.locator("#username")).to_be_visible()
    found: dict[str, str] = worker.page.evaluate(TAKE_ALL)
    tables = ("keys", "kept", "entries", "files", "envelopes")
    assert {name: found[f"wangge.phone.{name}"] for name in tables} == dict.fromkeys(tables, "[]")
    everything = json.dumps(found, ensure_ascii=False)
    for secret in (me["user"]["name"], me["post"]["unit_name"], "井盖"):
        assert secret not in everything
    assert not [path for path in found if "api" in path] and "/api/" not in everything


def test_what_could_not_be_sent_before_signing_out_is_opened_by_the_centre_alone(
    phone: Callable[..., Phone], stack: Stack, browser: Browser, tmp_path: Path
) -> None:
    worker = phone()
    worker.opens("").is_kept()
    expect(worker.page.get_by_text("我的本月工作")).to_be_visible()  # the pack, and the house's key with it
    worker.has_network(False)
    worker.reports("电线垂落到路面", photo(tmp_path / "a.jpg"))
    worker.opens("mine")
    worker.page.get_by_role("button", name="退出登录").click()
    worker.page.get_by_role("button", name="退出登录").click()
    expect(worker.page.locator("#username")).to_be_visible()
    kept = json.dumps(worker.page.evaluate(TAKE_ALL), ensure_ascii=False)
    assert "电线" not in kept and "epk" in kept
    worker.has_network(True).context.route("**/handed-in/sent/*", lambda route: route.abort())
    worker.signs_in(stack.user("grid_worker"))
    worker.opens("queue")
    with worker.page.expect_download() as saving:
        worker.page.get_by_role("button", name="存为文件").click()
    saving.value.save_as(tmp_path / "sealed.json")
    handed_in = street.handed_in(browser.new_context(base_url=stack.url), stack, tmp_path / "sealed.json")
    assert [one["path"].split("?")[0].rsplit("/", 1)[0] for one in handed_in["entries"]][-1:] == ["/api"]
    assert {one["state"] for one in handed_in["entries"]} == {"done"}
    assert len(worker.cases("电线垂落到路面")) == 1


@pytest.mark.long
def test_what_could_not_be_sent_before_signing_out_goes_by_itself_at_the_next_sign_in(
    phone: Callable[..., Phone], stack: Stack, tmp_path: Path
) -> None:
    worker = phone()
    worker.opens("").is_kept()
    expect(worker.page.get_by_text("我的本月工作")).to_be_visible()
    worker.has_network(False)
    worker.reports("消防通道停车两辆", photo(tmp_path / "a.jpg"))
    worker.opens("mine")
    worker.page.get_by_role("button", name="退出登录").click()
    worker.page.get_by_role("button", name="退出登录").click()
    expect(worker.page.locator("#username")).to_be_visible()
    worker.has_network(True).signs_in(stack.user("grid_worker")).opens("queue")
    case = worker.case("消防通道停车两辆")
    expect(worker.page.get_by_text("封存的未上传内容")).to_have_count(0)
    assert len(worker.page.request.get(f"{stack.url}/api/cases/{case['id']}/evidence").json()) == 1


@pytest.mark.long
def test_a_full_phone_says_so_at_sign_out_and_loses_nothing(
    phone: Callable[..., Phone], stack: Stack, tmp_path: Path
) -> None:
    worker = phone()
    worker.opens("").is_kept()
    expect(worker.page.get_by_text("我的本月工作")).to_be_visible()
    worker.has_network(False)
    worker.reports("路灯不亮三盏", photo(tmp_path / "a.jpg"))
    # The browser believes for a while what it measured: a new one measures anew.
    worker.kill()
    worker.start().has_network(False).has_room(False).opens("mine")
    worker.page.get_by_role("button", name="退出登录").click()
    worker.page.get_by_role("button", name="退出登录").click()
    expect(worker.page.get_by_role("status")).to_contain_text("存储空间不足")
    expect(worker.page.get_by_role("status")).to_contain_text("还有 2 条未上传")
    assert worker.finds_nothing_wrong() == []
    worker.opens("mine")
    expect(worker.page.get_by_role("status")).to_contain_text("存储空间不足")
    worker.has_room(True)
    worker.page.get_by_role("button", name="再试一次").click()
    expect(worker.page.get_by_role("status")).to_contain_text("2 条尚未上传，已加密封存")
    worker.has_network(True).signs_in(stack.user("grid_worker")).opens("queue")
    case = worker.case("路灯不亮三盏")
    expect(worker.page.get_by_text("封存的未上传内容")).to_have_count(0)
    assert len(worker.page.request.get(f"{stack.url}/api/cases/{case['id']}/evidence").json()) == 1


def _manifest(worker: Phone) -> dict[str, Any]:
    """As the browser reads it, which finds no fault with it, nor a reason not to install."""
    tools = worker.context.new_cdp_session(worker.page)
    read = tools.send("Page.getAppManifest")
    assert read["errors"] == []
    assert tools.send("Page.getInstallabilityErrors")["installabilityErrors"] == []
    tools.detach()  # else the page is not told that the network goes
    said: dict[str, Any] = json.loads(read["data"])
    return said
