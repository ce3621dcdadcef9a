"""Sheets that carry what they ask into the registry (ADR 19): `x-registry` at their root, `x-field` at their fields.

Such a sheet stays within the data dictionary: kind and fields are known and collected in the field, choices are codes
of the dictionary's list, what is masked or sealed there is secret here, and what a new record needs is asked for.
"""

from typing import Any

from wangge.core.errors import Message
from wangge.field.rules import forms
from wangge.field.rules.forms import Answers, Schema
from wangge.registry.codelists import CODE_LISTS
from wangge.registry.codelists_english import english_of
from wangge.registry.collected import COLLECTED, TIE, Collected
from wangge.registry.dictionary import Field, Sensitivity, Type, field_of, refusal_of

TIE_CODES = "tie"
RELATION_CODES = "relation"
_MASKS = {Type.IDENTITY: "id", Type.PHONE: "phone", Type.NAME: "name"}


def form_of(kind: str) -> Schema:
    """The sheet of a kind, as the registry says it is collected."""
    what = COLLECTED[kind]
    properties = {name: _property(kind, name, what) for name in what.asked}
    schema = {"type": "object", "properties": properties, "required": _required(kind, what), "x-order": [*what.asked]}
    return completed(schema | {"x-registry": {"kind": kind}})


def completed(schema: Schema) -> Schema:
    """With where a new record stands, and how people belong to it, written down for a phone that knows no kinds."""
    kind = kind_of(schema)
    what = COLLECTED.get(kind or "")
    if what is None:
        return schema
    about: dict[str, Any] = {"kind": kind, "within": [*what.within], "at_point": what.at_point}
    if what.members:
        about["members"] = {"title": "与户主关系", "x-title-en": "Relation to the head", **_choices(RELATION_CODES)}
    return {**schema, "x-registry": about}


def kind_of(schema: Schema) -> str | None:
    """Of the records that it is about; None of a sheet that stays a sheet."""
    about: dict[str, Any] = schema.get("x-registry") or {}
    return about.get("kind")


def asked_of(schema: Schema) -> dict[str, str]:
    """By field of the sheet the field of the dictionary that it is carried into."""
    return {name: field["x-field"] for name, field in schema["properties"].items() if "x-field" in field}


def tie_in(schema: Schema, answers: Answers) -> str:
    return next((str(answers.get(name, "")) for name in forms.named(schema, "x-tie")), "")


def faults_of(schema: Schema) -> dict[str, Message]:
    """Of a sheet that is one by rules/forms.py. By the name of the field, or "schema"."""
    kind = kind_of(schema)
    if kind is None:
        marked = [name for name, field in schema["properties"].items() if {"x-field", "x-tie"} & set(field)]
        return {
            name: Message("表单没有写明登记哪一类基础数据。", "The form names no kind of record.") for name in marked
        }
    if kind not in COLLECTED:
        said = Message("没有这一类可采集的基础数据。", "The registry has no such kind that is collected.")
        return {"schema": said}
    faults = {name: fault for name in schema["properties"] if (fault := _fault_of(kind, schema, name)) is not None}
    return faults or _lacking(kind, schema)


def _property(kind: str, name: str, what: Collected) -> Schema:
    shown = {"x-show-if": dict(what.shown_if[name])} if name in what.shown_if else {}
    if name == TIE:
        return {
            "title": "与房屋关系",
            "x-title-en": "Tie to the dwelling",
            "x-tie": True,
            **_choices(TIE_CODES),
            **shown,
        }
    field = field_of(kind, name)
    assert field is not None, (kind, name)  # noqa: S101 - test_registry_forms.py
    return _expected(field) | shown


def _expected(field: Field) -> Schema:
    """A field of the dictionary as a sheet asks for it."""
    said: Schema = {"title": field.zh, "x-title-en": field.en, "x-field": field.name}
    if field.sensitivity is not Sensitivity.OPEN:
        said["x-secret"] = True
    match field.type:
        case Type.CODE:
            return said | _choices(field.codes)
        case Type.DATE:
            return said | {"type": "string", "format": "date"}
        case Type.FLAG:
            return said | {"type": "boolean"}
        case Type.INTEGER:
            return said | {"type": "integer"}
        case Type.DECIMAL:
            return said | {"type": "number", "minimum": 0}
    mask = {"x-mask": _MASKS[field.type]} if "x-secret" in said and field.type in _MASKS else {}
    return said | {"type": "string", "maxLength": field.longest} | mask


def _choices(codes: str) -> Schema:
    names = CODE_LISTS[codes].names
    titles = [{"zh": name, "en": english_of(codes, value)} for value, name in names.items()]
    return {"type": "string", "enum": list(names), "x-enum-titles": titles}


def _required(kind: str, what: Collected) -> list[str]:
    return [name for name in what.asked if name in what.required or _is_required(kind, name)]


def _is_required(kind: str, name: str) -> bool:
    field = field_of(kind, name)
    return field is not None and field.required


def _fault_of(kind: str, schema: Schema, name: str) -> Message | None:
    given = schema["properties"][name]
    if given.get("x-tie"):
        return None if _is_among(given, TIE_CODES) else _NOT_CODES
    if "x-field" not in given:
        return _refused(given)
    field = field_of(kind, given["x-field"])
    if field is None or field.name not in COLLECTED[kind].asked:
        return Message(
            "数据字典里没有这一项，或它不在现场采集。", "The dictionary has no such field, or it is not collected."
        )
    if list(asked_of(schema).values()).count(field.name) > 1:
        return Message("同一项在表单里出现了两次。", "The form asks for one field twice.")
    return _fault_beside(field, given)


def _fault_beside(field: Field, given: Schema) -> Message | None:
    expected = _expected(field)
    if forms.kind_of(given) != forms.kind_of(expected):
        return Message("类型与数据字典不一致。", "It is of another type than in the dictionary.")
    if field.type is Type.CODE and not _is_among(given, field.codes):
        return _NOT_CODES
    if given.get("maxLength", 0) > expected.get("maxLength", given.get("maxLength", 0)):
        return Message(f"最多 {field.longest} 个字。", f"{field.longest} characters at most.")
    if any(given.get(mark) != expected.get(mark) for mark in ("x-secret", "x-mask")):
        return Message("敏感项要按数据字典加密并遮掩。", "It must be secret, and masked, as the dictionary says.")
    return None


_NOT_CODES = Message("选项要取自数据字典的代码表。", "The choices must be codes of the dictionary's list.")


def _is_among(given: Schema, codes: str) -> bool:
    return set(given.get("enum", ())) <= set(CODE_LISTS[codes].names)


def _refused(given: Schema) -> Message | None:
    """What the registry refuses is not asked for beside it either."""
    refused = refusal_of(given["title"])
    return None if refused is None else Message(refused.zh, refused.en)


def _lacking(kind: str, schema: Schema) -> dict[str, Message]:
    """What a new record cannot be made without."""
    names = {field: name for name, field in asked_of(schema).items()}
    always = {name for name in schema.get("required", ()) if "x-show-if" not in schema["properties"][name]}
    ties = forms.named(schema, "x-tie")
    lacks = [
        name
        for name in COLLECTED[kind].asked
        if (_is_required(kind, name) and names.get(name) not in always)
        or (name == TIE and not (len(ties) == 1 and ties[0] in always))
    ]
    if not lacks:
        return {}
    said = "、".join(_title(kind, name)[0] for name in lacks), ", ".join(_title(kind, name)[1] for name in lacks)
    return {"schema": Message(f"新登记必填的项要在表单里必填：{said[0]}。", f"These must be required: {said[1]}.")}


def _title(kind: str, name: str) -> tuple[str, str]:
    made = _property(kind, name, COLLECTED[kind])
    return made["title"], made["x-title-en"]
