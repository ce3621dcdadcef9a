"""Decisions about people and posts as pure functions and tables: no database, no clock."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from wangge.accounts.models import Session
from wangge.accounts.permissions import Permission as P
from wangge.accounts.permissions import Power
from wangge.core import codes
from wangge.core.actor import Actor

Stage = Session.Stage

STAGES = (Stage.TOTP, Stage.PASSWORD, Stage.POST, Stage.OPEN)

# What a role of each power may hold at most: the three powers do not do each other's work, nor the work itself
# (GB/T 22239-2019 8.1.4.2). Reading accounts and setting up grids and rules is shared where both need it.
_POWERS_OWN = {P.ACCOUNT_EDIT, P.ROLE_EDIT, P.SECURITY_EDIT, P.JOURNAL_READ}
MAY_HOLD: dict[Power, frozenset[P]] = {
    Power.WORK: frozenset(set(P) - _POWERS_OWN),
    Power.ADMINISTRATION: frozenset(
        {
            P.ACCOUNT_READ,
            P.ACCOUNT_EDIT,
            P.IMPORT_RUN,
            P.GRID_READ,
            P.GRID_EDIT,
            P.GRID_APPROVE,
            P.GRID_REDRAW,
            P.TEAM_EDIT,
            P.CATEGORY_EDIT,
            P.CALENDAR_EDIT,
            P.RULE_EDIT,
            P.NOTICE_PUBLISH,
            P.ANSWER_EDIT,
            P.WALL_EDIT,
            P.WALL_WEATHER,
            P.TERMINAL_EDIT,
            P.FORM_EDIT,
        }
    ),
    Power.SECURITY: frozenset({P.ACCOUNT_READ, P.ROLE_EDIT, P.SECURITY_EDIT}),
    Power.AUDIT: frozenset({P.ACCOUNT_READ, P.JOURNAL_READ}),
}

# What a role of each power holds at least: without it nobody could do that power's work, nor give it back over the wire
# (an auditor who may not read the journal, a security officer who may change no role).
MUST_HOLD: dict[Power, frozenset[P]] = {
    Power.WORK: frozenset(),
    Power.ADMINISTRATION: frozenset({P.ACCOUNT_READ, P.ACCOUNT_EDIT}),
    Power.SECURITY: frozenset({P.ACCOUNT_READ, P.ROLE_EDIT, P.SECURITY_EDIT}),
    Power.AUDIT: frozenset({P.JOURNAL_READ}),
}

# Whose accounts and posts are in whose hands. Auditors are made on the machine itself (`wangge createaccount`), so that
# nobody they watch can make or replace one.
IN_HANDS_OF: dict[Power, P | None] = {
    Power.WORK: P.ACCOUNT_EDIT,
    Power.ADMINISTRATION: P.ACCOUNT_EDIT,
    Power.SECURITY: P.SECURITY_EDIT,
    Power.AUDIT: None,
}

# What another system may be allowed: to bring cases and to ask what became of them, and to say the weather.
FOR_PARTNERS = frozenset({P.CASE_REPORT, P.CASE_READ, P.WALL_WEATHER})

# What may stand beside a session that lasts for weeks: a screen that nobody watches must not be able to do anything.
BESIDE_STANDING = frozenset({P.SESSION_STANDING, P.WALL_READ, P.DASHBOARD_READ})

USERNAME = re.compile(r"[a-z0-9][a-z0-9._@-]{1,63}")
UNIT_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,31}")
_RANGE_LENGTHS = frozenset(codes.Level)


@dataclass(frozen=True, kw_only=True)
class Needs:
    """What stands between a password and being signed in."""

    totp: bool
    new_password: bool
    post: bool  # there is more than one to choose from


def next_stage(done: Session.Stage | None, needs: Needs) -> Session.Stage:
    """The first stage after `done` that is needed; None is a right password."""
    wanted = {Stage.TOTP: needs.totp, Stage.PASSWORD: needs.new_password, Stage.POST: needs.post, Stage.OPEN: True}
    later = STAGES[STAGES.index(done) + 1 :] if done is not None else STAGES
    return next(stage for stage in later if wanted[stage])


def mixes_powers(power: str, permissions: Iterable[str]) -> list[str]:
    """The permissions that a role of this power must not hold."""
    return sorted(set(permissions) - {str(permission) for permission in MAY_HOLD[Power(power)]})


def unmakes_power(power: str, permissions: Iterable[str]) -> list[str]:
    """The permissions that a role of this power must keep and would not."""
    return sorted({str(permission) for permission in MUST_HOLD[Power(power)]} - set(permissions))


def does_more_than_stand(permissions: Iterable[str]) -> list[str]:
    """The permissions that a role must not hold whose sessions last for weeks."""
    held = set(permissions)
    return sorted(held - {str(one) for one in BESIDE_STANDING}) if P.SESSION_STANDING in held else []


def is_in_hands_of(actor: Actor, powers: Iterable[str]) -> bool:
    """Whether this actor may make, change or end accounts that hold these powers. No power yet: the administrator's."""
    if actor.is_system:
        return True
    keepers = {IN_HANDS_OF[Power(power)] for power in powers} or {P.ACCOUNT_EDIT}
    return all(keeper is not None and actor.may(keeper) for keeper in keepers)


def as_username(text: str) -> str:
    """Sign-in does not care about case, full-width letters or spaces around."""
    return unicodedata.normalize("NFKC", text).strip().lower()


def as_range(text: str) -> str | None:
    """The significant digits of a division, grid or micro grid code, which a post looks after; None: it is no code."""
    if not re.fullmatch(r"[0-9]{2,17}", text):
        return None
    if len(text) > codes.Level.COMMUNITY:
        return text if len(text) in _RANGE_LENGTHS else None
    try:
        return codes.significant(text)
    except ValueError:
        return None
