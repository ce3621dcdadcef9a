"""What of the cases would go to another grid if a proposal were carried out."""

from collections import Counter
from itertools import islice
from typing import Any
from uuid import UUID

from wangge.accounts.permissions import Permission
from wangge.cases.models import Case
from wangge.cases.queries.plain import confided, plain_texts
from wangge.cases.queries.scope import visible
from wangge.cases.redraw import Lying, targets_of
from wangge.cases.rules.states import OPEN
from wangge.core.actor import Actor
from wangge.grids import queries as grids
from wangge.grids.following import Moving, Redrawn

SHOWN = 200
AT_ONCE = 2_000  # cases looked at together


def cases_would_move(redrawn: Redrawn) -> list[Moving]:
    """Counted for everybody alike: an approver weighs all of them, also those they do not see."""
    rows = Case.objects.filter(current_grid__in=redrawn.codes).order_by()
    every, open_ones = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    # All there ever were: a district's years of them are read in parts, and as no more than where they lie.
    found = rows.values_list(*Lying._fields, "state").iterator(chunk_size=AT_ONCE)
    while some := [(Lying(*where), state) for *where, state in islice(found, AT_ONCE)]:
        targets = targets_of([lying for lying, _ in some], redrawn)
        for lying, state in some:
            ways = lying.current_grid, targets[lying.pk]
            every[ways] += 1
            open_ones[ways] += state in OPEN
    return [
        Moving(kind="cases", old=old, new=new, open=open_ones[old, new], all=count)
        for (old, new), count in sorted(every.items())
        if old != new
    ]


def moving_cases(plan_id: UUID, *, by: Actor) -> dict[str, Any]:
    """The open ones that this reader may see, newest first. Raises NotAllowed, NotFound, and what the steps raise."""
    by.require(Permission.CASE_READ)
    redrawn = grids.redrawn_of(plan_id, by=by)
    rows = list(visible(by).filter(current_grid__in=redrawn.codes, state__in=OPEN).order_by("-reported_at", "-pk"))
    targets = targets_of(rows, redrawn)
    going = [row for row in rows if targets[row.pk] != row.current_grid]
    plain = plain_texts(by, map(confided, going[:SHOWN]))
    items = [
        {
            "id": row.pk,
            "number": row.number,
            "title": plain[row.pk](row.title),
            "state": row.state,
            "reported_at": row.reported_at,
            "old": row.current_grid,
            "new": targets[row.pk],
        }
        for row in going[:SHOWN]
    ]
    return {"items": items, "count": len(going)}
