"""Which record a scanned sign stands for: a door's number, a facility's code, an organisation's credit code."""

from typing import Any

from wangge.accounts.permissions import Permission
from wangge.core.actor import Actor
from wangge.grids.queries.divisions import names_of
from wangge.registry.models import Building, Dwelling, Facility, Organisation
from wangge.registry.queries.words import dwelling_words
from wangge.registry.rules.identity import has_credit_form
from wangge.registry.rules.signs import codes_in

MOST = 10  # a number of one system may be that of another system's door


def under_sign(text: str, *, by: Actor) -> list[dict[str, Any]]:
    """Records in the asker's own codes that bear a code of the text; who lives there is not said. Raises NotAllowed.

    Points are lon, lat WGS-84 degrees, None where the record has none.
    """
    by.require(Permission.REGISTRY_READ)
    asked = codes_in(text)
    if not asked:
        return []
    hits = [*_doors(asked, by), *_facilities(asked, by), *_organisations(asked, by)]
    names = names_of({hit["code"] for hit in hits})
    return [hit | {"grid": names.get(hit["code"], hit["code"])} for hit in hits]


def _doors(asked: tuple[str, ...], by: Actor) -> list[dict[str, Any]]:
    rows = Dwelling.objects.visible_to(by).standing().filter(house_no__in=asked).exclude(house_no="")
    return [_door(row) for row in rows.select_related("building").order_by("house_no", "id")[:MOST]]


def _door(row: Dwelling) -> dict[str, Any]:
    placed: Dwelling | Building = row if row.lon is not None or row.building is None else row.building
    return {
        "kind": "dwelling",
        "id": row.pk,
        "title": dwelling_words(row),
        "number": row.house_no,
        "address": dwelling_words(row),
        "code": row.code,
        "lon": placed.lon,
        "lat": placed.lat,
    }


def _facilities(asked: tuple[str, ...], by: Actor) -> list[dict[str, Any]]:
    rows = Facility.objects.visible_to(by).standing().filter(number__in=asked)
    return [
        {
            "kind": "facility",
            "id": row.pk,
            "title": row.name,
            "number": row.number,
            "address": row.address,
            "code": row.code,
            "lon": row.lon,
            "lat": row.lat,
        }
        for row in rows.order_by("number", "id")[:MOST]
    ]


def _organisations(asked: tuple[str, ...], by: Actor) -> list[dict[str, Any]]:
    credit = [one for one in asked if has_credit_form(one)]
    rows = Organisation.objects.visible_to(by).standing().filter(credit_code__in=credit)
    return [
        {
            "kind": "organisation",
            "id": row.pk,
            "title": row.name,
            "number": row.credit_code,
            "address": row.address,
            "code": row.code,
            "lon": row.lon,
            "lat": row.lat,
        }
        for row in rows.order_by("credit_code", "id")[:MOST]
    ]
