"""What is counted: how a case, and a department called to one, becomes a grain, and which roll-ups add grains up."""

from dataclasses import dataclass

from wangge.cases.models.figures import HOURS
from wangge.cases.rollups_sql import ALL_LEVELS, TO_STREET, Grains, PlaceTarget, Source, Target
from wangge.cases.rules.states import OPEN, State

SUPERVISED_FROM = 3  # as in queries/filters.py
IN_5_MINUTES = "interval '5 minutes'"
IN_10_MINUTES = "interval '10 minutes'"

_OPEN = "(" + ", ".join(f"'{state}'" for state in OPEN) + ")"
_CLOSED = f"('{State.CLOSED}', '{State.ARCHIVED}')"
_IS_OPEN, _IS_CLOSED = f"c.state in {_OPEN}", f"c.state in {_CLOSED} and c.closed_at is not null"

CASES = Grains(
    table="cases_grain",
    key="case",
    rows="cases_case c",
    facts={
        "case": "c.id",
        "state": "c.state",
        "reported_day": "(c.reported_at at time zone 'Asia/Shanghai')::date",
        "reported_hour": "extract(hour from c.reported_at at time zone 'Asia/Shanghai')::smallint",
        "closed_day": f"case when {_IS_CLOSED} then (c.closed_at at time zone 'Asia/Shanghai')::date end",
        "reported_grid": "c.reported_grid",
        "current_grid": "c.current_grid",
        "category": "coalesce(c.category_id, 0)",
        "source": "c.source",
        "outcome": f"case when {_IS_CLOSED} then c.outcome else '' end",
        "lead_path": "c.lead_path",
        "dispatched_day": "(c.dispatched_at at time zone 'Asia/Shanghai')::date",
        "is_open": _IS_OPEN,
        "is_overdue": f"{_IS_OPEN} and c.is_overdue",
        "is_returned": f"{_IS_OPEN} and c.is_returned",
        "is_supervised": f"{_IS_OPEN} and c.supervision >= {SUPERVISED_FROM}",
        "in_time": f"case when {_IS_CLOSED} then not c.was_late end",
        "self_settled": f"{_IS_CLOSED} and c.self_settled",
        "is_answered": "c.answered_at is not null",
        "answered_in_5": f"c.answered_at is not null and c.answered_at - c.reported_at <= {IN_5_MINUTES}",
        "satisfaction": "c.satisfaction",
    },
)
_CAME_AFTER = "m.arrived_at - m.called_at"
MUSTERS = Grains(
    table="cases_mustergrain",
    key="muster",
    rows="cases_muster m join cases_whistle w on w.id = m.whistle_id",
    facts={
        "muster": "m.id",
        "case": "w.case_id",
        "code": "w.code",
        "called_day": "(m.called_at at time zone 'Asia/Shanghai')::date",
        "arrived": "m.arrived_at is not null",
        "arrived_in_10": f"m.arrived_at is not null and {_CAME_AFTER} <= {IN_10_MINUTES}",
        "arrival_s": f"coalesce(extract(epoch from {_CAME_AFTER})::int, 0)",
    },
)
GRAINS = (CASES, MUSTERS)

# One row for each day a grain counts on: the day it came in, and the day it was closed.
_DAYS = """
cross join lateral (
  select g.reported_day as day, g.sign as came, 0 as went
  union all select g.closed_day, 0, g.sign where g.closed_day is not null
) d
"""
_COUNTS = {
    "reported": "d.came",
    "answered": "d.came * g.is_answered::int",
    "answered_in_5": "d.came * g.answered_in_5::int",
    "closed": "d.went",
    "closed_in_time": "d.went * coalesce(g.in_time, false)::int",
    "self_settled": "d.went * g.self_settled::int",
    "rated": "d.went * (g.satisfaction is not null)::int",
    "satisfied": "d.went * (coalesce(g.satisfaction, 0) >= 4)::int",
}
_UNIT_DAYS = """
cross join lateral (
  select g.dispatched_day as day, g.sign as came, 0 as went where g.dispatched_day is not null
  union all select g.closed_day, 0, g.sign where g.closed_day is not null
) d
"""
_UNIT_COUNTS = {
    "dispatched": "d.came",
    **{name: _COUNTS[name] for name in ("closed", "closed_in_time", "rated", "satisfied")},
}
_OUTCOME_COUNTS = {
    "closed": "g.sign",
    "closed_in_time": "g.sign * coalesce(g.in_time, false)::int",
    "self_settled": "g.sign * g.self_settled::int",
    "rated": "g.sign * (g.satisfaction is not null)::int",
    "satisfied": "g.sign * (coalesce(g.satisfaction, 0) >= 4)::int",
}
_STATES = {
    "open": "g.sign",
    "overdue": "g.sign * g.is_overdue::int",
    "returned": "g.sign * g.is_returned::int",
    "supervised": "g.sign * g.is_supervised::int",
}
# A path never changes, so the first level above a category does not either.
_FIRST_LEVEL = """
left join (
  select k.id, r.id as root from cases_category k
    join cases_category r on r.scheme_id = k.scheme_id and r.path = split_part(k.path, '/', 1) || '/'
) k on k.id = g.category
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Charges(Target):
    """Open cases on the desks of units: written anew for each case, never added up."""

    def recount(self) -> list[str]:
        gone = 'delete from cases_opencharge where "case" = any(%(ids)s)'
        return [gone, self._insert("and c.id = any(%(ids)s)")]

    def insert(self, *, source: Source) -> str:
        return self._insert("")

    def _insert(self, also: str) -> str:
        columns = ", ".join([*self.keys, "current_grid", "state", "is_overdue", "is_returned", "is_supervised"])
        return f"insert into {self.table} ({columns}) {self._rows(also)}"

    def difference(self) -> str:
        columns = 'unit_path, "case", reads_below, current_grid, state, is_overdue, is_returned, is_supervised'
        return f"""
        select unit_path, "case", reads_below, sum(kept)::int, sum(counted)::int from (
          select {columns}, 1 as kept, 0 as counted from {self.table}
          union all select {columns}, 0, 1 from ({self._rows("")}) now
        ) both_sides group by {columns} having sum(kept) <> sum(counted)
        """  # noqa: S608

    def _rows(self, also: str) -> str:
        facts = ", ".join(
            f"{CASES.facts[name]} as {name}"
            for name in ("current_grid", "state", "is_overdue", "is_returned", "is_supervised")
        )
        return f"""
        select u.unit_path, c.id as "case", u.reads_below, {facts} from cases_case c cross join lateral (
          select c.holder_path as unit_path, false as reads_below
          union select a.unit_path, true from cases_assignment a where a.case_id = c.id
        ) u where {_IS_OPEN} {also}
        """  # noqa: S608


TARGETS: tuple[Target, ...] = (
    PlaceTarget(
        table="cases_daybyplace",
        grains=CASES,
        keys={"code": "p.code", "day": "d.day"},
        numbers=_COUNTS,
        joins=_DAYS,
        column="reported_grid",
        levels=ALL_LEVELS,
    ),
    PlaceTarget(
        table="cases_daybycategory",
        grains=CASES,
        keys={"code": "p.code", "day": "d.day", "category": "g.category"},
        numbers=_COUNTS,
        joins=_DAYS,
        column="reported_grid",
        levels=TO_STREET,
    ),
    PlaceTarget(
        table="cases_daybysource",
        grains=CASES,
        keys={"code": "p.code", "day": "d.day", "source": "g.source"},
        numbers=_COUNTS,
        joins=_DAYS,
        column="reported_grid",
        levels=TO_STREET,
    ),
    PlaceTarget(
        table="cases_daybyoutcome",
        grains=CASES,
        keys={"code": "p.code", "day": "g.closed_day", "outcome": "g.outcome"},
        numbers=_OUTCOME_COUNTS,
        where="g.closed_day is not null",
        column="reported_grid",
        levels=TO_STREET,
    ),
    PlaceTarget(
        table="cases_daybyhour",
        grains=CASES,
        keys={"code": "p.code", "day": "g.reported_day", "category": "coalesce(k.root, 0)"},
        numbers={name: f"g.sign * (g.reported_hour = {hour})::int" for hour, name in enumerate(HOURS)},
        joins=_FIRST_LEVEL,
        column="reported_grid",
        levels=TO_STREET,
    ),
    PlaceTarget(
        table="cases_daybymuster",
        grains=MUSTERS,
        keys={"code": "p.code", "day": "g.called_day"},
        numbers={
            "called": "g.sign",
            "arrived": "g.sign * g.arrived::int",
            "arrived_in_10": "g.sign * g.arrived_in_10::int",
            "arrival_s": "g.sign * g.arrival_s",
        },
        column="code",
        levels=ALL_LEVELS,
    ),
    Target(
        table="cases_daybyunit",
        grains=CASES,
        keys={"unit_path": "g.lead_path", "day": "d.day"},
        numbers=_UNIT_COUNTS,
        joins=_UNIT_DAYS,
        where="g.lead_path <> ''",
    ),
    PlaceTarget(
        table="cases_openbyplace",
        grains=CASES,
        keys={"code": "p.code", "state": "g.state"},
        numbers=_STATES,
        where="g.is_open",
        column="current_grid",
        levels=ALL_LEVELS,
    ),
    Target(
        table="cases_openbyunit",
        grains=CASES,
        keys={"unit_path": "g.lead_path", "state": "g.state"},
        numbers=_STATES,
        where="g.is_open and g.lead_path <> ''",
    ),
    Charges(
        table="cases_opencharge",
        grains=CASES,
        keys={"unit_path": "", '"case"': "", "reads_below": ""},
        numbers={"rows": ""},
    ),
)
