"""Cases made in bulk for tests, as reports and dispatches leave them."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from wangge.cases import clocks
from wangge.cases.configuration import configuration
from wangge.cases.models import Assignment, Case, CaseText, Category, Deadline, Scheme
from wangge.cases.rules.states import Stage
from wangge.core.ids import new_id
from wangge.testing import town
from wangge.testing.world import World


def category(code: str = "01", **values: object) -> Category:
    scheme, _ = Scheme.objects.get_or_create(
        code="TEST", version="1", defaults={"name_zh": "测试", "source": "test", "valid_from": "2020-01-01"}
    )
    return Category.objects.create(scheme=scheme, code=code, path=f"{code}/", name_zh="路面塌陷", **values)


def reported(world: World, count: int, *, at: datetime, code: str = town.GRID, title: str = "路面塌陷") -> list[Case]:
    """Waiting to be accepted since `at`, the five-minute clock running."""
    holder = world.unit(town.STREET)
    cases = Case.objects.bulk_create(
        Case(
            id=(case_id := new_id()),
            number=f"WG{case_id.hex[-18:].upper()}",
            source="telephone",
            title=title,
            reported_grid=code,
            current_grid=code,
            state="reported",
            holder=holder,
            holder_path=holder.path,
            reported_at=at,
            changed_at=at,
        )
        for _ in range(count)
    )
    CaseText.objects.bulk_create(CaseText(case=case, reported_at=at, tokens="") for case in cases)
    start(cases, Stage.RESPOND, at=at)
    return cases


def handling(world: World, count: int, *, at: datetime, unit: str = "D-CG-1", code: str = town.GRID) -> list[Case]:
    """In the hands of a unit since `at`."""
    cases, lead = reported(world, count, at=at, code=code), world.unit(unit)
    Deadline.objects.filter(case__in=[case.pk for case in cases]).update(met_at=at + timedelta(seconds=1))
    for case in cases:
        case.state, case.lead, case.lead_path = "handling", lead, lead.path
        case.accepted_at = case.dispatched_at = case.signed_at = at
    Assignment.objects.bulk_create(
        Assignment(case=case, unit=lead, unit_path=lead.path, role="lead", reported_at=at, dispatched_at=at)
        for case in cases
    )
    start(cases, Stage.HANDLE, at=at, unit_path=lead.path)
    fields = ["state", "lead", "lead_path", "accepted_at", "dispatched_at", "signed_at"]
    Case.objects.bulk_update(cases, fields)
    return cases


def start(cases: Sequence[Case], stage: Stage, *, at: datetime, unit_path: str = "") -> None:
    config, first = configuration(), Deadline()
    made = []
    for index, case in enumerate(cases):
        path = unit_path or case.holder_path
        if index == 0:
            first = clocks.new_clock(case, stage, config=config, at=at, unit_path=path)
        values = {
            field.attname: getattr(first, field.attname)
            for field in Deadline._meta.concrete_fields
            if field.attname not in ("id", "case_id")
        }
        made.append(Deadline(case=case, **values))
        clocks.show(case, [made[-1]])
    Deadline.objects.bulk_create(made)
    Case.objects.bulk_update(cases, ["due_at", "amber_at", "due_stage", "is_overdue"])
