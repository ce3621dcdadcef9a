"""What a grid holds, over HTTP."""

from ninja import Schema

from wangge.registry.schemas.quality import GridQualityOut
from wangge.registry.schemas.records import PlaceNameOut, RecordKind


class GridFileOut(Schema):
    """Standing records by kind; people by registration and dwellings by occupancy, "" where it is not known. `quality`
    from the roll-ups, null before the first count."""

    code: str
    lineage: list[PlaceNameOut]
    counts: dict[RecordKind, int]
    registrations: dict[str, int]
    occupancies: dict[str, int]
    quality: GridQualityOut | None
