"""A person at the console, in words of what they do. Everything is found by what is written on the page."""

from typing import Self

from playwright.sync_api import Locator, Page, expect

from journeys import axe


class Desk:
    def __init__(self, page: Page) -> None:
        self.page = page

    def sign_in(self, username: str, password: str) -> Self:
        self.page.goto("/sign-in")
        self.page.get_by_label("用户名").fill(username)
        self.page.get_by_label("密码", exact=True).fill(password)
        self.page.get_by_role("button", name="登录").click()
        expect(self.page.get_by_role("navigation", name="功能")).to_be_visible()
        return self

    def is_signed_in(self, username: str, password: str) -> Self:
        """Where that has been done before: the form has journeys of its own (test_loop, test_accounts). At the notices:
        everybody has them, and they are the lightest page, where the workbench draws a map."""
        request = self.page.request
        request.get("/")  # brings the token that a write shows
        answer = request.post("/api/session", data={"username": username, "password": password}, headers=self.token())
        if answer.status != 200 or answer.json()["status"] != "signed_in":
            raise AssertionError(answer.text())
        self.page.goto("/notices")
        expect(self.page.get_by_role("navigation", name="功能")).to_be_visible()
        return self

    def token(self) -> dict[str, str]:
        """What shows that a write comes from this browser's page."""
        found = next(one["value"] for one in self.page.context.cookies() if one["name"] == "csrftoken")
        return {"X-CSRFToken": found}

    def own_name(self) -> str:
        return str(self.page.request.get("/api/session").json()["user"]["name"])

    def goes_to(self, part: str) -> Self:
        self.page.get_by_role("navigation", name="功能").get_by_role("link", name=part, exact=True).click()
        return self

    @property
    def queue(self) -> Locator:
        return self.page.get_by_role("region", name="当前队列的案件")

    def opens_queue(self, name: str) -> Self:
        self.page.get_by_role("navigation", name="队列").get_by_role("button", name=name).click()
        return self

    def opens_case(self, title: str) -> Self:
        self.queue.get_by_role("button", name=title, exact=True).click()
        expect(self.page.get_by_role("heading", name=title)).to_be_visible()
        return self

    @property
    def moves(self) -> Locator:
        return self.page.get_by_role("region", name="可以做的操作")

    def presses(self, name: str) -> Self:
        """A move that the case offers now, or the button of its open form."""
        self.moves.get_by_role("button", name=name, exact=True).click()
        return self

    def chooses(self, label: str, typed: str, name: str) -> Self:
        """In a field that searches while one types."""
        field = self.page.get_by_role("combobox", name=label)
        field.fill(typed)
        option = self.page.get_by_role("option", name=name).first
        option.click()
        expect(option).to_be_hidden()
        return self

    @property
    def history(self) -> Locator:
        return self.page.get_by_role("region", name="经过")

    def finds_nothing_wrong(self, within: str | None = None) -> Self:
        """axe, every rule, on the page as it stands or in one part of it (a selector)."""
        if found := self.faults_found(within):
            raise AssertionError("\n".join(found))
        return self

    def faults_found(self, within: str | None = None) -> list[str]:
        return axe.faults(self.page, within)
