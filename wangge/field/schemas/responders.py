"""Who could come."""

from ninja import Schema


class WhyOut(Schema):
    code: str
    text: str


class ResponderOut(Schema):
    """`chosen`: on duty, seen within five minutes, within reach, free, and of the skill asked for."""

    post_id: int
    name: str
    unit: str
    kind: str
    profession: str
    phone: str
    lon: float | None
    lat: float | None
    age_s: int | None
    distance_m: int | None
    busy: int
    chosen: bool
    why: list[WhyOut]


class RespondersOut(Schema):
    lon: float
    lat: float
    reach_m: float
    people: list[ResponderOut]
