"""What a wrong value is told, in both languages, by pydantic's kind of error."""

import re
from typing import Any

from wangge.core.errors import Message

WORDS: dict[str, tuple[str, str]] = {
    "missing": ("此项必填。", "This is required."),
    "string_too_short": ("至少 {min_length} 个字符。", "At least {min_length} characters."),
    "string_too_long": ("最多 {max_length} 个字符。", "At most {max_length} characters."),
    "string_type": ("应为文字。", "This must be text."),
    "string_pattern_mismatch": ("格式不对。", "This does not have the right form."),
    "int_type": ("应为整数。", "This must be a whole number."),
    "int_parsing": ("应为整数。", "This must be a whole number."),
    "int_from_float": ("应为整数。", "This must be a whole number."),
    "float_type": ("应为数字。", "This must be a number."),
    "float_parsing": ("应为数字。", "This must be a number."),
    "finite_number": ("应为有限的数字。", "This must be a finite number."),
    "decimal_parsing": ("应为数字。", "This must be a number."),
    "bool_type": ("应为是或否。", "This must be yes or no."),
    "bool_parsing": ("应为是或否。", "This must be yes or no."),
    "uuid_parsing": ("不是有效的编号。", "This is not a valid identifier."),
    "uuid_type": ("不是有效的编号。", "This is not a valid identifier."),
    "datetime_parsing": ("不是有效的时间。", "This is not a valid time."),
    "datetime_from_date_parsing": ("不是有效的时间。", "This is not a valid time."),
    "timezone_aware": ("时间必须带时区。", "The time must say its zone."),
    "date_parsing": ("不是有效的日期。", "This is not a valid date."),
    "date_from_datetime_parsing": ("不是有效的日期。", "This is not a valid date."),
    "date_type": ("不是有效的日期。", "This is not a valid date."),
    "date_from_datetime_inexact": ("不是有效的日期。", "This is not a valid date."),
    "datetime_type": ("不是有效的时间。", "This is not a valid time."),
    "datetime_object_invalid": ("不是有效的时间。", "This is not a valid time."),
    "time_parsing": ("不是有效的时刻。", "This is not a valid time of day."),
    "time_type": ("不是有效的时刻。", "This is not a valid time of day."),
    "decimal_type": ("应为数字。", "This must be a number."),
    "decimal_max_digits": ("最多 {max_digits} 位数字。", "At most {max_digits} digits."),
    "decimal_max_places": ("最多 {decimal_places} 位小数。", "At most {decimal_places} decimal places."),
    "int_parsing_size": ("数字太大。", "This number is too large."),
    "union_tag_invalid": ("没有这一种。", "There is no such kind."),
    "union_tag_not_found": ("没有写明是哪一种。", "Say of which kind it is."),
    "enum": ("只能是：{expected}。", "This must be one of: {expected}."),
    "literal_error": ("只能是：{expected}。", "This must be one of: {expected}."),
    "greater_than_equal": ("不能小于 {ge}。", "This must be at least {ge}."),
    "greater_than": ("必须大于 {gt}。", "This must be more than {gt}."),
    "less_than_equal": ("不能大于 {le}。", "This must be at most {le}."),
    "less_than": ("必须小于 {lt}。", "This must be less than {lt}."),
    "too_long": ("最多 {max_length} 项。", "At most {max_length} entries."),
    "too_short": ("至少 {min_length} 项。", "At least {min_length} entries."),
    "list_type": ("应为列表。", "This must be a list."),
    "dict_type": ("应为一组名和值。", "This must be an object."),
    "model_attributes_type": ("应为一组名和值。", "This must be an object."),
    "extra_forbidden": ("不认识这一项。", "This is not known here."),
}
EMPTY = {
    "string_too_short": ("不能为空。", "This must not be empty."),
    "too_short": ("至少要有一项。", "At least one is needed."),
}
QUOTED = re.compile(r"'([^']*)'")  # of what pydantic lists, which may hold the names of our classes


def field_message(error: dict[str, Any]) -> Message:
    kind, context = str(error.get("type")), {name: str(value) for name, value in (error.get("ctx") or {}).items()}
    zh, en = WORDS.get(kind, ("此项有误。", "This is not right."))
    if context.get("min_length") == "1" and kind in EMPTY:
        zh, en = EMPTY[kind]
    if "expected" in context:
        named = [one for one in QUOTED.findall(context["expected"]) if one]
        context["expected"] = ", ".join(named) or context["expected"]
    try:
        return Message(zh.format(**context), en.format(**context))
    except KeyError:
        return Message("此项有误。", "This is not right.")
