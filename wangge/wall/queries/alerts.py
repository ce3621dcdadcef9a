"""Red and supervised cases that are open: the gravest first."""

from collections.abc import Collection
from typing import Any

from wangge.cases.models import Case
from wangge.cases.queries.news import plain_rows
from wangge.core.actor import Actor

SHOWN = 20
SUPERVISED_FROM = 3  # as in queries/filters.py of cases


def alerts(by: Actor, categories: Collection[int] | None) -> list[dict[str, Any]]:
    rows = Case.objects.visible_to(by).open().filter(supervision__gte=SUPERVISED_FROM)
    if categories is not None:
        rows = rows.filter(category__in=categories)
    ids = list(rows.order_by("-supervision", "due_at", "id").values_list("pk", flat=True)[:SHOWN])
    return plain_rows(ids, by.language)
