"""How a value of the dictionary lies in its table: the one place that says it, for single records and for files.

A column of its own, or sealed, masked and hashed; and beside it what is searched. Said for many rows at once, because a
file brings thousands; a single value is a column of one.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from wangge.core import crypto
from wangge.registry.actions.values import empty_of
from wangge.registry.dictionary import KINDS, Field, Type
from wangge.registry.rules import addresses, names
from wangge.registry.sealing import PURPOSES, comparable, context, masked

Columns = dict[str, list[Any]]
Writer = Callable[[Sequence[Any], Sequence[str]], Columns]


def columns_of_one(kind: str, field: Field, value: Any, row: str) -> dict[str, Any]:
    return {column: values[0] for column, values in writer_of(kind, field)([value], [row]).items()}


def emptied(kind: str, fields: Iterable[Field]) -> dict[str, Any]:
    """The columns of these fields where nothing is held."""
    columns = [columns_of_one(kind, field, empty_of(field), "") for field in fields]
    return {name: value for one in columns for name, value in one.items()}


def writers_of(kind: str) -> Mapping[str, Writer]:
    """By field: values and their rows' ids → columns. Holds the keys of now: for one transaction."""
    return {field.name: writer_of(kind, field) for field in KINDS[kind]}


def writer_of(kind: str, field: Field) -> Writer:
    if field.is_sealed:
        return _sealed(kind, field)
    if field.name == "name" and kind in ("person", "organisation", "place"):
        return lambda values, _: {"name": list(values), "name_key": [names.key(value) for value in values]}
    if field.name == "address" and kind == "building":
        return _address
    return lambda values, _: {field.name: list(values)}


def _sealed(kind: str, field: Field) -> Writer:
    seal = crypto.sealer(context(kind, field.name))
    hashed = crypto.hasher(PURPOSES[field.type]) if field.is_found else None
    of_seal, of_mask, of_hash = (f"{field.name}_{part}" for part in ("sealed", "masked", "hash"))

    def write(values: Sequence[Any], rows: Sequence[str]) -> Columns:
        columns: Columns = {
            of_seal: [seal(value, row) if value else None for value, row in zip(values, rows, strict=True)],
            of_mask: [masked(field, value) for value in values],
        }
        if hashed is not None:
            columns[of_hash] = [hashed(comparable(field, value)) if value else None for value in values]
        if field.type is Type.IDENTITY:
            columns["number_faulty"] = [False] * len(values)  # one by one, none is taken that is wrong
        return columns

    return write


def _address(values: Sequence[Any], _: Sequence[str]) -> Columns:
    return {
        "address": list(values),
        "address_key": [addresses.key(value) for value in values],
        "parts": [_parts(value) for value in values],
    }


def _parts(address: str) -> dict[str, str]:
    parts = addresses.parts_of(address)
    return {name: part for name in parts.__slots__ if (part := getattr(parts, name))}
