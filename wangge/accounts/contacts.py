"""A person's telephone: sealed for that person, found by its hash, shown masked."""

from wangge.accounts.models import User
from wangge.core import crypto
from wangge.core.errors import invalid
from wangge.core.masking import mask_phone
from wangge.core.phone_numbers import normalise_phone

CONTEXT = "accounts_user.phone"


def set_phone(user: User, phone: str) -> None:
    """Raises Invalid (`phone`). Empty takes it away. Bound to the username, which never changes."""
    if not phone.strip():
        user.phone_sealed = user.phone_hash = None
        return
    number = normalise_phone(phone)
    if number is None:
        raise invalid("phone", "不是有效的电话号码。", "This is not a telephone number.")
    user.phone_sealed = crypto.seal(number, context=CONTEXT, row=user.username)
    user.phone_hash = crypto.hash_phone(number)


def masked_phone(user: User) -> str:
    return mask_phone(phone_of(user))


def phone_of(user: User) -> str:
    """In clear: for calling back, never for showing."""
    if user.phone_sealed is None:
        return ""
    return crypto.unseal_text(bytes(user.phone_sealed), context=CONTEXT, row=user.username)
