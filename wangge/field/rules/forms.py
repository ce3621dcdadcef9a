"""Forms as data (ADR 19): which JSON Schema they may be, whether answers fit one, and what follows from answers.

The subset (2020-12): an object whose properties are a string, a date, a number, a boolean, one or many of an enum,
photos, or an item of an inspection. `x-show-if` names fields that stand before; what is hidden is not asked for.
`x-registry` and `x-field` carry it into the registry (registry_forms.py).
"""

from collections.abc import Callable, Iterable
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError

from wangge.core.errors import Message

Schema = dict[str, Any]
Answers = dict[str, Any]

MOST_FIELDS = 120
NAME = r"^[a-z][a-z0-9_]{0,39}$"
ITEM = ("pass", "fail", "na")
_TEXT = {"type": "string", "minLength": 1, "maxLength": 400}
_NUMBER = {"type": "number"}
_COUNT = {"type": "integer", "minimum": 0, "maximum": 5000}
_ENUM = {"type": "array", "items": {"type": "string", "minLength": 1, "maxLength": 60}, "minItems": 1, "maxItems": 200}
_TITLES = {
    "type": "array",
    "items": {
        "type": "object",
        "properties": {"zh": _TEXT, "en": _TEXT},
        "required": ["zh", "en"],
        "additionalProperties": False,
    },
}
_COMMON = {
    "title": _TEXT,
    "x-title-en": _TEXT,
    "description": _TEXT,
    "x-description-en": _TEXT,
    "x-show-if": {"type": "object", "minProperties": 1},
    "x-field": {"type": "string", "pattern": NAME},
}


def _kind(**own: Any) -> Schema:
    required = ["title", "x-title-en", *(name for name, rule in own.items() if "const" in rule or name == "enum")]
    return {"type": "object", "properties": _COMMON | own, "required": required, "additionalProperties": False}


KINDS: dict[str, Schema] = {
    "text": _kind(
        type={"const": "string"},
        minLength=_COUNT,
        maxLength=_COUNT,
        **{
            "x-multiline": {"type": "boolean"},
            "x-secret": {"type": "boolean"},
            "x-mask": {"enum": ["phone", "name", "id"]},
        },
    ),
    "date": _kind(type={"const": "string"}, format={"const": "date"}, **{"x-secret": {"type": "boolean"}}),
    "number": _kind(type={"const": "number"}, minimum=_NUMBER, maximum=_NUMBER, **{"x-unit": _TEXT}),
    "integer": _kind(type={"const": "integer"}, minimum=_NUMBER, maximum=_NUMBER, **{"x-unit": _TEXT}),
    "boolean": _kind(type={"const": "boolean"}),
    "choice": _kind(
        type={"const": "string"},
        enum=_ENUM,
        **{"x-enum-titles": _TITLES, "x-secret": {"type": "boolean"}, "x-tie": {"enum": [True]}},
    ),
    "many": _kind(
        type={"const": "array"},
        items={
            "type": "object",
            "properties": {"type": {"const": "string"}, "enum": _ENUM, "x-enum-titles": _TITLES},
            "required": ["type", "enum"],
            "additionalProperties": False,
        },
        uniqueItems={"const": True},
        minItems=_COUNT,
    ),
    "photos": _kind(
        type={"const": "array"},
        items={"const": {"type": "string", "format": "uuid"}},
        minItems=_COUNT,
        maxItems=_COUNT,
        **{"x-photo": {"const": True}},
    ),
    "item": _kind(
        type={"const": "string"}, enum={"const": list(ITEM)}, **{"x-item": {"const": True}, "x-basis": _TEXT}
    ),
}
ROOT: Schema = {
    "type": "object",
    "properties": {
        "type": {"const": "object"},
        "properties": {
            "type": "object",
            "propertyNames": {"pattern": NAME},
            "minProperties": 1,
            "maxProperties": MOST_FIELDS,
        },
        "required": {"type": "array", "items": {"type": "string"}, "uniqueItems": True},
        "x-order": {"type": "array", "items": {"type": "string"}, "uniqueItems": True},
        "x-registry": {
            "type": "object",
            "properties": {
                "kind": {"type": "string", "pattern": NAME},
                "within": {"type": "array", "items": {"type": "string"}},
                "at_point": {"type": "boolean"},
                "members": KINDS["choice"],
            },
            "required": ["kind"],
            "additionalProperties": False,
        },
        "x-next": {
            "type": "object",
            "properties": {
                "days": {"type": "integer", "minimum": 1, "maximum": 3660},
                "rules": {
                    "type": "array",
                    "maxItems": 50,
                    "items": {
                        "type": "object",
                        "properties": {
                            "when": {"type": "object", "minProperties": 1},
                            "days": {"type": "integer", "minimum": 1, "maximum": 3660},
                        },
                        "required": ["when", "days"],
                        "additionalProperties": False,
                    },
                },
            },
            "additionalProperties": False,
        },
    },
    "required": ["type", "properties"],
    "additionalProperties": False,
}
_ROOT = Draft202012Validator(ROOT)
_FORMATS = FormatChecker(["date", "uuid"])


def kind_of(field: Any) -> str | None:
    """Of a property; None when it is none of the subset."""
    if not isinstance(field, dict):
        return None
    for name, validator in _KINDS.items():
        if validator.is_valid(field):
            return name
    return None


_KINDS = {name: Draft202012Validator(rule) for name, rule in KINDS.items()}
# A text with an enum would be a choice, and an item is a choice with a mark: the narrower kind is asked for first.
_KINDS = {name: _KINDS[name] for name in ("item", "photos", "date", "choice", "many", *KINDS)}


def faults_of(schema: Any) -> dict[str, Message]:
    """What is wrong with a form, by the name of the field (or "schema")."""
    wrong = next(iter(_ROOT.iter_errors(schema)), None)
    if wrong is not None:
        where = "/".join(map(str, wrong.absolute_path)) or "schema"
        return {"schema": Message(f"表单结构有误（{where}）。", f"The form is not built as it should be ({where}).")}
    fields: dict[str, Schema] = schema["properties"]
    faults = {
        name: Message("不是可用的字段类型。", "This is not a kind of field a form may have.")
        for name, field in fields.items()
        if kind_of(field) is None
    }
    if faults:
        return faults
    order = order_of(schema)
    if sorted(order) != sorted(fields) or not set(schema.get("required", ())) <= set(fields):
        return {"schema": Message("顺序或必填项与字段不一致。", "Order or required fields do not match the fields.")}
    for place, name in enumerate(order):
        if not set(fields[name].get("x-show-if", ())) <= set(order[:place]):
            faults[name] = Message("显示条件只能引用前面的字段。", "A field is shown by fields that stand before it.")
        elif not _is_titled(fields[name]):
            faults[name] = Message("选项与选项名称数量不一致。", "There must be one title for each choice.")
    for rule in schema.get("x-next", {}).get("rules", ()):
        if not set(rule["when"]) <= set(fields):
            faults["schema"] = Message("下次日期的规则引用了不存在的字段。", "A rule of the next date names no field.")
    return faults


def ordered(schema: Schema) -> Schema:
    """With the order its fields came in written down, for a database that keeps no order of keys."""
    return {**schema, "x-order": order_of(schema)}


def order_of(schema: Schema) -> list[str]:
    return list(schema.get("x-order") or schema["properties"])


def check(schema: Schema, answers: Answers) -> tuple[Answers, dict[str, Message]]:
    """What is to be kept of the answers, and what is wrong with them by field. What is hidden or empty is left out."""
    kept: Answers = {}
    faults: dict[str, Message] = {}
    required = set(schema.get("required", ()))
    for name in order_of(schema):
        field = schema["properties"][name]
        if not is_shown(field, kept):
            continue
        value = answers.get(name)
        if value is None or value in ("", []):
            if name in required:
                faults[name] = Message("必填。", "This is required.")
            continue
        wrong = _first_fault(field, value)
        if wrong is not None:
            faults[name] = _say(wrong)
        else:
            kept[name] = value
    return kept, faults | _unasked(schema, answers)


def check_correction(schema: Schema, answers: Answers) -> tuple[Answers, dict[str, Message]]:
    """Of what stands already only what is said of it now: nothing is required, what is hidden is not looked for, and a
    field of the registry that is given empty (None) is taken away."""
    kept: Answers = {}
    faults: dict[str, Message] = {}
    for name in order_of(schema):
        field = schema["properties"][name]
        if name not in answers or "x-tie" in field:
            continue
        value = answers[name]
        if value is None or value in ("", []):
            if "x-field" in field:
                kept[name] = None
        elif (wrong := _first_fault(field, value)) is not None:
            faults[name] = _say(wrong)
        else:
            kept[name] = value
    return kept, faults | _unasked(schema, answers)


def is_shown(field: Schema, answers: Answers) -> bool:
    return _holds(field.get("x-show-if", {}), answers)


def next_days(schema: Schema, answers: Answers) -> int | None:
    """After how many days the next one is due by the form's own rule; None when it has none."""
    rule = schema.get("x-next", {})
    for one in rule.get("rules", ()):
        if _holds(one["when"], answers):
            return int(one["days"])
    return int(rule["days"]) if "days" in rule else None


def failed(schema: Schema, answers: Answers) -> list[str]:
    """The items of an inspection that were not passed, in the form's order."""
    return [name for name in named(schema, "x-item") if answers.get(name) == "fail"]


def photos(schema: Schema, answers: Answers) -> list[str]:
    return list(dict.fromkeys(piece for name in named(schema, "x-photo") for piece in answers.get(name, ())))


def named(schema: Schema, mark: str) -> list[str]:
    """The fields that carry a mark (`x-secret`, `x-photo`, `x-item`)."""
    return [name for name in order_of(schema) if schema["properties"][name].get(mark)]


def _unasked(schema: Schema, answers: Answers) -> dict[str, Message]:
    said = Message("表单没有这一项。", "The form has no such field.")
    return dict.fromkeys(set(answers) - set(schema["properties"]), said)


def _holds(wanted: dict[str, Any], answers: Answers) -> bool:
    return all(_is_one_of(answers.get(name), value) for name, value in wanted.items())


def _is_one_of(answer: Any, wanted: Any) -> bool:
    choices = wanted if isinstance(wanted, list) else [wanted]
    given: Iterable[Any] = answer if isinstance(answer, list) else [answer]
    return any(one == choice and type(one) is type(choice) for one in given for choice in choices)


def _is_titled(field: Schema) -> bool:
    chosen = field.get("items", field) if field.get("type") == "array" else field
    if "x-enum-titles" not in chosen:
        return True
    return len(chosen["x-enum-titles"]) == len(chosen.get("enum", ()))


def _first_fault(field: Schema, value: Any) -> ValidationError | None:
    return next(iter(Draft202012Validator(field, format_checker=_FORMATS).iter_errors(value)), None)


_SAID: dict[str, Callable[[Any], Message]] = {
    "enum": lambda _: Message("不在可选项之内。", "This is not one of the choices."),
    "minimum": lambda least: Message(f"不能小于 {least}。", f"{least} at least."),
    "maximum": lambda most: Message(f"不能大于 {most}。", f"{most} at most."),
    "minLength": lambda least: Message(f"至少 {least} 个字。", f"{least} characters at least."),
    "maxLength": lambda most: Message(f"最多 {most} 个字。", f"{most} characters at most."),
    "minItems": lambda least: Message(f"至少 {least} 项。", f"{least} at least."),
    "maxItems": lambda most: Message(f"最多 {most} 项。", f"{most} at most."),
    "uniqueItems": lambda _: Message("有重复的选项。", "Something is chosen twice."),
    "format": lambda _: Message("格式不对。", "This is not written as it should be."),
}


def _say(wrong: ValidationError) -> Message:
    said = _SAID.get(str(wrong.validator))
    return said(wrong.validator_value) if said else Message("填写的内容类型不对。", "This is not of the right type.")
