"""Which kinds of record are collected in the field: what is asked there, in which order, and where a new one stands.

A sheet is made of each by field/rules/registry_forms.py (ADR 19): a kind added here is drawn by every phone. Less than
the dictionary holds: what a worker at a door can see or be told, and a duty needs.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

TIE = "tie"  # not the dictionary's: how a person stands to their dwelling (codelists "tie")


@dataclass(frozen=True, slots=True, kw_only=True)
class Collected:
    """`asked`: fields of the dictionary in the order of the sheet, `TIE` among them where one is asked for.

    `required` of a new record, beside what the dictionary requires. `shown_if`: by field, the answers it hangs on.
    `within`: kinds of record that a new one may stand in; `at_point`: a position will do as well, and is corrected on
    the map. `members`: people belong to it, each by a relation of GB/T 4761.
    """

    form: str
    zh: str
    en: str
    asked: tuple[str, ...]
    required: tuple[str, ...] = ()
    shown_if: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    within: tuple[str, ...] = ()
    at_point: bool = False
    members: bool = False


_NOT_FROM_HERE = {"registration": ["floating", "lodging", "foreign"]}
_OF_NEWCOMERS = ("household_address", "inflow_reason", "permit_type", "permit_number", "permit_expires")

COLLECTED: dict[str, Collected] = {
    "building": Collected(
        form="collect_building",
        zh="信息采集（楼栋）",
        en="Collection: building",
        asked=("address", "name", "use", "floors", "floors_below", "units", "has_lift"),
        at_point=True,
    ),
    "dwelling": Collected(
        form="collect_house",
        zh="信息采集（房屋）",
        en="Collection: dwelling",
        asked=(
            "unit", "floor", "room", "use", "occupancy", "rental_use", "hazard", "hazard_checked", "owner_kind",
            "area_m2", "house_no",
        ),
        required=("room", "use", "occupancy"),
        shown_if={"rental_use": {"occupancy": "rented"}},
        within=("building",),
    ),
    "person": Collected(
        form="collect_person",
        zh="信息采集（人口）",
        en="Collection: person",
        asked=(
            "name", TIE, "id_type", "id_number", "sex", "birth_date", "phone", "registration", "household_address",
            "inflow_reason", "permit_type", "permit_number", "permit_expires", "education", "occupation", "employer",
        ),
        required=(TIE,),
        shown_if=dict.fromkeys(_OF_NEWCOMERS, _NOT_FROM_HERE),
        within=("dwelling",),
    ),
    "organisation": Collected(
        form="collect_organisation",
        zh="信息采集（单位、商铺）",
        en="Collection: organisation",
        asked=("name", "kind", "credit_code", "address", "phone", "staff", "hazard", "handles_chemicals"),
        within=("building",),
        at_point=True,
    ),
    "place": Collected(
        form="collect_place",
        zh="信息采集（场所）",
        en="Collection: place",
        asked=("name", "kind", "address", "capacity"),
        at_point=True,
    ),
    "household": Collected(
        form="collect_household",
        zh="信息采集（家庭户）",
        en="Collection: household",
        asked=("number", "registration"),
        required=("registration",),
        within=("dwelling",),
        members=True,
    ),
    "facility": Collected(
        form="collect_facility",
        zh="信息采集（部件）",
        en="Collection: facility",
        asked=("number", "kind", "name", "address", "state", "manager"),
        at_point=True,
    ),
}  # fmt: skip
