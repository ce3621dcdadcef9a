"""What a sender hands over, whichever way it came, and what it is told."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, Field, ValidationError

from wangge.accounts.auth import token_hash
from wangge.core.errors import DomainError, Invalid, Message
from wangge.field.rules.points import AHEAD_MS, MOST, Odd, Point, Refusal

LARGEST = 1024 * 1024  # bytes, unpacked: a batch of 5,000 points is 350 kB
LATEST_MS = 7_258_118_400_000  # the year 2200
NOT_KNOWN_M = 0.0

Ms = Annotated[int, Field(ge=0, le=LATEST_MS)]
Place = tuple[Ms, float, float, float | None, float | None, bool]


class BatchIn(BaseModel):
    """`points`: [ms, lon, lat, accuracy m, speed m/s, mock]. `sent_ms`: the sender's clock as it sends."""

    batch: uuid.UUID
    sent_ms: Ms
    device: Annotated[str, Field(max_length=80)] = ""
    battery: Annotated[int, Field(ge=0, le=100)] | None = None
    points: Annotated[list[Place], Field(max_length=MOST)]


class Torn(DomainError):
    """Not JSON, or not the gzip it says it is: cut off on the way, so the same may be sent again."""

    code = "positions.torn"
    zh = "数据不完整，请重新发送。"
    en = "What came is not whole; send it again."


class TooLarge(DomainError):
    code = "too_large"
    status = 413
    zh = "一次发送的内容太大，请分批发送。"
    en = "Too much at once; send it in parts."


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """`session` is the hash of a session's token, `key` of a tracker's key; one of them."""

    batch: uuid.UUID
    sent_ms: int
    received_ms: int
    points: Sequence[Point]
    source: str
    session: bytes = b""
    key: bytes = b""
    battery: int | None = None

    @property
    def sender(self) -> bytes:
        return self.session or self.key

    @property
    def since_ms(self) -> int:
        """Of the first point, or of the sending where that is earlier, by our clock."""
        off = self.received_ms - self.sent_ms
        shift = off if abs(off) > AHEAD_MS else 0
        return min([self.received_ms, *[point.ms + shift for point in self.points]])


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """The answer after the commit. `duty`: since when one is on duty, ms."""

    kept: int = 0
    refused: dict[Refusal, int] = field(default_factory=dict)
    shift_ms: int = 0
    newest_ms: int | None = None
    duty: int | None = None
    duty_id: str | None = None

    def as_json(self) -> dict[str, Any]:
        return {
            "kept": self.kept,
            "refused": self.refused,
            "shift_ms": self.shift_ms,
            "newest_ms": self.newest_ms,
            "duty": self.duty,
            "duty_id": self.duty_id,
        }


Given = TypeVar("Given", bound=BatchIn)


def read(body: bytes, form: type[Given]) -> Given:
    """Raises Torn, Invalid."""
    try:
        return form.model_validate_json(body)
    except ValidationError as wrong:
        raise _refused(wrong) from wrong


def parcel_of(given: BatchIn, *, received_ms: int, source: str, session: bytes = b"", key: bytes = b"") -> Parcel:
    return Parcel(
        batch=given.batch,
        sent_ms=given.sent_ms,
        received_ms=received_ms,
        points=[
            Point(ms, lon, lat, accuracy or NOT_KNOWN_M, speed or 0.0, Odd.MOCK if mock else Odd.NOTHING)
            for ms, lon, lat, accuracy, speed, mock in given.points
        ],
        source=source,
        session=session,
        key=key,
        battery=given.battery,
    )


def key_hash(given: Any) -> bytes | None:
    """Of a tracker's key as somebody typed it; None of what can be none."""
    key = given.strip() if isinstance(given, str) else ""
    return token_hash(key) if key and key.isascii() else None


def not_right(name: str) -> Invalid:
    return Invalid(fields={name: Message("此项不对。", "This is not right.")})


def _refused(wrong: ValidationError) -> DomainError:
    first = wrong.errors(include_url=False, include_context=False, include_input=False)[0]
    if first["type"] == "json_invalid":
        return Torn()
    where = ".".join(str(part) for part in first["loc"]) or "body"
    return Invalid(fields={where: Message("此项不对。", f"{first['msg']}.")})
