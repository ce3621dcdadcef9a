"""What a seat asks for: the queues and filters of the workbench, as conditions on cases. Never scope (scope.py)."""

import uuid
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from enum import StrEnum

from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import ExtractHour
from django.db.models.lookups import Exact

from wangge.accounts.permissions import Permission
from wangge.cases.models import Assignment, Category, Extension, Reporter
from wangge.cases.queries.scope import Reach, under
from wangge.cases.rules.states import OPEN, State
from wangge.core import crypto
from wangge.core.actor import Actor
from wangge.core.clock import BEIJING
from wangge.core.codes import END
from wangge.core.ranges import within

OPEN_STATES = tuple(str(state) for state in OPEN)
CENTRE_STATES = (State.REPORTED, State.ACCEPTED, State.HANDLED, State.REVIEWED)  # the holder's turn
UNIT_STATES = (State.DISPATCHED, State.HANDLING, State.SUSPENDED)  # the lead unit's turn
ANSWER_WITHIN = timedelta(minutes=5)  # as in rollups_facts.py
SUPERVISED_FROM = 3  # 督办 and above; 提醒 and 催办 are notices, not a queue


class Queue(StrEnum):
    TO_ACCEPT = "to_accept"  # 待受理
    TO_DISPATCH = "to_dispatch"  # 待派发
    TO_SIGN = "to_sign"  # 待签收
    HANDLING = "handling"  # 处置中
    SUSPENDED = "suspended"  # 已挂起
    TO_REVIEW = "to_review"  # 待复核
    TO_CLOSE = "to_close"  # 待结案
    AMBER = "amber"  # 将超期
    OVERDUE = "overdue"  # 已超期
    SUPERVISED = "supervised"  # 督办
    RETURNED = "returned"  # 退回
    TO_EXTEND = "to_extend"  # 延期待批: my centre is asked for more time
    MINE = "mine"  # 我的: waits for my unit, or I reported it
    OPEN = "open"  # 在办
    CLOSED = "closed"  # 已结
    ALL = "all"


IN_STATE: dict[Queue, State] = {
    Queue.TO_ACCEPT: State.REPORTED,
    Queue.TO_DISPATCH: State.ACCEPTED,
    Queue.TO_SIGN: State.DISPATCHED,
    Queue.HANDLING: State.HANDLING,
    Queue.SUSPENDED: State.SUSPENDED,
    Queue.TO_REVIEW: State.HANDLED,
    Queue.TO_CLOSE: State.REVIEWED,
}
NOT_ONLY_OPEN = (Queue.CLOSED, Queue.ALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFilters:
    """Everything None or empty does not narrow. Times are instants, `[from, to)`."""

    queue: Queue = Queue.ALL
    state: tuple[str, ...] = ()
    scheme: int | None = None
    category: str = ""  # path, with everything below it
    source: tuple[str, ...] = ()
    urgency: tuple[str, ...] = ()
    code: str = ""  # division or grid, with everything below it
    unit: str = ""  # path: charged with it, as lead or assisting, with its branches
    holder: str = ""  # path of the centre that holds it
    reported_from: datetime | None = None
    reported_to: datetime | None = None
    closed_from: datetime | None = None
    closed_to: datetime | None = None
    due_before: datetime | None = None
    outcome: tuple[str, ...] = ()
    is_late: bool | None = None  # any stage ever went past due
    self_settled: bool | None = None
    satisfaction: tuple[int, ...] = ()
    has_place: bool | None = None
    number: str = ""  # exact or its beginning
    phone: str = ""
    batch: uuid.UUID | None = None
    reported_code: str = ""  # division or grid where it lay when it was reported: figures count it there
    reported_hour: int | None = None  # of the Beijing day, 0 to 23
    dispatched_from: datetime | None = None
    dispatched_to: datetime | None = None
    lead: str = ""  # path of the unit that leads it, or led it last, with its branches
    lead_alone: bool | None = None  # without them
    category_alone: bool | None = None  # without what is below it
    no_category: bool | None = None
    is_answered: bool | None = None
    answered_in_5: bool | None = None  # minutes
    q: str = ""

    @property
    def only_open(self) -> bool:
        """Whether nothing but open cases can match."""
        return self.queue not in NOT_ONLY_OPEN or (bool(self.state) and set(self.state) <= set(OPEN_STATES))

    @property
    def is_plain(self) -> bool:
        """Only a queue, and nothing else asked."""
        return all(getattr(self, field.name) == field.default for field in fields(self) if field.name != "queue")


def condition(filters: CaseFilters, *, by: Actor, at: datetime) -> Q:
    """Everything but `q`, which is searched for (queries/text.py)."""
    where = queue_condition(filters.queue, by=by, at=at)
    if filters.state:
        where &= Q(state__in=filters.state)
    for name in ("source", "urgency", "outcome", "satisfaction"):
        if wanted := getattr(filters, name):
            where &= Q(**{f"{name}__in": wanted})
    for name in ("self_settled", "batch"):
        if (value := getattr(filters, name)) is not None:
            where &= Q(**{name: value})
    if filters.is_late is not None:
        where &= Q(was_late=filters.is_late)
    if filters.has_place is not None:
        where &= Q(lon__isnull=not filters.has_place)
    return (
        where
        & _times(filters)
        & (under(filters.code) if filters.code else Q())
        & _category(filters)
        & _units(filters)
        & _found_by(filters, by)
        & _counted(filters)
    )


def reach_of(filters: CaseFilters) -> Reach:
    """What of the filters the charges can say without looking at their cases."""
    charges = Q(**{name: value for name, value in _reported(filters).items() if value is not None})
    if filters.source:
        charges &= Q(source__in=filters.source)
    return Reach(
        only_open=filters.only_open,
        code=filters.code,
        unit=filters.unit,
        charges=charges & _category(filters),
    )


def queue_condition(queue: Queue, *, by: Actor, at: datetime) -> Q:
    if queue is Queue.ALL:
        return Q()
    if queue is Queue.CLOSED:
        return Q(state__in=[State.CLOSED, State.ARCHIVED])
    if queue in IN_STATE:
        return Q(state=IN_STATE[queue])
    in_work = Q(state__in=OPEN_STATES)
    match queue:
        case Queue.AMBER:
            return in_work & Q(is_overdue=False, amber_at__lte=at, due_at__gt=at)
        case Queue.OVERDUE:
            return in_work & Q(is_overdue=True)
        case Queue.SUPERVISED:
            return in_work & Q(supervision__gte=SUPERVISED_FROM)
        case Queue.RETURNED:
            return in_work & Q(is_returned=True)
        case Queue.TO_EXTEND:
            return _asks_for_time(by)
        case Queue.MINE:
            return in_work & _mine(by)
    return in_work


def _asks_for_time(by: Actor) -> Q:
    """What the centre itself is to decide; a commander above it may, and is not asked. As ids: few at a time, and the
    planner knows how few, where it would walk all cases in work for them in the order of a page."""
    if not by.unit_path or not by.may(Permission.CASE_EXTEND):
        return Q(pk__in=[])
    asked = Q(decided_at=None, case__holder_path=by.unit_path, case__state=State.HANDLING)
    return Q(pk__in=list(Extension.objects.filter(asked).values_list("case", flat=True)))


def _mine(by: Actor) -> Q:
    mine = Q(reported_by_post=by.post_id) if by.post_id else Q(pk__in=[])
    if by.unit_path:
        mine |= Q(holder_path=by.unit_path, state__in=CENTRE_STATES)
        mine |= Q(lead_path__gte=by.unit_path, lead_path__lt=by.unit_path + END, state__in=UNIT_STATES)
    return mine


def _times(filters: CaseFilters) -> Q:
    bounds = _reported(filters) | {
        "closed_at__gte": filters.closed_from,
        "closed_at__lt": filters.closed_to,
        "due_at__lt": filters.due_before,
        "dispatched_at__gte": filters.dispatched_from,
        "dispatched_at__lt": filters.dispatched_to,
    }
    return Q(**{name: value for name, value in bounds.items() if value is not None})


def _reported(filters: CaseFilters) -> dict[str, datetime | None]:
    return {"reported_at__gte": filters.reported_from, "reported_at__lt": filters.reported_to}


def _category(filters: CaseFilters) -> Q:
    """As ids: a few hundred at most, and the planner knows how common each is."""
    if not filters.category and filters.scheme is None:
        return Q()
    nodes = Category.objects.all()
    if filters.scheme is not None:
        nodes = nodes.filter(scheme=filters.scheme)
    if filters.category:
        path = filters.category.rstrip("/") + "/"
        nodes = nodes.filter(path=path) if filters.category_alone else nodes.filter(path__startswith=path)
    return Q(category_id__in=list(nodes.values_list("pk", flat=True)))


def _units(filters: CaseFilters) -> Q:
    where = Q()
    if filters.unit:
        charged = Assignment.objects.filter(
            case_id=OuterRef("pk"),
            case_id__lte=OuterRef("pk"),
            unit_path__gte=filters.unit,
            unit_path__lt=filters.unit + END,
        )
        # Not what it gave back. Asked of each row: see charged_to.
        where &= Q(Exists(charged.filter(ended_how__in=["", "closed"])))
    if filters.holder:
        where &= Q(holder_path__gte=filters.holder, holder_path__lt=filters.holder + END)
    return where


def _counted(filters: CaseFilters) -> Q:
    """What figures count by (rollups_facts.py) and queues do not."""
    where = within("reported_grid", (filters.reported_code,)) if filters.reported_code else Q()
    if filters.reported_hour is not None:
        where &= Q(Exact(ExtractHour("reported_at", tzinfo=BEIJING), filters.reported_hour))
    if filters.lead:
        alone = Q(lead_path=filters.lead)
        where &= alone if filters.lead_alone else Q(lead_path__gte=filters.lead, lead_path__lt=filters.lead + END)
    if filters.no_category is not None:
        where &= Q(category__isnull=filters.no_category)
    if filters.is_answered is not None:
        where &= Q(answered_at__isnull=not filters.is_answered)
    if filters.answered_in_5 is not None:
        soon = Q(answered_at__lte=F("reported_at") + ANSWER_WITHIN)
        where &= soon if filters.answered_in_5 else ~soon
    return where


def _found_by(filters: CaseFilters, by: Actor) -> Q:
    where = Q()
    if filters.number:
        start = filters.number.strip().upper()
        where &= Q(number__gte=start, number__lt=start + END)
    if filters.phone:
        where &= _phone(filters.phone, by)
    return where


def _phone(phone: str, by: Actor) -> Q:
    """Through the reporters this actor may read. What is no telephone number finds nothing, like one never heard of."""
    found = crypto.hash_phone(phone)
    if found is None or not (by.is_system or by.may("reporter.read")):
        return Q(pk__in=[])
    return Q(pk__in=Reporter.objects.visible_to(by).filter(phone_hash=found).values("case"))
