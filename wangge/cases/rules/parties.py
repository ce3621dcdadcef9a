"""Whose a move is: a case, what waits on it, and an actor in; the moves this person may make out.

Pure. What may be done now, by this person, comes with each case from here.
"""

from dataclasses import dataclass
from typing import Protocol

from wangge.accounts.permissions import Permission
from wangge.cases.rules.confidence import is_complained_of
from wangge.cases.rules.moves import BY_REPORTER, NOT_WHILE, ONLY_WHILE, RULES, Move, Party, Rule
from wangge.core.actor import PUBLIC, Actor

DEPARTMENTS = ("department", "branch")


class CaseLike(Protocol):
    state: str
    holder_path: str
    lead_path: str
    current_grid: str
    complained_root: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What is waiting on a case, beside its own row: extensions asked, whistles, the units assisting."""

    assisting: tuple[str, ...] = ()  # unit paths
    mustered: tuple[str, ...] = ()  # unit paths called and not yet arrived
    signed: tuple[int, ...] = ()  # steps of the procedure signed off since the case was last dispatched
    owing: tuple[str, ...] = ()  # unit paths that owe a receipt
    step_path: str = ""  # the unit whose step is next, where it is another than the lead
    waiting: frozenset[str] = frozenset()  # of ONLY_WHILE
    caller_path: str = ""  # who blew the open whistle
    called_path: str = ""  # the centre it called


def allowed_moves(case: CaseLike, actor: Actor, standing: Standing) -> list[Rule]:
    return [rule for rule in RULES if may_now(rule, case, actor, standing) and not _waits_already(rule, standing)]


def may_now(rule: Rule, case: CaseLike, actor: Actor, standing: Standing) -> bool:
    return case.state in rule.sources and may_ever(rule, case, actor, standing) and is_waiting(rule, standing, actor)


def _waits_already(rule: Rule, standing: Standing) -> bool:
    return bool(NOT_WHILE.get(rule.move, frozenset()) & standing.waiting)


def is_waiting(rule: Rule, standing: Standing, actor: Actor) -> bool:
    if rule.move is Move.RECEIPT:  # each unit for itself
        return any(acts_for(path, actor) for path in standing.owing)
    wanted = ONLY_WHILE.get(rule.move)
    return wanted is None or wanted in standing.waiting


def may_ever(rule: Rule, case: CaseLike, actor: Actor, standing: Standing) -> bool:
    """Whether it is this actor's move at all, in whatever state the case is."""
    if actor.is_system:
        return True
    if actor.kind == PUBLIC:  # whoever proved to be the reporter; nobody else of that kind ever gets a case to see
        return rule.move in BY_REPORTER
    if not actor.may(rule.permission):
        return False
    if rule.move is Move.SETTLE and is_complained_of(case, actor):
        return False
    if rule.move is Move.ARRIVE:
        return any(acts_for(path, actor) for path in standing.mustered)
    return _is_party(rule.party, case, actor, standing)


def acts_for(path: str, actor: Actor) -> bool:
    """A department answers for its branches. A centre does not do the work of the centres and departments under it: it
    recalls, transfers, supervises, and everybody sees that it was the centre (docs/adr/0009)."""
    if path and path == actor.unit_path:
        return True
    return actor.unit_kind in DEPARTMENTS and _is_or_is_under(path, actor.unit_path)


def _is_party(party: Party, case: CaseLike, actor: Actor, standing: Standing) -> bool:
    match party:
        case Party.HOLDER:
            return _is_or_commands(case.holder_path, actor)
        case Party.LEAD:
            return acts_for(case.lead_path, actor)
        case Party.STEP:
            return acts_for(case.lead_path, actor) or acts_for(standing.step_path, actor)
        case Party.ASSIST:
            return any(acts_for(path, actor) for path in standing.assisting)
        case Party.PLACE:
            return actor.covers(case.current_grid)
        case Party.ABOVE:
            return actor.covers(case.current_grid) and _is_or_is_under(case.holder_path, actor.unit_path)
        case Party.CALLER:
            return acts_for(standing.caller_path, actor)
        case Party.CALLED:
            return _is_or_commands(standing.called_path, actor)
        case Party.OWING:
            return any(acts_for(path, actor) for path in (case.lead_path, *standing.owing))
        case Party.ANYONE:
            return True


def _is_or_commands(path: str, actor: Actor) -> bool:
    if path and path == actor.unit_path:
        return True
    # 突发情况下可越级指挥: a commander above the centre may act in its place.
    return actor.may(Permission.CASE_COMMAND) and _is_or_is_under(path, actor.unit_path)


def _is_or_is_under(path: str, unit_path: str) -> bool:
    return bool(unit_path) and path.startswith(unit_path)
