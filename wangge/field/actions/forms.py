"""Forms are changed as data; a version that is there never changes (ADR 19)."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from wangge.accounts.permissions import Permission
from wangge.core import setting_changes
from wangge.core.actor import Actor
from wangge.core.errors import TAKEN, Conflict, Invalid, Message, NotFound, invalid
from wangge.core.journal import Entry
from wangge.field.models import Form, FormVersion, Record
from wangge.field.rules import forms as rules
from wangge.field.rules import registry_forms

KIND = "form"
CODE = re.compile(r"[a-z][a-z0-9_]{1,39}")


class FormCodeTaken(Conflict):
    code = "form.code_taken"
    zh = "已有代码为“{taken}”的表单。"
    en = "There is a form with the code “{taken}” already."


@dataclass(frozen=True, slots=True, kw_only=True)
class FormGiven:
    """`schema`: of the subset in rules/forms.py."""

    kind: str
    name_zh: str
    name_en: str
    schema: dict[str, Any]
    is_active: bool = True


def save_form(*, code: str, given: FormGiven, by: Actor, at: datetime, seen: str | None = None) -> Form:
    """A new form, or another state of one; another schema is a new version.

    Raises NotAllowed, Invalid, FormCodeTaken, ChangedMeanwhile.
    """
    by.require(Permission.FORM_EDIT)
    _check(code, given)
    if seen == "" and Form.objects.filter(code=code).exists():
        raise FormCodeTaken(taken=code, fields={"code": TAKEN})
    stood = setting_changes.before(KIND, code, seen=seen)
    schema = registry_forms.completed(rules.ordered(given.schema))
    form = Form.objects.select_for_update(no_key=True).filter(code=code).first()
    if form is None:
        form = Form(code=code, version=0)
    if stood is None or stood["schema"] != schema:
        form.version += 1
    form.kind, form.is_active = given.kind, given.is_active
    form.name_zh, form.name_en = given.name_zh.strip(), given.name_en.strip()
    form.save()
    FormVersion.objects.get_or_create(
        form=form, number=form.version, defaults={"schema": schema, "at": at, "by_name": by.name}
    )
    entry = Entry(kind="form.saved", subject=(KIND, code), permission=Permission.FORM_EDIT)
    setting_changes.record(entry, before=stood, by=by, at=at)
    return form


def remove_form(*, code: str, by: Actor, at: datetime) -> None:
    """Gone where nothing was recorded with it, else out of use. Raises NotAllowed, NotFound."""
    by.require(Permission.FORM_EDIT)
    stood = setting_changes.before(KIND, code)
    form = Form.objects.filter(code=code).first()
    if form is None:
        raise NotFound()
    if Record.objects.filter(form=form).exists():
        form.is_active = False
        form.save(update_fields=["is_active"])
    else:
        form.delete()
    entry = Entry(kind="form.removed", subject=(KIND, code), permission=Permission.FORM_EDIT)
    setting_changes.record(entry, before=stood, by=by, at=at)


def _check(code: str, given: FormGiven) -> None:
    if not CODE.fullmatch(code):
        raise invalid("code", "代码由小写字母、数字和下划线组成。", "A code has small letters, digits and underscores.")
    if given.kind not in Form.Kind.values:
        raise invalid("kind", "没有这种表单类型。", "There is no such kind of form.")
    for name in ("name_zh", "name_en"):
        if not getattr(given, name).strip():
            raise invalid(name, "请填写名称。", "Give it a name.")
    if faults := rules.faults_of(given.schema) or registry_forms.faults_of(given.schema):
        raise Invalid(fields={_where(name): fault for name, fault in faults.items()})
    if registry_forms.kind_of(given.schema) is not None and given.kind != Form.Kind.COLLECT:
        raise invalid("kind", "登记基础数据的表单属于信息采集。", "A form of the registry is one of collection.")


def _where(name: str) -> str:
    return name if name == "schema" else f"schema.{name}"


def unknown_form() -> Invalid:
    return Invalid(fields={"form": Message("没有这张表单或这个版本。", "There is no such form or version.")})
