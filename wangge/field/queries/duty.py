"""On duty: one's own, and what the phone should know about being located."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.conf import settings

from wangge.accounts.permissions import Permission
from wangge.core.actor import Actor
from wangge.field.actions.duty import current_duty
from wangge.field.models import DutySpan

EVERY_S = 10  # how often a phone takes its position
BATCH = 6  # and how many it sends at once


def my_duty(*, by: Actor) -> dict[str, Any]:
    """Raises NotAllowed."""
    by.require(Permission.FIELD_WORK)
    return duty_state(current_duty(by))


def titles(ids: Sequence[str], by: Actor) -> dict[str, tuple[str, str]]:
    """Whose time on duty it is, and where, of those in sight."""
    rows = DutySpan.objects.visible_to(by).filter(pk__in=list(ids)).values_list("pk", "post__user__name", "code")
    return {str(span_id): (name, code) for span_id, name, code in rows}


def duty_state(span: DutySpan | None) -> dict[str, Any]:
    on = span is not None and span.ended_at is None
    until: datetime | None = span.began_at + settings.DUTY_LONGEST if span is not None and on else None
    return {
        "on": on,
        "duty_id": span.pk if span is not None and on else None,
        "since": span.began_at if span is not None and on else None,
        "until_at_most": until,
        "longest_h": settings.DUTY_LONGEST.total_seconds() / 3600,
        "every_s": EVERY_S,
        "batch": BATCH,
        "silent_after_min": settings.SILENT_AFTER.total_seconds() / 60,
    }
