"""What a draft of the dispatch rules would have named for past cases, beside the rules of today (rules/suggest.py).

Both are read as they hold on one day, whatever day a case came: those of today today, the draft on the day that is
asked for. So a draft whose rules begin next week is tried as it will stand then.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from wangge.accounts.permissions import Permission
from wangge.cases.actions.dispatch_rules import RuleGiven, visible_rules
from wangge.cases.configuration import configuration, units
from wangge.cases.models import Case, DispatchTrial
from wangge.cases.rules import suggest
from wangge.cases.suggestions import asked_of
from wangge.core import clock
from wangge.core.actor import Actor, acting
from wangge.core.errors import Conflict, NotFound, invalid
from wangge.core.ids import new_id
from wangge.core.ranges import within

BATCH = 20_000  # cases of one transaction; as many are tried while one waits for the answer
MOST_SHOWN = 200  # changed cases kept by name
MOST_RUNNING = 2  # of one person
LONGEST = timedelta(days=731)
KEPT = timedelta(days=30)
FIELDS = ("id", "category_id", "current_grid", "lead_id", "complained_root", "reported_at", "number")

State = DispatchTrial.State
Asking = tuple[int, str, str]
Answer = tuple[int | None, int | None]  # rule, unit


class TooManyTrials(Conflict):
    code = "trial.too_many"
    zh = "已有 {running} 次试算在进行，请等它们完成。"
    en = "{running} trials are running; wait for them."


def draft_of(given: Sequence[tuple[int | None, RuleGiven]]) -> list[suggest.DispatchRule]:
    """In their order; a rule that is not saved yet has a negative number."""
    rows = [
        suggest.DispatchRule(
            id=rule_id if rule_id is not None else -1 - at,
            scheme_id=rule.scheme_id,
            category_path=rule.category_path,
            code=rule.code,
            unit_id=rule.unit_id,
            unit_open=_is_open(rule.unit_id),
            valid_from=rule.valid_from,
            valid_to=rule.valid_to,
        )
        for at, (rule_id, rule) in enumerate(given)
    ]
    order = {rule.id: (one.order, at) for at, (rule, (_, one)) in enumerate(zip(rows, given, strict=True))}
    return sorted(rows, key=lambda rule: order[rule.id])


def rules_seen(by: Actor) -> list[suggest.DispatchRule]:
    """Those of today that this actor sees. Raises NotAllowed."""
    return draft_of([(row.pk, given_of(row)) for row in visible_rules(by)])


def given_of(row: Any) -> RuleGiven:
    return RuleGiven(**{name: getattr(row, name) for name in RuleGiven.__dataclass_fields__})


def begin_trial(
    *,
    since: date,
    until: date,
    draft: Sequence[tuple[int | None, RuleGiven]],
    draft_day: date | None = None,
    by: Actor,
    at: datetime,
) -> DispatchTrial:
    """Done at once when there are few cases, else by the worker. Raises NotAllowed, Invalid, TooManyTrials."""
    by.require(Permission.RULE_EDIT)
    if not since < until <= since + LONGEST:
        raise invalid("until", "止期须晚于起期，最长两年。", "It must end after it begins, at most two years later.")
    running = DispatchTrial.objects.filter(by_user=by.user_id or 0, state=State.RUNNING).count()
    if running >= MOST_RUNNING:
        raise TooManyTrials(running=running)
    trial = DispatchTrial(
        id=new_id(),
        since=clock.day_start(since),
        until=clock.day_start(until),
        now=[_plain(rule) for rule in rules_seen(by)],
        draft=[_plain(rule) for rule in draft_of(draft)],
        draft_day=draft_day,
        ranges=list(by.ranges),
        names_cases=by.may(Permission.CASE_READ),
        by_user=by.user_id or 0,
        by_name=by.name,
        asked_at=at,
    )
    trial.total = _cases(trial).count()
    trial.save(force_insert=True)
    if trial.total <= BATCH:
        _advance(trial, at)
    return trial


def trial_of(trial_id: UUID, *, by: Actor) -> DispatchTrial:
    """One's own. Raises NotAllowed, NotFound."""
    by.require(Permission.RULE_EDIT)
    trial = DispatchTrial.objects.filter(pk=trial_id, by_user=by.user_id or 0).first()
    if trial is None:
        raise NotFound()
    return trial


def go_on(*, at: datetime) -> bool:
    """The next batch of the oldest trial that runs; False without any."""
    with acting(Actor.system("trials")):
        rows = DispatchTrial.objects.select_for_update(skip_locked=True).filter(state=State.RUNNING)
        trial = rows.order_by("asked_at").first()
        if trial is not None:
            _advance(trial, at)
    return trial is not None


def forget_old(*, before: datetime) -> None:
    DispatchTrial.objects.filter(asked_at__lt=before - KEPT).delete()


def _cases(trial: DispatchTrial) -> "QuerySet[Case]":
    rows = Case.objects.filter(
        within("current_grid", tuple(trial.ranges)),
        reported_at__gte=trial.since,
        reported_at__lt=trial.until,
        lead__isnull=False,
        category__isnull=False,
    )
    return rows.order_by("reported_at", "id")


def _advance(trial: DispatchTrial, at: datetime) -> None:
    """Saved."""
    rows = _cases(trial)
    if trial.last_at is not None:
        rows = rows.filter(Q(reported_at__gt=trial.last_at) | Q(reported_at=trial.last_at, id__gt=trial.last_id))
    with acting(Actor.system("trials")):  # what would be named is no secret of a case
        cases = list(rows.only(*FIELDS)[:BATCH])
    day = clock.day_of(at)
    tally = _Tally.of(trial)
    now, draft = _answering(trial.now, day), _answering(trial.draft, trial.draft_day or day)
    for case in cases:
        tally.take(case, now(case), draft(case))
    trial.result = tally.as_json()
    trial.done += len(cases)
    if len(cases) < BATCH:
        trial.state, trial.finished_at = State.DONE, at
    else:
        trial.last_at, trial.last_id = cases[-1].reported_at, cases[-1].pk
    trial.save()


def _answering(kept: list[dict[str, Any]], day: date) -> Callable[[Case], Answer]:
    """Each kind of case at each place is asked once."""
    rules, config, known = [_rule(one) for one in kept], configuration(), dict[Asking, Answer]()

    def answer(case: Case) -> Answer:
        asking = (case.category_id or 0, case.current_grid, case.complained_root)
        if asking not in known:
            found = suggest.suggest(asked_of(case, config, day), rules, lambda category, code: {})
            first = found.items[0] if found.items else None
            known[asking] = (first.rule_id, first.unit_id) if first else (None, None)
        return known[asking]

    return answer


@dataclass(slots=True)
class _Tally:
    """Counts of a trial so far, as they are kept with it."""

    counts: dict[str, int]
    units: dict[str, list[int]]  # unit -> handled, named now, named by the draft
    shown: list[dict[str, Any]]
    names_cases: bool

    @classmethod
    def of(cls, trial: DispatchTrial) -> "_Tally":
        kept = trial.result or {}
        return cls(
            counts=dict.fromkeys(DispatchTrial.COUNTS, 0) | kept.get("counts", {}),
            units=kept.get("units", {}),
            shown=kept.get("shown", []),
            names_cases=trial.names_cases,
        )

    def take(self, case: Case, now: Answer, draft: Answer) -> None:
        lead, before, after = case.lead_id, now[1], draft[1]
        counts = self.counts
        counts["cases"] += 1
        counts["named_now"] += before is not None
        counts["named_draft"] += after is not None
        counts["right_now"] += before is not None and before == lead
        counts["right_draft"] += after is not None and after == lead
        for place, unit in enumerate((lead, before, after)):
            if unit is not None:
                self.units.setdefault(str(unit), [0, 0, 0])[place] += 1
        if before == after:
            return
        counts["changed"] += 1
        counts["gained"] += before is None
        counts["lost"] += after is None
        if len(self.shown) < MOST_SHOWN:
            self.shown.append(self._shown(case, now, draft))

    def _shown(self, case: Case, now: Answer, draft: Answer) -> dict[str, Any]:
        named = {"case_id": str(case.pk), "number": case.number} if self.names_cases else {}
        return named | {
            "category_id": case.category_id,
            "code": case.current_grid,
            "lead": case.lead_id,
            "now": list(now),
            "draft": list(draft),
        }

    def as_json(self) -> dict[str, Any]:
        return {"counts": self.counts, "units": self.units, "shown": self.shown}


def _is_open(unit_id: int) -> bool | None:
    unit = units().by_id.get(unit_id)
    return None if unit is None else unit.is_open(clock.today())


def _plain(rule: suggest.DispatchRule) -> dict[str, Any]:
    kept = {name: getattr(rule, name) for name in rule.__dataclass_fields__ if name != "unit_open"}
    return kept | {"valid_from": str(rule.valid_from), "valid_to": str(rule.valid_to) if rule.valid_to else None}


def _rule(kept: dict[str, Any]) -> suggest.DispatchRule:
    begins, ends = date.fromisoformat(kept["valid_from"]), kept["valid_to"]
    values = kept | {"valid_from": begins, "valid_to": date.fromisoformat(ends) if ends else None}
    return suggest.DispatchRule(**values, unit_open=_is_open(kept["unit_id"]))
