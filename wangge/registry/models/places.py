"""房、地、物: buildings, dwellings, public places, facilities. Points are lon, lat WGS-84 degrees."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from wangge.registry.models.base import C, Record, ScopedQuerySet
from wangge.registry.models.doubled import doubled_index

PAIR = Q(lon__isnull=True, lat__isnull=True) | Q(lon__isnull=False, lat__isnull=False)


class Building(Record):
    name = models.TextField(blank=True, default="")
    address = models.TextField()
    address_key = models.TextField()  # rules/addresses.key, found by trigrams: no personal data
    parts = models.JSONField(default=dict)  # rules/addresses.Parts
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    use = models.TextField(blank=True, default="")
    floors = models.SmallIntegerField(null=True)
    floors_below = models.SmallIntegerField(null=True)
    units = models.SmallIntegerField(null=True)
    built_year = models.SmallIntegerField(null=True)
    has_lift = models.BooleanField(null=True)

    objects: ClassVar[ScopedQuerySet["Building"]] = ScopedQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["address_key", "id"]
        constraints = [models.CheckConstraint(condition=PAIR, name="building_point_in_pairs")]
        indexes = [
            models.Index("code", "id", name="registry_building_code"),
            models.Index("address_key", name="registry_building_key"),
            doubled_index("address_key", name="registry_building_words"),
        ]

    def __str__(self) -> str:
        return self.address


class Dwelling(Record):
    """A room of a building, or a house of its own. Its grid is its building's, or its own point's."""

    building = models.ForeignKey(
        Building, on_delete=models.PROTECT, null=True, db_index=False, related_name="dwellings"
    )
    address = models.TextField(blank=True, default="")
    room_key = models.TextField(blank=True, default="", db_collation=C)  # rules/addresses.room_key
    house_no = models.TextField(blank=True, default="", db_collation=C)
    unit = models.TextField(blank=True, default="")
    floor = models.SmallIntegerField(null=True)
    room = models.TextField(blank=True, default="")
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    use = models.TextField(blank=True, default="")
    area_m2 = models.FloatField(null=True)
    owner_kind = models.TextField(blank=True, default="")
    occupancy = models.TextField(blank=True, default="")
    rental_use = models.TextField(blank=True, default="")
    hazard = models.TextField(blank=True, default="")
    hazard_checked = models.DateField(null=True)

    objects: ClassVar[ScopedQuerySet["Dwelling"]] = ScopedQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["building", "unit", "floor", "room", "id"]
        constraints = [
            models.CheckConstraint(condition=PAIR, name="dwelling_point_in_pairs"),
            models.UniqueConstraint(
                fields=["building", "room_key"],
                condition=Q(ended_at__isnull=True, building__isnull=False) & ~Q(room_key=""),
                name="dwelling_once_in_its_building",
            ),
        ]
        indexes = [
            models.Index("code", "id", name="registry_dwelling_code"),
            models.Index("building", name="registry_dwelling_building"),
            models.Index("house_no", name="registry_dwelling_house", condition=~Q(house_no="")),
        ]

    def __str__(self) -> str:
        return self.address


class Place(Record):
    """A public place."""

    name = models.TextField()
    name_key = models.TextField(default="", db_default="")
    kind = models.TextField()
    address = models.TextField(blank=True, default="")
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    capacity = models.IntegerField(null=True)

    objects: ClassVar[ScopedQuerySet["Place"]] = ScopedQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["code", "name", "id"]
        constraints = [models.CheckConstraint(condition=PAIR, name="registry_place_point_in_pairs")]
        indexes = [
            models.Index("code", "id", name="registry_place_code"),
            doubled_index("name_key", name="registry_place_named"),
        ]

    def __str__(self) -> str:
        return self.name


class Facility(Record):
    """部件, coded by GB/T 30428.2."""

    number = models.TextField(db_collation=C)
    kind = models.TextField()
    name = models.TextField()
    address = models.TextField(blank=True, default="")
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    state = models.TextField(blank=True, default="")
    manager = models.TextField(blank=True, default="")

    objects: ClassVar[ScopedQuerySet["Facility"]] = ScopedQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["code", "number", "id"]
        constraints = [
            models.CheckConstraint(condition=PAIR, name="facility_point_in_pairs"),
            models.UniqueConstraint(fields=["number"], condition=Q(ended_at__isnull=True), name="facility_number_once"),
        ]
        indexes = [models.Index("code", "id", name="registry_facility_code")]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"
