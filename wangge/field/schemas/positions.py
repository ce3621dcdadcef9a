"""Duty, terminals, who is where, tracks: what crosses HTTP. Places are WGS-84 degrees, `ms` milliseconds since 1970."""

import uuid
from datetime import date, datetime
from typing import Annotated, Literal

from ninja import Schema
from pydantic import Field, StringConstraints

from wangge.core.schemas import Id, Instant, Line

Device = Annotated[str, StringConstraints(min_length=8, max_length=80, pattern=r"^[A-Za-z0-9_.:-]+$")]
Reason = Annotated[str, StringConstraints(max_length=500)]
Under = Annotated[str, StringConstraints(pattern=r"^\d{0,17}$", max_length=17)]
PageNumber = Annotated[int, Field(ge=1, le=1000)]


class BeginDutyIn(Schema):
    id: uuid.UUID
    happened_at: Instant


class DutyEndIn(Schema):
    happened_at: Instant


class DutyOut(Schema):
    on: bool
    duty_id: uuid.UUID | None
    since: datetime | None
    until_at_most: datetime | None
    longest_h: float
    every_s: int
    batch: int
    silent_after_min: float


class RegisterIn(Schema):
    device: Device
    name: Line = ""
    version: Line = ""


class MyTerminalOut(Schema):
    id: int
    device: str
    bound: bool
    post_id: int
    grid: str
    registered_at: datetime


class TrackerOut(Schema):
    terminal_id: int
    key: str
    url: str
    period_s: int


class TerminalOut(Schema):
    id: int
    kind: Literal["phone", "tracker"]
    device: str
    name: str
    version: str
    post_id: int
    person: str
    unit: str
    code: str
    grid: str
    state: Literal["bound", "waiting", "released"]
    registered_at: datetime
    bound_at: datetime | None
    released_at: datetime | None
    signed_out_at: datetime | None
    signed_out_why: str
    heard_at: datetime
    is_online: bool
    battery: int | None


class BindIn(Schema):
    post_id: Id | None = None


class SignOutIn(Schema):
    reason: Reason


class ReadTrackIn(Schema):
    reason: Reason


class RateOut(Schema):
    at: datetime
    bound: int
    online_today: int
    online_now: int
    now_min: float
    on_duty: int
    waiting: int
    grids: int
    grids_equipped: int
    formula: str


class OnDutyOut(Schema):
    post_id: int
    name: str
    unit: str
    code: str
    duty_id: uuid.UUID
    since: datetime
    lon: float | None
    lat: float | None
    ms: int | None
    accuracy: float | None
    speed: float | None
    odd: list[str]
    battery: int | None
    source: str | None
    heard_at: datetime | None
    state: Literal["fresh", "quiet", "silent"]


class WatchOut(Schema):
    at: datetime
    items: list[OnDutyOut]
    count: int
    on_duty: int
    silent: int
    quiet: int
    silent_after_min: float


class WatchMapOut(Schema):
    """`posts`: [post, lon, lat, age of the position in seconds, state: 0 fresh, 1 quiet, 2 silent]."""

    at: datetime
    posts: list[tuple[int, float, float, int, int]]


class TrackDayOut(Schema):
    metres: float
    heard_s: int
    gaps: int
    stops: int
    points: int
    odd: dict[str, int]
    computed_at: datetime


class TrackLineOut(Schema):
    post_id: int
    name: str
    unit: str
    duty: list[tuple[int, int]]
    duty_s: int
    track: TrackDayOut | None


class TrackDaysOut(Schema):
    items: list[TrackLineOut]
    count: int


class TrackOut(Schema):
    """`line`: parts between gaps. `stops`: [from, to, lon, lat]; `gaps`: [from, to, metres between its ends];
    `positions`: [ms, lon, lat, accuracy m, speed m/s]; `flags`: [index into positions, what is odd about it].
    `moving_s`: of `heard_s` the time that was not spent at a stop."""

    post_id: int
    name: str
    unit: str
    day: date
    duty: list[tuple[int, int]]
    line: list[list[tuple[float, float]]]
    metres: float
    heard_s: int
    moving_s: int
    duty_s: int
    stops: list[tuple[int, int, float, float]]
    gaps: list[tuple[int, int, float]]
    points: int
    odd: dict[str, int]
    positions: list[tuple[int, float, float, float, float]]
    flags: list[tuple[int, list[str]]]
