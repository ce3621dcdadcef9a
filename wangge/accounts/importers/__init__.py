"""Units and accounts from files (core/importing says how an import goes)."""

from wangge.accounts.importers.accounts import AccountsImporter
from wangge.accounts.importers.units import UnitsImporter

ALL = (UnitsImporter(), AccountsImporter())
