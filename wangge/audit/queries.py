"""The journal as its auditors read it: by person, subject, place, kind and time; a subject's whole story.

Newest first, within the auditor's area; what belongs to no place (roles, settings of the house) every auditor sees.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet

from wangge.accounts.access import visible_accounts
from wangge.accounts.models import PartnerSystem, Post, Role, Session, Unit, User
from wangge.accounts.permissions import Permission
from wangge.cases.queries.numbers import numbers_of
from wangge.core.actor import Actor
from wangge.core.errors import invalid
from wangge.core.models import JournalEntry, SettingChange
from wangge.core.paging import LARGEST_SIZE, decode_cursor, encode_cursor
from wangge.core.ranges import within
from wangge.grids import queries as grids

MOST_PEOPLE = 20
MOST_PLACES = 20
# A kind ends with what was done; these look at or take away what is not open to all.
READINGS = ("revealed", "export", "exported", "read", "original_read", "faults_taken", "downloaded", "fetched")
SIGN_IN = ("session.",)

# Each distinct kind is one step down the index (a loose scan): a hundred steps, however long the journal.
KINDS = """
with recursive found(kind) as (
  (select kind from core_journal order by kind limit 1)
  union all
  select (select later.kind from core_journal later where later.kind > found.kind order by later.kind limit 1)
    from found where found.kind is not null
)
select kind from found where kind is not null
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalFilter:
    actor: int | None = None
    subject: str = ""  # "case:0193…", or "case" for all of them
    story: bool = False  # with what belongs to the subject: a person's posts and sessions, a unit's posts
    kind: str = ""  # "session.opened", or "session." for all of them
    what: str = ""  # reading, sign_in, writing
    code: str = ""
    since: datetime | None = None
    until: datetime | None = None

    def as_json(self) -> dict[str, Any]:
        kept = {name: value for name, value in asdict(self).items() if value}
        return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in kept.items()}


def journal(chosen: JournalFilter, *, by: Actor, cursor: str, limit: int) -> dict[str, Any]:
    """Raises NotAllowed, Invalid."""
    rows = entries(chosen, by=by)
    if cursor:
        rows = rows.filter(pk__lt=decode_cursor(cursor, kinds=[_row_id])[0])
    size = min(max(limit, 1), LARGEST_SIZE)
    found = list(rows[: size + 1])
    more = len(found) > size
    return {"items": found[:size], "next": encode_cursor([found[size - 1].pk]) if more else None}


def entries(chosen: JournalFilter, *, by: Actor) -> QuerySet[JournalEntry]:
    """Raises NotAllowed, Invalid."""
    by.require(Permission.JOURNAL_READ)
    return chosen_of(chosen, by.ranges)


def chosen_of(chosen: JournalFilter, ranges: tuple[str, ...]) -> QuerySet[JournalEntry]:
    rows = JournalEntry.objects.order_by("-id")
    if "" not in ranges:
        rows = rows.filter(within("code", ranges) | Q(code=""))
    if chosen.since and chosen.until and chosen.since >= chosen.until:
        raise invalid("to", "结束时间必须晚于开始时间。", "The end must come after the beginning.")
    if chosen.actor is not None:
        rows = rows.filter(actor_user=chosen.actor)
    if chosen.subject:
        rows = rows.filter(_about(chosen.subject, whole=chosen.story))
    if chosen.kind.endswith("."):
        rows = rows.filter(kind__gte=chosen.kind, kind__lt=chosen.kind + "~")
    elif chosen.kind:
        rows = rows.filter(kind=chosen.kind)
    if chosen.what:
        rows = rows.filter(kind__in=[kind for kind in kinds() if what_of(kind) == chosen.what])
    if chosen.code:
        rows = rows.filter(within("code", (chosen.code,)))
    if chosen.since:
        rows = rows.filter(at__gte=chosen.since)
    if chosen.until:
        rows = rows.filter(at__lt=chosen.until)
    return rows


def kinds() -> list[str]:
    """Every kind there is in the journal."""
    with connection.cursor() as cursor:
        cursor.execute(KINDS)
        return [row[0] for row in cursor.fetchall()]


def kinds_seen(*, by: Actor) -> list[dict[str, str]]:
    by.require(Permission.JOURNAL_READ)
    return [{"kind": kind, "what": what_of(kind)} for kind in kinds()]


def what_of(kind: str) -> str:
    if kind.startswith(SIGN_IN):
        return "sign_in"
    return "reading" if kind.rpartition(".")[2] in READINGS else "writing"


def people(q: str, *, by: Actor) -> list[dict[str, Any]]:
    """Accounts of the auditor's area by name, to ask what they did. Raises NotAllowed."""
    by.require(Permission.JOURNAL_READ)
    rows = visible_accounts(by).filter(Q(username__startswith=q.lower()) | Q(name__contains=q)).order_by("name", "pk")
    return [dict(row) for row in rows.values("id", "name", "username")[:MOST_PEOPLE]]


def places(q: str, *, by: Actor) -> list[grids.Coded]:
    """Divisions and grids of the auditor's area by name or code, also ended ones: to ask what was done there. Raises
    NotAllowed."""
    by.require(Permission.JOURNAL_READ)
    return grids.find_named(q, ranges=by.ranges, limit=MOST_PLACES)


def names_of_subjects(found: Sequence[JournalEntry], *, language: str) -> dict[tuple[str, str], str]:
    """What subjects are called, as far as they are known by more than their number. One query for each type."""
    wanted: dict[str, set[str]] = defaultdict(set)
    for entry in found:
        wanted[entry.subject_type].add(entry.subject_id)
    names: dict[tuple[str, str], str] = {}
    for subject_type, ids in wanted.items():
        found_here = _names(subject_type, ids, language)
        names |= {(subject_type, subject_id): name for subject_id, name in found_here.items()}
    return names


def names_of_places(found: Sequence[JournalEntry]) -> dict[str, str]:
    return grids.names_of({entry.code for entry in found if entry.code})


def _about(subject: str, *, whole: bool) -> Q:
    kind, _, number = subject.partition(":")
    if not number:
        return Q(subject_type=kind)
    about = Q(subject_type=kind, subject_id=number)
    return about | _belonging(kind, number) if whole else about


def _belonging(kind: str, number: str) -> Q:
    if not number.isdigit():
        return Q(pk__in=[])
    if kind == "account":
        posts, sessions = Post.objects.filter(user=int(number)), Session.objects.filter(user=int(number))
    elif kind == "unit":
        posts, sessions = Post.objects.filter(unit=int(number)), Session.objects.none()
    elif kind == "post":
        posts, sessions = Post.objects.none(), Session.objects.filter(post=int(number))
    else:
        return Q(pk__in=[])
    return Q(subject_type="post", subject_id__in=_ids(posts)) | Q(subject_type="session", subject_id__in=_ids(sessions))


def _ids(rows: QuerySet[Any]) -> list[str]:
    return [str(pk) for pk in rows.values_list("pk", flat=True)]


def _names(subject_type: str, ids: Collection[str], language: str) -> dict[str, str]:
    if subject_type in {"division", "grid"}:
        return grids.names_of(ids)
    if subject_type == "case":
        return numbers_of(ids)
    whole = [int(number) for number in ids if number.isdigit()]
    if subject_type == "account":
        return _pairs(User.objects.filter(pk__in=whole).values_list("pk", "name"))
    if subject_type == "unit":
        return _pairs(Unit.objects.filter(pk__in=whole).values_list("pk", "name"))
    if subject_type == "session":
        return _pairs(Session.objects.filter(pk__in=whole).values_list("pk", "user__name"))
    if subject_type == "partner":
        return _pairs(PartnerSystem.objects.filter(pk__in=whole).values_list("pk", "name"))
    if subject_type == "post":
        posts = Post.objects.filter(pk__in=whole).values_list("pk", "user__name", "unit__name")
        return {str(pk): f"{person} · {unit}" for pk, person, unit in posts}
    if subject_type == "role":
        return _pairs(Role.objects.filter(pk__in=whole).values_list("pk", "name_en" if language == "en" else "name_zh"))
    name = "name_en" if language == "en" else "name_zh"
    changes = SettingChange.objects.filter(kind=subject_type, subject__in=ids).order_by("id")
    return _pairs(changes.values_list("subject", name))


def _pairs(rows: Any) -> dict[str, str]:
    return {str(key): name for key, name in rows}


def _row_id(value: Any) -> int:
    number = int(value)
    if not 0 < number < 2**63:
        raise ValueError("not a row")
    return number
