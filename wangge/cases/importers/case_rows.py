"""One row of a file read as a case: what it means here, and what is wrong with it."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from wangge.accounts.models import Unit
from wangge.cases.actions.intake import FIRST_EARS
from wangge.cases.configuration import UnitInfo, units
from wangge.cases.importers.matching import Categories, Places, Units, is_covered, known
from wangge.cases.rules.states import Outcome, Source, State, Urgency
from wangge.core import clock, crypto
from wangge.core.importing.faults import Fault, FaultKind, FaultLevel
from wangge.core.importing.importer import ImportContext

WARNING = FaultLevel.WARNING
NO_SYSTEM = FaultKind(
    "case.no_source_system", "请给出来源系统代号（source_system）。", "Say which system it comes from."
)
IN_FUTURE = FaultKind("case.in_future", "上报时间 {at} 晚于现在。", "{at} lies in the future.")
CLOSED_FIRST = FaultKind(
    "case.closed_before_reported",
    "结案时间 {closed} 早于上报时间 {reported}。",
    "Closed at {closed}, before it was reported at {reported}.",
)
TWICE = FaultKind(
    "case.number_twice",
    "原编号 {source_no} 在第 {first} 行已出现。",
    "The number {source_no} stands in row {first} already.",
)
REPEATED = FaultKind(
    "case.repeated",
    "与第 {first} 行完全相同，只取一次。",
    "Exactly the same as row {first}; taken once.",
    WARNING,
)
NO_PLACE = FaultKind(
    "case.no_place", "不知道在哪里：“{where}”不是已知的网格、区划或别名。", "Where is it? “{where}” is not known here."
)
ROUGH_PLACE = FaultKind(
    "case.rough_place",
    "“{where}”不全认识，只定位到 {code}。",
    "“{where}” is not wholly known; it is placed in {code}.",
    WARNING,
)
OFF_THE_MAP = FaultKind(
    "case.off_the_map",
    "坐标 {lon}, {lat} 不在任何网格内，改按文字定位。",
    "{lon}, {lat} lies in no grid; it is placed by its words.",
    WARNING,
)
HALF_POINT = FaultKind("case.half_point", "经纬度只有一个。", "Longitude and latitude go together.", WARNING)
OUT_OF_AREA = FaultKind("case.out_of_area", "{code} 不在您的管理范围内。", "{code} is outside the area you look after.")
NO_CENTRE = FaultKind("case.no_centre", "{code} 没有可以受理的指挥中心。", "No command centre looks after {code}.")
UNKNOWN_CATEGORY = FaultKind(
    "case.unknown_category",
    "类别“{category}”不在目录中，案件不带类别导入。",
    "The category “{category}” is not in the scheme; the case comes without one.",
    WARNING,
)
UNKNOWN_UNIT = FaultKind(
    "case.unknown_unit",
    "单位“{unit}”不在系统中，只保留文字。",
    "The unit “{unit}” is not known; its name alone is kept.",
    WARNING,
)
OTHER_SPELLING = FaultKind(
    "case.unit_spelling",
    "单位“{unit}”按“{name}”处理。",
    "The unit “{unit}” is taken for “{name}”.",
    WARNING,
)
BAD_PHONE = FaultKind(
    "case.bad_phone", "联系电话不是有效号码，未导入。", "The telephone number is not one; it is left out.", WARNING
)
NO_END = FaultKind(
    "case.no_end",
    "已结案但没有结案时间，以上报时间代替（首见于此行）。",
    "Closed without a time of closing; the time of the report stands for it (first seen in this row).",
    WARNING,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """A row as it becomes a case. `said`: words of the file that mean nothing here."""

    row: int
    source_system: str
    source_no: str
    source: str
    reported_at: datetime
    closed_at: datetime | None
    title: str
    description: str
    address: str
    code: str
    lon: float | None
    lat: float | None
    category_id: int | None
    urgency: str
    holder: UnitInfo
    unit: Unit | None
    is_closed: bool
    outcome: str
    was_late: bool
    reply: str
    reporter: str
    phone: str
    said: dict[str, str] = field(default_factory=dict)

    @property
    def state(self) -> State:
        if self.is_closed:
            return State.CLOSED
        return State.DISPATCHED if self.unit is not None else State.REPORTED


class Reader:
    """Reads rows one after the other, and remembers what it said, so that one oddity is not told a thousand times."""

    def __init__(self, context: ImportContext) -> None:
        options = context.options
        self._context, self._options = context, options
        self._places = Places(under=options.get("under", ""), alias_scheme=options.get("place_scheme", ""))
        self._units = Units()
        self._categories = Categories(scheme=options.get("scheme", ""), version=options.get("version", ""))
        self._centres = units()
        self._numbers: dict[str, tuple[int, str]] = {}
        self._told: set[tuple[str, str]] = set()

    def file_faults(self) -> Iterator[Fault]:
        if not self._options.get("source_system"):
            yield NO_SYSTEM()

    def read(self, row: int, values: Mapping[str, str], faults: list[Fault]) -> Ready | None:
        """None for a row that is no case; why is in `faults`."""
        values = {name: known(value) for name, value in values.items()}
        reported_at, closed_at = _instant(values.get("reported_at")), _instant(values.get("closed_at"))
        if reported_at and closed_at and closed_at == clock.day_start(clock.day_of(reported_at)):
            closed_at = reported_at  # a day alone: it ended some time on the day it began
        source_no = self._number(row, values, faults)
        if reported_at is None or not values.get("title") or source_no is None:
            return None
        if not self._times_fit(row, reported_at, closed_at, faults):
            return None
        point = self._point(row, values, faults)
        code = self._place(row, values, point, faults)
        if code is None:
            return None
        source = values.get("source") or self._options.get("default_source") or Source.FILE
        holder = self._holder(row, code, source, faults)
        if holder is None:
            return None
        said: dict[str, str] = {}
        is_closed = self._is_closed(values, closed_at)
        if is_closed and closed_at is None:
            self._once(faults, "no_end", "", NO_END(row=row, column="closed_at"))
        return Ready(
            row=row,
            source_system=self._options.get("source_system", ""),
            source_no=source_no,
            source=source,
            reported_at=reported_at,
            closed_at=(closed_at or reported_at) if is_closed else None,
            title=values["title"],
            description=values.get("description", ""),
            address=values.get("address", ""),
            code=code,
            lon=point[0] if point else None,
            lat=point[1] if point else None,
            category_id=self._category(row, values, said, faults),
            urgency=values.get("urgency") or Urgency.NORMAL,
            holder=holder,
            unit=self._unit(row, values, said, faults),
            is_closed=is_closed,
            outcome=(values.get("outcome") or self._default_outcome(values)) if is_closed else "",
            was_late=values.get("late") == "1",
            reply=values.get("reply", ""),
            reporter=values.get("reporter", ""),
            phone=self._phone(row, values, faults),
            said=said,
        )

    def _number(self, row: int, values: Mapping[str, str], faults: list[Fault]) -> str | None:
        content = hashlib.sha256(json.dumps(values, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
        source_no = values.get("source_no") or f"#{content[:24]}"  # the same row again has the same number
        first, before = self._numbers.setdefault(source_no, (row, content))
        if first == row:
            return source_no
        kind = REPEATED if before == content else TWICE
        faults.append(kind(row=row, column="source_no", subject=source_no, source_no=source_no, first=first))
        return None

    def _times_fit(self, row: int, reported_at: datetime, closed_at: datetime | None, faults: list[Fault]) -> bool:
        if reported_at > self._context.at:
            faults.append(IN_FUTURE(row=row, column="reported_at", at=reported_at.isoformat()))
        elif closed_at is not None and closed_at < reported_at:
            closed, reported = closed_at.isoformat(" "), reported_at.isoformat(" ")
            faults.append(CLOSED_FIRST(row=row, column="closed_at", closed=closed, reported=reported))
        else:
            return True
        return False

    def _point(self, row: int, values: Mapping[str, str], faults: list[Fault]) -> tuple[float, float] | None:
        lon, lat = values.get("lon", ""), values.get("lat", "")
        if bool(lon) != bool(lat):
            faults.append(HALF_POINT(row=row, column="lon"))
            return None
        if not lon:
            return None
        found = float(lon), float(lat)
        if abs(found[0]) > 180 or abs(found[1]) > 90:
            faults.append(OFF_THE_MAP(row=row, column="lon", lon=lon, lat=lat))
            return None
        return found

    def _place(
        self, row: int, values: Mapping[str, str], point: tuple[float, float] | None, faults: list[Fault]
    ) -> str | None:
        code = self._places.by_point(*point) if point else None
        if point and code is None:
            faults.append(OFF_THE_MAP(row=row, column="lon", lon=point[0], lat=point[1]))
        code = code or self._by_words(row, values, faults)
        if code is None:
            return None
        if not is_covered(self._context.by, code):
            faults.append(OUT_OF_AREA(row=row, subject=code, code=code))
            return None
        return code

    def _by_words(self, row: int, values: Mapping[str, str], faults: list[Fault]) -> str | None:
        words = " ".join(word for name in ("place_code", "street", "community") if (word := values.get(name, "")))
        by_code = self._places.by_code(values.get("place_code", "")) if values.get("place_code") else None
        if by_code is not None:
            return by_code
        found = self._places.by_names([values.get("street", ""), values.get("community", "")])
        if found is not None:
            if not found.exact:
                self._once(
                    faults, "rough", words, ROUGH_PLACE(row=row, column="community", where=words, code=found.code)
                )
            return found.code
        under = self._options.get("under", "")
        if under and self._places.by_code(under):
            code = self._places.by_code(under) or under
            if words:
                self._once(faults, "rough", words, ROUGH_PLACE(row=row, column="street", where=words, code=code))
            return code
        faults.append(NO_PLACE(row=row, column="place_code", where=words))
        return None

    def _holder(self, row: int, code: str, source: str, faults: list[Fault]) -> UnitInfo | None:
        holder = self._centres.centre_over(code[: FIRST_EARS.get(source, 6)]) or self._centres.centre_over(code)
        if holder is None:
            faults.append(NO_CENTRE(row=row, subject=code, code=code))
        return holder

    def _category(self, row: int, values: Mapping[str, str], said: dict[str, str], faults: list[Fault]) -> int | None:
        names = [values.get(f"{level}_name", "") for level in ("major", "minor", "third")]
        code = values.get("category_code", "")
        if not code and not any(names):
            return None
        found = self._categories.find(code, names)
        if found is not None:
            return found.pk
        words = " / ".join(part for part in (code, *names) if part)
        said["category"] = words
        self._once(faults, "category", words, UNKNOWN_CATEGORY(row=row, column="category_code", category=words))
        return None

    def _unit(self, row: int, values: Mapping[str, str], said: dict[str, str], faults: list[Fault]) -> Unit | None:
        code, name = values.get("unit_code", ""), values.get("unit", "")
        if not code and not name:
            return None
        found, exact = self._units.find(code, name)
        words = " ".join(part for part in (code, name) if part)
        if found is None:
            said["unit"] = words
            self._once(faults, "unit", words, UNKNOWN_UNIT(row=row, column="unit", unit=words))
        elif not exact:
            said["unit"] = words
            self._once(faults, "spelling", words, OTHER_SPELLING(row=row, column="unit", unit=name, name=found.name))
        return found

    def _is_closed(self, values: Mapping[str, str], closed_at: datetime | None) -> bool:
        """By the file's own word; else by what only a case that is over has."""
        if state := values.get("state"):
            return state == "closed"
        if closed_at is not None or values.get("reply") or values.get("outcome") or values.get("late"):
            return True
        return self._options.get("default_state") == "closed"

    def _default_outcome(self, values: Mapping[str, str]) -> str:
        chosen = self._options.get("default_outcome")
        return chosen or (Outcome.EXPLAINED if values.get("reply") else Outcome.SOLVED)

    def _phone(self, row: int, values: Mapping[str, str], faults: list[Fault]) -> str:
        phone = values.get("phone", "")
        if phone and crypto.hash_phone(phone) is None:
            faults.append(BAD_PHONE(row=row, column="phone"))
            return ""
        return phone

    def _once(self, faults: list[Fault], kind: str, words: str, fault: Fault) -> None:
        """An oddity of a whole file is told where it is first met."""
        if (kind, words) not in self._told:
            self._told.add((kind, words))
            faults.append(fault)


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
