"""Rows by the codes a post looks after, as ranges that a btree can use."""

from django.db.models import Q

from wangge.core import codes


def within(field: str, ranges: tuple[str, ...]) -> Q:
    """The rows whose code stands under one of the prefixes; "" is everywhere, none is nowhere."""
    if "" in ranges:
        return Q()
    wanted = Q(pk__in=[])
    for prefix in ranges:
        low, high = codes.code_range(prefix)
        wanted |= Q(**{f"{field}__gte": low, f"{field}__lt": high})
    return wanted
