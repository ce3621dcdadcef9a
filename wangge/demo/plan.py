"""How large the demonstration is, and what it is sown from."""

from dataclasses import dataclass
from datetime import date

PASSWORD = "wangge-demo"  # noqa: S105 - printed for everybody; its accounts sign in from this machine only
SINCE = date(2020, 1, 1)  # grids, units and posts begin: long before the oldest case


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The full figures are those of a district like 秦淮 (shared product.md); workers are people, not services."""

    seed: int
    streets: int
    communities: int
    general: int
    dedicated: int
    micro_divided: int  # general grids that are divided into micro grids
    full_time: int
    chiefs: int
    part_time: int
    professionals: int
    volunteers: int
    cases: int
    days: int
    lately: float  # how much denser the newest week is, so that a small demonstration has enough open
    stuck: float  # share of the newest cases that somebody has left lying
    pictured: int  # cases with pictures before and after
    whistled: float  # share of cases on which a whistle is blown
    refused_every: int  # of so many whistles one is refused
    repeated: float  # share of the calls and residents' reports that somebody has made before

    @property
    def workers(self) -> int:
        return self.full_time + self.chiefs + self.part_time + self.professionals + self.volunteers


def full(seed: int) -> Plan:
    return Plan(
        seed=seed,
        streets=12,
        communities=110,
        general=1026,
        dedicated=308,
        micro_divided=60,
        full_time=1117,
        chiefs=340,
        part_time=620,
        professionals=178,
        volunteers=200,
        cases=60_000,
        days=365,
        lately=1.0,
        stuck=0.05,
        pictured=320,
        whistled=0.012,
        refused_every=8,
        repeated=0.06,
    )


def small(seed: int) -> Plan:
    return Plan(
        seed=seed,
        streets=2,
        communities=6,
        general=36,
        dedicated=9,
        micro_divided=3,
        full_time=40,
        chiefs=12,
        part_time=18,
        professionals=8,
        volunteers=12,
        cases=300,
        days=60,
        lately=7.0,
        stuck=0.3,
        pictured=40,
        whistled=0.05,
        refused_every=3,
        repeated=0.16,
    )
