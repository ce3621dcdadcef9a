"""The pictures of docs/first-hour, in both languages: the walk that its words describe, from the call to the closing.

    python -m journeys.first_hour          # makes a demonstration of its own, which takes a few minutes
    python -m journeys.first_hour zh en    # of these languages

With WANGGE_JOURNEYS_HOME and WANGGE_JOURNEYS_URL it walks a whole demonstration (`wangge demo`) that runs already. Each
walk leaves two cases there. Places and units are the demonstration's; look at every picture before it is committed.
"""

import os
import random
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageChops, ImageDraw, ImageFilter
from playwright.sync_api import Browser, Page, expect, sync_playwright

from journeys.conftest import FLAGS, PATIENCE_MS, SIZE, chromium
from journeys.desk import Desk
from journeys.given import writing
from journeys.stack import ROOT, Stack, described, load, running_stack

PICTURES = ROOT / "docs" / "pictures"
WORKBENCH = ROOT / "docs" / "images"
SEAT, CLERK, DISTRICT, COMMANDER = "jd01", "bm-cg", "qu1", "zhihui1"
CALLER = "19900001234"
UNIT = "听澜区城市管理局"  # the units that the rule suggests have no demonstration account
ASKED, DONE, CALLED_BACK = "请更换灯泡，完成后拍照。", "已更换光源，灯已亮。", "已回访，居民满意。"
SOUGHT = "虹景家园 路灯"
WHY, COME = "一家办不下来，请城管、应急到场。", "请三十分钟内到场。"
MUSTERED = ("听澜区城市管理局", "听澜区应急管理局")
QUALITY = 82  # of WebP: text stays sharp, a page about 100 kB
COLOURS = 256
SETTLES_MS = 1500  # the map and what slides in; nothing on the page says that they stand still


@dataclass(frozen=True, kw_only=True)
class Words:
    """What stands on the pages in one language, and the lamp that is out there; what people type stays Chinese."""

    language: str
    short: str
    telephone: str
    what: str
    title: str
    lamp_out: str
    place: str
    gate: str
    locate: str
    reported: str
    workbench: str
    lead: str
    text: str
    files: str
    solved: str
    confirm: str
    units: str
    signs_with: str
    sign_in: str


ZH = Words(
    language="zh-CN",
    short="zh",
    telephone="来电号码",
    what="什么事",
    title="虹景家园东门口路灯坏了",
    lamp_out="路灯不亮",
    place="地点",
    gate="虹景家园东门",
    locate="在地图上定位",
    reported="已登记",
    workbench="到工作台",
    lead="主办单位",
    text="说明",
    files="添加照片或文件",
    solved="已解决",
    confirm="联动确认",
    units="联动部门",
    signs_with="密码",
    sign_in="登录",
)
EN = Words(
    language="en",
    short="en",
    telephone="Telephone",
    what="What is it about",
    title="虹景家园西门路灯不亮",
    lamp_out="Street lamp out",
    place="Place",
    gate="虹景家园西门",
    locate="set it on the map",
    reported="Reported",
    workbench="To the workbench",
    lead="Lead unit",
    text="Words",
    files="Add photos or files",
    solved="Solved",
    confirm="Confirm the whistle",
    units="Units to muster",
    signs_with="Password",
    sign_in="Sign in",
)


class Walk:
    """One language: each person in a browser of their own, and the pictures in the order of the page's words."""

    def __init__(self, browser: Browser, stack: Stack, words: Words, folder: Path) -> None:
        self.browser, self.stack, self.words, self.folder = browser, stack, words, folder

    def goes(self) -> None:
        seat = self.signs_in()
        self.takes_the_call(seat)
        self.sends_it(seat)
        clerk = self.sits_down(CLERK)
        self.handles_it(clerk)
        self.closes_it(seat)
        self.finds_it(seat)
        self.whistles(seat, self.sits_down(DISTRICT))
        self.looks_around(seat, self.sits_down(COMMANDER))

    def sits_down(self, name: str) -> Desk:
        desk = Desk(self._page()).is_signed_in(name, self.stack.password)
        self._speaks(desk.page)
        return desk

    def signs_in(self) -> Page:
        page, words = self._page(), self.words
        self._speaks(page)
        page.goto("/sign-in")
        page.get_by_role("button", name=SEAT).click()
        page.get_by_label(words.signs_with, exact=True).focus()
        self.pictured(page, "sign-in")
        page.get_by_label(words.signs_with, exact=True).fill(self.stack.password)
        page.get_by_role("button", name=words.sign_in, exact=True).click()
        page.wait_for_url("**/workbench*")
        page.locator("main h1, main h2").first.wait_for()
        self.pictured(page, "workbench")
        return page

    def takes_the_call(self, page: Page) -> None:
        words = self.words
        page.keyboard.press("+")
        page.get_by_role("textbox", name=words.telephone).fill(CALLER)
        page.get_by_label(words.what).fill(words.title)
        page.get_by_role("button", name=words.lamp_out).first.click()
        page.get_by_label(words.place, exact=True).fill(words.gate)
        page.get_by_role("button", name=words.locate).click()
        self.pictured(page, "intake")
        page.keyboard.press("Control+Enter")
        page.get_by_role("heading", name=words.reported).wait_for()
        self.pictured(page, "registered")

    def sends_it(self, page: Page) -> None:
        words = self.words
        page.keyboard.press("d")
        lead = page.get_by_role("combobox", name=words.lead)
        lead.fill(UNIT)
        page.get_by_role("option", name=UNIT).first.click()
        said = page.get_by_label(words.text, exact=True)
        said.fill(ASKED)
        page.wait_for_timeout(SETTLES_MS)  # the limits above it, which push it down
        said.evaluate("field => field.scrollIntoView({ block: 'center' })")
        self.pictured(page, "dispatch")
        page.keyboard.press("Control+Enter")
        page.get_by_role("link", name=words.workbench).click()
        page.get_by_role("heading", name=words.title).wait_for()

    def handles_it(self, clerk: Desk) -> None:
        page, words = clerk.page, self.words
        page.goto("/workbench")
        page.get_by_role("button", name=words.title, exact=True).first.click()
        page.get_by_role("heading", name=words.title).wait_for()
        page.keyboard.press("s")
        expect(page.locator("kbd", has_text="f").first).to_be_visible()  # the move that comes after
        page.keyboard.press("f")
        page.get_by_label(words.text, exact=True).fill(DONE)
        page.get_by_label(words.files).set_input_files(lamp(self.folder / f"lamp.{words.short}.jpg"))
        page.get_by_title(f"lamp.{words.short}.jpg").wait_for()
        page.get_by_label(words.text, exact=True).focus()
        self.pictured(page, "handle")
        page.keyboard.press("Control+Enter")
        page.get_by_label(words.text, exact=True).wait_for(state="hidden")

    def closes_it(self, page: Page) -> None:
        words = self.words
        expect(page.locator("kbd", has_text="p").first).to_be_visible()  # it came by itself
        page.keyboard.press("p")
        expect(page.locator("kbd", has_text="c").first).to_be_visible()
        page.keyboard.press("c")
        page.get_by_text(words.solved, exact=True).click()
        page.get_by_label(words.text, exact=True).fill(CALLED_BACK)
        self.pictured(page, "close")
        page.keyboard.press("Control+Enter")
        page.get_by_label(words.text, exact=True).wait_for(state="hidden")

    def finds_it(self, page: Page) -> None:
        page.keyboard.press("/")
        page.keyboard.type(SOUGHT)
        page.get_by_role("option", name=self.words.title).first.wait_for()
        self.pictured(page, "search")
        page.keyboard.press("Escape")

    def whistles(self, seat: Page, centre: Desk) -> None:
        """Blown by the interface: the picture is of what comes after. On the oldest: the next walk's workbench opens
        with the newest, and would show who is at work on it."""
        page, words = centre.page, self.words
        waiting = seat.request.get("/api/cases", params={"queue": "to_dispatch"}).json()["items"]
        case = next(one for one in reversed(waiting) if self._blown(seat, one["id"]))
        page.goto(f"/cases/{case['id']}")
        page.get_by_role("button", name=words.confirm, exact=True).first.click()
        units = page.get_by_role("combobox", name=words.units)
        for unit in MUSTERED:
            units.press_sequentially(unit)
            page.get_by_role("option", name=unit).first.wait_for()
            units.press("Enter")
        page.get_by_label(words.text, exact=True).fill(COME)
        self.pictured(page, "whistle")

    def _blown(self, seat: Page, case_id: str) -> bool:
        """Not where one was blown before."""
        card = seat.request.get(f"/api/cases/{case_id}").json()
        body = {"reason": WHY, "version": card["version"]}
        return seat.request.post(f"/api/cases/{case_id}/whistle", data=body, headers=writing(Desk(seat))).ok

    def looks_around(self, seat: Page, commander: Desk) -> None:
        seat.goto("/map")
        seat.get_by_role("checkbox").first.wait_for()
        self.pictured(seat, "map", settles_ms=8 * SETTLES_MS)  # tiles and names, drawn in software
        commander.page.goto("/wall/command")
        commander.page.get_by_role("listitem").first.wait_for()
        self.pictured(commander.page, "wall", settles_ms=8 * SETTLES_MS)

    def pictured(self, page: Page, name: str, *, settles_ms: int = SETTLES_MS) -> None:
        expect(page.locator("[aria-busy=true], .el-message")).to_have_count(0)
        page.mouse.move(0, 0)  # over nothing that answers to it
        page.wait_for_timeout(settles_ms)
        shot = self.folder / f"{name}.{self.words.short}.png"
        page.screenshot(path=shot)
        picture = Image.open(shot).convert("RGB")
        if name == "workbench":  # of the README too, where some readers show no WebP
            kept = WORKBENCH / shot.name
            picture.quantize(COLOURS, dither=Image.Dither.NONE).save(kept, optimize=True)
        else:
            kept = PICTURES / f"{name}.{self.words.short}.webp"
            picture.save(kept, quality=QUALITY, method=6)
        print(kept.relative_to(ROOT))

    def _speaks(self, page: Page) -> None:
        """From the next page on."""
        page.context.add_init_script(f"localStorage.setItem('wangge.language', '{self.words.language}')")

    def _page(self) -> Page:
        context = self.browser.new_context(
            viewport=SIZE, locale="zh-CN", timezone_id="Asia/Shanghai", base_url=self.stack.url
        )
        context.set_default_timeout(PATIENCE_MS)
        return context.new_page()


def lamp(path: Path) -> Path:
    """A street lamp that burns; never the same twice, or the page says where the picture was used before."""
    x, noise = random.randrange(300, 980), Image.effect_noise((1280, 960), 40).convert("RGB")  # noqa: S311 - a picture
    picture = Image.blend(Image.new("RGB", noise.size, "#1d2547"), noise, 0.08)
    light = Image.new("RGB", noise.size, "#000")
    ImageDraw.Draw(light).polygon([(x, 260), (x - 340, 860), (x + 340, 860)], fill="#e8cf86")
    picture = ImageChops.add(picture, light.filter(ImageFilter.GaussianBlur(50)))
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 860, 1280, 960), fill="#3a3d48")
    draw.rectangle((x - 8, 260, x + 8, 860), fill="#30343f")
    draw.ellipse((x - 50, 200, x + 50, 280), fill="#fff3c4")
    picture.save(path, quality=85)
    return path


@contextmanager
def a_demonstration() -> Iterator[Stack]:
    """A whole one: the small one has no such street."""
    if home := os.environ.get("WANGGE_JOURNEYS_HOME"):
        yield described(Path(home), os.environ["WANGGE_JOURNEYS_URL"])
        return
    made = Path(tempfile.mkdtemp(prefix="wangge-first-hour-"))
    try:
        load(made, small=False)
        with running_stack(made) as served:
            yield served
    finally:
        shutil.rmtree(made, ignore_errors=True)


def main(asked: list[str]) -> None:
    walks = [words for words in (ZH, EN) if not asked or words.short in asked]
    with a_demonstration() as stack, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        for words in walks:
            with tempfile.TemporaryDirectory() as folder:
                Walk(browser, stack, words, Path(folder)).goes()
            for context in browser.contexts:  # whoever sat there would stand on the cases of the next walk
                context.close()
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1:])
