"""Sealing, hashes, rotation, and where keys are kept."""

import hmac
import json
import multiprocessing
import os
import shlex
import stat
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st

from wangge.core import crypto
from wangge.core.key_source import create_ring_file, read_ring_file, ring_from_command, rotate_ring_file
from wangge.core.keyring import Algorithm, BadRing, CannotUnseal, HashAlgorithm, KeyRing, UnknownKey, key_of

PHONE = "cases_reporter.phone"
RING = KeyRing.generate()
BOTH = pytest.mark.parametrize("algorithm", list(Algorithm))


@BOTH
def test_a_sealed_value_opens_again_and_hides_its_content(algorithm: Algorithm) -> None:
    ring = KeyRing.generate(algorithm=algorithm)
    blob = ring.seal("13812345678", context=PHONE, row="7")
    assert ring.unseal(blob, context=PHONE, row="7") == b"13812345678"
    assert b"13812345678" not in blob


@given(st.binary(max_size=200), st.sampled_from(list(Algorithm)))
def test_any_bytes_survive(value: bytes, algorithm: Algorithm) -> None:
    ring = RING.rotated(algorithm=algorithm)
    assert ring.unseal(ring.seal(value, context="a.b"), context="a.b") == value


def test_the_same_value_is_sealed_differently_each_time() -> None:
    assert RING.seal("张三", context=PHONE) != RING.seal("张三", context=PHONE)


@BOTH
def test_a_value_moved_to_another_field_or_row_does_not_open(algorithm: Algorithm) -> None:
    ring = KeyRing.generate(algorithm=algorithm)
    blob = ring.seal("13812345678", context=PHONE, row="7")
    for context, row in (("cases_reporter.email", "7"), (PHONE, "8"), (PHONE, ""), (PHONE + "7", "")):
        with pytest.raises(CannotUnseal):
            ring.unseal(blob, context=context, row=row)


@BOTH
def test_every_changed_byte_is_noticed(algorithm: Algorithm) -> None:
    ring = KeyRing.generate(algorithm=algorithm)
    blob = ring.seal("13812345678", context=PHONE)
    for place in range(len(blob)):
        changed = bytearray(blob)
        changed[place] ^= 1
        with pytest.raises((CannotUnseal, UnknownKey)):
            ring.unseal(bytes(changed), context=PHONE)
    for length in range(len(blob)):
        with pytest.raises((CannotUnseal, UnknownKey)):
            ring.unseal(blob[:length], context=PHONE)


def test_after_rotation_old_values_open_and_ask_to_be_sealed_again() -> None:
    old = RING.seal("13812345678", context=PHONE)
    rotated = RING.rotated(algorithm=Algorithm.SM4_GCM)
    assert rotated.unseal(old, context=PHONE) == b"13812345678"
    assert rotated.needs_resealing(old)
    assert not rotated.needs_resealing(rotated.seal("13812345678", context=PHONE))
    assert rotated.keyed_hash("x", purpose="phone") == RING.keyed_hash("x", purpose="phone")


def test_a_value_of_a_key_we_do_not_hold_names_that_key() -> None:
    blob = RING.rotated().seal("x", context=PHONE)
    with pytest.raises(UnknownKey, match="'k2'"):
        RING.unseal(blob, context=PHONE)


@pytest.mark.parametrize("algorithm", list(HashAlgorithm))
def test_hashes_are_stable_and_differ_by_value_purpose_and_ring(algorithm: HashAlgorithm) -> None:
    ring = KeyRing.generate(hash_algorithm=algorithm)
    again = KeyRing.from_json(ring.to_json())
    first = ring.keyed_hash("13812345678", purpose="phone")
    assert len(first) == 32
    assert first == again.keyed_hash("13812345678", purpose="phone")
    others = {
        ring.keyed_hash("13812345679", purpose="phone"),
        ring.keyed_hash("13812345678", purpose="id_number"),
        KeyRing.generate(hash_algorithm=algorithm).keyed_hash("13812345678", purpose="phone"),
    }
    assert first not in others and len(others) == 3


def test_a_known_hash_stays_what_it_was_so_that_stored_rows_are_found() -> None:
    ring = KeyRing.from_json(json.dumps({
        "version": 1, "current": "k1",
        "keys": {"k1": {"algorithm": "AES-256-GCM", "secret": "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="}},
        "hash": {"algorithm": "HMAC-SHA256", "secret": "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="},
    }))  # fmt: skip
    blob = bytes.fromhex(STORED_BLOB)
    assert ring.keyed_hash("13812345678", purpose="phone").hex() == STORED_HASH
    assert ring.unseal(blob, context=PHONE, row="7") == b"13812345678"


STORED_HASH = "7a6f02c4005f79cf1bc9fdb73be80f8774dfd580e46af3c56d41a9b255cee9cf"
STORED_BLOB = "0101026b31a7986af0994047e739ad5f78c1e43be41348a2ed51c6564a08cfc4a0d1fec40be96e1f9fec9427"


@pytest.mark.parametrize(
    "damage",
    [
        lambda d: d.update(current="k9"),
        lambda d: d.update(version=2),
        lambda d: d["keys"]["k1"].update(secret="AAAA"),
        lambda d: d["keys"]["k1"].update(secret="not base64!"),
        lambda d: d["keys"]["k1"].update(algorithm="ROT13"),
        lambda d: d["hash"].update(secret="AAAA"),
        lambda d: d.pop("hash"),
    ],
)
def test_a_damaged_ring_is_refused_without_showing_secrets(damage) -> None:  # type: ignore[no-untyped-def]
    document = json.loads(RING.to_json())
    damage(document)
    with pytest.raises(BadRing) as caught:
        KeyRing.from_json(json.dumps(document))
    assert json.loads(RING.to_json())["hash"]["secret"] not in str(caught.value)
    assert caught.value.__cause__ is None


def test_a_ring_printed_by_accident_shows_no_secret() -> None:
    assert str(RING.hash_secret) not in repr(RING) and str(RING.keys["k1"].secret) not in repr(RING)


def _create(path: Path) -> str:
    return create_ring_file(path).to_json()


def test_processes_that_start_together_get_one_and_the_same_ring(tmp_path: Path) -> None:
    path = tmp_path / "home" / "keys.json"
    with multiprocessing.get_context("spawn").Pool(4) as pool:
        rings = pool.map(_create, [path] * 16)
    assert set(rings) == {read_ring_file(path).to_json()}
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [entry.name for entry in path.parent.iterdir()] == ["keys.json"]


def test_an_existing_ring_is_never_replaced_by_first_use(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    first = create_ring_file(path)
    assert create_ring_file(path) == first


def test_a_key_file_open_to_others_is_refused_with_the_remedy(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    create_ring_file(path)
    path.chmod(0o644)
    with pytest.raises(BadRing, match="chmod 600"):
        read_ring_file(path)


def test_rotations_at_the_same_time_are_all_kept(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    create_ring_file(path)
    with multiprocessing.get_context("spawn").Pool(4) as pool:
        pool.map(rotate_ring_file, [path] * 8)
    assert set(read_ring_file(path).keys) == {f"k{n}" for n in range(1, 10)}
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_key_command_gives_the_ring_and_its_failures_are_sentences(tmp_path: Path) -> None:
    file = tmp_path / "ring.json"
    file.write_text(RING.to_json())
    assert ring_from_command(f"cat {shlex.quote(str(file))}") == RING
    for command in ("false", "/nowhere/kms", "echo {}", f"{sys.executable} -c 'print(1'"):
        with pytest.raises(BadRing):
            ring_from_command(command)


def test_a_running_process_notices_a_rotation_by_another(tmp_path: Path) -> None:
    with override_settings(WANGGE_KEYS_FILE=tmp_path / "keys.json", WANGGE_KEYS="", WANGGE_KEYS_COMMAND=""):
        create_ring_file(tmp_path / "keys.json")
        crypto.reload_keys()
        before = crypto.seal("13812345678", context=PHONE)
        elsewhere = rotate_ring_file(tmp_path / "keys.json").seal("025-84512345", context=PHONE)
        assert crypto.unseal_text(elsewhere, context=PHONE) == "025-84512345"
        assert crypto.unseal_text(before, context=PHONE) == "13812345678"
        assert crypto.needs_resealing(before) and not crypto.needs_resealing(elsewhere)


def test_a_running_process_that_only_seals_notices_a_rotation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with override_settings(WANGGE_KEYS_FILE=tmp_path / "keys.json", WANGGE_KEYS="", WANGGE_KEYS_COMMAND=""):
        create_ring_file(tmp_path / "keys.json")
        crypto.reload_keys()
        rotate_ring_file(tmp_path / "keys.json")
        assert key_of(crypto.seal("x", context=PHONE)) == "k1", "it looks now and then"
        monkeypatch.setattr(crypto, "LOOK_EVERY_S", 0)
        assert key_of(crypto.seal("x", context=PHONE)) == "k2"
        (tmp_path / "keys.json").unlink()
        assert key_of(crypto.seal("x", context=PHONE)) == "k2", "the ring that was read stays good"
        hashed = crypto.keyed_hash("x", purpose="test")
        create_ring_file(tmp_path / "keys.json")
        assert crypto.keyed_hash("x", purpose="test") == hashed, "other keys are no rotation"
    crypto.reload_keys()


def test_a_ring_in_the_environment_comes_before_the_file(tmp_path: Path) -> None:
    with override_settings(WANGGE_KEYS_FILE=tmp_path / "none.json", WANGGE_KEYS=RING.to_json(), WANGGE_KEYS_COMMAND=""):
        crypto.ensure_keys()
        assert RING.unseal(crypto.seal("x", context=PHONE), context=PHONE) == b"x"
        assert os.listdir(tmp_path) == []


def test_a_phone_is_found_however_it_was_written(tmp_path: Path) -> None:
    with override_settings(WANGGE_KEYS_FILE=tmp_path / "none.json", WANGGE_KEYS=RING.to_json(), WANGGE_KEYS_COMMAND=""):
        crypto.ensure_keys()
        assert crypto.hash_phone("+86 138-1234-5678") == crypto.hash_phone("13812345678")
        assert crypto.hash_phone("无电话") is None


@given(st.binary(max_size=200))
def test_a_keyed_hash_is_hmac_sha256_of_the_purposes_key(value: bytes) -> None:
    ring = KeyRing.generate()
    key = HKDFExpand(algorithm=hashes.SHA256(), length=32, info=b"wangge hash phone").derive(ring.hash_secret)
    assert ring.keyed_hash(value, purpose="phone") == hmac.digest(key, value, "sha256")
