"""整改: what an inspection found and is to be put right by a day; each is an errand of who inspects."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from wangge.accounts.models import Post
from wangge.core import clock
from wangge.core.actor import Actor
from wangge.core.errors import Invalid, Message
from wangge.field.actions.errands import next_number, write_errand
from wangge.field.models import Errand, Record
from wangge.field.rules.errands import KIND_WORDS, ErrandKind

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class RectifyGiven:
    """`id` of the errand, made by the phone; `item`: the field that was not passed."""

    id: uuid.UUID
    item: str
    text: str
    due_date: date


def order_rectifications(
    *, record: Record, titles: dict[str, str], wanted: Sequence[RectifyGiven], by: Actor, at: datetime
) -> None:
    """In the transaction of the record. Raises Invalid (`rectify.N…`)."""
    if not wanted:
        return
    _check(record, wanted)
    post = Post.objects.select_related("user", "unit").get(pk=by.post_id or 0)
    for one in wanted:
        write_errand(_errand(record, one, titles, by, at), [post], by=by, at=at)


def _check(record: Record, wanted: Sequence[RectifyGiven]) -> None:
    faults: dict[str, Message] = {}
    day = clock.day_of(record.happened_at)
    for place, one in enumerate(wanted):
        if one.item not in record.failed:
            faults[f"rectify.{place}.item"] = Message(
                "只有不合格的项目才能责令整改。", "Only what failed is rectified."
            )
        elif one.due_date < day:
            faults[f"rectify.{place}.due_date"] = Message("整改期限不能早于检查当天。", "That day is over.")
    if len({one.item for one in wanted}) != len(wanted):
        faults["rectify"] = Message("同一项目只能责令整改一次。", "One rectification for each item.")
    if Errand.objects.filter(pk__in=[one.id for one in wanted]).exists():
        faults["rectify"] = Message("这个编号已用于别的任务。", "This id was used for another errand.")
    if faults:
        raise Invalid(fields=faults)


def _errand(record: Record, one: RectifyGiven, titles: dict[str, str], by: Actor, at: datetime) -> Errand:
    return Errand(
        id=one.id,
        number=next_number(record.code, at),
        kind=ErrandKind.RECTIFY,
        title=f"{KIND_WORDS[ErrandKind.RECTIFY][0]}：{titles.get(one.item, one.item)}",
        text=one.text.strip(),
        subject=record.subject,
        record=record,
        item=one.item,
        needs_photo=True,
        code=record.code,
        address=record.address,
        lon=record.lon,
        lat=record.lat,
        from_unit_id=by.unit_id or 0,
        from_path=by.unit_path,
        by_post=by.post_id,
        by_name=by.name,
        given_at=at,
        due_at=clock.day_start(one.due_date + DAY),
    )
