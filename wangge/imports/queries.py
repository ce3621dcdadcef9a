"""Reads of imports: their reports, their faults as lists, files and shapes, and what may be imported."""

import uuid
from collections.abc import Iterator
from typing import Any

import shapely
from django.db.models import Q, QuerySet
from shapely.geometry.base import BaseGeometry

from wangge.accounts.permissions import Permission
from wangge.core.actor import Actor
from wangge.core.errors import NotFound
from wangge.core.importing.export import FAULT_HEADINGS, csv_safe
from wangge.core.importing.faults import name_of
from wangge.core.importing.importer import importer_for, importers, options_of
from wangge.core.paging import table_page
from wangge.grids.geojson import feature, feature_collection
from wangge.imports.models import Batch, Mapping, RowFault
from wangge.imports.report import MOST_KEPT

State = Batch.State
NO_SAMPLE: dict[str, Any] = {"columns": [], "rows": [], "file_kind": "", "encoding": ""}
SHOWN = (
    *(
        "partner",
        "source_no",
        "kind",
        "file_name",
        "file_size",
        "options",
        "mapping",
        "state",
        "rows_total",
        "rows_staged",
        "errors",
    ),
    *("warnings", "file_errors", "by_fault", "counts", "skip_faulty", "by_name", "received_at", "applied_at"),
)


def kinds(*, by: Actor) -> list[dict[str, Any]]:
    by.require(Permission.IMPORT_RUN)
    return [
        {
            "kind": one.kind,
            "name": one.en if by.language == "en" else one.zh,
            "takes_geometry": one.takes_geometry,
            "fields": [field.as_json() for field in one.fields],
            "options": [option.as_json() for option in options_of(one)],
        }
        for one in importers(by)
    ]


def batches(*, by: Actor, kind: str, state: str, offset: int, limit: int) -> dict[str, Any]:
    by.require(Permission.IMPORT_RUN)
    rows = Batch.objects.visible_to(by).defer("faulty_rows", "sample").order_by("-received_at", "id")
    rows = rows.filter(kind=kind) if kind else rows
    rows = rows.filter(state=state) if state else rows
    page = table_page(rows, offset=offset, limit=limit)
    return {"items": [shown(batch, by) for batch in page["items"]], "count": page["count"]}


def batch_of(batch_id: uuid.UUID, *, by: Actor) -> Batch:
    """Raises NotAllowed, NotFound."""
    by.require(Permission.IMPORT_RUN)
    batch = Batch.objects.visible_to(by).filter(pk=batch_id).first()
    if batch is None:
        raise NotFound()
    return batch


def shown(batch: Batch, by: Actor) -> dict[str, Any]:
    failure = batch.failure and {
        "code": batch.failure["code"],
        "message": batch.failure["en" if by.language == "en" else "zh"],
    }
    return {
        "id": batch.pk,
        **{name: getattr(batch, name) for name in SHOWN},
        "fault_names": {code: name_of(code, by.language) for code in batch.by_fault},
        "failure": failure,
        "faults_kept": min(batch.errors + batch.warnings, MOST_KEPT),
        "may": _may(batch),
    }


def sample(batch_id: uuid.UUID, *, by: Actor) -> dict[str, Any]:
    """The header, a few rows, and the mapping in use or guessed: for the page that maps columns to fields.
    Kept by the check (reading.py); nothing of a batch that was not read yet, has ended, or came as rows."""
    batch = batch_of(batch_id, by=by)
    return {**NO_SAMPLE, **batch.sample, "mapping": batch.mapping}


def faults(batch_id: uuid.UUID, *, by: Actor, level: str, code: str, offset: int, limit: int) -> dict[str, Any]:
    page = table_page(_chosen(batch_of(batch_id, by=by), level, code), offset=offset, limit=limit)
    return {"items": [_fault(row, by.language) for row in page["items"]], "count": page["count"]}


def fault_table(batch_id: uuid.UUID, *, by: Actor) -> tuple[tuple[str, ...], Iterator[tuple[object, ...]]]:
    """(headings, rows) for a file to mend by; every cell is safe to open in a spreadsheet."""
    rows = _chosen(batch_of(batch_id, by=by), "", "")
    english = by.language == "en"

    def cells(row: RowFault) -> tuple[object, ...]:
        area = "" if row.area_m2 is None else round(row.area_m2, 1)
        texts = (row.column, row.subject, row.level, row.code, row.en if english else row.zh)
        place = ("", "") if row.lon is None else (row.lon, row.lat)
        return (row.row if row.row is not None else "", *map(csv_safe, texts), *place, area)

    return FAULT_HEADINGS["en" if english else "zh"], map(cells, rows.iterator(chunk_size=1000))


def fault_shapes(batch_id: uuid.UUID, *, by: Actor) -> dict[str, Any]:
    """What can be drawn: the gaps and overlaps themselves, the places of the others."""
    rows = _chosen(batch_of(batch_id, by=by), "", "").filter(Q(shape__isnull=False) | Q(lon__isnull=False))
    return feature_collection(_feature(row, by.language) for row in rows[:2_000])


def mappings(*, by: Actor, kind: str) -> list[Mapping]:
    by.require(Permission.IMPORT_RUN)
    rows = Mapping.objects.filter(kind__in=[one.kind for one in importers(by)]).order_by("kind", "name")
    return list(rows.filter(kind=importer_for(kind).kind) if kind else rows)


def _chosen(batch: Batch, level: str, code: str) -> "QuerySet[RowFault]":
    rows = RowFault.objects.filter(batch=batch).order_by("id")
    rows = rows.filter(level=level) if level else rows
    return rows.filter(code=code) if code else rows


def _fault(row: RowFault, language: str) -> dict[str, Any]:
    names = ("row", "column", "level", "code", "subject", "lon", "lat", "area_m2")
    return {name: getattr(row, name) for name in names} | {"message": row.en if language == "en" else row.zh}


def _feature(row: RowFault, language: str) -> dict[str, Any]:
    shape: BaseGeometry = shapely.Point(row.lon or 0.0, row.lat or 0.0)
    if row.shape is not None:
        drawn = shapely.from_wkb(bytes(row.shape))
        shape = drawn if shapely.is_valid(drawn) else shapely.make_valid(drawn)
    return feature(shape, **_fault(row, language))


def _may(batch: Batch) -> list[str]:
    """What can be done next; the page shows these and no others."""
    if batch.partner or batch.state in (State.APPLIED, State.CANCELLED):
        return []
    steps = ["cancel"]
    if batch.state in (State.CHECKED, State.STAGED, State.FAILED):
        steps.append("check")
    if batch.state == State.CHECKED and not batch.file_errors and batch.rows_total:
        steps.append("stage_without_faulty" if batch.errors else "stage")
    if batch.state in (State.STAGED, State.FAILED) and batch.rows_staged:
        steps.append("apply")
    return steps
