"""What somebody gives for a record, read by the dictionary: each value in its one form, or what is wrong with it."""

import math
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from wangge.core.errors import Invalid, Message
from wangge.core.phone_numbers import normalise_phone
from wangge.registry.codelists import CODE_LISTS
from wangge.registry.dictionary import KINDS, Field, Type
from wangge.registry.rules import addresses, identity, names

EARLIEST = date(1850, 1, 1)
LARGEST_INTEGER = 1_000_000_000
YES, NO = frozenset({"1", "true", "是"}), frozenset({"0", "false", "否"})

UNKNOWN = Message("数据字典里没有这一项，不能保存。", "The dictionary has no such field; it cannot be kept.")
MISSING = Message("必填。", "This is needed.")
TOO_LONG = Message("太长了。", "This is too long.")
NOT_A_NAME = Message("姓名只能是文字、字母和间隔点，50 字以内。", "A name is characters, letters and dots, at most 50.")
NOT_IN_LIST = Message("不在代码表里。", "Not in the code list.")
NOT_A_DATE = Message("不是有效日期（年-月-日）。", "Not a date (year-month-day).")
IN_FUTURE = Message("不能晚于今天。", "This cannot be later than today.")
NOT_A_NUMBER = Message("不是有效的数字。", "Not a number.")
WRONG_NUMBER = Message("身份证号码的校验码或出生日期不对。", "The identity number's check digit or birthday is wrong.")
WRONG_CREDIT = Message("统一社会信用代码的校验码不对。", "The credit code's check digit is wrong.")
NOT_A_PHONE = Message("不是电话号码。", "Not a telephone number.")
NOT_A_REGION = Message("应为六位行政区划代码。", "Six digits of a division code.")
FORMULA = Message("不能以 = + - @ 开头。", "This may not begin with = + - or @.")


class Unreadable(Exception):
    def __init__(self, problem: Message) -> None:
        super().__init__(repr(problem))
        self.problem = problem


def read_values(kind: str, values: Mapping[str, Any], *, today: date, is_new: bool) -> dict[str, Any]:
    """Values by field in their one form; None or "" is empty. Raises Invalid with every field that is wrong."""
    known = {field.name: field for field in KINDS[kind]}
    found: dict[str, Any] = {}
    wrong: dict[str, Message] = {}
    for name, value in values.items():
        if name not in known:
            wrong[name] = UNKNOWN
            continue
        try:
            found[name] = read_value(known[name], value, today=today)
        except Unreadable as unreadable:
            wrong[name] = unreadable.problem
    _read_identity(found, wrong)
    for field in known.values():
        lacks = field.name not in found if is_new else False
        if field.required and field.name not in wrong and (lacks or found.get(field.name, "x") in ("", None)):
            wrong[field.name] = MISSING
    if wrong:
        raise Invalid(fields=wrong)
    return found


def read_value(field: Field, value: Any, *, today: date) -> Any:
    """Raises Unreadable. The check digits are looked at in `read_values`, for they hang on the document."""
    if value is None or (isinstance(value, str) and not value.strip()):
        return empty_of(field)
    return reader_of(field, today)(value)


def reader_of(field: Field, today: date) -> Callable[[Any], Any]:
    """`read_value` of one field for many values that are not blank: what hangs on the field is decided once."""
    match field.type:
        case Type.DATE:
            return lambda value: _date(field, value, today)
        case Type.INTEGER:
            return _integer
        case Type.DECIMAL:
            return _decimal
        case Type.FLAG:
            return _flag
    one_form, longest, is_address = _one_form(field), field.longest, field.name == "address"

    def read(value: Any) -> str:
        text = one_form((value if isinstance(value, str) else str(value)).strip())
        if len(text) > longest:
            raise Unreadable(TOO_LONG)
        return addresses.plain(text) if is_address else text

    return read


def empty_of(field: Field) -> Any:
    return None if field.type in (Type.DATE, Type.INTEGER, Type.DECIMAL, Type.FLAG) else ""


def _one_form(field: Field) -> Callable[[str], str]:
    match field.type:
        case Type.NAME:
            return _name
        case Type.CODE:
            known = CODE_LISTS[field.codes].names
            return lambda text: text if text in known else _refused(NOT_IN_LIST)
        case Type.IDENTITY:
            return identity.normalise_number
        case Type.PHONE:
            return lambda text: text if normalise_phone(text) is not None else _refused(NOT_A_PHONE)
        case Type.CREDIT:
            return _credit_code
        case Type.REGION:
            return _region
        case Type.LINE:
            return _line
    return lambda text: text


def _refused(problem: Message) -> str:
    raise Unreadable(problem)


def _name(text: str) -> str:
    found = names.tidy(text)
    return found if names.is_name(found) else _refused(NOT_A_NAME)


def _credit_code(text: str) -> str:
    found = identity.normalise_number(text)
    return found if identity.is_credit_code(found) else _refused(WRONG_CREDIT)


def _region(text: str) -> str:
    is_one = text.isascii() and text.isdigit() and len(text) in (6, 12)
    return text[:6] if is_one else _refused(NOT_A_REGION)


def _line(text: str) -> str:
    """Nothing that a spreadsheet would run when it is taken away again."""
    if text[0] in "=+@\t" or (text[0] == "-" and len(text) > 1 and not text[1].isdigit()):
        return _refused(FORMULA)
    return text


def _date(field: Field, value: Any, today: date) -> date:
    try:
        found = value if isinstance(value, date) else date.fromisoformat(str(value).strip()[:10])
    except ValueError as wrong:
        raise Unreadable(NOT_A_DATE) from wrong
    if found < EARLIEST or found.year > today.year + 100:
        raise Unreadable(NOT_A_DATE)
    if field.name != "permit_expires" and found > today:
        raise Unreadable(IN_FUTURE)
    return found


def _integer(value: Any) -> int:
    try:
        found = int(str(value).strip())
    except ValueError as wrong:
        raise Unreadable(NOT_A_NUMBER) from wrong
    if not -20 <= found <= LARGEST_INTEGER:
        raise Unreadable(NOT_A_NUMBER)
    return found


def _decimal(value: Any) -> float:
    try:
        found = float(str(value).strip())
    except ValueError as wrong:
        raise Unreadable(NOT_A_NUMBER) from wrong
    if not math.isfinite(found) or not 0 <= found <= LARGEST_INTEGER:
        raise Unreadable(NOT_A_NUMBER)
    return found


def _flag(value: Any) -> bool:
    plain = str(value).strip().lower()
    if plain in YES:
        return True
    if plain in NO:
        return False
    raise Unreadable(NOT_IN_LIST)


def _read_identity(found: dict[str, Any], wrong: dict[str, Message]) -> None:
    """An identity card's number must be right, and tells birthday and sex where nobody else does."""
    number = found.get("id_number")
    if not number or "id_number" in wrong:
        return
    found.setdefault("id_type", identity.ID_CARD)
    if found["id_type"] != identity.ID_CARD:
        return
    number = found["id_number"] = identity.upgraded(number)
    told = identity.told_by(number)
    if told is None or not identity.is_identity_number(number):
        wrong["id_number"] = WRONG_NUMBER
        return
    found.setdefault("birth_date", told.birth_date)
    found.setdefault("sex", told.sex)
