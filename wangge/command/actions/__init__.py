"""What may be done in this room. Other rooms call these and nothing else of it."""

from wangge.command.actions.duty import (
    PersonOnDuty,
    change_shift,
    copy_week,
    plan_shift,
    remove_shift,
    reveal_mobiles,
    swap_duty,
)

__all__ = [
    "PersonOnDuty",
    "change_shift",
    "copy_week",
    "plan_shift",
    "remove_shift",
    "reveal_mobiles",
    "swap_duty",
]
