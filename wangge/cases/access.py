"""How code that answers a person gets a case: absent and out of scope are the same 404, seen but not allowed is 403."""

import uuid

from wangge.accounts.permissions import Permission
from wangge.cases.models import Assignment, Case, Extension, Muster, ProcedureStep, Supervision, Whistle
from wangge.cases.rules.moves import Standing
from wangge.core.actor import Actor
from wangge.core.errors import NotFound


def access_case(by: Actor, case_id: uuid.UUID, *, to: Permission = Permission.CASE_READ, lock: bool = False) -> Case:
    """Raises NotFound, NotAllowed. `lock` holds the row until the transaction ends and reads it afresh."""
    rows = Case.objects.visible_to(by)
    if lock:
        # Locked by key alone, then read: the scope's sub-query is not part of the row lock.
        Case.objects.select_for_update(no_key=True).filter(pk=case_id).values_list("pk").first()
    case = rows.filter(pk=case_id).first()
    if case is None or not (by.is_system or by.may(Permission.CASE_READ)):
        raise NotFound()
    by.require(to)
    return case


def standing_of(case: Case) -> Standing:
    """What waits on a case beside its own row. Four or five small queries by case."""
    waiting: set[str] = set()
    charged = Assignment.objects.filter(
        case=case, role=Assignment.Role.ASSIST, ended_at__isnull=True, finished_at__isnull=True
    )
    if Extension.objects.filter(case=case, decided_at__isnull=True).exists():
        waiting.add("extension")
    if Supervision.objects.filter(case=case, receipt_at__isnull=True).exists():
        waiting.add("receipt")
    if (
        case.category_id
        and case.state == "handling"
        and ProcedureStep.objects.filter(category=case.category_id).exists()
    ):
        waiting.add("procedure")
    whistle = (
        Whistle.objects.filter(case=case, ended_at__isnull=True, refused_at__isnull=True)
        .select_related("centre")
        .first()
    )
    mustered: list[str] = []
    if whistle is not None:
        waiting.add("whistle_confirmed" if whistle.confirmed_at else "whistle_called")
        mustered = list(
            Muster.objects.filter(whistle=whistle, arrived_at__isnull=True).values_list("unit_path", flat=True)
        )
        if mustered:
            waiting.add("muster")
    return Standing(
        assisting=tuple(charged.values_list("unit_path", flat=True)),
        mustered=tuple(mustered),
        waiting=frozenset(waiting),
        caller_path=whistle.by_unit_path if whistle else "",
        called_path=whistle.centre.path if whistle else "",
    )
