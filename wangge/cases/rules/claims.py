"""占用: which seat is at work on a case, and whose moves wait for it (docs/adr/0011). Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from wangge.accounts.permissions import Permission
from wangge.cases.rules.moves import Move, Rule
from wangge.core.actor import PERSON, Actor

# A page renews its claim every half minute; after four that did not come nobody is at work there any more.
LEFT_AFTER = timedelta(minutes=2)
# Nobody comes back to it: the mark goes from the lists.
FORGOTTEN_AFTER = timedelta(hours=4)

# Moves that add to a case and decide nothing: they hold nobody up, and no claim holds them up.
BESIDE = frozenset({Move.NOTE, Move.RATE, Move.ARRIVE, Move.ASSIST_DONE, Move.RECEIPT, Move.WHISTLE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    post_id: int
    by_name: str
    by_unit: str
    by_unit_path: str
    move: str
    since: datetime
    renewed_at: datetime

    def is_of(self, actor: Actor) -> bool:
        return actor.kind == PERSON and actor.post_id == self.post_id

    def is_left(self, at: datetime) -> bool:
        return at - self.renewed_at >= LEFT_AFTER


def claims(rule: Rule) -> bool:
    """Whether beginning this move is being at work on the case."""
    return rule.move not in BESIDE


def stands_in_the_way(claim: Claim | None, rule: Rule, by: Actor, at: datetime) -> bool:
    """Residents, partners and the house itself sit at no desk and cannot take over; a commander need not."""
    if claim is None or not claims(rule) or by.kind != PERSON:
        return False
    if claim.is_of(by) or claim.is_left(at):
        return False
    return not by.may(Permission.CASE_COMMAND)


def ends(claim: Claim | None, rule: Rule, by: Actor) -> bool:
    """Whether it is over with this move: of its seat, or of whoever could pass it."""
    return claim is not None and claims(rule) and by.kind == PERSON
