"""Between the check of a file and its apply the house may have changed, or another person may press the button."""

from wangge.core.errors import Conflict
from wangge.core.importing.faults import FaultLevel
from wangge.core.importing.importer import ImportContext, Importer, StagedRow
from wangge.core.importing.mapping import Mapped


class NoLongerFits(Conflict):
    code = "import.no_longer_fits"
    zh = "检查之后情况有变，第 {row} 行不能导入：{zh} 请重新检查。"
    en = "Something changed since the check; row {row} does not fit: {en} Check again."


def check_still_fits(importer: Importer, rows: list[StagedRow], context: ImportContext) -> None:
    """The same check as before, for whoever applies. Raises NoLongerFits, NotAllowed."""
    mapped = (Mapped(row.number, row.values, row.geometry, ()) for row in rows)
    for fault in importer.check(mapped, context):
        if fault.level is FaultLevel.ERROR:
            raise NoLongerFits(row=fault.row, zh=fault.zh, en=fault.en, reason=fault.code)
