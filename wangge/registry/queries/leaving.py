"""Records as lines of a table that leaves the house: masked as in a list, never whole, and never who is under care."""

from collections.abc import Iterator
from typing import Any

from wangge.accounts.permissions import Permission
from wangge.core.actor import Actor, acting
from wangge.core.ranges import within
from wangge.grids.queries.divisions import names_of
from wangge.registry.access import table_of
from wangge.registry.codelists import name_of
from wangge.registry.dictionary import KINDS, Type
from wangge.registry.queries.words import shown_fields

PAGE = 1_000


def leaving_table(kind: str, code: str, by: Actor) -> tuple[tuple[str, ...], Iterator[list[object]]]:
    """Headings and lines, each page a transaction of its own. Raises NotAllowed, NoSuchKind."""
    by.require(Permission.REGISTRY_EXPORT)
    table_of(kind)
    english = by.language == "en"
    fields = [field.en if english else field.zh for field in KINDS[kind]]
    place = ("Grid", "Place") if english else ("网格编码", "区域")
    return (*place, *fields), _lines(kind, code, by)


def _lines(kind: str, code: str, by: Actor) -> Iterator[list[object]]:
    table: Any = table_of(kind)
    last: tuple[str, Any] | None = None
    while True:
        with acting(by):
            rows = table.objects.visible_to(by).standing().order_by("code", "pk")
            if code:
                rows = rows.filter(within("code", (code,)))
            if last is not None:
                rows = rows.filter(code__gte=last[0]).exclude(code=last[0], pk__lte=last[1])
            page = list(rows[:PAGE])
            places = names_of({row.code for row in page})
        yield from (_cells(kind, row, places) for row in page)
        if len(page) < PAGE:
            return
        last = (page[-1].code, page[-1].pk)


def _cells(kind: str, row: Any, places: dict[str, str]) -> list[object]:
    shown = shown_fields(kind, row)
    cells = [
        name_of(field.codes, shown[field.name]) if field.type is Type.CODE else shown[field.name]
        for field in KINDS[kind]
    ]
    return [row.code, places.get(row.code, row.code), *cells]
