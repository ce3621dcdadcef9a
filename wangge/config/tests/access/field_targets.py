"""What the operations of the field are tried on."""

from datetime import timedelta
from typing import Any

from wangge.core import clock
from wangge.core.actor import acting
from wangge.core.ids import new_id
from wangge.field.actions import duty, terminals
from wangge.testing.world import World


class FieldTargets:
    world: World

    @property
    def duty_day(self) -> str:
        self._duty()
        return clock.day_of(self._began).isoformat()

    def make_duty(self) -> Any:
        return self._duty()

    def make_on_duty_post(self) -> int:
        self._duty()
        return self.world["grid_worker"].post.pk

    def make_terminal(self) -> int:
        with acting(self.world["grid_worker"].actor) as by:
            phone = terminals.Registered(device="phone-of-the-worker")
            return terminals.register_terminal(phone=phone, by=by, at=clock.now()).pk

    def _duty(self) -> Any:
        """Begun once, for all of them."""
        if not hasattr(self, "_span"):
            at = clock.now()
            self._began = at - timedelta(seconds=1)
            with acting(self.world["grid_worker"].actor) as by:
                self._span = duty.go_on_duty(duty_id=new_id(), happened_at=self._began, by=by, at=at).pk
        return self._span
