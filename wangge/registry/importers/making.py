"""New records of a file as lines of COPY: sealed, hashed and tokenised, without a model instance for each.

Asks nothing of the database, so that one chunk is made ready in a thread while the chunk before is written.
"""

from collections.abc import Callable, Sequence
from typing import Any

from wangge.core import crypto
from wangge.core.ids import new_id
from wangge.registry.access import TABLES
from wangge.registry.actions.source import Act
from wangge.registry.importers.copying import Columns, as_text
from wangge.registry.importers.incoming import Incoming
from wangge.registry.rules import addresses, tokens
from wangge.registry.sealing import NAME_PURPOSE
from wangge.registry.stored import writers_of

GRAMS_KEPT = 200_000  # whose tokens are remembered


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

    def lines(self, rows: Sequence[Incoming]) -> list[str]:
        return [self._line(row) for row in rows]

    def token_lines(self, rows: Sequence[Incoming]) -> list[str]:
        """Of people."""
        found = []
        for row in rows:
            tail = f"\t{row.code}\t{row.id}\n"
            names = (row.values.get("name", ""), row.values.get("former_name", ""))
            found += [f"{token}{tail}" for token in self._tokens(*names)]
        return found

    def _line(self, row: Incoming) -> str:
        cells, place = self._empty.copy(), self._place
        row_id = row.id = cells[place["id"]] = str(new_id())
        cells[place["code"]] = row.code
        for name, value in row.values.items():
            if value is not None and value != "":
                for column, stored in self._writers[name](value, row_id).items():
                    cells[place[column]] = as_text(stored)
        if self.kind == "dwelling":
            room = addresses.room_key(unit=row.values.get("unit", ""), room=row.values.get("room", ""))
            cells[place["room_key"]] = as_text(room)
        if self._is_anothers:
            said = {name: self._said for name, value in row.values.items() if value not in (None, "")}
            cells[place["sources"]] = as_text(said)
        for column, stored in row.more.items():  # a mark that a typed value would take away
            cells[place[column]] = as_text(stored)
        return "\t".join(cells) + "\n"


def _remembered_tokens() -> Callable[[str, str], list[int]]:
    """By name and former name. Grams of two characters come back far more often than names."""
    hashed, known = crypto.hasher(NAME_PURPOSE), dict[str, int]()

    def token(gram: str) -> int:
        found = known.get(gram)
        if found is None:
            found = tokens.as_number(hashed(gram))
            if len(known) < GRAMS_KEPT:
                known[gram] = found
        return found

    return lambda name, former: list({token(gram) for gram in (tokens.grams(name) | tokens.grams(former))})
