"""A file through an importer as pages and command do it: mapped, checked, and the rows without an error applied."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from wangge.core import clock
from wangge.core.actor import Actor, acting
from wangge.core.ids import new_id
from wangge.core.importing.faults import Fault, FaultLevel
from wangge.core.importing.importer import Counts, ImportContext, StagedRow, importer_for
from wangge.core.importing.mapping import ColumnMapping, Rule, guess_mapping
from wangge.core.importing.readers import open_table

SHARED_DATA = Path(__file__).resolve().parents[4] / "shared" / "data"


@dataclass(frozen=True)
class Outcome:
    faults: list[Fault]
    counts: Counts
    batch: uuid.UUID
    rows: int
    options: dict[str, str] = field(default_factory=dict)

    @property
    def errors(self) -> list[Fault]:
        return [fault for fault in self.faults if fault.level is FaultLevel.ERROR]

    def codes(self) -> set[str]:
        return {fault.code for fault in self.faults}

    def of(self, code: str) -> list[Fault]:
        return [fault for fault in self.faults if fault.code == code]


def bring_in(
    kind: str,
    path: Path,
    by: Actor,
    *,
    rules: Sequence[Rule] = (),
    most: int | None = None,
    **options: str,
) -> Outcome:
    """`rules` take the place of guessed ones for their fields."""
    importer, table = importer_for(kind), open_table(path)
    given = {rule.field for rule in rules}
    guessed = [rule for rule in guess_mapping(table.columns, importer.fields).rules if rule.field not in given]
    mapping = ColumnMapping((*rules, *guessed))
    assert mapping.faults(importer.fields, table.columns) == []
    mapped = list(mapping.apply(table.rows(), importer.fields))[:most]
    context = ImportContext(by, clock.now(), {"valid_from": "", **options})
    with acting(by):
        faults = [fault for row in mapped for fault in row.faults] + list(importer.check(mapped, context))
        wrong = {fault.row for fault in faults if fault.level is FaultLevel.ERROR}
        good = [StagedRow(row.number, row.values, row.geometry) for row in mapped if row.number not in wrong]
        batch = new_id()
        counts = importer.apply(good, context, batch)
    return Outcome(faults, counts, batch, len(mapped), options)


def write_csv(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path
