"""By which names the house may be called: its own, in a demonstration too."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from django.http.request import validate_host

from wangge.ground import certificate, up

SHOW = "import json; from wangge.config import settings; print(json.dumps(settings.ALLOWED_HOSTS))"


@pytest.fixture(autouse=True)
def unset(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("WANGGE_HOSTS", "WANGGE_HOME"):
        monkeypatch.delenv(name, raising=False)


def hosts(home: Path, host: str) -> list[str]:
    """As the processes of a demonstration on that address see them."""
    options = up.Options(
        home=home,
        host=host,
        port=8000,
        live_port=8001,
        positions_port=8002,
        https=False,
        demo=True,
        processes=1,
        at_once=1,
    )
    environment = up._environment(options)
    shown = subprocess.run([sys.executable, "-c", SHOW], env=environment, capture_output=True, check=True)
    found: list[str] = json.loads(shown.stdout)
    return found


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0", "192.0.2.7"])  # noqa: S104 - nothing is bound
def test_a_strangers_name_is_not_ours(tmp_path: Path, host: str) -> None:
    allowed = hosts(tmp_path, host)
    assert not validate_host("evil.example", allowed)
    assert all(validate_host(name, allowed) for name in ("localhost", "127.0.0.1", "[::1]"))


def test_other_machines_reach_it_by_the_addresses_it_listens_on(tmp_path: Path) -> None:
    everywhere = hosts(tmp_path, "0.0.0.0")  # noqa: S104 - nothing is bound
    own = [f"[{name}]" if ":" in name else name for name in certificate.addresses()]
    assert all(validate_host(name, everywhere) for name in own)
    assert validate_host("192.0.2.7", hosts(tmp_path, "192.0.2.7"))
    assert validate_host("[2001:db8::7]", hosts(tmp_path, "2001:db8::7"))


def test_who_names_the_hosts_has_the_last_word(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WANGGE_HOSTS", "grid.example")
    assert hosts(tmp_path, "0.0.0.0") == ["grid.example"]  # noqa: S104 - nothing is bound
