"""What other rooms may ask of this one."""

from wangge.command.queries.duty import OnDuty, on_duty

__all__ = ["OnDuty", "on_duty"]
