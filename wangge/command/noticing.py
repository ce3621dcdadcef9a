"""The reader of the journal that turns what happened into notices: its own cursor, the notices in the same transaction.

Unlike the pages it reads as the house itself; who may see what is decided for each addressee, before a row is written.
"""

import json
import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from wangge.cases.configuration import Units, units
from wangge.cases.models import Assignment, Case, Whistle
from wangge.command.rules import notices as rules
from wangge.command.rules.notices import Rule, To
from wangge.core import journal
from wangge.core.codes import parent_of
from wangge.core.journal import Batch, Read

READER = "notices"
COLUMNS = (
    ("key", "text"),
    ("entry_id", "bigint"),
    ("kind", "text"),
    ("urgent", "boolean"),
    ("unit_path", "text"),
    ("permission", "text"),
    ("code", "text"),
    ("post_id", "bigint"),
    ("by_post", "bigint"),
    ("by_name", "text"),
    ("subject_type", "text"),
    ("subject_id", "text"),
    ("data", "jsonb"),
    ("at", "timestamptz"),
)
NAMES = ", ".join(name for name, _ in COLUMNS)
WRITE = f"""
insert into command_notice (seq, times, {NAMES})
select nextval('command_notice_seq'), 1, {NAMES}
  from unnest({", ".join(f"%s::{kind}[]" for _, kind in COLUMNS)}) with ordinality as r({NAMES}, place)
 order by place
    on conflict (key) do update
   set seq = excluded.seq, entry_id = excluded.entry_id, urgent = excluded.urgent, code = excluded.code,
       by_post = excluded.by_post, by_name = excluded.by_name, data = excluded.data, at = excluded.at,
       times = command_notice.times + 1
 where excluded.entry_id > command_notice.entry_id
"""  # noqa: S608 - the columns are ours
KEPT_DATA = ("number", "step", "stage", "score", "created", "changed", "date", "missing", "all", "minutes")


@dataclass(frozen=True, slots=True)
class Addressee:
    unit_path: str = ""
    post_id: int | None = None

    @property
    def key(self) -> str:
        return self.unit_path or f"post:{self.post_id}"


@dataclass(slots=True)
class About:
    """What the rules ask about the subjects of one batch, read in four queries."""

    units: Units
    cases: dict[uuid.UUID, Case] = field(default_factory=dict)
    charges: dict[uuid.UUID, list[Assignment]] = field(default_factory=dict)
    whistles: dict[str, Whistle] = field(default_factory=dict)


def read() -> int:
    return journal.read_once(READER, handle)


def handle(batch: Batch) -> None:
    told = [(entry, found) for entry in batch.entries if (found := rules.rules_for(entry.kind))]
    if not told:
        return
    about = _about([entry for entry, _ in told])
    rows: dict[str, tuple[Any, ...]] = {}
    for entry, found in told:
        for rule in found:
            for row in _notices(entry, rule, about):
                rows.pop(row[0], None)  # the later one of a key stands for both
                rows[row[0]] = row
    _write(rows.values())


def _notices(entry: Read, rule: Rule, about: About) -> Iterator[tuple[Any, ...]]:
    if rule.when is not None and not rule.when(entry.data):
        return
    case = about.cases.get(uuid.UUID(entry.subject_id)) if entry.subject_type == "case" else None
    if entry.subject_type == "case" and case is None:
        return
    data = {name: entry.data[name] for name in KEPT_DATA if name in entry.data}
    if "unit" in rule.zh:
        data["unit"] = _name_of(_unit_named(entry, case), about)
    for one in dict.fromkeys(who for to in rule.to for who in _who(to, entry, case, about)):
        if _may_hear(rule, one, case) and not (
            one.post_id and one.post_id == entry.actor_post and rule.to != (To.DOER,)
        ):
            yield (
                f"{rule.kind}:{entry.subject_type}:{entry.subject_id}:{one.key}",
                entry.id,
                rule.kind,
                rules.is_urgent(rule, entry.data) or (case is not None and _is_pressing(rule, case)),
                one.unit_path,
                rule.needs if one.unit_path else "",
                case.current_grid if case is not None else entry.code,
                one.post_id,
                None if rule.to == (To.DOER,) else entry.actor_post,
                _said_by(entry, case),
                entry.subject_type,
                entry.subject_id,
                json.dumps(data | {"on": entry.kind}, ensure_ascii=False),
                entry.at,
            )


def _is_pressing(rule: Rule, case: Case) -> bool:
    return rule.kind == "assigned" and case.urgency != "normal"


def _may_hear(rule: Rule, one: Addressee, case: Case | None) -> bool:
    """The unit complained of, with its branches, hears nothing of what the reporter said or was told."""
    if not rule.confides or case is None or not case.complained_root:
        return True
    return bool(one.unit_path) and not one.unit_path.startswith(case.complained_root)


def _said_by(entry: Read, case: Case | None) -> str:
    """Who did it. Nobody is named who may be the reporter; the house itself by no name."""
    return entry.actor_name if entry.actor_kind == "person" and not (case and case.complained_root) else ""


def _who(to: To, entry: Read, case: Case | None, about: About) -> Iterable[Addressee]:
    if case is not None:
        return _of_case(to, entry, case, about)
    if to is To.DOER and entry.actor_post:
        return [Addressee(post_id=entry.actor_post)]
    if to is To.TOLD:
        posts = [Addressee(post_id=int(post)) for post in entry.data.get("posts", ())]
        return [*(Addressee(path) for path in entry.data.get("units", ())), *posts]
    if to is To.GIVER:
        return [Addressee(entry.data["giver"])] if entry.data.get("giver") else []
    if to is To.ABOVE:
        return [Addressee(path) for path in entry.data.get("above", ())]
    if to is To.CENTRE:
        return [Addressee(centre.path) for centre in _centres_over(entry.code, about.units)]
    return []


def _of_case(to: To, entry: Read, case: Case, about: About) -> Iterable[Addressee]:
    charges = about.charges.get(case.pk, [])
    whistle = about.whistles.get(str(entry.data.get("whistle")))
    match to:
        case To.LEAD:
            paths = [entry.data.get("lead") or case.lead_path]
        case To.ASSISTING:
            paths = [row.unit_path for row in charges if row.dispatched_at == entry.at and row.role == "assist"]
        case To.LEFT:
            paths = [row.unit_path for row in charges if row.ended_at == entry.at]
        case To.HOLDER:
            paths = [case.holder_path]
        case To.UNIT:
            paths = [_unit_named(entry, case)]
        case To.ROOT:
            paths = _root_of(_unit_named(entry, case), about.units)
        case To.MUSTERED if whistle is not None:
            paths = [muster.unit_path for muster in whistle.musters.all()]
        case To.WHISTLE_CENTRE if whistle is not None:
            paths = [whistle.centre.path]
        case To.WHISTLE_CALLER if whistle is not None and whistle.by_post:
            return [Addressee(post_id=whistle.by_post)]
        case To.REPORTER if case.reported_by_post:
            return [Addressee(post_id=case.reported_by_post)]
        case _:
            return []
    return [Addressee(path) for path in paths if path]


def _unit_named(entry: Read, case: Case | None) -> str:
    named = entry.data.get("unit_path")
    return str(named) if named else (case.lead_path or case.holder_path if case is not None else "")


def _root_of(path: str, every: Units) -> list[str]:
    """The department over a branch; nobody over a unit that is its own."""
    unit = next((one for one in every.by_id.values() if one.path == path), None)
    root = every.root_of(unit) if unit is not None else None
    return [root.path] if root is not None and root.path != path else []


def _centres_over(code: str, every: Units) -> Iterator[Any]:
    centre = every.centre_over(code) if code else None
    while centre is not None:
        yield centre
        above = parent_of(centre.division)
        centre = every.centre_over(above) if above and len(above) >= 9 else None


def _name_of(path: str, about: About) -> str:
    return next((one.name for one in about.units.by_id.values() if one.path == path), "")


def _about(entries: Sequence[Read]) -> About:
    ids = {uuid.UUID(entry.subject_id) for entry in entries if entry.subject_type == "case"}
    about = About(units=units())
    if not ids:
        return about
    fields = ("holder_path", "lead_path", "complained_root", "current_grid", "reported_by_post", "urgency")
    about.cases = {case.pk: case for case in Case.objects.filter(pk__in=ids).only(*fields)}
    for row in Assignment.objects.filter(case__in=ids).order_by("case_id", "id"):
        about.charges.setdefault(row.case_id, []).append(row)
    blown = [str(entry.data["whistle"]) for entry in entries if "whistle" in entry.data]
    rows = Whistle.objects.filter(pk__in=blown).select_related("centre").prefetch_related("musters")
    about.whistles = {str(row.pk): row for row in rows} if blown else {}
    return about


def _write(rows: Iterable[tuple[Any, ...]]) -> None:
    columns = list(zip(*rows, strict=True))
    if not columns:
        return
    with connection.cursor() as cursor:
        cursor.execute(WRITE, [list(column) for column in columns])
