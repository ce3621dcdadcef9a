"""The statements of the roll-ups: how a case becomes a grain, and grains become numbers. Nothing comes from outside.

Each roll-up is stated once, as a selection over grains `g` with a `sign`; counting, rebuilding and checking use it.
"""

from dataclasses import dataclass, replace

from wangge.cases.rules.states import OPEN, State

SUPERVISED_FROM = 3  # as in queries/filters.py
IN_5_MINUTES = "interval '5 minutes'"

_OPEN = "(" + ", ".join(f"'{state}'" for state in OPEN) + ")"
_CLOSED = f"('{State.CLOSED}', '{State.ARCHIVED}')"
_IS_OPEN, _IS_CLOSED = f"c.state in {_OPEN}", f"c.state in {_CLOSED} and c.closed_at is not null"

_GRAIN = {
    "state": "c.state",
    "reported_day": "(c.reported_at at time zone 'Asia/Shanghai')::date",
    "closed_day": f"case when {_IS_CLOSED} then (c.closed_at at time zone 'Asia/Shanghai')::date end",
    "reported_grid": "c.reported_grid",
    "current_grid": "c.current_grid",
    "category": "coalesce(c.category_id, 0)",
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
}
GRAIN_COLUMNS = ", ".join(_GRAIN)
GRAIN_DIFFERENCE = """
select coalesce(kept."case", now."case") from cases_grain kept full join ({grain}) now on kept."case" = now."case"
 where ({kept}) is distinct from ({now})
"""
_FACTS = ", ".join(f"{sql} as {name}" for name, sql in _GRAIN.items())
GRAIN = f'select c.id as "case", {_FACTS} from cases_case c'  # noqa: S608

GRAIN_DIFFERENCE = GRAIN_DIFFERENCE.format(
    grain=GRAIN, kept=", ".join(f"kept.{name}" for name in _GRAIN), now=", ".join(f"now.{name}" for name in _GRAIN)
)

_SOURCES = {
    # What changed: the grain kept is taken away, the row as it is now is added.
    "change": f"""(
      select -1 as sign, "case", {GRAIN_COLUMNS} from cases_grain where "case" = any(%(ids)s)
      union all
      select 1 as sign, n.* from ({GRAIN} where c.id = any(%(ids)s)) n
    ) g""",  # noqa: S608
    # Every grain, as kept: rebuilding writes them first, checking compares them with the cases first.
    "all": "(select 1 as sign, kept.* from cases_grain kept) g",
}

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
_STATES = {
    "open": "g.sign",
    "overdue": "g.sign * g.is_overdue::int",
    "returned": "g.sign * g.is_returned::int",
    "supervised": "g.sign * g.is_supervised::int",
}


# Every place a code lies in, from the whole ("") down to itself: numbers of digits.
ALL_LEVELS = (0, 2, 4, 6, 9, 12, 15, 17)
TO_STREET = (0, 2, 4, 6, 9)


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    table: str
    keys: dict[str, str]
    numbers: dict[str, str]
    joins: str
    where: str = "true"

    def insert(self, *, source: str) -> str:
        return f"insert into {self.table} ({', '.join([*self.keys, *self.numbers])}) {self.selected(source)}"

    def recount(self) -> list[str]:
        added = ", ".join(f"{name} = {self.table}.{name} + excluded.{name}" for name in self.numbers)
        keys = ", ".join(self.keys)
        # In the order of the keys, so that two writers (there should be one) wait and do not deadlock.
        return [f"{self.insert(source='change')} order by {keys} on conflict ({keys}) do update set {added}"]

    def selected(self, source: str) -> str:
        columns = ", ".join(f"{sql} as {name}" for name, sql in self.keys.items())
        sums = [f"sum({sql})::int" for sql in self.numbers.values()]
        named = ", ".join(f"{total} as {name}" for total, name in zip(sums, self.numbers, strict=True))
        some = " or ".join(f"{total} <> 0" for total in sums)
        grouped = ", ".join(self.keys.values())
        return f"""
        select {columns}, {named} from {_SOURCES[source]} {self.joins} where {self.where}
         group by {grouped} having {some}
        """  # noqa: S608

    def difference(self) -> str:
        keys = ", ".join(self.keys)
        kept = ", ".join(f"coalesce(kept.{name}, 0)" for name in self.numbers)
        counted = ", ".join(f"coalesce(counted.{name}, 0)" for name in self.numbers)
        return f"""
        select {keys}, {kept}, {counted}
          from {self.table} kept full join ({self.selected("all")}) counted using ({keys})
         where ({kept}) is distinct from ({counted})
        """  # noqa: S608


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceTarget(Target):
    """Numbers of every place that a code lies in. `column`: of the grain; the first key is the place."""

    column: str
    levels: tuple[int, ...]

    def selected(self, source: str) -> str:
        return self._by_levels() if source == "all" else self._at_once(source)

    def _at_once(self, source: str) -> str:
        sizes, column = ", ".join(map(str, self.levels)), f"g.{self.column}"
        places = f"""
        cross join lateral (
          select left({column}, size) as code from unnest(array[{sizes}]) size where size <= length({column})
        ) p
        """  # noqa: S608
        return replace(self._flat(), joins=self.joins + places).selected(source)

    def _by_levels(self) -> str:
        """Of everything: each place is added up from the places in it, not from every case eight times over."""
        columns = ", ".join([*self.keys, *self.numbers])
        own = replace(self._flat(), keys=self.keys | {"code": f"g.{self.column}"}).selected("all")
        sizes = sorted(self.levels, reverse=True)
        steps = [self._level(size, above) for size, above in zip(sizes, [None, *sizes], strict=False)]
        places = " union all ".join(f"select {columns} from at_{size}" for size in sizes)  # noqa: S608
        some = " or ".join(f"{name} <> 0" for name in self.numbers)
        return f"""
        with itself as materialized ({own}), {", ".join(steps)}
        select {columns} from ({places}) places where {some}
        """  # noqa: S608

    def _level(self, size: int, above: int | None) -> str:
        others = "".join(f", {name}" for name in self.keys if name != "code")
        columns = f"code{others}, {', '.join(self.numbers)}"
        sums = ", ".join(f"sum({name})::int as {name}" for name in self.numbers)
        rows = f"select {columns} from itself where length(code) >= {size}"  # noqa: S608
        if above is not None:
            rows += f" and length(code) < {above} union all select {columns} from at_{above}"  # noqa: S608
        return f"""
        at_{size} as materialized (
          select left(code, {size}) as code{others}, {sums} from ({rows}) inside group by left(code, {size}){others}
        )"""  # noqa: S608

    def _flat(self) -> Target:
        return Target(table=self.table, keys=self.keys, numbers=self.numbers, joins=self.joins, where=self.where)


@dataclass(frozen=True, slots=True, kw_only=True)
class Charges(Target):
    """Open cases on the desks of units: written anew for each case, never added up."""

    def recount(self) -> list[str]:
        gone = 'delete from cases_opencharge where "case" = any(%(ids)s)'
        return [gone, self._insert("and c.id = any(%(ids)s)")]

    def insert(self, *, source: str) -> str:
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
            f"{_GRAIN[name]} as {name}"
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
        keys={"code": "p.code", "day": "d.day"},
        numbers=_COUNTS,
        joins=_DAYS,
        column="reported_grid",
        levels=ALL_LEVELS,
    ),
    PlaceTarget(
        table="cases_daybycategory",
        keys={"code": "p.code", "day": "d.day", "category": "g.category"},
        numbers=_COUNTS,
        joins=_DAYS,
        column="reported_grid",
        levels=TO_STREET,
    ),
    Target(
        table="cases_daybyunit",
        keys={"unit_path": "g.lead_path", "day": "d.day"},
        numbers=_UNIT_COUNTS,
        joins=_UNIT_DAYS,
        where="g.lead_path <> ''",
    ),
    PlaceTarget(
        table="cases_openbyplace",
        keys={"code": "p.code", "state": "g.state"},
        numbers=_STATES,
        joins="",
        where="g.is_open",
        column="current_grid",
        levels=ALL_LEVELS,
    ),
    Target(
        table="cases_openbyunit",
        keys={"unit_path": "g.lead_path", "state": "g.state"},
        numbers=_STATES,
        joins="",
        where="g.is_open and g.lead_path <> ''",
    ),
    Charges(
        table="cases_opencharge",
        keys={"unit_path": "", '"case"': "", "reads_below": ""},
        numbers={"rows": ""},
        joins="",
    ),
)
