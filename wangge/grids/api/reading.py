"""What every operation here reads from its request."""

from typing import Annotated

from pydantic import Field, StringConstraints

from wangge.accounts.auth import actor_of as by

Under = Annotated[str, StringConstraints(pattern=r"^\d{0,17}$", max_length=17)]
Word = Annotated[str, StringConstraints(max_length=100)]
Zoom = Annotated[float, Field(ge=0, le=24, allow_inf_nan=False)]

__all__ = ["Under", "Word", "Zoom", "by"]
