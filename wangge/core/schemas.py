"""Words every HTTP schema shares: bounded ids, coordinates, and the documented failures."""

from datetime import date, datetime, time
from typing import Annotated, Any

from ninja import Schema
from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import PydanticCustomError

Id = Annotated[int, Field(ge=1, le=2**63 - 1)]
Lon = Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False, description="WGS-84 longitude, degrees")]
Lat = Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False, description="WGS-84 latitude, degrees")]
Code = Annotated[str, StringConstraints(pattern=r"^[0-9]{2,17}$", max_length=17)]
# The bounds keep what is counted from a day within what a date can hold.
Day = Annotated[date, Field(ge=date(1949, 10, 1), le=date(2200, 1, 1))]
Line = Annotated[str, StringConstraints(max_length=200, strip_whitespace=True)]
Words = Annotated[str, StringConstraints(max_length=5000)]


def _near_our_time(at: datetime) -> datetime:
    if not 1900 <= at.year <= 2200:
        raise ValueError("a year between 1900 and 2200")
    return at


def _without_zone(at: time) -> time:
    if at.tzinfo is not None:
        raise ValueError("a time of day in Beijing, without a zone")
    return at


# JSON Schema's own `time` has a zone.
_TIME = {"type": "string", "pattern": r"^([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]{1,6})?)?$"}
TimeOfDay = Annotated[time, AfterValidator(_without_zone), WithJsonSchema(_TIME)]
Instant = Annotated[AwareDatetime, AfterValidator(_near_our_time)]


class Part(Schema):
    """A part of a body whose fields are all optional: ninja would read any value as one without fields."""

    @model_validator(mode="before")
    @classmethod
    def _is_object(cls, value: Any) -> Any:
        if isinstance(getattr(value, "_obj", value), (str, int, float, list)):  # ninja hands it over wrapped
            raise PydanticCustomError("dict_type", "an object")
        return value


class Row(BaseModel):
    """A line of a long answer, read straight from a dict or an object.

    ninja's own base wraps every value that is read: fifty lines took fourteen times as long. So no resolvers here, and
    no managers or files of Django's.
    """

    model_config = ConfigDict(from_attributes=True)


class ErrorOut(Schema):
    """The one shape of every failure."""

    code: str
    message: str
    fields: dict[str, str] = {}
    data: dict[str, Any] = {}


# Any operation may answer these: not signed in, not allowed, malformed, too large, too often; database away, disk full.
ALWAYS = (400, 401, 403, 413, 422, 429, 503, 507)


def refusals(*more: int) -> dict[Any, Any]:
    """Every failure that an operation may give. No view answers one, so none has a model of its own: ninja would make
    ten for each operation, and take longer over them than over everything else. Their shape comes into the document."""
    return {frozenset({*ALWAYS, *more}): None}


def answers(ok: Any, *more: int, status: int = 200) -> dict[Any, Any]:
    """The `response` of an operation: its answer and every failure it may give."""
    return {status: ok, **refusals(*more)}


def reads(ok: Any, *more: int) -> dict[Any, Any]:
    """Of something found by id: 404 for absent and out of scope alike."""
    return answers(ok, 404, *more)


def writes(ok: Any, *more: int, status: int = 200) -> dict[Any, Any]:
    """Of a change to something found by id: 409 when somebody was first."""
    return answers(ok, 404, 409, *more, status=status)
