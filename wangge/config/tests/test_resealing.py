"""After a rotation everything is sealed anew, whenever it is cut short, and the old key can go."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import models

from wangge.accounts import contacts, partners, totp
from wangge.cases.actions import confidence
from wangge.command.actions import duty
from wangge.core import clock, crypto, key_check, resealing
from wangge.core.actor import Actor, acting
from wangge.core.key_source import read_ring_file, rotate_ring_file
from wangge.core.keyring import UnknownKey
from wangge.core.sealed import SealedField
from wangge.core.tests.test_key_check import keys_in
from wangge.desk.actions import consult, drafts
from wangge.field.actions import handed_in, house_keys, records, visits
from wangge.imports import files, staged
from wangge.imports.tests.made import checked, csv_file, go
from wangge.insight.actions import exports
from wangge.registry import sealing
from wangge.registry.actions import care, settle
from wangge.registry.dictionary import KINDS
from wangge.registry.models import Change, Difference, Person
from wangge.registry.tests.made import number, person
from wangge.testing import town
from wangge.testing.client import api_as
from wangge.testing.world import World

SYSTEM = Actor.system("test")


@pytest.fixture
def home(world: World, tmp_path: Path, settings: Any) -> Iterator[Path]:
    """Three people and an account, sealed with the first key of this file; a second key is the current one."""
    settings.FILES = tmp_path / "files"
    with keys_in(tmp_path / "keys.json") as path:
        crypto.ensure_keys()
        key_check.verify(at=clock.now())
        for order, name in enumerate(("周甲", "周乙", "周丙"), 1):
            person(world, name, order=order, values={"phone": f"1380000000{order}"})
        user = world["administrator"].user
        contacts.set_phone(user, "13800000009")
        user.save()
        rotate_ring_file(path)
        crypto.reload_keys()
        yield path


def numbers() -> list[str]:
    with acting(SYSTEM):
        return [
            crypto.unseal_text(bytes(one.id_number_sealed or b""), context="registry_person.id_number", row=str(one.pk))
            for one in Person.objects.order_by("made_at", "id")
        ]


def test_every_column_of_sealed_values_says_how_they_are_sealed() -> None:
    plain = [
        f"{model.__name__}.{one.name}"
        for model in apps.get_models()
        for one in model._meta.local_concrete_fields
        if isinstance(one, models.BinaryField) and "sealed" in one.name and not isinstance(one, SealedField)
    ]
    assert plain == []


def test_the_columns_name_the_contexts_that_the_rooms_seal_under() -> None:
    told = {
        one.context_of(model(**({"field": "phone"} if model in (Change, Difference) else {})))
        for model, columns in resealing.sealed_models()
        for one in columns
    }
    beside = {f"{table}.phone" for table in (settle.HISTORY, settle.DIFFERENCE)}
    people = {sealing.context("person", one.name) for one in KINDS["person"] if one.is_sealed}
    assert told == {
        *(contacts.CONTEXT, totp.CONTEXT, partners.CONTEXT, key_check.CONTEXT, staged.CONTEXT, exports.CONTEXT),
        *(confidence.PHONE_CONTEXT, consult.PHONE_CONTEXT, drafts.CONTEXT, duty.CONTEXT),
        *(house_keys.CONTEXT, handed_in.CONTEXT, records.SECRETS, visits.NAME, visits.PHONE),
        *(care.NAME, care.BASIS, care.FINDINGS, care.NEEDS, care.HELPER, sealing.PART_PHONE),
        *beside,
        *people,
    }


def test_files_that_wait_are_sealed_anew_and_an_import_goes_on(home: Path, world: World) -> None:
    kept = files.keep([b"a" * (files.CHUNK + 1)])  # with the second key
    rotate_ring_file(home)
    clerk = api_as(world["data_clerk"])
    report = checked(clerk, "people", csv_file("姓名,网格编码,出生日期", f"李四,{town.GRID},1990-03-07"))
    go(clerk, report, "stage")
    crypto.reload_keys()
    assert resealing.reseal().resealed["imports.files"] == 2
    assert set(resealing.keys_used()) == {"k3"}
    assert not (files._folder() / kept.sha256).exists(), "no import waits for it"
    assert go(clerk, report, "apply")["state"] == "applied"


def test_everything_is_sealed_anew_and_says_the_same(home: Path) -> None:
    assert set(resealing.keys_used()) == {"k1"}
    outcome = resealing.reseal()
    assert not outcome.unreadable
    assert outcome.resealed["registry_person"] == 3 and outcome.resealed["accounts_user"] == 1
    assert set(resealing.keys_used()) == {"k2"}
    assert numbers() == [number(1), number(2), number(3)]
    assert resealing.reseal().resealed.total() == 0, "what is done is not done again"


def test_it_goes_on_where_it_was_cut_short(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resealing, "BATCH", 2)

    def killed(table: str, rows: int) -> None:
        if table == "registry_person":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        resealing.reseal(killed)
    assert resealing.keys_used()["k1"] > 0
    assert resealing.reseal().resealed["registry_person"] == 1
    assert set(resealing.keys_used()) == {"k2"}
    assert numbers() == [number(1), number(2), number(3)]


def test_a_value_that_does_not_open_is_named_and_stays_and_keeps_its_key(home: Path) -> None:
    with acting(SYSTEM):
        one, other = Person.objects.order_by("made_at", "id")[:2]
        Person.objects.filter(pk=one.pk).update(id_number_sealed=other.id_number_sealed)  # of another row
    outcome = resealing.reseal()
    assert outcome.unreadable == {("registry_person", str(one.pk))}
    assert resealing.keys_used()["k1"] > 0
    with pytest.raises(CommandError, match="k1"):
        call_command("keys", drop="k1")
    assert set(read_ring_file(home).keys) == {"k1", "k2"}


def test_the_old_key_goes_when_nothing_needs_it(home: Path) -> None:
    with acting(SYSTEM):
        kept = bytes(Person.objects.order_by("made_at")[0].id_number_sealed or b"")
    with pytest.raises(CommandError, match="--reseal"):
        call_command("keys", drop="k1")
    call_command("keys", reseal=True)
    call_command("keys", drop="k1")
    assert set(read_ring_file(home).keys) == {"k2"}
    assert numbers() == [number(1), number(2), number(3)]
    with pytest.raises(UnknownKey):
        crypto.unseal(kept, context="registry_person.id_number")  # of a backup from before
    with pytest.raises(CommandError):
        call_command("keys", drop="k2")
