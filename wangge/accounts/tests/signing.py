"""Signing in for real, with a password: what the tests of sign-in share."""

from wangge.testing.client import Answer, Api
from wangge.testing.world import Person

PASSWORD = "correct horse battery"
OTHER_PASSWORD = "purple tractor window"


def give_password(person: Person, password: str = PASSWORD, *, must_change: bool = False) -> None:
    person.user.set_password(password)
    person.user.must_change_password = must_change
    person.user.save(update_fields=["password", "must_change_password"])


def sign_in(api: Api, person: Person, password: str = PASSWORD) -> Answer:
    return api.post("/api/session", {"username": person.user.username, "password": password})
