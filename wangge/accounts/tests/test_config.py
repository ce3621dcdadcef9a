"""What a browser is told before anybody signs in."""

import pytest
from django.conf import LazySettings

from wangge.testing.client import anybody
from wangge.testing.world import World


@pytest.fixture
def demo(world: World, settings: LazySettings) -> World:
    settings.DEMO = True
    for key in ("street_seat", "stranger_street_seat", "administrator"):
        world[key].user.is_demo = True
        world[key].user.save()
    return world


def test_it_says_what_the_pages_need(world: World) -> None:
    body = anybody().get("/api/config").json()
    assert body["product"] == "wangge"
    assert body["version"][0].isdigit()
    assert body["base_map"]["kind"] == "none"
    assert body["live_url"].endswith(":8001")
    assert (body["demo"], body["demo_accounts"]) == (False, [])


def test_one_demonstration_account_of_each_role_is_offered_on_this_machine(demo: World) -> None:
    assert anybody().get("/api/config").json()["demo_accounts"] == [
        {"username": "street_seat", "role": "street_seat", "name": "钱街道", "unit": "桃叶街道分中心"},
        {
            "username": "administrator",
            "role": "administrator",
            "name": "陈管理",
            "unit": "测试区社会治理指挥中心",
        },
    ]


def test_nobody_elsewhere_is_told_of_demonstration_accounts(demo: World, settings: LazySettings) -> None:
    api = anybody()
    api.client.defaults["REMOTE_ADDR"] = "203.0.113.7"
    assert api.get("/api/config").json()["demo_accounts"] == []
    settings.BEHIND_PROXY = True
    assert anybody().get("/api/config").json()["demo_accounts"] == []


def test_none_are_offered_where_there_is_no_demonstration(demo: World, settings: LazySettings) -> None:
    settings.DEMO = False
    assert anybody().get("/api/config").json()["demo_accounts"] == []


def test_it_brings_the_csrf_cookie_for_clients_that_load_no_page(world: World) -> None:
    api = anybody()
    del api.client.cookies["csrftoken"]
    assert "csrftoken" in api.get("/api/config").cookies
