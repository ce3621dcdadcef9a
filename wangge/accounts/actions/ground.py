"""Ranges of posts and partners go with the ground: who looked after an ended grid looks after its successors."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Q

from wangge.accounts.models import PartnerSystem, Post, Unit
from wangge.core import clock, journal, revisions
from wangge.core.actor import Actor

Successors = Mapping[str, tuple[str, ...]]


def follow_grids(*, successors: Successors, place: str, data: dict[str, Any], by: Actor, at: datetime) -> int:
    """`successors` of each grid that ended, none where nobody took over; `place` and `data` go to the journal.

    How many posts and partners there were.
    """
    ended = sorted(successors)
    if not ended:
        return 0
    held = Post.objects.select_related("unit").select_for_update(no_key=True, of=("self",))
    posts = list(held.filter(codes__overlap=ended).order_by("pk"))
    entries = [_entry("post", post, successors, place, [post.unit.path], data) for post in posts]
    Post.objects.bulk_update(posts, ["codes"])
    partners = list(PartnerSystem.objects.select_for_update(no_key=True).filter(codes__overlap=ended).order_by("pk"))
    entries += [_entry("partner", partner, successors, place, [], data) for partner in partners]
    PartnerSystem.objects.bulk_update(partners, ["codes"])
    journal.record_all(entries, by=by, at=at)
    return len(entries)


def follow_divisions(merged: Mapping[str, str], *, data: dict[str, Any], by: Actor, at: datetime) -> None:
    """Units of a division that was merged into another serve that one from now on; what they are called stays."""
    still = Q(valid_to__isnull=True) | Q(valid_to__gt=clock.day_of(at))
    held = Unit.objects.select_for_update(no_key=True).filter(still, division__in=list(merged)).order_by("pk")
    entries = []
    for unit in held:
        before, unit.division = unit.division, merged[unit.division]
        unit.save(update_fields=["division"])
        entries.append(
            journal.Entry(
                kind="unit.followed_division",
                subject=("unit", str(unit.pk)),
                code=unit.division,
                unit_paths=[unit.path],
                changed=["division"],
                data={**data, "before": before, "after": unit.division},
            )
        )
    journal.record_all(entries, by=by, at=at)
    if entries:
        revisions.bump("units")


def ranges_in_use(codes: Sequence[str]) -> set[str]:
    """Those of these grids or divisions that a post or a partner names."""
    named: set[str] = set()
    for rows in (Post.objects.all(), PartnerSystem.objects.all()):
        for found in rows.filter(codes__overlap=list(codes)).values_list("codes", flat=True):
            named.update(found)
    return named & set(codes)


def _entry(
    subject: str, row: Post | PartnerSystem, successors: Successors, place: str, paths: list[str], data: dict[str, Any]
) -> journal.Entry:
    before = list(row.codes)
    row.codes = _followed(before, successors)
    return journal.Entry(
        kind=f"{subject}.followed_grids",
        subject=(subject, str(row.pk)),
        code=place,
        unit_paths=paths,
        changed=["codes"],
        data={**data, "before": before, "after": row.codes},
    )


def _followed(codes: Iterable[str], successors: Successors) -> list[str]:
    found: dict[str, None] = {}
    for code in codes:
        # An ended grid that nobody took over stays: an empty list of codes would be no duty at all.
        found.update(dict.fromkeys(successors.get(code) or (code,)))
    return list(found)
