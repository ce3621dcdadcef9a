"""What the worker does for this room: redrawings of a later day take effect when that day begins."""

from datetime import timedelta

from wangge.core import clock
from wangge.core.actor import Actor, acting
from wangge.core.duties import Duty
from wangge.grids.following import take_effect
from wangge.grids.models import Redraw


def take_due_redraw() -> bool:
    """One, the oldest first; two workers never take the same."""
    at = clock.now()
    with acting(Actor.system("redraw")):
        due = Redraw.objects.waiting().filter(date__lte=clock.day_of(at)).order_by("date", "id")
        redraw = due.select_for_update(skip_locked=True).first()
        return redraw is not None and take_effect(redraw, at=at)


DUTIES = [Duty("redraws", take_due_redraw, timedelta(seconds=5), lane="redraws")]
