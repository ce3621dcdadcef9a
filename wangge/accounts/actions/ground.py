"""Ranges of posts and partners go with the ground: who looked after an ended grid looks after its successors."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from wangge.accounts.models import PartnerSystem, Post
from wangge.core import journal
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
