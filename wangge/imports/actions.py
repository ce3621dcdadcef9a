"""What people do with an import: hand in a file, look at the report, stage, apply, cancel; and keep a mapping.

Small imports are done while one waits for the answer; larger ones by the worker, which sees them by their state.
"""

import json
import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from wangge.accounts.permissions import Permission
from wangge.core import journal, setting_changes
from wangge.core.actor import Actor
from wangge.core.errors import Conflict, Invalid, NotFound, invalid
from wangge.core.ids import new_id
from wangge.core.importing.importer import importer_for
from wangge.core.importing.mapping import mapping_from
from wangge.imports import files, running
from wangge.imports.files import KeptFile
from wangge.imports.models import Batch, Mapping, RowFault
from wangge.imports.reading import checked_options
from wangge.imports.running import SomebodyElse

State = Batch.State
MAPPING = "import_mapping"  # kind of setting
SMALL_BYTES = 2 << 20
SMALL_ROWS = 5_000
ASKED = ("asked_user", "asked_post", "asked_name", "attempts")


class AlreadyApplied(Conflict):
    code = "import.already_applied"
    zh = "这个文件已于 {when} 由 {who} 以同样的设置导入过。"
    en = "This file was imported with the same settings by {who} on {when}."


class HasErrors(Conflict):
    code = "import.has_errors"
    zh = "还有 {errors} 处错误。请改好文件重新上传，或选择“跳过有错误的行”（整个文件的错误不能跳过）。"
    en = "There are {errors} errors. Mend the file, or leave out the faulty rows (errors of the whole file cannot be)."


class NothingToImport(Invalid):
    code = "import.nothing"
    zh = "没有可导入的行。"
    en = "There is no row to import."


class MappingNameTaken(Conflict):
    code = "import.mapping_name_taken"
    zh = "已另有一份名为“{name}”的列对应关系。"
    en = "There is another mapping named “{name}”."


class NotNow(Conflict):
    code = "import.not_now"
    zh = "这个导入现在是“{state}”，不能做这一步。"
    en = "This import is “{state}” now; the step cannot be taken."


def receive_file(
    *,
    kind: str,
    file_name: str,
    kept: KeptFile,
    options: dict[str, Any],
    mapping: list[dict[str, Any]],
    by: Actor,
    at: datetime,
    again: bool = False,
    wait: bool = True,
) -> Batch:
    """The batch, checked already when it is small (and `wait`). `again`: also when it was applied before.

    Raises NotAllowed, UnknownKind, Invalid, AlreadyApplied.
    """
    by.require(Permission.IMPORT_RUN)
    by.require(importer_for(kind).permission)
    chosen = checked_options(kind, options)
    if mapping:
        mapping = _plain(mapping)
    if not again:
        _check_not_applied(kind, kept, chosen, mapping)
    batch = Batch.objects.create(
        id=new_id(),
        kind=kind,
        unit_path=by.unit_path,
        file_name=file_name[:200],
        file_sha256=kept.sha256,
        file_size=kept.size,
        options=chosen,
        mapping=mapping,
        state=State.RECEIVED,
        by_user=by.user_id,
        by_post=by.post_id,
        by_name=by.name,
        asked_user=by.user_id,
        asked_post=by.post_id,
        asked_name=by.name,
        received_at=at,
    )
    _record("import.received", batch, by, at, {"sha256": kept.sha256, "size": kept.size})
    if wait and kept.size <= SMALL_BYTES:
        running.check(batch.pk, by=by, most_rows=SMALL_ROWS)
        batch.refresh_from_db()
    return batch


def check_again(
    *, batch_id: uuid.UUID, options: dict[str, Any], mapping: list[dict[str, Any]], by: Actor, at: datetime
) -> Batch:
    """The same file with another mapping or other options. Raises NotFound, NotNow, Invalid."""
    batch = held(by, batch_id, State.CHECKED, State.STAGED, State.FAILED)
    batch.options = checked_options(batch.kind, options)
    batch.mapping = _plain(mapping) if mapping else []
    batch.state, batch.rows_staged, batch.staged_to, batch.failure = State.RECEIVED, 0, 0, None
    _ask(batch, by)
    batch.pages.all().delete()
    batch.save()
    _record("import.checking", batch, by, at, {})
    if batch.file_size <= SMALL_BYTES:
        running.check(batch.pk, by=by, most_rows=SMALL_ROWS)
    batch.refresh_from_db()
    return batch


def stage_import(*, batch_id: uuid.UUID, skip_faulty: bool, by: Actor, at: datetime, wait: bool = True) -> Batch:
    """Raises NotFound, NotNow, HasErrors, NothingToImport."""
    batch = held(by, batch_id, State.CHECKED)
    if batch.file_errors or (batch.errors and not skip_faulty):
        raise HasErrors(errors=batch.errors, file_errors=batch.file_errors)
    if not batch.rows_total:
        raise NothingToImport()
    batch.state, batch.skip_faulty = State.STAGING, skip_faulty
    _ask(batch, by)
    batch.save(update_fields=["state", "skip_faulty", *ASKED])
    _record("import.staging", batch, by, at, {"skip_faulty": skip_faulty, "errors": batch.errors})
    if wait and batch.rows_total <= SMALL_ROWS:
        running.stage(batch.pk)
        batch.refresh_from_db()
    return batch


def apply_import(*, batch_id: uuid.UUID, by: Actor, at: datetime, wait: bool = True) -> Batch:
    """APPLIED or FAILED when it is small, else APPLYING; as whoever asks now, not as who brought the file.

    Raises NotFound, NotNow, NothingToImport.
    """
    batch = held(by, batch_id, State.STAGED, State.FAILED)
    if not batch.rows_staged:
        raise NothingToImport()
    batch.state = State.APPLYING
    _ask(batch, by)
    batch.save(update_fields=["state", *ASKED])
    _record("import.applying", batch, by, at, {"rows": batch.rows_staged})
    if wait and batch.rows_staged <= SMALL_ROWS:
        return running.apply(batch.pk, by=by, at=at)
    return batch


def cancel_import(*, batch_id: uuid.UUID, by: Actor, at: datetime) -> Batch:
    """Anything that is not applied. The file and what was staged are gone afterwards."""
    batch = held(by, batch_id, *(state for state in State if state not in (State.APPLIED, State.CANCELLED)))
    batch.state = State.CANCELLED
    batch.save(update_fields=["state"])
    RowFault.objects.filter(batch=batch).delete()
    running.forget(batch)
    _record("import.cancelled", batch, by, at, {})
    return batch


def note_faults_taken(*, batch_id: uuid.UUID, form: str, by: Actor, at: datetime) -> None:
    """A list of faults repeats what the file says of people: who takes it away is on the record. Raises NotFound."""
    batch = Batch.objects.visible_to(by).filter(pk=batch_id).first()
    if batch is None:
        raise NotFound()
    _record("import.faults_taken", batch, by, at, {"form": form})


def save_mapping(
    *, kind: str, name: str, definition: object, by: Actor, at: datetime, mapping_id: int | None = None
) -> Mapping:
    """One of this name is replaced. `mapping_id`: of one that was forgotten and comes back.

    Raises UnknownKind, Invalid, MappingUnreadable, MappingNameTaken.
    """
    by.require(Permission.IMPORT_RUN)
    by.require(importer_for(kind).permission)
    if not name.strip() or "=" in name:
        raise invalid("name", "请填写名称，不含等号。", "A name without an equals sign is needed.")
    known = {field.name for field in importer_for(kind).fields}
    mapping = mapping_from(definition)
    for rule in mapping.rules:
        if rule.field not in known:
            raise invalid("definition", f"没有“{rule.field}”这一项。", f"There is no field “{rule.field}”.")
    setting_changes.before(MAPPING, None)
    held = Mapping.objects.filter(kind=kind, name=name.strip()).first()
    if held is not None and mapping_id not in (None, held.pk):
        raise MappingNameTaken(name=name.strip())
    stood = setting_changes.before(MAPPING, held.pk) if held else None
    saved = held or Mapping(pk=mapping_id, kind=kind, name=name.strip())
    saved.definition, saved.by_name, saved.at = mapping.as_json(), by.name, at
    saved.save(force_insert=held is None, force_update=held is not None)
    _record_mapping("mapping.replaced" if held else "mapping.saved", saved, stood, by, at)
    return saved


def forget_mapping(*, mapping_id: int, by: Actor, at: datetime) -> None:
    by.require(Permission.IMPORT_RUN)
    setting_changes.before(MAPPING, None)  # before the row, as saving and undoing do
    mapping = Mapping.objects.select_for_update().filter(pk=mapping_id).first()
    if mapping is None:
        raise NotFound()
    by.require(importer_for(mapping.kind).permission)
    stood = setting_changes.before(MAPPING, mapping_id)
    Mapping.objects.filter(pk=mapping_id).delete()
    _record_mapping("mapping.forgotten", mapping, stood, by, at)


def held(by: Actor, batch_id: uuid.UUID, *states: str) -> Batch:
    """The batch for a step, its row held. Raises NotAllowed, NotFound, SomebodyElse (it is being applied), NotNow."""
    by.require(Permission.IMPORT_RUN)
    rows = Batch.objects.visible_to(by).filter(pk=batch_id)
    if not rows.exists():
        raise NotFound()
    batch = rows.select_for_update(no_key=True, skip_locked=True).first()
    if batch is None:
        raise SomebodyElse()
    if batch.partner or batch.state not in states:  # what another system sent is its own to send again
        state = State(batch.state)
        raise NotNow(state=state.label if by.language == "zh" else state.value)
    return batch


def forget_file_of_a_refused(kept: KeptFile) -> None:
    """When receiving failed: the file stays only if another import holds it."""
    if not Batch.objects.filter(file_sha256=kept.sha256).exists():
        files.forget(kept.sha256)


def _check_not_applied(kind: str, kept: KeptFile, options: dict[str, str], mapping: list[dict[str, Any]]) -> None:
    same: Iterable[Batch] = Batch.objects.filter(
        kind=kind, file_sha256=kept.sha256, state=State.APPLIED, options=options
    )
    for batch in same:
        if not mapping or batch.mapping == mapping:
            raise AlreadyApplied(id=batch.pk, who=batch.asked_name or batch.by_name, when=batch.applied_at)


def _ask(batch: Batch, by: Actor) -> None:
    """Not saved yet."""
    batch.asked_user, batch.asked_post, batch.asked_name, batch.attempts = by.user_id, by.post_id, by.name, 0


def _plain(mapping: object) -> list[dict[str, Any]]:
    """As the database gives it back, so that two can be compared. Raises MappingUnreadable."""
    found: list[dict[str, Any]] = json.loads(json.dumps(mapping_from(mapping).as_json()))
    return found


def _record(kind: str, batch: Batch, by: Actor, at: datetime, data: dict[str, Any]) -> None:
    entry = journal.Entry(
        kind=kind,
        subject=("import", str(batch.pk)),
        code=by.division,
        permission=str(Permission.IMPORT_RUN),
        data={"kind": batch.kind, **data},
    )
    journal.record(entry, by=by, at=at)


def _record_mapping(kind: str, mapping: Mapping, stood: setting_changes.State | None, by: Actor, at: datetime) -> None:
    """Everybody's files are read by it. Its name and constants are somebody's words and stay out of the journal."""
    fields = [rule["field"] for rule in mapping.definition]
    entry = journal.Entry(
        kind=kind,
        subject=(MAPPING, str(mapping.pk)),
        permission=str(Permission.IMPORT_RUN),
        data={"kind": mapping.kind, "fields": fields},
    )
    setting_changes.record(entry, before=stood, by=by, at=at)
