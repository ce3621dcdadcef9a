"""Wrong or lost keys stop the start with a sentence, and nothing is written that the right ones could not read."""

import os
import runpy
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings

from wangge.core import clock, crypto, key_check
from wangge.core.key_source import create_ring_file, read_ring_file, rotate_ring_file
from wangge.core.keyring import Algorithm, BadRing, HashAlgorithm, KeyRing
from wangge.core.models import KeyWitness
from wangge.testing.committed import at_once, owner
from wangge.testing.world import World


@contextmanager
def keys_in(path: Path, **more: Any) -> Iterator[Path]:
    with override_settings(WANGGE_KEYS_FILE=path, WANGGE_KEYS="", WANGGE_KEYS_COMMAND="", **more):
        crypto._ring = None  # as a process that starts
        try:
            yield path
        finally:
            crypto._ring = None
    crypto.reload_keys()


@pytest.fixture
def home(world: World, tmp_path: Path) -> Iterator[Path]:
    """A database written with the keys of this file."""
    with keys_in(tmp_path / "keys.json") as path:
        crypto.ensure_keys()
        key_check.verify(at=clock.now())
        yield path


def start() -> None:
    call_command("keys", "--check")


def test_the_first_start_leaves_a_witness_and_later_ones_know_it(home: Path) -> None:
    start()
    start()
    assert KeyWitness.objects.count() == 1


def test_other_keys_refuse_to_start_and_write_nothing(home: Path, tmp_path: Path) -> None:
    before = KeyWitness.objects.values().get()
    create_ring_file(tmp_path / "other.json")
    with keys_in(tmp_path / "other.json"), pytest.raises(CommandError, match="备份"):
        start()
    with keys_in(tmp_path / "other.json"), pytest.raises(CommandError, match="备份"):
        call_command("worker", only=[])
    assert KeyWitness.objects.values().get() == before
    crypto.reload_keys()
    start()


def test_keys_whose_hashes_differ_refuse_to_start_though_they_open_everything(home: Path, tmp_path: Path) -> None:
    right = read_ring_file(home)
    other = KeyRing.generate()
    mixed = KeyRing(
        current=right.current, keys=right.keys, hash_algorithm=other.hash_algorithm, hash_secret=other.hash_secret
    )
    (tmp_path / "mixed.json").write_text(mixed.to_json())
    (tmp_path / "mixed.json").chmod(0o600)
    with keys_in(tmp_path / "mixed.json"), pytest.raises(CommandError):
        start()


def test_a_lost_key_file_is_not_made_anew_beside_what_it_sealed(home: Path) -> None:
    home.rename(home.with_name("lost.json"))
    with pytest.raises(BadRing, match="备份"):
        crypto.ensure_keys()
    with pytest.raises(CommandError, match="备份"):
        start()
    with pytest.raises(CommandError, match="备份"):
        call_command("audit", "key")
    assert not home.exists()
    home.with_name("lost.json").rename(home)
    start()


def test_rotated_keys_are_known_and_the_old_one_may_go_after_a_start(home: Path) -> None:
    ring = rotate_ring_file(home, algorithm=Algorithm.SM4_GCM)
    crypto.reload_keys()
    start()
    only_new = KeyRing(
        current=ring.current,
        keys={ring.current: ring.keys[ring.current]},
        hash_algorithm=ring.hash_algorithm,
        hash_secret=ring.hash_secret,
    )
    home.write_text(only_new.to_json())
    crypto.reload_keys()
    start()


def test_the_first_keys_may_be_of_the_national_algorithms(world: World, tmp_path: Path) -> None:
    with keys_in(tmp_path / "sm.json", WANGGE_CIPHER="SM4-GCM") as path:
        crypto.ensure_keys()
        ring = read_ring_file(path)
        assert ring.keys[ring.current].algorithm is Algorithm.SM4_GCM
        assert ring.hash_algorithm is HashAlgorithm.HMAC_SM3
        start()
        sealed = crypto.seal("320104199003070017", context="test")
        assert crypto.unseal_text(sealed, context="test") == "320104199003070017"


@pytest.mark.parametrize("kept", ["environment", "command"])
def test_keys_of_the_environment_and_of_a_command_are_judged_alike(home: Path, tmp_path: Path, kept: str) -> None:
    right, wrong = home.read_text(), KeyRing.generate().to_json()
    for ring, starts in ((right, True), (wrong, False)):
        (tmp_path / "printed").write_text(ring)
        given = {"WANGGE_KEYS": ring} if kept == "environment" else {"WANGGE_KEYS_COMMAND": f"cat {tmp_path}/printed"}
        with override_settings(**given):
            if starts:
                start()
            else:
                with pytest.raises(CommandError):
                    start()
    crypto.reload_keys()


@pytest.mark.parametrize("change", [{"rotate": True}, {"drop": "k1"}])
def test_a_file_beside_keys_that_come_from_elsewhere_is_not_changed(home: Path, change: dict[str, Any]) -> None:
    before = home.read_text()
    with override_settings(WANGGE_KEYS=before), pytest.raises(CommandError, match="环境变量"):
        call_command("keys", **change)
    assert home.read_text() == before


def test_an_algorithm_without_a_rotation_is_not_passed_over(home: Path) -> None:
    before = home.read_text()
    with pytest.raises(CommandError) as refused:
        call_command("keys", algorithm="SM4-GCM")
    assert refused.value.returncode == 2 and "--rotate" in str(refused.value)
    assert home.read_text() == before


WRITERS: list[tuple[str, list[str]]] = [
    ("worker", ["--only"]),
    ("import", ["people", "people.csv", "--yes"]),
    ("createaccount", ["--username", "first", "--name", "张三"]),
    ("demo", ["--small"]),
]


@pytest.mark.parametrize(("command", "words"), WRITERS)
def test_no_command_writes_with_other_keys(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Any, command: str, words: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("people.csv").write_text("姓名,公民身份号码\n张三,320104199003070017\n")
    settings.DEMO, settings.FILES = True, tmp_path / "files"
    create_ring_file(tmp_path / "other.json")
    with keys_in(tmp_path / "other.json"), pytest.raises(CommandError, match="备份"):
        call_command(command, *words)
    assert not (tmp_path / "files").exists()


def test_of_two_first_starts_with_different_keys_the_second_refuses(committed_world: World, tmp_path: Path) -> None:
    others = KeyRing.generate()
    row = (
        others.seal(key_check.WORD, context=key_check.CONTEXT, row="1"),
        others.keyed_hash(key_check.WORD, purpose=key_check.PURPOSE),
    )
    found: list[Any] = []
    with keys_in(tmp_path / "keys.json"), psycopg.connect(os.environ["DATABASE_OWNER_URL"]) as first:
        crypto.ensure_keys()
        first.execute("insert into core_keywitness (id, sealed, hashed, at) values (1, %s, %s, now())", row)
        second = threading.Thread(target=lambda: found.extend(at_once(lambda: key_check.verify(at=clock.now()))))
        second.start()
        _until_somebody_waits()
        first.commit()
        second.join()
    assert [type(one) for one in found] == [key_check.WrongKeys]


def test_the_api_does_not_start_with_other_keys(committed_world: World, tmp_path: Path) -> None:
    def load() -> Any:
        return runpy.run_module("wangge.config.wsgi")["application"]

    with keys_in(tmp_path / "keys.json"):
        crypto.ensure_keys()
        [application] = at_once(load)
        assert callable(application), application
    create_ring_file(tmp_path / "other.json")
    with keys_in(tmp_path / "other.json"):
        [refused] = at_once(load)
    assert isinstance(refused, SystemExit) and "不是这个数据库的密钥" in str(refused)  # a sentence for who starts it


def test_no_key_file_is_made_while_the_database_cannot_be_asked(tmp_path: Path) -> None:
    away = {"DATABASE_URL": "postgresql://wangge_app:x@127.0.0.1:1/none", "WANGGE_HOME": str(tmp_path)}
    kept = {name: value for name, value in os.environ.items() if not name.startswith("WANGGE_KEYS")}
    done = subprocess.run(
        [sys.executable, "-m", "django", "keys"],
        env=kept | away | {"DJANGO_SETTINGS_MODULE": "wangge.config.settings"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1 and "没有密钥文件" in done.stderr, done.stderr
    assert not (tmp_path / "keys.json").exists()


def _until_somebody_waits() -> None:
    with owner() as beside:
        for _ in range(200):
            if beside.execute("select 1 from pg_locks where not granted").fetchone():
                return
            time.sleep(0.05)
    raise AssertionError("nobody waited")
