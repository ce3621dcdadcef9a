"""The journal, as the auditor reads it."""

from typing import Any

from django.http import HttpRequest
from ninja import Query, Router

from wangge.accounts import queries
from wangge.accounts.api import asking
from wangge.accounts.queries import JournalFilter
from wangge.accounts.schemas.journal import JournalOut, JournalQuery
from wangge.core.paging import CursorPage
from wangge.core.schemas import answers

router = Router()


@router.get(
    "/journal",
    operation_id="read_journal",
    summary="Who did what, newest first (auditor)",
    description="`subject` is `case:<id>` or `case`; `kind` is `session.opened`, or `session.` for all of them; "
    "`code` is a division or grid; `from` and `to` are instants, half-open.",
    response=answers(CursorPage[JournalOut]),
)
def get_journal(request: HttpRequest, query: Query[JournalQuery]) -> dict[str, Any]:
    chosen = JournalFilter(
        actor=query.actor,
        subject=query.subject,
        kind=query.kind,
        code=query.code,
        since=query.since,
        until=query.until,
    )
    page = queries.journal(chosen, by=asking.actor(request), cursor=query.cursor, limit=query.limit)
    return {"items": [JournalOut.of(entry) for entry in page["items"]], "next": page["next"]}
