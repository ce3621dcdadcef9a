"""任务: given to one or many, more workers later, more time on asking, withdrawn on record."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection

from wangge.accounts.models import Post
from wangge.accounts.permissions import Permission
from wangge.cases import actions as cases
from wangge.cases.access import access_case
from wangge.cases.actions.turn import NotNow
from wangge.cases.models import Case
from wangge.core import clock, journal
from wangge.core.actor import Actor, acting
from wangge.core.errors import Conflict, NotAllowed, NotFound, invalid
from wangge.core.ids import new_id
from wangge.field.models import Errand, ErrandAsk, ErrandStep, ErrandWorker, Form, Subject
from wangge.field.rules.errands import KIND_WORDS, ON_CASE, RUNNING, ErrandKind, ErrandStepKind, State, clocks_of
from wangge.grids import queries as grids

SHORTEST = 2
MOST_WORKERS = 50
WORKS = frozenset({Permission.FIELD_WORK, Permission.CASE_HANDLE})


class NotYourWorker(NotAllowed):
    code = "errand.not_below"
    zh = "“{name}”不在您的管辖范围内，不能向其派任务。"
    en = "“{name}” is outside your area; you cannot send them."


class AskDecided(Conflict):
    code = "errand.ask_decided"
    zh = "{who} 已于 {when} 答复过这份延时申请。"
    en = "{who} has answered this at {when}."


class ErrandOver(Conflict):
    code = "errand.over"
    zh = "这项任务已经结束。"
    en = "This errand is over."


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrandGiven:
    """Place WGS-84. On a case, its place and address stand where none are given."""

    kind: ErrandKind
    title: str
    text: str = ""
    posts: Sequence[int] = ()
    case_id: uuid.UUID | None = None
    subject_id: uuid.UUID | None = None
    form: str = ""
    grid: str = ""
    address: str = ""
    lon: float | None = None
    lat: float | None = None
    due_at: datetime | None = None
    urgent: bool = False
    needs_photo: bool = False


def give_errand(*, given: ErrandGiven, by: Actor, at: datetime, errand_id: uuid.UUID | None = None) -> Errand:
    """Known already by its id: that one. Raises NotAllowed, NotYourWorker, NotFound (case, subject), Invalid."""
    by.require(Permission.ERRAND_GIVE)
    known = Errand.objects.visible_to(by).filter(pk=errand_id, by_post=by.post_id).first() if errand_id else None
    if known is not None:
        return known
    _check(given, at)
    case = access_case(by, given.case_id) if given.case_id else None
    subject = Subject.objects.visible_to(by).filter(pk=given.subject_id).first() if given.subject_id else None
    if given.subject_id and subject is None:
        raise NotFound()
    posts = _posts(given.posts, by, at)
    errand = _errand(given, case, subject, by, at, errand_id or new_id())
    write_errand(errand, posts, by=by, at=at)
    if case is not None:
        note = f"下发{KIND_WORDS[given.kind][0]}任务 {errand.number}：{'、'.join(post.user.name for post in posts)}"
        note_on_case(errand, note, by=by, at=at)
    return errand


def write_errand(errand: Errand, posts: Sequence[Post], *, by: Actor, at: datetime) -> list[ErrandWorker]:
    Errand.objects.bulk_create([errand])
    workers = _workers(errand, posts, at)
    ErrandWorker.objects.bulk_create(workers)
    write_step(errand, None, ErrandStepKind.GIVEN, by=by, at=at, text=errand.text)
    record_errand("errand.given", errand, workers, by=by, at=at, permission=Permission.ERRAND_GIVE)
    return workers


def add_workers(*, errand_id: uuid.UUID, posts: Sequence[int], by: Actor, at: datetime) -> Errand:
    """Others are sent too; who was given it before keeps it. Raises NotFound, NotAllowed, Invalid, ErrandOver."""
    errand = hold_given(errand_id, by)
    if errand.state == Errand.Standing.WITHDRAWN:
        raise ErrandOver()
    there = set(errand.workers.values_list("post_id", flat=True))
    fresh = [post for post in _posts(posts, by, at) if post.pk not in there]
    if not fresh:
        raise invalid("posts", "所选人员已在这项任务中。", "They have this errand already.")
    workers = _workers(errand, fresh, at)
    ErrandWorker.objects.bulk_create(workers)
    if errand.state == Errand.Standing.CLOSED:  # handed up or returned by all: it goes on with others
        errand.state, errand.closed_at = Errand.Standing.OPEN, None
        errand.save(update_fields=["state", "closed_at"])
    names = "、".join(worker.name for worker in workers)
    write_step(errand, None, ErrandStepKind.ADDED, by=by, at=at, text=names)
    record_errand("errand.given", errand, workers, by=by, at=at, permission=Permission.ERRAND_GIVE)
    return errand


def withdraw_errand(*, errand_id: uuid.UUID, reason: str, by: Actor, at: datetime) -> Errand:
    """Raises NotFound, NotAllowed, Invalid, ErrandOver."""
    if len(reason.strip()) < SHORTEST:
        raise invalid("reason", "请写明撤回原因。", "Give the reason of the withdrawal.")
    errand = hold_given(errand_id, by)
    if errand.state != Errand.Standing.OPEN:
        raise ErrandOver()
    running = list(errand.workers.filter(state__in=RUNNING))
    for worker in running:
        worker.state, worker.ended_at, worker.version = State.WITHDRAWN, at, worker.version + 1
    ErrandWorker.objects.bulk_update(running, ["state", "ended_at", "version"])
    errand.state, errand.closed_at, errand.withdrawn_why = Errand.Standing.WITHDRAWN, at, reason.strip()
    errand.save(update_fields=["state", "closed_at", "withdrawn_why"])
    write_step(errand, None, ErrandStepKind.WITHDRAWN, by=by, at=at, text=reason.strip())
    record_errand("errand.withdrawn", errand, running, by=by, at=at, permission=Permission.ERRAND_GIVE)
    return errand


def decide_ask(*, errand_id: uuid.UUID, ask_id: uuid.UUID, grant: bool, text: str, by: Actor, at: datetime) -> Errand:
    """Raises NotFound, NotAllowed, Invalid (a refusal without a reason), AskDecided."""
    if not grant and len(text.strip()) < SHORTEST:
        raise invalid("text", "请写明不同意的原因。", "Give the reason of the refusal.")
    errand = hold_given(errand_id, by)
    ask = ErrandAsk.objects.select_related("worker").filter(pk=ask_id, worker__errand=errand).first()
    if ask is None:
        raise NotFound()
    if ask.decided_at is not None:
        raise AskDecided(who=ask.decided_by, when=clock.local(ask.decided_at).strftime("%m-%d %H:%M"))
    ask.decided_at, ask.granted, ask.decision, ask.decided_by = at, grant, text.strip(), by.name
    ask.save(update_fields=["decided_at", "granted", "decision", "decided_by"])
    worker = ask.worker
    if grant:
        worker.due_at, worker.late_at = ask.until, None
        worker.save(update_fields=["due_at", "late_at"])
    kind = ErrandStepKind.TIME_GRANTED if grant else ErrandStepKind.TIME_DENIED
    write_step(errand, worker, kind, by=by, at=at, text=text.strip())
    record_errand(f"errand.{kind}", errand, [worker], by=by, at=at, permission=Permission.ERRAND_GIVE)
    return errand


def hold_given(errand_id: uuid.UUID, by: Actor) -> Errand:
    """Locked, for whoever gives errands there. Raises NotFound, NotAllowed."""
    Errand.objects.select_for_update(no_key=True).filter(pk=errand_id).values_list("pk").first()
    errand = Errand.objects.visible_to(by).filter(pk=errand_id).first()
    if errand is None:
        raise NotFound()
    by.require(Permission.ERRAND_GIVE)
    if not may_direct(errand, by):
        raise NotAllowed()
    return errand


def may_direct(errand: Errand, by: Actor) -> bool:
    """Withdraw it, send more, decide on time: the unit that gave it, and centres over the place."""
    return by.may(Permission.ERRAND_GIVE) and (errand.from_path == by.unit_path or by.covers(errand.code))


def note_on_case(errand: Errand, text: str, *, by: Actor, at: datetime, evidence: Sequence[uuid.UUID] = ()) -> None:
    """On the case's timeline, by the same person, whose reach the errand widens to this case. A case put away since
    takes no more words; the errand keeps them. Raises Invalid (`evidence`)."""
    case = errand.case
    if case is None:
        return
    wider = replace(by, ranges=(*by.ranges, errand_case_code(case.pk)), permissions=by.permissions | {"case.read"})
    try:
        with acting(wider):
            cases.note_case(case_id=case.pk, by=wider, at=at, text=text, evidence=evidence)
    except NotNow:
        return


def errand_case_code(case_id: uuid.UUID) -> str:
    with acting(Actor.system("errands")):
        return Case.objects.values_list("current_grid", flat=True).get(pk=case_id)


def write_step(
    errand: Errand,
    worker: ErrandWorker | None,
    kind: ErrandStepKind,
    *,
    by: Actor,
    at: datetime,
    text: str = "",
    happened_at: datetime | None = None,
    distance_m: float | None = None,
) -> None:
    step = ErrandStep(
        errand=errand,
        worker=worker,
        kind=kind,
        by_name=by.name,
        text=text,
        distance_m=distance_m,
        happened_at=happened_at or at,
        received_at=at,
    )
    ErrandStep.objects.bulk_create([step])


def record_errand(
    kind: str,
    errand: Errand,
    about: Sequence[ErrandWorker],
    *,
    by: Actor,
    at: datetime,
    permission: str,
    changed: Iterable[str] = (),
) -> None:
    data: dict[str, Any] = {
        "number": errand.number,
        "errand_kind": errand.kind,
        "giver": errand.from_path,
        "giver_post": errand.by_post,
        "units": [],
        "posts": [worker.post_id for worker in about],
    }
    if errand.case_id is not None:
        data["case"] = str(errand.case_id)
    entry = journal.Entry(
        kind=kind,
        subject=("errand", str(errand.pk)),
        code=errand.code,
        unit_paths=[errand.from_path],
        permission=permission,
        changed=sorted(changed),
        data=data,
    )
    journal.record(entry, by=by, at=at)


def next_number(code: str, at: datetime) -> str:
    """RW (任务) + division + Beijing day + serial, never used again."""
    with connection.cursor() as cursor:
        cursor.execute("select nextval('field_errand_serial')")
        serial = int(cursor.fetchone()[0])
    return f"RW{code[:6].ljust(6, '0')}{clock.day_of(at):%Y%m%d}{serial:06d}"


def _check(given: ErrandGiven, at: datetime) -> None:
    if len(given.title.strip()) < SHORTEST:
        raise invalid("title", "请写明任务内容。", "Say what is to be done.")
    if given.kind in ON_CASE and given.case_id is None:
        raise invalid("case_id", "核实、核查任务须选定案件。", "A verification or a check is about a case.")
    if given.due_at is not None and given.due_at <= at:
        raise invalid("due_at", "时限应晚于现在。", "The time limit must lie ahead.")
    if (given.lon is None) != (given.lat is None):
        raise invalid("lat", "经度和纬度要同时给出。", "Give longitude and latitude together.")


def _errand(
    given: ErrandGiven, case: Case | None, subject: Subject | None, by: Actor, at: datetime, errand_id: uuid.UUID
) -> Errand:
    where = case or subject
    lon, lat = (given.lon, given.lat) if given.lon is not None or where is None else (where.lon, where.lat)
    code = given.grid or (case.current_grid if case else subject.code if subject else "")
    if not code and lon is not None and lat is not None:
        code = grids.grid_at(lon, lat) or ""
    form = Form.objects.filter(code=given.form).first() if given.form else None
    if given.form and form is None:
        raise invalid("form", "没有这张表单。", "There is no such form.")
    return Errand(
        id=errand_id,
        number=next_number(code or by.division, at),
        kind=given.kind,
        title=given.title.strip(),
        text=given.text.strip(),
        case=case,
        subject=subject,
        form=form,
        needs_photo=given.needs_photo,
        urgent=given.urgent or given.kind is ErrandKind.RESPOND,
        code=code or by.division,
        address=given.address.strip() or (where.address if where else ""),
        lon=lon,
        lat=lat,
        from_unit_id=by.unit_id or 0,
        from_path=by.unit_path,
        by_post=by.post_id,
        by_name=by.name,
        given_at=at,
        due_at=given.due_at,
    )


def _workers(errand: Errand, posts: Sequence[Post], at: datetime) -> list[ErrandWorker]:
    clocks = clocks_of(ErrandKind(errand.kind), at, answer=settings.ERRAND_ANSWER, arrive=settings.ERRAND_ARRIVE)
    return [
        ErrandWorker(
            id=new_id(),
            errand=errand,
            post=post,
            user_id=post.user_id,
            name=post.user.name,
            unit_name=post.unit.name,
            given_at=at,
            answer_due_at=clocks.answer_due_at,
            arrive_due_at=clocks.arrive_due_at,
            due_at=errand.due_at,
            code=errand.code,
            from_path=errand.from_path,
        )
        for post in posts
    ]


def _posts(wanted: Sequence[int], by: Actor, at: datetime) -> list[Post]:
    rows = Post.objects.held_on(clock.day_of(at)).filter(pk__in=list(wanted))
    posts = list(rows.select_related("unit", "user", "role").order_by("pk"))
    if not wanted or len(wanted) > MOST_WORKERS:
        raise invalid("posts", f"请选择 1 到 {MOST_WORKERS} 名人员。", f"Choose 1 to {MOST_WORKERS} people.")
    if set(wanted) - {post.pk for post in posts}:
        raise invalid("posts", "所选人员已不在岗。", "Somebody does not hold the post any more.")
    for post in posts:
        if not any(by.covers(code) for code in (post.unit.division, *post.codes)):
            raise NotYourWorker(name=post.user.name)
        if not WORKS & set(post.role.permissions):
            raise invalid("posts", f"“{post.user.name}”的岗位不办理任务。", f"“{post.user.name}” takes no errands.")
    return posts
