"""Odd values of the environment stop the start with one clear sentence."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from wangge.config import environment

NAME = "WANGGE_MQTT_URL"


@pytest.mark.parametrize(
    "url", ["ssl://user:secret@host:8883", "tcp://host", "host:1883", "mqtt://", "mqtts://host:port", "mqtt://[::1"]
)
def test_a_broker_whose_passwords_might_go_out_in_clear_stops_the_start(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(NAME, url)
    with pytest.raises(ImproperlyConfigured, match=f"{NAME} 应以 mqtt:// 或 mqtts:// 开头") as said:
        environment.broker(NAME)
    assert "secret" not in str(said.value)


@pytest.mark.parametrize("url", ["", "mqtt://127.0.0.1", "mqtts://user:secret@broker.example:8884"])
def test_a_broker_or_none_is_read_as_it_stands(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NAME, url)
    assert environment.broker(NAME) == url


@pytest.mark.parametrize(
    "url", ["wangge.example", "ftp://wangge.example", "https://", "https://a.example/wangge", "https://me:pw@a.example"]
)
def test_an_address_that_signs_cannot_carry_stops_the_start(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WANGGE_PUBLIC_URL", url)
    with pytest.raises(ImproperlyConfigured, match="WANGGE_PUBLIC_URL 应为 http"):
        environment.origin("WANGGE_PUBLIC_URL")


@pytest.mark.parametrize("url", ["", "https://wg.example", "http://10.1.2.3:8000"])
def test_the_address_of_residents_is_read_without_its_last_slash(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WANGGE_PUBLIC_URL", f"{url}/" if url else url)
    assert environment.origin("WANGGE_PUBLIC_URL") == url
