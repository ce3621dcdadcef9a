"""The history of settings: what stood before and after every change, and the way back (docs/adr/0014).

A room registers how each kind of its settings is read and put back. Its actions ask `before(…)`, write, and call
`record(…)`, which keeps the difference and makes the journal entry. Undoing is a new change by the room's own actions,
so whatever they would refuse is refused here too.
"""

from collections.abc import Callable, Iterable, Iterator, Set
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Protocol

from django.db import connection
from django.db.models import Q, QuerySet

from wangge.core import clock, journal, marks
from wangge.core.actor import Actor
from wangge.core.errors import Conflict, NotFound
from wangge.core.models import SettingChange
from wangge.core.ranges import within

State = dict[str, Any]  # part -> JSON value
MOST_SHOWN = 20


class PutBack(Protocol):
    def __call__(self, subject: str, parts: State | None, *, by: Actor, at: datetime) -> object:
        """Through the room's own action. `parts` None: remove it; where it is absent, they are all of it."""


class Effect(Protocol):
    def __call__(self, subject: str, parts: State | None, *, by: Actor, at: datetime) -> Any:
        """What putting these parts back would do to others. Writes nothing."""


Held = tuple[str, Any]  # a part, and a value under it: ("unit_id", 7)
Names = dict[Held, tuple[str, str]]  # what that is called, in Chinese and English


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeper:
    """`name` gives the setting's name in Chinese and English; `permission` reads and undoes its history; `names` says
    what those are called that parts of many changes hold by number or code; what it does not know it leaves out. It
    asks as often for many as for one."""

    kind: str
    permission: str
    read: Callable[[str], State | None]
    name: Callable[[str, State], tuple[str, str]]
    put_back: PutBack
    effect: Effect | None = None
    names: Callable[[Set[Held]], Names] | None = None


class BuiltOn(Conflict):
    """`data.later`: the changes that stand on this one, newest first."""

    code = "setting.built_on"
    zh = "此后又有 {count} 次改动涉及同样的内容，请先撤销较晚的改动。"
    en = "{count} later changes touch the same; undo those first."


class UndoneAlready(Conflict):
    code = "setting.undone_already"
    zh = "这次改动已于 {when} 由 {who} 撤销。"
    en = "This change was undone by {who} on {when}."


class ChangedElsewhere(Conflict):
    """An import or an upgrade wrote it since: what stands now is not what this change left."""

    code = "setting.changed_elsewhere"
    zh = "现在的内容已不是这次改动留下的（可能经导入修改），不能自动撤销，请直接修改。"
    en = "What stands now is not what this change left (an import may have changed it); change it by hand."


_keepers: dict[str, Keeper] = {}
_undoing: ContextVar[int | None] = ContextVar("undoing", default=None)


def register(keeper: Keeper) -> None:
    _keepers[keeper.kind] = keeper


def kinds() -> list[str]:
    """Every kind whose history some room keeps."""
    return sorted(_keepers)


def kinds_of(by: Actor, *, all_of_them: bool) -> list[str]:
    """Kinds whose history this actor reads: those they may change, or all of them (the auditor)."""
    return sorted(kind for kind, keeper in _keepers.items() if all_of_them or by.may(keeper.permission))


def may_undo(change: SettingChange, by: Actor) -> bool:
    keeper = _keepers.get(change.kind)
    return keeper is not None and by.may(keeper.permission) and (not change.code or by.covers(change.code))


def visible_changes(by: Actor, *, all_of_them: bool) -> "QuerySet[SettingChange]":
    """Newest first: of the kinds this actor reads, those of their places and those that hold everywhere."""
    rows = SettingChange.objects.filter(kind__in=kinds_of(by, all_of_them=all_of_them)).order_by("-id")
    return rows if "" in by.ranges else rows.filter(within("code", by.ranges) | Q(code=""))


def before(kind: str, subject: object | None, *, seen: str | None = None) -> State | None:
    """What stands now; None for what is still to be made. Others who change this kind wait until we are done.

    `seen`: the mark of what was looked at. Raises ChangedMeanwhile.
    """
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"setting:{kind}"])
    stands = None if subject is None else _keepers[kind].read(str(subject))
    marks.check(seen, stands or {})
    return stands


def mark(kind: str, subject: object) -> str:
    """Of what stands now, for who reads it to change it."""
    return marks.mark_of(_keepers[kind].read(str(subject)) or {})


def record(
    entry: journal.Entry, *, before: State | None, by: Actor, at: datetime, effective: date | None = None
) -> SettingChange | None:
    """Keep the difference between `before` and what stands now, and journal it; None when there is none.

    `entry.subject` is the setting: its kind and id. `effective`: when it does not hold from today on.
    """
    kind, subject = entry.subject
    keeper, undoes = _keepers[kind], _undoing.get()
    after = keeper.read(subject)
    if before == after:
        return None
    parts = _differing(before, after)
    zh, en = keeper.name(subject, after or before or {})
    change = SettingChange.objects.create(
        at=at,
        kind=kind,
        subject=subject,
        name_zh=zh,
        name_en=en,
        code=entry.code,
        effective_date=effective or clock.day_of(at),
        parts=parts,
        before=_kept(before, after),
        after=_kept(after, before),
        by_user=by.user_id,
        by_post=by.post_id,
        by_name=by.name,
        undoes_id=undoes,
    )
    data = entry.data | {"change": change.pk} | ({"undoes": undoes} if undoes else {})
    journal.record(replace(entry, changed=entry.changed or parts, data=data), by=by, at=at)
    return change


def undo(change_id: int, *, by: Actor, at: datetime) -> SettingChange:
    """Raises NotFound, NotAllowed, BuiltOn, UndoneAlready, ChangedElsewhere, and whatever the room's action raises."""
    change = _to_undo(change_id, by)
    before(change.kind, None)
    check_undo(change)
    with _marked_as_undoing(change):
        _keepers[change.kind].put_back(change.subject, target_of(change), by=by, at=at)
    made = SettingChange.objects.filter(undoes=change, at=at).order_by("-id").first()
    if made is None:
        raise ChangedElsewhere()
    return made


def effect_of_undoing(change: SettingChange, *, by: Actor, at: datetime) -> Any:
    """None for kinds whose changes reach nothing that runs."""
    keeper = _keepers[change.kind]
    return keeper.effect(change.subject, target_of(change), by=by, at=at) if keeper.effect else None


def target_of(change: SettingChange) -> State | None:
    """What undoing writes: a part that was not there before stands as None."""
    if change.before is None or change.is_whole:
        return change.before
    return {part: change.before.get(part) for part in change.parts}


def check_undo(change: SettingChange) -> None:
    """Raises BuiltOn, UndoneAlready, ChangedElsewhere."""
    later = _standing(later_changes(change))
    if len(later) == 1 and later[0].undoes_id == change.pk:
        raise UndoneAlready(when=clock.local(later[0].at).strftime("%Y-%m-%d %H:%M"), who=later[0].by_name)
    if later:
        shown = [{"id": one.pk, "at": one.at, "by": one.by_name} for one in later[:MOST_SHOWN]]
        raise BuiltOn(count=len(later), later=shown)
    now = _keepers[change.kind].read(change.subject)
    if _cut(now, change) != _cut(change.after, change):
        raise ChangedElsewhere()


def standing_changes(kind: str, subjects: Iterable[object]) -> list[SettingChange]:
    """Of these settings, those that were not taken back. Newest first, without the states."""
    rows = SettingChange.objects.filter(kind=kind, subject__in=[str(one) for one in subjects])
    return _standing(rows.only("kind", "subject", "undoes_id").order_by("-id"))


def names_in(changes: Iterable[SettingChange]) -> dict[int, Names]:
    """Of all that stood before and after, by change. The queries do not grow with the changes."""
    held = {change: {pair for state in (change.before, change.after) for pair in _held(state)} for change in changes}
    by_kind: dict[str, set[Held]] = {}
    for change, pairs in held.items():
        by_kind.setdefault(change.kind, set()).update(pairs)
    called = {kind: _called(kind, pairs) for kind, pairs in by_kind.items()}
    return {
        change.pk: {pair: called[change.kind][pair] for pair in pairs & called[change.kind].keys()}
        for change, pairs in held.items()
    }


def later_changes(change: SettingChange) -> "QuerySet[SettingChange]":
    """Of the same setting, made since, that touch what this one touched."""
    rows = SettingChange.objects.filter(kind=change.kind, subject=change.subject, pk__gt=change.pk).order_by("-id")
    if change.is_whole:
        return rows
    return rows.filter(Q(parts__overlap=change.parts) | Q(before__isnull=True) | Q(after__isnull=True))


def _held(value: Any) -> Iterator[Held]:
    """Every value with the name it stands under, also within lists."""
    if isinstance(value, list):
        for one in value:
            yield from _held(one)
    elif isinstance(value, dict):
        for part, one in value.items():
            if isinstance(one, list | dict):
                yield from _held(one)
            elif one not in (None, ""):
                yield part, one


def _called(kind: str, pairs: Set[Held]) -> Names:
    say = _keepers[kind].names
    return say(pairs) if say else {}


def _to_undo(change_id: int, by: Actor) -> SettingChange:
    change = visible_changes(by, all_of_them=False).filter(pk=change_id).first()
    if change is None or not may_undo(change, by):
        raise NotFound()
    return change


def _standing(later: Iterable[SettingChange]) -> list[SettingChange]:
    """Without those that were taken back again, and what took them back. Newest first, as they come."""
    rows = {row.pk: row for row in later}
    for row in list(rows.values()):
        if row.pk in rows and row.undoes_id in rows:
            del rows[row.pk], rows[row.undoes_id]
    return list(rows.values())


@contextmanager
def _marked_as_undoing(change: SettingChange) -> Iterator[None]:
    token = _undoing.set(change.pk)
    try:
        yield
    finally:
        _undoing.reset(token)


def _differing(one: State | None, other: State | None) -> list[str]:
    one, other = one or {}, other or {}
    return sorted(part for part in one.keys() | other.keys() if one.get(part) != other.get(part))


def _kept(state: State | None, other: State | None) -> State | None:
    if state is None or other is None:
        return state
    return {part: state.get(part) for part in _differing(state, other)}


def _cut(state: State | None, change: SettingChange) -> State | None:
    if state is None or change.is_whole:
        return state
    return {part: state.get(part) for part in change.parts}
