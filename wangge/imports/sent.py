"""Records that a department's system sends by signed requests: the same checks and the same writing as of a file.

A batch is checked and applied in the one request that brings it, so nothing of it waits anywhere. Rows without an error
are taken, the others are answered by row and code; the batch itself is the receipt, found by the sender's own number.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import DatabaseError, connection, transaction

from wangge.accounts.models import PartnerSystem, Unit
from wangge.accounts.permissions import Permission
from wangge.core import crypto, journal
from wangge.core.actor import Actor, acting
from wangge.core.errors import Conflict, DomainError, Invalid, Message, NotAllowed, NotFound
from wangge.core.ids import new_id
from wangge.core.importing.faults import FaultKind
from wangge.core.importing.importer import (
    ImportContext,
    Importer,
    StagedRow,
    column_faults_of,
    importer_for,
    places_of,
)
from wangge.core.importing.mapping import ColumnMapping, Mapped, Rule
from wangge.core.importing.rows import EXACT_DIGITS, LOSSY_NUMBER, Row, row_of
from wangge.imports import running
from wangge.imports.actions import NothingToImport
from wangge.imports.models import Batch, RowFault
from wangge.imports.report import Report, RowSet

State = Batch.State
MOST_ROWS = 1_000
MOST_FIELDS = 100
LONGEST = 2_000  # characters of one value
SHOWN_FAULTS = 2_000

EMPTY_ROW = FaultKind("sent.empty_row", "这一行是空的。", "The row is empty.")
Cell = str | int | float | bool | None


class KindNotYours(NotAllowed):
    code = "partner.kind_not_allowed"
    zh = "这个系统不能报送“{kind}”。"
    en = "This system may not send “{kind}”."


class NumberUsed(Conflict):
    code = "partner.batch_number_used"
    zh = "批次号“{number}”已用于另一批内容。"
    en = "The number “{number}” was used for other content."


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """`source_no`: the sender's own number of the batch. `rows`: values by field name of the importer."""

    source_no: str
    kind: str
    rows: Sequence[dict[str, Cell]]

    @property
    def fingerprint(self) -> str:
        """Keyed: what a batch of one row says could be guessed from a plain digest."""
        said = json.dumps([self.kind, self.rows], ensure_ascii=False, sort_keys=True)
        return crypto.keyed_hash(said.encode(errors="surrogatepass"), purpose="sent-records").hex()


def take_records(*, given: Given, by: Actor, at: datetime) -> tuple[Batch, bool]:
    """The batch, and whether it is new. The same content under its number again changes nothing; under the number of a
    batch of which nothing was taken, mended content may come.

    Raises UnknownKind, KindNotYours, Invalid, NumberUsed.
    """
    with acting(Actor.system("partner-records")):
        # One batch of a system at a time: two of one number at once are one.
        partner = PartnerSystem.objects.select_for_update(no_key=True).get(code=by.name)
        if given.kind not in partner.kinds:
            raise KindNotYours(kind=given.kind)
        importer = importer_for(given.kind)
        before = Batch.objects.filter(partner=partner.code, source_no=given.source_no).first()
        if before is not None and before.state == State.APPLIED:
            if before.file_sha256 != given.fingerprint:
                raise NumberUsed(number=given.source_no)
            return before, False
        columns = _columns(given, importer)
        batch = before or _batch(given, partner, at)
        batch.kind, batch.file_sha256 = given.kind, given.fingerprint
        # The department or the areas of the key may have been changed since the number failed.
        batch.options, batch.unit_path = _options(partner, given), _unit_path(partner.codes)
        RowFault.objects.filter(batch=batch).delete()
    sender = replace(by, permissions=frozenset({Permission.IMPORT_RUN, importer.permission}))
    context = ImportContext(by=sender, at=at, options=_options(partner, given))
    with acting(sender):
        rows = _checked(batch, importer, columns, given, context)
    _apply(batch, importer, rows, context)
    _record(batch, partner, by=by, at=at)
    return batch, before is None


def receipt_of(*, source_no: str, by: Actor) -> Batch:
    """Raises NotFound."""
    batch = Batch.objects.filter(partner=by.name, source_no=source_no).first() if by.name else None
    if batch is None:
        raise NotFound()
    return batch


def receipt(batch: Batch, *, language: str) -> dict[str, Any]:
    """`accepted`: rows taken, whether or not they changed anything. Faults are kept for ninety days."""
    faults = RowFault.objects.filter(batch=batch).order_by("id")[:SHOWN_FAULTS]
    failure = batch.failure and {"code": batch.failure["code"], "message": batch.failure[language]}
    return {
        "id": batch.pk,
        "source_no": batch.source_no,
        "kind": batch.kind,
        "state": batch.state,
        "rows": batch.rows_total,
        "accepted": sum(batch.counts.get(name, 0) for name in ("created", "changed", "unchanged")),
        "counts": batch.counts,
        "errors": batch.errors,
        "warnings": batch.warnings,
        "failure": failure,
        "received_at": batch.received_at,
        "applied_at": batch.applied_at,
        "faults": [
            {
                "row": one.row,
                "field": one.column,
                "level": one.level,
                "code": one.code,
                "message": one.en if language == "en" else one.zh,
            }
            for one in faults
        ],
    }


def _columns(given: Given, importer: Importer) -> tuple[str, ...]:
    """The fields the rows have, in the order they first come. What the dictionary refuses by name is said with the
    faults; any other field we do not know is refused with the batch. Raises Invalid."""
    columns = tuple(dict.fromkeys(name for row in given.rows for name in row))
    known = {field.name for field in importer.fields}
    refused = {fault.column for fault in column_faults_of(importer, columns)}
    if unknown := [name for name in columns if name not in known | refused]:
        no_such = Message(f"没有“{unknown[0][:60]}”这一项。", f"There is no field “{unknown[0][:60]}”.")
        raise Invalid(fields={"rows": no_such})
    return columns


def _batch(given: Given, partner: PartnerSystem, at: datetime) -> Batch:
    return Batch.objects.create(
        id=new_id(),
        kind=given.kind,
        unit_path=_unit_path(partner.codes),
        file_name=f"{partner.name} {given.source_no}"[:200],
        file_sha256=given.fingerprint,
        file_size=0,
        options=_options(partner, given),
        state=State.RECEIVED,
        by_name=partner.name,
        asked_name=partner.name,
        partner=partner.code,
        source_no=given.source_no,
        received_at=at,
    )


def _unit_path(codes: Sequence[str]) -> str:
    """Of the centre whose area holds all of the system's: its clerks, and those above, see what came."""
    shared = codes[0] if len(set(codes)) == 1 else _common(codes)
    centres = Unit.objects.filter(kind=Unit.Kind.CENTRE, valid_to=None)
    around = centres.filter(division__in=[shared[:length] for length in range(len(shared), 1, -1)])
    centre = max(around, key=lambda unit: len(unit.division), default=None)
    return centre.path if centre is not None else ""


def _common(codes: Sequence[str]) -> str:
    low, high = min(codes), max(codes)
    length = next((at for at, (one, other) in enumerate(zip(low, high, strict=False)) if one != other), len(low))
    return low[:length]


def _options(partner: PartnerSystem, given: Given) -> dict[str, str]:
    return {"owner": partner.department, "valid_from": "", "file": given.source_no}


def _checked(
    batch: Batch, importer: Importer, columns: tuple[str, ...], given: Given, context: ImportContext
) -> list[StagedRow]:
    """The rows without an error; what is wrong with the others is kept with the batch."""
    report = Report(batch)
    for fault in column_faults_of(importer, columns):
        report.add(fault)
    known = {field.name for field in importer.fields}
    mapping = ColumnMapping(tuple(Rule(field=name, columns=(name,)) for name in columns if name in known))
    for fault in mapping.faults(importer.fields, columns):
        report.add(fault)
    mapped = list(mapping.apply(_rows(given, columns, report), importer.fields))
    if not report.file_errors:
        for fault in importer.check(report.watching(mapped), context):
            report.add(fault)
    report.rows = len(given.rows)
    report.finish()
    faulty = RowSet(batch.faulty_rows)
    sound: list[Mapped] = [] if batch.file_errors else [row for row in mapped if row.number not in faulty]
    return [StagedRow(row.number, row.values, row.geometry) for row in sound]


def _rows(given: Given, columns: tuple[str, ...], report: Report) -> Iterator[Row]:
    for number, values in enumerate(given.rows, 1):
        lossy = [name for name, value in values.items() if _is_lossy(value)]
        faults = tuple(LOSSY_NUMBER(row=number, column=name, value=_text(values[name])) for name in lossy)
        row = row_of(number, [_text(values.get(name)) for name in columns], columns, faults=faults)
        if row is None:
            report.add(EMPTY_ROW(row=number))
        else:
            yield row


def _is_lossy(value: Cell) -> bool:
    """The sender's own software wrote it with a point or an exponent, and its last digits are gone."""
    return isinstance(value, float) and abs(value) >= EXACT_DIGITS


def _text(value: Cell) -> str:
    """As it would stand in a cell."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _apply(batch: Batch, importer: Importer, rows: Sequence[StagedRow], context: ImportContext) -> None:
    """All rows without an error or none; what stops it is kept with the batch, which may be sent again."""
    batch.state, batch.failure, batch.counts, batch.applied_at = State.APPLIED, None, {}, context.at
    try:
        if not rows:
            raise NothingToImport()
        with transaction.atomic(), acting(context.by):
            counts = importer.apply(rows, context, batch.pk)
            connection.check_constraints()
        batch.counts = {"created": counts.created, "changed": counts.changed, "unchanged": counts.unchanged}
    except (DomainError, DatabaseError) as failure:
        batch.state, batch.failure, batch.applied_at = State.FAILED, running.swallowed(batch, failure), None
    batch.save()


def _record(batch: Batch, partner: PartnerSystem, *, by: Actor, at: datetime) -> None:
    data = {
        "kind": batch.kind,
        "partner": partner.code,
        "state": batch.state,
        "rows": batch.rows_total,
        "errors": batch.errors,
        **batch.counts,
    }
    subject = ("import", str(batch.pk))
    entries = [journal.Entry(kind="import.sent", subject=subject, code=code, data=data) for code in places_of(by)]
    journal.record_all(entries, by=by, at=at)
