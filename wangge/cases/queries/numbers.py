"""Numbers of cases for who knows them by their id: a number tells nothing of what a case is about."""

import uuid
from collections.abc import Iterable
from contextlib import suppress

from wangge.cases.models import Case


def numbers_of(ids: Iterable[str]) -> dict[str, str]:
    wanted = []
    for text in ids:
        with suppress(ValueError):
            wanted.append(uuid.UUID(text))
    return {str(pk): number for pk, number in Case.objects.filter(pk__in=wanted).values_list("pk", "number")}
