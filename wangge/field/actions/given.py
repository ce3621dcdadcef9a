"""What a sheet brings with it."""

import hashlib
import json
import uuid
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from wangge.field.actions.rectifications import RectifyGiven


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistryGiven:
    """What a sheet of the registry is about. `id`: the phone's new one, or the record's; `version`: the one that was
    open on the phone, None for a new record. `confirmed`: fields of the sheet that were seen to be right. `why`: of a
    correction that takes away what is masked or sealed."""

    id: uuid.UUID
    version: int | None = None
    building_id: uuid.UUID | None = None
    dwelling_id: uuid.UUID | None = None
    moved_in: bool = False
    confirmed: Sequence[str] = ()
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordGiven:
    """As the phone sends it. Place WGS-84, `accuracy` in metres: of a sheet of the registry where the record stands, of
    others where it was filled in. `version`: the one it was filled in with."""

    id: uuid.UUID
    form: str
    version: int
    happened_at: datetime
    answers: dict[str, Any]
    subject_id: uuid.UUID | None = None
    errand_id: uuid.UUID | None = None
    grid: str = ""
    address: str = ""
    lon: float | None = None
    lat: float | None = None
    accuracy: float | None = None
    rectify: Sequence[RectifyGiven] = ()
    registry: RegistryGiven | None = None

    @property
    def fingerprint(self) -> bytes:
        said = asdict(self)
        if said["registry"] is None:  # as records were known before there was any
            del said["registry"]
        elif not said["registry"]["why"]:  # as those of the registry were known before it was asked for
            del said["registry"]["why"]
        return hashlib.sha256(json.dumps(said, sort_keys=True, default=str).encode()).digest()
