"""A city's category standard, and cases from files (core/importing says how an import goes)."""

from wangge.cases.importers.cases import CasesImporter
from wangge.cases.importers.categories import CategoriesImporter
from wangge.core.importing.importer import Importer

ALL: tuple[Importer, ...] = (CategoriesImporter(), CasesImporter())
