"""The history of settings over HTTP, of every room: who changed what from when, and undoing it."""

from datetime import date, datetime
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import AfterValidator, Field, StringConstraints

from wangge.accounts.auth import actor_of
from wangge.accounts.permissions import Permission
from wangge.cases.api.calendar import preview_shown
from wangge.cases.schemas.calendar import PreviewOut
from wangge.core import clock, setting_changes
from wangge.core.actor import Actor
from wangge.core.errors import DomainError, NotAllowed, NotFound
from wangge.core.models import SettingChange
from wangge.core.paging import DEFAULT_SIZE, LARGEST_SIZE, CursorPage, decode_cursor, encode_cursor
from wangge.core.schemas import ErrorOut, Id, answers, reads, writes
from wangge.core.setting_changes import Names

router = Router(tags=["settings"])


def known(kind: str) -> str:
    if kind not in setting_changes.kinds():
        raise ValueError(f"no such kind: {kind}")
    return kind


# The rooms have registered theirs when the API is put together.
Kind = Annotated[str, AfterValidator(known), Field(json_schema_extra={"enum": [*setting_changes.kinds()]})]


class SettingChangeOut(Schema):
    """`before` null: it was made; `after` null: it was removed; otherwise both hold the parts that differ. `names`:
    what is called how that they hold by number or code, by "part:value"."""

    id: int
    at: datetime
    kind: str
    subject: str
    name: str
    code: str
    effective_date: date
    parts: list[str]
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    names: dict[str, str]
    by_user: int | None
    by_name: str
    undoes: int | None
    undone_by: int | None
    may_undo: bool

    @classmethod
    def of(cls, change: SettingChange, by: Actor, undone_by: int | None, names: Names) -> "SettingChangeOut":
        same = {"undoes", "undone_by", "may_undo", "name", "names"}
        return cls(
            **{name: getattr(change, name) for name in cls.model_fields if name not in same},
            name=change.name_en if by.language == "en" else change.name_zh,
            names={f"{part}:{value}": en if by.language == "en" else zh for (part, value), (zh, en) in names.items()},
            undoes=change.undoes_id,
            undone_by=undone_by,
            may_undo=setting_changes.may_undo(change, by),
        )


class UndoPreviewOut(Schema):
    """What undoing would write, and to open cases do; `refused` says why it cannot be."""

    change: SettingChangeOut
    restores: dict[str, Any] | None
    refused: ErrorOut | None
    later: list[SettingChangeOut]
    effect: PreviewOut | None


class ChangesQuery(Schema):
    kind: Kind | None = None
    subject: Annotated[str, StringConstraints(max_length=40)] = ""
    cursor: Annotated[str, StringConstraints(max_length=200)] = ""
    limit: int = DEFAULT_SIZE


@router.get(
    "/setting-changes",
    response=answers(CursorPage[SettingChangeOut]),
    operation_id="list_setting_changes",
    summary="设置的改动记录 history of settings, newest first",
)
def changes(request: HttpRequest, query: Query[ChangesQuery]) -> Any:
    by = actor_of(request)
    rows = _readable(by)
    rows = rows.filter(kind=query.kind) if query.kind else rows
    rows = rows.filter(subject=query.subject) if query.subject else rows
    rows = rows.filter(pk__lt=decode_cursor(query.cursor, kinds=[int])[0]) if query.cursor else rows
    size = min(max(query.limit, 1), LARGEST_SIZE)
    found = list(rows[: size + 1])
    more = encode_cursor([found[size - 1].pk]) if len(found) > size else None
    return {"items": _shown(found[:size], by), "next": more}


@router.get(
    "/setting-changes/{change_id}",
    response=reads(UndoPreviewOut),
    operation_id="preview_undo",
    summary="撤销前的预览 what undoing a change would do",
)
def preview(request: HttpRequest, change_id: Id) -> Any:
    by = actor_of(request)
    change = _readable(by).filter(pk=change_id).first()
    if change is None:
        raise NotFound()
    refused = _why_not(change, by)
    effect = None if refused else setting_changes.effect_of_undoing(change, by=by, at=clock.now())
    return {
        "change": _shown([change], by)[0],
        "restores": setting_changes.target_of(change),
        "refused": refused.as_json(by.language) if refused else None,
        "later": _shown(list(setting_changes.later_changes(change)[: setting_changes.MOST_SHOWN]), by),
        "effect": preview_shown(effect) if effect is not None else None,
    }


@router.post(
    "/setting-changes/{change_id}/undo",
    response=writes(SettingChangeOut),
    operation_id="undo_setting_change",
    summary="撤销一次改动 undo: a new change that restores what stood before",
)
def undo(request: HttpRequest, change_id: Id) -> Any:
    by = actor_of(request)
    return _shown([setting_changes.undo(change_id, by=by, at=clock.now())], by)[0]


def _readable(by: Actor) -> Any:
    """Raises NotAllowed."""
    all_of_them = by.may(Permission.JOURNAL_READ)
    if not setting_changes.kinds_of(by, all_of_them=all_of_them):
        raise NotAllowed()
    return setting_changes.visible_changes(by, all_of_them=all_of_them)


def _why_not(change: SettingChange, by: Actor) -> DomainError | None:
    if not setting_changes.may_undo(change, by):
        return NotAllowed()
    try:
        setting_changes.check_undo(change)
    except DomainError as refused:
        return refused
    return None


def _shown(changes: list[SettingChange], by: Actor) -> list[SettingChangeOut]:
    undone = dict(
        SettingChange.objects.filter(undoes__in=[change.pk for change in changes])
        .order_by("id")
        .values_list("undoes_id", "id")
    )
    names = setting_changes.names_in(changes)
    return [SettingChangeOut.of(change, by, undone.get(change.pk), names[change.pk]) for change in changes]
