"""Which record a scanned sign stands for: a door's number, a facility's code, an organisation's credit code."""

from typing import Any

from wangge.accounts.permissions import Permission
from wangge.core.actor import Actor
from wangge.grids.queries.divisions import names_of
from wangge.registry.models import Building, Dwelling, Facility, Organisation
from wangge.registry.queries.words import dwelling_words
from wangge.registry.rules.identity import has_credit_form
from wangge.registry.rules.signs import codes_in

Placed = Building | Dwelling | Facility | Organisation
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
    words, placed = dwelling_words(row), row if row.lon is not None else row.building
    return _hit("dwelling", row, title=words, number=row.house_no, address=words, placed=placed)


def _facilities(asked: tuple[str, ...], by: Actor) -> list[dict[str, Any]]:
    rows = Facility.objects.visible_to(by).standing().filter(number__in=asked).order_by("number", "id")[:MOST]
    return [_hit("facility", row, title=row.name, number=row.number, address=row.address) for row in rows]


def _organisations(asked: tuple[str, ...], by: Actor) -> list[dict[str, Any]]:
    credit = [one for one in asked if has_credit_form(one)]
    rows = Organisation.objects.visible_to(by).standing().filter(credit_code__in=credit)
    return [
        _hit("organisation", row, title=row.name, number=row.credit_code, address=row.address)
        for row in rows.order_by("credit_code", "id")[:MOST]
    ]


def _hit(
    kind: str, row: Placed, *, title: str, number: str, address: str, placed: Placed | None = None
) -> dict[str, Any]:
    """`placed`: whose point is shown where it is not the record's own."""
    point = placed or row
    return {
        "kind": kind,
        "id": row.pk,
        "title": title,
        "number": number,
        "address": address,
        "code": row.code,
        "lon": point.lon,
        "lat": point.lat,
    }
