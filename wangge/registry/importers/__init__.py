"""What a spreadsheet becomes in the registry."""

from wangge.core.importing.importer import Importer
from wangge.registry.importers.ground import BuildingsImporter, PublicPlacesImporter
from wangge.registry.importers.households import HouseholdsImporter
from wangge.registry.importers.people import PeopleImporter
from wangge.registry.importers.records import DwellingsImporter, FacilitiesImporter, OrganisationsImporter

ALL: tuple[Importer, ...] = (
    PeopleImporter(),
    BuildingsImporter(),
    DwellingsImporter(),
    HouseholdsImporter(),
    OrganisationsImporter(),
    PublicPlacesImporter(),
    FacilitiesImporter(),
)
