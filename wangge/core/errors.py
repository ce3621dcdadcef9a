"""One tree of foreseen failures, one JSON shape. Anything else is a bug and goes up to the log.

A subclass stands beside the function that raises it and gives a stable `code` and its sentence in both languages;
`{names}` in a sentence are filled from the data the error is raised with.
"""

from typing import Any, ClassVar


class DomainError(Exception):
    code: ClassVar[str] = "error"
    status: ClassVar[int] = 400
    zh: ClassVar[str] = "操作没有完成。"
    en: ClassVar[str] = "The operation was not completed."
    keeps: ClassVar[bool] = False  # what was written before it stays (a failed sign-in is counted)

    def __init__(self, *, fields: "dict[str, Message] | None" = None, **data: Any) -> None:
        super().__init__(self.code, data)
        self.data = data
        self.fields = fields or {}

    def message(self, language: str) -> str:
        return (self.en if language == "en" else self.zh).format_map(_Known(self.data))

    def as_json(self, language: str) -> dict[str, Any]:
        return {
            "code": self.code,
            "message": self.message(language),
            "fields": {name: text.in_language(language) for name, text in self.fields.items()},
            "data": self.data,
        }


class Message:
    """A sentence in both languages, for a field of a form."""

    def __init__(self, zh: str, en: str) -> None:
        self.zh = zh
        self.en = en

    def in_language(self, language: str) -> str:
        return self.en if language == "en" else self.zh

    def __repr__(self) -> str:
        return f"Message({self.en!r})"


TAKEN = Message("已被使用，请换一个。", "Taken; choose another one.")  # beneath the field of a Conflict about it


class NotFound(DomainError):
    """Absent and out of scope are told apart for nobody."""

    code = "not_found"
    status = 404
    zh = "没有找到，或不在您的管辖范围内。"
    en = "Not found, or outside your area."


class NotSignedIn(DomainError):
    code = "not_signed_in"
    status = 401
    zh = "请先登录。"
    en = "Please sign in."


class NotAllowed(DomainError):
    code = "not_allowed"
    status = 403
    zh = "您当前的岗位没有这项权限。"
    en = "Your post does not allow this."


class Invalid(DomainError):
    code = "invalid"
    status = 422
    zh = "填写的内容有误，请检查标出的项。"
    en = "Some values are not right; see the marked fields."


class Conflict(DomainError):
    code = "conflict"
    status = 409
    zh = "别人刚刚改动过，请刷新后再试。"
    en = "Somebody changed this a moment ago; reload and try again."


def invalid(field: str, zh: str, en: str, **data: Any) -> Invalid:
    return Invalid(fields={field: Message(zh, en)}, **data)


class _Known(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "…"
