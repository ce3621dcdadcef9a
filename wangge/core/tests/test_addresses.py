"""Who is taken to sit at this machine."""

import pytest
from django.conf import LazySettings
from django.test import RequestFactory

from wangge.core.addresses import is_loopback


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "::ffff:127.0.0.1"])
def test_who_asks_from_this_machine_sits_at_it(address: str) -> None:
    assert is_loopback(RequestFactory().get("/", REMOTE_ADDR=address))


@pytest.mark.parametrize("address", ["203.0.113.7", "", "nowhere"])
def test_who_asks_from_elsewhere_does_not(address: str) -> None:
    assert not is_loopback(RequestFactory().get("/", REMOTE_ADDR=address))


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("X-Forwarded-For", "203.0.113.7"),
        ("X-Forwarded-For", "127.0.0.1"),
        ("X-Forwarded-For", ""),
        ("X-Forwarded-Host", "grid.example"),
        ("X-Real-IP", "203.0.113.7"),
        ("Forwarded", "for=203.0.113.7"),
        ("Via", "1.1 front"),
    ],
)
def test_a_proxy_on_this_machine_that_we_were_not_told_of_speaks_for_nobody(header: str, value: str) -> None:
    assert not is_loopback(RequestFactory().get("/", headers={header: value}))


def test_behind_our_own_proxy_its_last_hop_counts(settings: LazySettings) -> None:
    settings.BEHIND_PROXY = True
    here, there = "203.0.113.7, 127.0.0.1", "127.0.0.1, 203.0.113.7"
    assert is_loopback(RequestFactory().get("/", headers={"X-Forwarded-For": here, "Via": "1.1 front"}))
    assert not is_loopback(RequestFactory().get("/", headers={"X-Forwarded-For": there}))
