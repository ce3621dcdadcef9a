"""Divisions, grids, boundaries, teams and places from files (core/importing says how an import goes)."""

from wangge.core.importing.importer import Importer
from wangge.grids.importers.boundaries import BoundariesImporter
from wangge.grids.importers.divisions import DivisionsImporter
from wangge.grids.importers.grids import GridsImporter
from wangge.grids.importers.places import PlacesImporter
from wangge.grids.importers.teams import TeamsImporter

ALL: tuple[Importer, ...] = (
    DivisionsImporter(),
    GridsImporter(),
    BoundariesImporter(),
    TeamsImporter(),
    PlacesImporter(),
)
