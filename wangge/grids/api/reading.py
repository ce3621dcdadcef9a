"""What every operation here reads from its request."""

from typing import Annotated

from pydantic import Field, StringConstraints

from wangge.accounts.auth import actor_of as by
from wangge.core.paging import Limit, Offset

Under = Annotated[str, StringConstraints(pattern=r"^\d{0,17}$", max_length=17)]
Word = Annotated[str, StringConstraints(max_length=100)]
__all__ = ["Limit", "Offset", "Under", "Word", "Zoom", "by"]

Zoom = Annotated[float, Field(ge=0, le=24, allow_inf_nan=False)]
