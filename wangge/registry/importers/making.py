"""New records of a file as lines of COPY: sealed, hashed and tokenised column by column, without a model instance.

Asks nothing of the database, so that one chunk is made ready in a thread while the chunk before is written.
"""

from collections.abc import Callable, Iterable, Sequence
from itertools import repeat
from typing import Any

import uuid_utils

from wangge.core import crypto
from wangge.registry.access import TABLES
from wangge.registry.actions.source import Act
from wangge.registry.actions.values import empty_of
from wangge.registry.dictionary import KINDS
from wangge.registry.importers.copying import Columns, as_text, as_texts
from wangge.registry.importers.incoming import Incoming
from wangge.registry.rules import addresses, tokens
from wangge.registry.sealing import NAME_PURPOSE
from wangge.registry.stored import writers_of

GRAMS_KEPT = 200_000  # whose tokens are remembered
NAMES_KEPT = 50_000
Texts = dict[int, Iterable[str]]  # by place of the column in the table


class Maker:
    """For one file and kind; holds the keys of now. Sets each row's `id`."""

    def __init__(self, kind: str, act: Act) -> None:
        table: Any = TABLES[kind]
        self.kind, self.table = kind, str(table._meta.db_table)
        fields = table._meta.concrete_fields
        self.columns: Columns = tuple(field.column for field in fields)
        self._place = {name: place for place, field in enumerate(fields) for name in (field.attname, field.column)}
        self._empty = [as_text(field.get_default()) for field in fields]
        at, seen = as_text(act.at), as_text(act.source.said_at or act.at)
        for name, text in {"source": "import", "made_at": at, "changed_at": at, "checked_at": seen}.items():
            self._empty[self._place[name]] = text
        self._writers = writers_of(kind)
        self._said = [act.source.owner, (act.source.said_at or act.at).isoformat()]
        self._is_anothers = bool(act.source.owner or act.source.said_at)
        self._tokens = _remembered_tokens()

    def lines(self, rows: Sequence[Incoming]) -> str:
        """The rows as COPY reads them, in the order of `columns`."""
        if not rows:
            return ""
        texts = self._of_fields(rows)
        texts[self._place["id"]] = [row.id for row in rows]
        texts[self._place["code"]] = [row.code for row in rows]
        if self._is_anothers:
            texts[self._place["sources"]] = self._sources(rows)
        self._add_more(texts, rows)
        cells = [texts.get(place) or repeat(empty) for place, empty in enumerate(self._empty)]
        return "\n".join(map("\t".join, zip(*cells, strict=False))) + "\n"

    def token_lines(self, rows: Sequence[Incoming]) -> str:
        """Of people: grid, record, tokens."""
        named = ((row, row.values.get("name", ""), row.values.get("former_name", "")) for row in rows)
        return "".join([f"{row.code}\t{row.id}\t{self._tokens(name, former)}\n" for row, name, former in named])

    def _of_fields(self, rows: Sequence[Incoming]) -> Texts:
        ids = [str(uuid_utils.uuid7()) for _ in rows]
        for row, row_id in zip(rows, ids, strict=True):
            row.id = row_id
        texts: Texts = {}
        for field in KINDS[self.kind]:
            empty = empty_of(field)
            values = [row.values.get(field.name, empty) for row in rows]
            if any(value is not None and value != "" for value in values):
                for column, stored in self._writers[field.name](values, ids).items():
                    texts[self._place[column]] = as_texts(stored)
        if self.kind == "dwelling":
            parts = [(row.values.get("unit", ""), row.values.get("room", "")) for row in rows]
            keys = [addresses.room_key(unit=unit, room=room) for unit, room in parts]
            texts[self._place["room_key"]] = as_texts(keys)
        return texts

    def _sources(self, rows: Sequence[Incoming]) -> list[str]:
        found, known = [], dict[tuple[str, ...], str]()
        for row in rows:
            names = tuple(name for name, value in row.values.items() if value not in (None, ""))
            if names not in known:
                known[names] = as_text(dict.fromkeys(names, self._said))
            found.append(known[names])
        return found

    def _add_more(self, texts: Texts, rows: Sequence[Incoming]) -> None:
        """What is no field: among it a mark that a typed value would take away."""
        for name in dict.fromkeys(name for row in rows for name in row.more):
            place = self._place[name]
            before = texts.get(place) or repeat(self._empty[place])
            texts[place] = [
                as_text(row.more[name]) if name in row.more else text for row, text in zip(rows, before, strict=False)
            ]


def _remembered_tokens() -> Callable[[str, str], str]:
    """By name and former name, as COPY reads an array. Grams of two characters come back far more often than names."""
    hashed, known, arrays = crypto.hasher(NAME_PURPOSE), dict[str, str](), dict[tuple[str, str], str]()

    def token(gram: str) -> str:
        found = known.get(gram)
        if found is None:
            found = str(tokens.as_number(hashed(gram)))
            if len(known) < GRAMS_KEPT:
                known[gram] = found
        return found

    def array(name: str, former: str) -> str:
        found = arrays.get((name, former))
        if found is None:
            grams = tokens.grams(name) | tokens.grams(former) if former else tokens.grams(name)
            found = "{" + ",".join({token(gram) for gram in grams}) + "}"
            if len(arrays) < NAMES_KEPT:
                arrays[name, former] = found
        return found

    return array
