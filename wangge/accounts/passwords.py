"""What a password must be, in both languages, and first passwords that people can type."""

import secrets

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from wangge.accounts.models import User
from wangge.core.errors import Invalid, Message

# By the code of Django's validators (settings.AUTH_PASSWORD_VALIDATORS); its own Chinese has gaps.
WORDS = {
    "password_too_short": ("密码太短，至少 {min_length} 个字符。", "Too short: at least {min_length} characters."),
    "password_too_similar": ("密码与用户名或姓名太相似。", "Too similar to the username or the name."),
    "password_too_common": ("这个密码太常见，容易被猜到。", "This password is too common."),
    "password_entirely_numeric": ("密码不能全是数字。", "A password must not be digits alone."),
}
_SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that look alike
_GROUPS, _GROUP = 4, 4  # 31 signs, 16 of them: 79 bits


def check_password_rules(password: str, user: User) -> None:
    """Raises Invalid with the field `new`."""
    try:
        validate_password(password, user)
    except ValidationError as wrong:
        raise Invalid(fields={"new": _complaint(wrong)}) from wrong


def random_password() -> str:
    """`k7wm-p3xd-94hn-tz2c`: read out over a telephone, typed once, then changed."""
    return "-".join("".join(secrets.choice(_SIGNS) for _ in range(_GROUP)) for _ in range(_GROUPS))


def _complaint(wrong: ValidationError) -> Message:
    unknown = ("密码不符合要求。", "The password does not meet the rules.")
    told = [
        tuple(words.format_map(error.params or {}) for words in WORDS.get(str(error.code), unknown))
        for error in wrong.error_list
    ]
    return Message("".join(zh for zh, _ in told), " ".join(en for _, en in told))
