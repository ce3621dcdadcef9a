"""How grains become numbers: the statements of any roll-up. What is counted stands in rollups_facts.py.

A grain is what one thing (a case, a department called) counted as when it was last read. Each roll-up is stated once,
as a selection over grains `g` with a `sign`; counting, rebuilding and checking use it. Nothing comes from outside.
"""

from dataclasses import dataclass, replace
from typing import Literal

Source = Literal["change", "all"]

# Every place a code lies in, from the whole ("") down to itself: numbers of digits.
ALL_LEVELS = (0, 2, 4, 6, 9, 12, 15, 17)
TO_STREET = (0, 2, 4, 6, 9)


@dataclass(frozen=True, slots=True, kw_only=True)
class Grains:
    """`facts`: column -> SQL over `rows`; the column "case" says which case is to be read again."""

    table: str
    key: str
    facts: dict[str, str]
    rows: str

    @property
    def columns(self) -> str:
        return ", ".join(f'"{name}"' for name in self.facts)

    @property
    def counted(self) -> str:
        facts = ", ".join(f'{sql} as "{name}"' for name, sql in self.facts.items())
        return f"select {facts} from {self.rows}"  # noqa: S608 - names are ours

    @property
    def counted_again(self) -> str:
        return f"{self.counted} where {self.facts['case']} = any(%(ids)s)"

    def source(self, source: Source) -> str:
        """Every grain as kept; or what changed: the grain kept is taken away, the row as it is now is added."""
        if source == "all":
            return f"(select 1 as sign, {self.columns} from {self.table}) g"  # noqa: S608
        return f"""(
          select -1 as sign, {self.columns} from {self.table} where "case" = any(%(ids)s)
          union all
          select 1 as sign, {self.columns} from ({self.counted_again}) n
        ) g"""  # noqa: S608

    def renew(self) -> list[str]:
        gone = f'delete from {self.table} where "case" = any(%(ids)s)'  # noqa: S608
        return [gone, f"insert into {self.table} ({self.columns}) {self.counted_again}"]

    def rebuild(self) -> list[str]:
        return [f"delete from {self.table}", f"insert into {self.table} ({self.columns}) {self.counted}"]  # noqa: S608

    def difference(self) -> str:
        kept, now = (", ".join(f'{side}."{name}"' for name in self.facts) for side in ("kept", "now"))
        return f"""
        select coalesce(kept."{self.key}", now."{self.key}")
          from {self.table} kept full join ({self.counted}) now on kept."{self.key}" = now."{self.key}"
         where ({kept}) is distinct from ({now})
        """  # noqa: S608


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    table: str
    grains: Grains
    keys: dict[str, str]
    numbers: dict[str, str]
    joins: str = ""
    where: str = "true"

    def insert(self, *, source: Source) -> str:
        return f"insert into {self.table} ({', '.join([*self.keys, *self.numbers])}) {self.selected(source)}"

    def recount(self) -> list[str]:
        added = ", ".join(f"{name} = {self.table}.{name} + excluded.{name}" for name in self.numbers)
        keys = ", ".join(self.keys)
        # In the order of the keys, so that two writers (there should be one) wait and do not deadlock.
        return [f"{self.insert(source='change')} order by {keys} on conflict ({keys}) do update set {added}"]

    def selected(self, source: Source) -> str:
        columns = ", ".join(f"{sql} as {name}" for name, sql in self.keys.items())
        sums = [f"sum({sql})::int" for sql in self.numbers.values()]
        named = ", ".join(f"{total} as {name}" for total, name in zip(sums, self.numbers, strict=True))
        some = " or ".join(f"{total} <> 0" for total in sums)
        grouped = ", ".join(self.keys.values())
        return f"""
        select {columns}, {named} from {self.grains.source(source)} {self.joins} where {self.where}
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

    def selected(self, source: Source) -> str:
        return self._by_levels() if source == "all" else self._at_once(source)

    def _at_once(self, source: Source) -> str:
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
        return Target(
            table=self.table,
            grains=self.grains,
            keys=self.keys,
            numbers=self.numbers,
            joins=self.joins,
            where=self.where,
        )
