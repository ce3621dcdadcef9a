"""The OsmAnd protocol, as Traccar Client and others speak it: one position in a query, a form, or a JSON body.

The identifier that the user types into it is the terminal's key. Speed is knots in a query and m/s in JSON (traccar:
OsmAndProtocolDecoder).
"""

import json
import math
import re
import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from wangge.core.clock import BEIJING
from wangge.field.ingest.parcels import LATEST_MS, Parcel, Torn, key_hash, not_right
from wangge.field.rules.points import Odd, Point

KNOT_M_S = 1852 / 3600
SOURCE = "tracker"
NAMESPACE = uuid.UUID("0193d3a0-6f00-7000-8000-77616e676765")  # ours; what is sent again gets the same id
SECONDS_UNTIL = 2**31  # smaller numbers are seconds, as Traccar reads them
NUMBER = re.compile(r"-?\d{1,16}(\.\d+)?")


def from_query(given: Mapping[str, str], *, received_ms: int) -> Parcel:
    """Raises Invalid."""
    lat, _, lon = given.get("location", "").partition(",")
    point = Point(
        ms=_time(given.get("timestamp"), received_ms),
        lon=_number("lon", given.get("lon") or lon),
        lat=_number("lat", given.get("lat") or lat),
        accuracy=_number("accuracy", given.get("accuracy") or 0),
        speed=max(_number("speed", given.get("speed") or 0), 0) * KNOT_M_S,
        odd=Odd.MOCK if given.get("mock", "").lower() in {"1", "true"} else Odd.NOTHING,
    )
    battery = _number("batt", given["batt"]) if given.get("batt") else None
    return _parcel(given.get("id") or given.get("deviceid"), point, battery, received_ms)


def from_json(body: bytes, *, received_ms: int) -> Parcel:
    """`{"device_id", "location": {"timestamp", "coords": {"latitude", …}, "battery": {"level": 0–1}}}`.

    Raises Torn, Invalid.
    """
    try:
        given = json.loads(body)
    except (ValueError, RecursionError) as torn:
        raise Torn() from torn
    location = _part(given, "location")
    coords, battery = _part(location, "coords"), location.get("battery")
    level = battery.get("level") if isinstance(battery, dict) else None
    point = Point(
        ms=_time(location.get("timestamp"), received_ms),
        lon=_number("longitude", coords.get("longitude")),
        lat=_number("latitude", coords.get("latitude")),
        accuracy=_number("accuracy", coords.get("accuracy") or 0),
        speed=max(_number("speed", coords.get("speed") or 0), 0),
        odd=Odd.MOCK if location.get("mock") is True else Odd.NOTHING,
    )
    charge = None if level is None else _number("battery", level) * 100
    return _parcel(given.get("device_id"), point, charge, received_ms)


def _parcel(key: Any, point: Point, battery: float | None, received_ms: int) -> Parcel:
    hashed = key_hash(key)
    if hashed is None:
        raise not_right("id")
    return Parcel(
        batch=uuid.uuid5(NAMESPACE, f"{hashed.hex()}/{point.ms}"),
        sent_ms=received_ms,  # it does not say what its clock shows
        received_ms=received_ms,
        points=[point],
        source=SOURCE,
        key=hashed,
        battery=round(battery) if battery is not None and 0 <= battery <= 100 else None,
    )


def _time(given: Any, received_ms: int) -> int:
    """Seconds or milliseconds since 1970, ISO 8601, or a Beijing time without a zone; absent: now."""
    if given is None or given == "":
        return received_ms
    if NUMBER.fullmatch(str(given)):
        number = float(given)
        ms = round(number * 1000 if number < SECONDS_UNTIL else number)
    else:
        ms = _written(str(given))
    if not 0 <= ms <= LATEST_MS:
        raise not_right("timestamp")
    return ms


def _written(given: str) -> int:
    try:
        at = datetime.fromisoformat(given)
        at = at.replace(tzinfo=BEIJING) if at.tzinfo is None else at
        return round(at.timestamp() * 1000)
    except (ValueError, OverflowError) as wrong:
        raise not_right("timestamp") from wrong


def _number(name: str, given: Any) -> float:
    try:
        number = float(given)
    except (TypeError, ValueError, OverflowError) as wrong:
        raise not_right(name) from wrong
    if not math.isfinite(number):
        raise not_right(name)
    return number


def _part(given: Any, name: str) -> dict[str, Any]:
    part = given.get(name) if isinstance(given, dict) else None
    if not isinstance(part, dict):
        raise not_right(name)
    return part
