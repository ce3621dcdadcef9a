"""How a value of the dictionary lies in its table: the one place that says it, for single records and for files.

A column of its own, or sealed, masked and hashed; and beside it what is searched.
"""

from collections.abc import Callable, Mapping
from typing import Any

from wangge.core import crypto
from wangge.registry.dictionary import KINDS, Field, Type
from wangge.registry.rules import addresses, names
from wangge.registry.sealing import PURPOSES, comparable, context, masked

Columns = dict[str, Any]
Writer = Callable[[Any, str], Columns]


def writers_of(kind: str) -> Mapping[str, Writer]:
    """By field: value and row id → columns. Holds the keys of now: for one transaction."""
    return {field.name: writer_of(kind, field) for field in KINDS[kind]}


def writer_of(kind: str, field: Field) -> Writer:
    if field.is_sealed:
        return _sealed(kind, field)
    if field.name == "name" and kind in ("person", "organisation"):
        return lambda value, _: {"name": value, "name_key": names.key(value)}
    if field.name == "address" and kind == "building":
        return _address
    return lambda value, _: {field.name: value}


def _sealed(kind: str, field: Field) -> Writer:
    seal = crypto.sealer(context(kind, field.name))
    hashed = crypto.hasher(PURPOSES[field.type]) if field.is_found else None
    of_seal, of_mask, of_hash = (f"{field.name}_{part}" for part in ("sealed", "masked", "hash"))

    def write(value: Any, row: str) -> Columns:
        columns: Columns = {of_seal: seal(value, row) if value else None, of_mask: masked(field, value)}
        if hashed is not None:
            columns[of_hash] = hashed(comparable(field, value)) if value else None
        if field.type is Type.IDENTITY:
            columns["number_faulty"] = False  # one by one, none is taken that is wrong
        return columns

    return write


def _address(value: Any, _: str) -> Columns:
    parts = addresses.parts_of(value)
    kept = {name: part for name in parts.__slots__ if (part := getattr(parts, name))}
    return {"address": value, "address_key": addresses.key(value), "parts": kept}
