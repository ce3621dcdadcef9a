"""`wangge up --https` as a phone meets it: page, signing in and live feed, trusting the printed authority alone."""

import json
import re
import ssl
import threading
from collections.abc import Iterator
from http.client import HTTPException, HTTPResponse
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import HTTPCookieProcessor, HTTPSHandler, OpenerDirector, Request, build_opener

import pytest

from faults.client import PLACE
from faults.house import House, new_house, until
from faults.populate import PASSWORD
from wangge.core.ids import new_id


class Phone:
    """Keeps cookies by their own rules (secure ones go over TLS alone), and says where its page is from."""

    def __init__(self, url: str, authority: Path) -> None:
        self.url, self.jar = url, CookieJar()
        self.trust = ssl.create_default_context(cafile=authority)
        self.opener: OpenerDirector = build_opener(HTTPSHandler(context=self.trust), HTTPCookieProcessor(self.jar))

    def open(self, url: str, body: Any = None, **headers: str) -> HTTPResponse:
        sent = {"Origin": self.url, "Referer": f"{self.url}/", "Content-Type": "application/json", **headers}
        if "csrftoken" in self.cookies():
            sent["X-CSRFToken"] = self.cookies()["csrftoken"]
        content = None if body is None else json.dumps(body).encode()
        address = url if url.startswith("https:") else f"{self.url}{url}"
        answer: HTTPResponse = self.opener.open(Request(address, content, sent), timeout=60)  # noqa: S310 - https
        return answer

    def json(self, path: str, body: Any = None, **headers: str) -> Any:
        with self.open(path, body, **headers) as answer:
            return json.load(answer)

    def cookies(self) -> dict[str, str]:
        return {cookie.name: cookie.value or "" for cookie in self.jar}


@pytest.fixture(scope="module")
def secure(like: House) -> Iterator[House]:
    with new_house(like) as house:
        house.up("--https")
        yield house


@pytest.fixture
def phone(secure: House) -> Phone:
    """Knows what `wangge up` has printed, and nothing else."""
    # The address is printed after the port answers.
    until(lambda: "authority.pem" in (secure.home / "up.log").read_text())
    said = (secure.home / "up.log").read_text()
    [url] = re.findall(r"^ +(https://\S+)/$", said, re.MULTILINE)
    [authority] = re.findall(r"install this authority on the phone first: (\S+)$", said, re.MULTILINE)
    return Phone(url, Path(authority))


def test_the_page_comes_over_tls_and_may_listen_over_tls(phone: Phone) -> None:
    with phone.open("/") as page:
        assert page.status == 200 and b"<html" in page.read()
        policy = page.headers["Content-Security-Policy"]
    config = phone.json("/api/config")
    for url in (config["live_url"], config["positions_url"]):
        assert url.startswith("https://") and url in policy, "or the page could not speak to it"


def test_who_has_not_installed_the_authority_is_warned_and_nothing_is_told_in_clear(phone: Phone) -> None:
    stranger = build_opener(HTTPSHandler(context=ssl.create_default_context()))
    with pytest.raises(URLError, match="CERTIFICATE_VERIFY_FAILED"):
        stranger.open(f"{phone.url}/", timeout=60)
    with pytest.raises((OSError, HTTPException)):
        build_opener().open(f"{phone.url.replace('https:', 'http:')}/api/config", timeout=60)


def test_somebody_signs_in_and_listens_until_a_case_comes(phone: Phone, secure: House) -> None:
    config = phone.json("/api/config")
    assert (
        phone.json("/api/session", {"username": "street_seat", "password": PASSWORD})["me"]["user"]["name"] == "钱街道"
    )
    assert all(cookie.secure for cookie in phone.jar), "none of them may ever go out in clear"
    heard: list[str] = []
    stream = phone.open(f"{config['live_url']}/live/feed", Accept="text/event-stream")
    assert stream.headers["Content-Type"].startswith("text/event-stream")

    def listen() -> None:
        try:
            while line := stream.readline():
                heard.append(line.decode())
        except (OSError, ValueError, AttributeError) as ended:
            heard.append(f"ended: {ended!r}")

    ear = threading.Thread(target=listen, daemon=True)
    ear.start()
    until(lambda: any("hello" in line for line in heard), why=lambda: heard)
    body = {"source": "telephone", "title": "经 HTTPS 上报", **PLACE, "category_id": secure.category}
    case = phone.json("/api/cases", body, **{"Idempotency-Key": str(new_id())})
    until(lambda: any(case["id"] in line for line in heard if line.startswith("data:")), why=lambda: heard)
    assert ear.is_alive(), "it goes on listening"
