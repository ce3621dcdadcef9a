"""A case comes in: by a seat, a grid worker, a resident without an account, or another system."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import IntegrityError, transaction

from wangge.accounts.permissions import Permission
from wangge.cases import clocks, search
from wangge.cases.actions.triage import accept_case
from wangge.cases.actions.turn import attach, new_step, record_move
from wangge.cases.configuration import Configuration, UnitInfo, Units, configuration, units
from wangge.cases.models import Case, CaseText, Deadline, Reporter
from wangge.cases.rules.moves import Move, Party, Rule
from wangge.cases.rules.states import PlacedBy, Source, Stage, State, Urgency
from wangge.core import clock, crypto
from wangge.core.actor import PARTNER, PUBLIC, Actor
from wangge.core.errors import Conflict, DomainError, Invalid, Message
from wangge.core.ids import new_id
from wangge.core.masking import mask_phone
from wangge.core.pipeline import insert, pipelined, prepared
from wangge.grids import queries as grids

# A phone's clock may run ahead of ours by this much before we call it a mistake.
CLOCK_SKEW = timedelta(minutes=5)
# It has no state before it, and so no row in the table of moves.
REPORT = Rule(move=Move.REPORT, sources=(), to=State.REPORTED, permission=Permission.CASE_REPORT, party=Party.ANYONE)
# Which level's centre hears a source first; "own" is the reporter's own centre.
FIRST_EARS: dict[str, int] = {
    Source.GRID: 12,  # the community: what can be settled there stays there (小事不出社区)
    Source.RESIDENT: 9,  # the sub-district
    Source.PARTNER: 6,
    Source.SENSOR: 6,
    Source.VIDEO: 6,
    Source.SUPERIOR: 6,
}


class NoCentre(DomainError):
    code = "case.no_centre"
    status = 422
    zh = "这个地点没有可以受理的指挥中心，请先在“单位”中设立。"
    en = "No command centre looks after this place; set one up under units first."


class SourceNumberUsed(Conflict):
    code = "case.source_number_used"
    zh = "该外部编号已经上报过，案件号 {number}。"
    en = "This source number was reported before as {number}."


@dataclass(frozen=True, slots=True, kw_only=True)
class ReporterGiven:
    name: str = ""
    phone: str = ""
    is_anonymous: bool = False
    is_confidential: bool = False
    wants_call: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportGiven:
    """What a report says. Place: WGS-84 lon, lat in degrees; `code` a grid or division the seat chose."""

    source: Source
    title: str
    description: str = ""
    category_id: int | None = None
    condition_id: int | None = None
    urgency: Urgency | None = None
    address: str = ""
    lon: float | None = None
    lat: float | None = None
    code: str = ""
    happened_at: datetime | None = None
    complained_id: int | None = None
    reporter: ReporterGiven | None = None
    evidence: tuple[uuid.UUID, ...] = ()
    source_system: str = ""
    source_no: str = ""
    accept: bool = False  # a seat that takes a call accepts with the same press


@dataclass(frozen=True, slots=True)
class Reported:
    case: Case
    follow_code: str = ""


def report_case(*, given: ReportGiven, by: Actor, at: datetime, case_id: uuid.UUID | None = None) -> Reported:
    """Raises Invalid, NotAllowed, NoCentre, SourceNumberUsed; ReportedBefore, with nothing written, for a known id.

    Everything a report does, in one transaction.
    """
    if by.kind != PUBLIC:
        by.require(Permission.CASE_REPORT)
    case, first, follow_code = _prepare(given, by, at, case_id or new_id())
    _insert(case)
    with pipelined():
        insert(first)
        insert(_text(case, given, at))
        if follow_code:
            insert(_reporter(case, given.reporter or ReporterGiven(is_anonymous=True), follow_code, at))
        entry = {"source": case.source, "category": given.category_id}
        record_move(case, REPORT, by=by, at=at, changed=["*"], entry=entry, paths=())
        step = new_step(
            case, Move.REPORT, by=by, at=at, data={"source": str(given.source)}, centre_only=by.kind == PUBLIC
        )
        if not given.evidence:
            insert(step)
    if given.evidence:
        step.save(force_insert=True)
        attach(case, given.evidence, step=step, by=by)
    if given.accept and case.holder_path == by.unit_path:  # what lies elsewhere is accepted there
        case = accept_case(case_id=case.pk, by=by, at=at)
    return Reported(case, follow_code)


def _prepare(given: ReportGiven, by: Actor, at: datetime, case_id: uuid.UUID) -> tuple[Case, Deadline, str]:
    """The case with its first clock, nothing written yet, and the follow code when somebody reports in person."""
    now = _preamble(case_id)
    if now.is_known:
        raise ReportedBefore(case_id)
    config, all_units = configuration(now.config), units(now.units)
    _check(given, config, at)
    place = _place(given, by, now.grids)
    complained = _complained(given, all_units)
    holder = _holder(given, by, place.code, all_units, complained)
    case = _case(given, by, at, case_id, now.serial, config, place, holder)
    if complained is not None:
        case.complained_id, case.complained_root = complained.id, all_units.root_of(complained).path
    first = clocks.new_clock(case, Stage.RESPOND, config=config, at=at, unit_path=holder.path)
    clocks.show(case, [first])
    return case, first, follow_code_of(case.pk) if given.reporter is not None or by.kind == PUBLIC else ""


class ReportedBefore(Exception):
    """The case of this id is there already: the same request was sent before."""


class _Preamble(NamedTuple):
    is_known: bool
    serial: int
    config: int
    units: int
    grids: int


@dataclass(frozen=True, slots=True)
class _Place:
    code: str
    by: PlacedBy
    lon: float | None = None
    lat: float | None = None


def _preamble(case_id: uuid.UUID) -> _Preamble:
    """Whether the case is there, the serial of its number, and the revisions of what is kept in the process."""
    with prepared() as cursor:
        cursor.execute(
            """
            select exists (select from cases_case where id = %s), nextval('case_serial'),
                   coalesce((select number from core_revision where name = 'cases'), 0),
                   coalesce((select number from core_revision where name = 'units'), 0),
                   coalesce((select number from core_revision where name = 'grids'), 0)
            """,
            [case_id],
        )
        return _Preamble(*cursor.fetchone())


def _check(given: ReportGiven, config: Configuration, at: datetime) -> None:
    fields: dict[str, Message] = {}
    if not given.title.strip():
        fields["title"] = Message("请写明是什么事。", "Say what it is about.")
    if given.happened_at is not None and given.happened_at > at + CLOCK_SKEW:
        fields["happened_at"] = Message("发生时间不能晚于现在。", "It cannot have happened in the future.")
    if given.category_id is not None:
        if (fault := config.fault_of(given.category_id, clock.day_of(at))) is not None:
            fields["category_id"] = fault
        elif given.condition_id and given.condition_id not in config.categories[given.category_id].conditions:
            fields["condition_id"] = Message("这个立案条件不属于所选类别。", "This condition is not of that category.")
    elif given.condition_id is not None:
        fields["condition_id"] = Message("请先选类别。", "Choose the category first.")
    if (given.lon is None) != (given.lat is None):
        fields["lon"] = Message("经纬度须同时填写。", "Longitude and latitude go together.")
    if given.reporter is not None and given.reporter.phone and crypto.hash_phone(given.reporter.phone) is None:
        fields["reporter.phone"] = Message("电话号码格式不对。", "This is not a telephone number.")
    if fields:
        raise Invalid(fields=fields)


def _place(given: ReportGiven, by: Actor, revision: int) -> _Place:
    """Point first, then the grid or division chosen, then a place that the address names, then the reporter's own."""
    if given.lon is not None and given.lat is not None:
        found = grids.grid_at(given.lon, given.lat, revision=revision)
        if found is not None:
            return _Place(found, PlacedBy.POINT, given.lon, given.lat)
        if not given.code:
            raise Invalid(
                fields={
                    "lon": Message(
                        "这个位置不在任何网格内，请改点位置或选定网格。",
                        "This point lies in no grid; move it or choose a grid.",
                    )
                },
                nearest=grids.nearest(given.lon, given.lat),
            )
    if given.code:
        if not grids.exists(given.code):
            raise Invalid(fields={"code": Message("没有这个网格或区划。", "There is no such grid or division.")})
        return _Place(given.code, PlacedBy.CHOSEN, given.lon, given.lat)
    named = grids.place_named_in(given.address) if given.address else None
    if named is not None:
        return _Place(named.code, PlacedBy.ADDRESS, named.lon, named.lat)
    if by.kind in (PUBLIC, PARTNER) and not by.division and not by.ranges:
        raise Invalid(
            fields={
                "address": Message("请在地图上点出位置，或写明小区、路口。", "Mark the place on the map, or name it.")
            }
        )
    return _Place(by.division or by.ranges[0], PlacedBy.UNIT)


def _complained(given: ReportGiven, all_units: Units) -> UnitInfo | None:
    if given.complained_id is None:
        return None
    unit = all_units.by_id.get(given.complained_id)
    if unit is None:
        raise Invalid(fields={"complained_id": Message("没有这个单位。", "There is no such unit.")})
    return unit


def _holder(given: ReportGiven, by: Actor, code: str, all_units: Units, complained: UnitInfo | None) -> UnitInfo:
    """The centre that takes it in. A complaint never goes to the very unit complained of.

    A seat that is told of a place outside its own codes hands it to the centre there: it could not call back itself.
    """
    own = all_units.by_id.get(by.unit_id) if by.unit_id else None
    there = all_units.centre_over(code[: FIRST_EARS.get(given.source, 6)])
    holder = there
    if own is not None and own.kind == "centre" and given.source != Source.GRID and (by.covers(code) or there is None):
        holder = own
    while holder is not None and complained is not None and holder.path.startswith(all_units.root_of(complained).path):
        holder = all_units.by_id.get(holder.parent_id) if holder.parent_id else None
    if holder is None:
        raise NoCentre(code=code)
    return holder


def _case(
    given: ReportGiven,
    by: Actor,
    at: datetime,
    case_id: uuid.UUID,
    serial: int,
    config: Configuration,
    place: _Place,
    holder: UnitInfo,
) -> Case:
    category = config.categories.get(given.category_id) if given.category_id else None
    return Case(
        id=case_id,
        number=case_number(place.code, at, serial),
        category_id=given.category_id,
        condition_id=given.condition_id,
        source=given.source,
        source_system=given.source_system,
        source_no=given.source_no,
        title=given.title.strip(),
        address=given.address.strip(),
        lon=place.lon,
        lat=place.lat,
        place_by=place.by,
        reported_grid=place.code,
        current_grid=place.code,
        state=State.REPORTED,
        urgency=given.urgency or (category.urgency if category else Urgency.NORMAL),
        holder_id=holder.id,
        holder_path=holder.path,
        reported_by_post=by.post_id,
        happened_at=given.happened_at,
        reported_at=at,
        changed_at=at,
    )


def case_number(code: str, at: datetime, serial: int) -> str:
    """WG + district + Beijing day + serial. The serial runs on over the days; numbers are never used again."""
    return f"WG{code[:6].ljust(6, '0')}{clock.day_of(at):%Y%m%d}{serial:06d}"


def _insert(case: Case) -> None:
    if not case.source_no:
        insert(case)
        return
    try:
        with transaction.atomic():
            insert(case)
    except IntegrityError as clash:
        if "case_source_number_once" not in str(clash):
            raise
        first = Case.objects.get(source_system=case.source_system, source_no=case.source_no)
        raise SourceNumberUsed(number=first.number, id=str(first.pk)) from clash


def _text(case: Case, given: ReportGiven, at: datetime) -> CaseText:
    return CaseText(
        case=case,
        reported_at=at,
        description=given.description,
        tokens=search.tokens(case.title, case.address, given.description),
    )


def _reporter(case: Case, given: ReporterGiven, follow_code: str, at: datetime) -> Reporter:
    row_id, phone = new_id(), given.phone.strip()
    return Reporter(
        id=row_id,
        case=case,
        name=given.name.strip(),
        phone_sealed=crypto.seal(phone, context="cases_reporter.phone", row=str(row_id)) if phone else None,
        phone_hash=crypto.hash_phone(phone) if phone else None,
        phone_masked=mask_phone(phone) if phone else "",
        is_anonymous=given.is_anonymous,
        is_confidential=given.is_confidential,
        wants_call=given.wants_call,
        follow_hash=crypto.keyed_hash(follow_code, purpose="follow"),
        code=case.current_grid,
        complained_root=case.complained_root,
        at=at,
    )


def follow_code_of(case_id: uuid.UUID) -> str:
    """Eight digits that only this house can make from the case; so a repeated report gets the same code again."""
    return f"{int.from_bytes(crypto.keyed_hash(str(case_id), purpose='follow-code')[:8], 'big') % 10**8:08d}"
