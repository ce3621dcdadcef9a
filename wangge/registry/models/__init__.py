from wangge.registry.models.care import Care, CareCategory, CareHelper, CareVisit
from wangge.registry.models.changes import Apart, Change, Difference, Merge
from wangge.registry.models.organisations import Organisation, OrganisationPerson
from wangge.registry.models.people import LIVING, Household, Member, Person, Residence, Tie
from wangge.registry.models.places import Building, Dwelling, Facility, Place
from wangge.registry.models.quality import Asked, Quality, RetentionRun
from wangge.registry.models.search import Token

__all__ = [
    "LIVING",
    "Apart",
    "Asked",
    "Building",
    "Care",
    "CareCategory",
    "CareHelper",
    "CareVisit",
    "Change",
    "Difference",
    "Dwelling",
    "Facility",
    "Household",
    "Member",
    "Merge",
    "Organisation",
    "OrganisationPerson",
    "Person",
    "Place",
    "Quality",
    "Residence",
    "RetentionRun",
    "Tie",
    "Token",
]
