"""The small demonstration, really committed, and a real server before it."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from wangge.demo.load import Loaded

READY_S = 60


@pytest.fixture(scope="package")
def district(django_db_setup: None, django_db_blocker: Any) -> "Iterator[Loaded]":
    """Once for all tests of this folder, and gone afterwards."""
    from django.db import connections

    from wangge.demo.load import load
    from wangge.testing.committed import as_before

    with django_db_blocker.unblock(), as_before():
        try:
            yield load(small=True)
        finally:
            connections.close_all()


@pytest.fixture(scope="package")
def server(district: "Loaded") -> Iterator[str]:
    """The address of a granian on a free port of loopback."""
    from django.conf import settings

    port = _free_port()
    granian = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)]
    granian += ["--workers", "1", "--blocking-threads", "4", "--log-level", "warning"]
    environment = dict(os.environ) | {
        "WANGGE_DEMO": "1",
        "WANGGE_POOL": "1",
        "WANGGE_HOME": str(settings.HOME),
        "WANGGE_SECRET_KEY": "only for this test, and long enough for Django",
    }
    process = subprocess.Popen([*granian, "wangge.config.wsgi:application"], env=environment)
    url = f"http://127.0.0.1:{port}"
    try:
        _wait_for(url, process)
        yield url
    finally:
        process.terminate()
        process.wait(20)


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def _wait_for(url: str, process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + READY_S
    while time.monotonic() < until:
        assert process.poll() is None, "the server ended before it answered"
        try:
            with urllib.request.urlopen(f"{url}/api/config", timeout=5) as answer:  # noqa: S310 - our own address
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the server did not come up")
