"""Whose value stands when two sources differ (ADR 20). Nothing is dropped: what loses becomes an open difference."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Policy(StrEnum):
    NEWEST = "newest"  # the later word
    OWNER = "owner"  # the department that keeps the field; among others the later word
    MANUAL = "manual"  # nobody: each difference is looked at


class Outcome(StrEnum):
    SAME = "same"
    TAKE = "take"
    DIFFER = "differ"


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """Who says a value. `owner`: the department whose word it is, "" for our own collection."""

    owner: str
    at: datetime | None
    decided: bool = False  # by a person who saw both


def outcome(policy: Policy, owner: str, *, held: Said, new: Said, is_empty: bool, is_corrected: bool) -> Outcome:
    """`is_empty`: nothing is held. `is_corrected`: a person changes what they see, with a reason."""
    if is_empty:
        return Outcome.TAKE
    if policy is Policy.OWNER:
        if held.owner == owner and new.owner != owner:
            return Outcome.DIFFER
        if held.decided and not is_corrected:
            return Outcome.DIFFER  # the owner's next file says the same again; who decided knew that
        if new.owner == owner and held.owner != owner:
            return Outcome.TAKE
    if is_corrected:
        return Outcome.TAKE
    if policy is Policy.MANUAL:
        return Outcome.DIFFER
    if held.at is not None and new.at is not None and new.at < held.at:
        return Outcome.DIFFER
    return Outcome.TAKE
