"""The departments whose word the data dictionary knows: named by code in files, in signed requests and in history."""

from enum import StrEnum


class Department(StrEnum):
    CIVIL = "civil"
    POLICE = "police"
    MARKET = "market"
    HOUSING = "housing"


NAMES: dict[str, tuple[str, str]] = {
    Department.CIVIL: ("民政", "Civil affairs"),
    Department.POLICE: ("公安", "Police"),
    Department.MARKET: ("市场监管", "Market regulation"),
    Department.HOUSING: ("住建", "Housing"),
}
