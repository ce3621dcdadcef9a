"""Rows that passed the check, kept until they are applied: a few thousand in one row of the table, sealed together.

A row of the table for each would cost more than what becomes of it: in writing, in reading, and in deleting. Five
thousand boundaries would be too much for one: a page ends at PAGE_ROWS or PAGE_BYTES, whichever is first.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from uuid import UUID

from django.db import connection

from wangge.core import crypto
from wangge.core.importing.importer import StagedRow
from wangge.core.importing.mapping import Mapped
from wangge.imports.models import StagedPage

COPY = "copy imports_stagedpage (batch_id, first, count, sealed) from stdin"
PAGE_ROWS = 5_000
PAGE_BYTES = 8 << 20  # of geometry (WKB) and text; a field of the table holds 1 GB
CONTEXT = "imports_stagedpage.sealed"


def in_pages(rows: Iterable[Mapped]) -> Iterator[list[Mapped]]:
    page: list[Mapped] = []
    size = 0
    for row in rows:
        page.append(row)
        size += len(row.geometry or b"") + sum(map(len, row.values.values()))
        if len(page) >= PAGE_ROWS or size >= PAGE_BYTES:
            yield page
            page, size = [], 0
    if page:
        yield page


def keep_page(batch_id: UUID, rows: Sequence[Mapped | StagedRow]) -> None:
    """All of them say the same fields; in the order of the file."""
    names = list(rows[0].values)
    cells = [(row.number, row.geometry.hex() if row.geometry else None, *map(row.values.get, names)) for row in rows]
    text = json.dumps({"names": names, "rows": cells}, ensure_ascii=False)
    with connection.cursor() as cursor, cursor.copy(COPY) as copy:
        first = rows[0].number
        copy.write_row((batch_id, first, len(rows), crypto.seal(text, context=CONTEXT, row=f"{batch_id}:{first}")))


def staged_rows(batch_id: UUID) -> Iterator[StagedRow]:
    """In the order of the file; one page in memory at a time."""
    pages = StagedPage.objects.filter(batch=batch_id).order_by("first").values_list("first", "sealed")
    for first, sealed in pages.iterator(chunk_size=1):
        page = json.loads(crypto.unseal(bytes(sealed), context=CONTEXT, row=f"{batch_id}:{first}"))
        names = page["names"]
        for number, geometry, *cells in page["rows"]:
            values = dict(zip(names, cells, strict=True))
            yield StagedRow(number, values, bytes.fromhex(geometry) if geometry else None)
