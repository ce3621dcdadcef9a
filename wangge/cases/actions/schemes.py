"""Category schemes side by side: added, copied to a new version, ended on a day, taken away while nothing uses them."""

from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet

from wangge.accounts.permissions import Permission
from wangge.cases.actions.categories import CATEGORY, CodeTaken, delete_unused
from wangge.cases.actions.dispatch_rules import RuleGiven, add_rule, remove_rule
from wangge.cases.configuration import REVISION
from wangge.cases.models import Category, Condition, DispatchRule, ProcedureStep, Scheme
from wangge.core import clock, journal, revisions, setting_changes
from wangge.core.actor import Actor
from wangge.core.errors import Conflict, NotFound, invalid

SCHEME = "scheme"  # kind of setting
DATED = ("name_zh", "name_en", "source", "valid_from", "valid_to")
COPIED = (
    *("code", "path", "name_zh", "name_en", "is_leaf", "urgency", "limits", "evidence", "first_handler"),
    *("supervisor", "legal_basis", "collect", "settle_on_spot", "is_complaint"),
)


class CategoriesGone(Conflict):
    code = "scheme.categories_gone"
    zh = "这个目录的类别已一并删除，请重新复制或导入。"
    en = "Its categories went with it; copy or import it again."


class CategoriesChanged(Conflict):
    code = "scheme.categories_changed"
    zh = "这个目录有 {count} 个类别此后又经改动，不能一并删除；可以定止期停用。"
    en = "{count} of its categories were changed since, so it cannot be taken away; let it end on a day instead."


def add_scheme(
    *,
    code: str,
    version: str,
    name_zh: str,
    name_en: str,
    source: str,
    valid_from: date,
    valid_to: date | None,
    by: Actor,
    at: datetime,
) -> Scheme:
    """Raises NotAllowed, CodeTaken, Invalid."""
    by.require(Permission.CATEGORY_EDIT)
    setting_changes.before(SCHEME, None)
    scheme = _make(
        Scheme(
            code=code,
            version=version,
            name_zh=name_zh,
            name_en=name_en,
            source=source,
            valid_from=valid_from,
            valid_to=valid_to,
        )
    )
    _record("scheme.added", scheme, None, by, at)
    return scheme


def change_scheme(*, scheme_id: int, values: dict[str, Any], by: Actor, at: datetime) -> Scheme:
    """`values`: of DATED, those given. Raises NotAllowed, NotFound, Invalid."""
    by.require(Permission.CATEGORY_EDIT)
    stood = setting_changes.before(SCHEME, scheme_id)
    scheme = _held(scheme_id)
    changed = [name for name in DATED if name in values and values[name] != getattr(scheme, name)]
    for name in changed:
        setattr(scheme, name, values[name])
    _check_period(scheme)
    if changed:
        scheme.save(update_fields=changed)
        _record("scheme.changed", scheme, stood, by, at)
    return scheme


def copy_scheme(
    *,
    scheme_id: int,
    version: str,
    valid_from: date,
    source: str,
    ends_old: bool,
    with_rules: bool,
    by: Actor,
    at: datetime,
) -> Scheme:
    """A new version beside the old one: its categories in use, conditions and steps; each old one names its successor.

    `ends_old`: the old version holds until the new one does. `with_rules`: dispatch rules that name the old version, of
    the actor's places, are made for the new one too. Raises NotAllowed, NotFound, CodeTaken, Invalid.
    """
    by.require(Permission.CATEGORY_EDIT)
    setting_changes.before(SCHEME, None)
    old = _held(scheme_id)
    new = _make(
        Scheme(
            code=old.code,
            version=version,
            name_zh=old.name_zh,
            name_en=old.name_en,
            source=source or old.source,
            valid_from=valid_from,
        )
    )
    made = _copy_categories(old, new)
    _record("scheme.copied", new, None, by, at, {"from": old.version, "categories": len(made)})
    if ends_old:
        change_scheme(scheme_id=old.pk, values={"valid_to": valid_from}, by=by, at=at)
    if with_rules:
        _copy_rules(old, new, by, at)
    return new


def remove_scheme(*, scheme_id: int, by: Actor, at: datetime) -> None:
    """With the categories it was made with and its rules, while nothing uses them.

    Raises NotAllowed, NotFound, CategoryInUse, CategoriesChanged, RuleOutOfArea.
    """
    by.require(Permission.CATEGORY_EDIT)
    stood = setting_changes.before(SCHEME, scheme_id)
    scheme = _held(scheme_id)
    own = Category.objects.filter(scheme=scheme)
    _check_unchanged(own)
    for rule in DispatchRule.objects.filter(scheme=scheme).values_list("pk", flat=True):
        remove_rule(rule_id=rule, by=by, at=at)
    own.update(parent=None)  # PROTECT asks for each parent in turn otherwise
    delete_unused(own, scheme.name_zh)
    Scheme.objects.filter(pk=scheme_id).delete()
    _record("scheme.removed", scheme, stood, by, at)


def _check_unchanged(categories: "QuerySet[Category]") -> None:
    """Categories added or changed one by one are on record as somebody's work, and would go without a trace."""
    setting_changes.before(CATEGORY, None)
    changed = setting_changes.standing_changes(CATEGORY, categories.values_list("pk", flat=True))
    if changed:
        raise CategoriesChanged(count=len({change.subject for change in changed}))


def _make(scheme: Scheme) -> Scheme:
    _check_period(scheme)
    if Scheme.objects.filter(code=scheme.code, version=scheme.version).exists():
        raise CodeTaken(code=f"{scheme.code} {scheme.version}")
    scheme.save(force_insert=True)
    return scheme


def _held(scheme_id: int) -> Scheme:
    scheme = Scheme.objects.select_for_update(no_key=True).filter(pk=scheme_id).first()
    if scheme is None:
        raise NotFound()
    return scheme


def _check_period(scheme: Scheme) -> None:
    if scheme.valid_to is not None and scheme.valid_to <= scheme.valid_from:
        raise invalid("valid_to", "止期须晚于起期。", "It must end after it begins.")


def _copy_categories(old: Scheme, new: Scheme) -> list[Category]:
    kept: set[int | None] = {None}
    rows = []
    for row in Category.objects.filter(scheme=old, is_active=True).order_by("path"):  # parents first
        if row.parent_id in kept:
            kept.add(row.pk)
            rows.append(row)
    made = Category.objects.bulk_create(
        Category(scheme=new, **{name: getattr(row, name) for name in COPIED}) for row in rows
    )
    by_old = {row.pk: copy for row, copy in zip(rows, made, strict=True)}
    for row, copy in zip(rows, made, strict=True):
        copy.parent = by_old[row.parent_id] if row.parent_id else None
        row.successor = copy
    Category.objects.bulk_update([copy for copy in made if copy.parent_id], ["parent"], batch_size=500)
    Category.objects.bulk_update(rows, ["successor"], batch_size=500)
    conditions = list(Condition.objects.filter(category__in=by_old).order_by("pk"))
    steps = list(ProcedureStep.objects.filter(category__in=by_old).order_by("pk"))
    for condition in conditions:
        condition.category, condition.pk = by_old[condition.category_id], None
    for step in steps:
        step.category, step.pk = by_old[step.category_id], None
    Condition.objects.bulk_create(conditions)
    ProcedureStep.objects.bulk_create(steps)
    return made


def _copy_rules(old: Scheme, new: Scheme, by: Actor, at: datetime) -> None:
    for rule in DispatchRule.objects.filter(scheme=old).order_by("order", "id"):
        if by.covers(rule.code) and (rule.valid_to is None or rule.valid_to > new.valid_from):
            given = RuleGiven(
                order=rule.order,
                scheme_id=new.pk,
                category_path=rule.category_path,
                code=rule.code,
                unit_id=rule.unit_id,
                note=rule.note,
                valid_from=max(rule.valid_from, new.valid_from),
                valid_to=rule.valid_to,
            )
            add_rule(given=given, by=by, at=at)


def _record(
    kind: str,
    scheme: Scheme,
    stood: setting_changes.State | None,
    by: Actor,
    at: datetime,
    data: dict[str, Any] | None = None,
) -> None:
    revisions.bump(REVISION)
    entry = journal.Entry(
        kind=kind,
        subject=(SCHEME, str(scheme.pk)),
        permission=Permission.CATEGORY_EDIT,
        data={"code": scheme.code, "version": scheme.version, **(data or {})},
    )
    effective = max(scheme.valid_from, clock.day_of(at))
    setting_changes.record(entry, before=stood, by=by, at=at, effective=effective)
