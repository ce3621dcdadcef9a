"""What other rooms may ask of this one."""

from wangge.command.queries.duty import OnDuty, find_on_duty, on_duty

__all__ = ["OnDuty", "find_on_duty", "on_duty"]
