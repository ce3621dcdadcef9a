"""Cases in every state, brought there by the actions."""

from io import BytesIO
from typing import Any

from wangge.cases import actions
from wangge.cases.models import Case, Category, ProcedureStep
from wangge.cases.rules.limits import LimitKind, TimeLimit
from wangge.cases.rules.supervision import LadderStep
from wangge.cases.tests.made import category
from wangge.config.tests.access import Row
from wangge.core import clock
from wangge.core.actor import acting
from wangge.core.revisions import bump
from wangge.testing.client import Api, api_as
from wangge.testing.world import World

FIXED = {
    "processing": "people",
    "variant": "served",
    "stage": "handle",
    "number": "1",
    "day": clock.today().isoformat(),
    "record_kind": "person",
}


class CaseTargets:
    """What all of them need: people, a category, values for the names in paths; and cases in every state."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._made: dict[str, str] = {}
        self._apis: dict[str, Api] = {}
        self.category: Category = category("77")
        ProcedureStep.objects.create(category=(with_steps := category("78")), number=1, name_zh="现场勘查")
        self.with_steps = with_steps
        bump("cases")

    def api(self, person: str) -> Api:
        if person not in self._apis:
            self._apis[person] = api_as(self.world[person])
        return self._apis[person]

    def unit(self, code: str) -> int:
        return self.world.unit(code).pk

    def parameters(self, path: str, row: Row) -> dict[str, str]:
        names = [part[1:-1] for part in path.split("/") if part.startswith("{")]
        return {name: self.value(name, row) for name in names}

    def value(self, name: str, row: Row) -> str:
        if name == "case_id":
            return self.case(row.target)
        if name in FIXED:
            return FIXED[name]
        maker = getattr(self, f"make_{row.target or name}")
        if f"{row.target}/{name}" not in self._made:
            self._made[f"{row.target}/{name}"] = str(maker())
        return self._made[f"{row.target}/{name}"]

    def files(self) -> dict[str, Any]:
        from django.core.files.base import File
        from PIL import Image

        buffer = BytesIO()
        Image.new("RGB", (8, 8), "red").save(buffer, "JPEG")
        return {"file": File(BytesIO(buffer.getvalue()), name="red.jpg")}

    # -- cases ------------------------------------------------------------------------------------------------------
    def case(self, target: str) -> str:
        if target not in self._made:
            self._made[target] = str(self._case(target))
        return self._made[target]

    def _case(self, target: str) -> Any:
        seat = self.world["street_seat"].actor
        given = actions.ReportGiven(
            source="telephone",  # type: ignore[arg-type]
            title="测试案件",
            lon=118.7905,
            lat=32.0205,
            category_id=(self.with_steps if target == "procedure" else self.category).pk,
            reporter=actions.ReporterGiven(name="张三", phone="19900000001") if target == "told" else None,
        )
        with acting(seat):
            case = actions.report_case(given=given, by=seat, at=clock.now()).case
        for step in WAY[target]:
            step(self, case)
        return case.pk

    def do(self, who: str, action: Any, case: Case, **values: Any) -> None:
        actor = self.world[who].actor
        with acting(actor):
            action(case_id=case.pk, by=actor, at=clock.now(), **values)


def accept(t: CaseTargets, case: Case) -> None:
    t.do("street_seat", actions.accept_case, case)


def dispatch(t: CaseTargets, case: Case) -> None:
    t.do("street_seat", actions.dispatch_case, case, lead_id=t.unit("D-CG-1"))


def dispatch_with_assistant(t: CaseTargets, case: Case) -> None:
    t.do("street_seat", actions.dispatch_case, case, lead_id=t.unit("D-GA"), assist_ids=[t.unit("D-CG-1")])


def sign(t: CaseTargets, case: Case) -> None:
    t.do("department_clerk", actions.sign_case, case)


def ask(t: CaseTargets, case: Case) -> None:
    from decimal import Decimal

    limit = TimeLimit(LimitKind.WORK_DAYS, Decimal(1))
    t.do("department_clerk", actions.ask_extension, case, limit=limit, reason="需要更多时间")


def supervise(t: CaseTargets, case: Case) -> None:
    t.do("street_seat", actions.supervise_case, case, step=LadderStep.URGE, text="请抓紧办理")


def suspend(t: CaseTargets, case: Case) -> None:
    t.do("street_seat", actions.suspend_case, case, reason="等待批复")


def finish(t: CaseTargets, case: Case) -> None:
    t.do("department_clerk", actions.finish_case, case, text="已经处置完成")


def pass_review(t: CaseTargets, case: Case) -> None:
    t.do("street_seat", actions.pass_review, case)


def close(t: CaseTargets, case: Case) -> None:
    t.do("street_seat", actions.close_case, case, outcome="solved")


def whistle(t: CaseTargets, case: Case) -> None:
    t.do("grid_worker", actions.blow_whistle, case, reason="需要部门到场")


def muster(t: CaseTargets, case: Case) -> None:
    t.do("street_seat", actions.confirm_whistle, case, unit_ids=[t.unit("D-CG-1")])


def join(t: CaseTargets, case: Case) -> None:
    t.do("street_seat", actions.join_case, case, into_id=t.case("accepted"))


HANDLING = [accept, dispatch, sign]
WAY: dict[str, list[Any]] = {
    "reported": [],
    "told": [],
    "whistle": [accept, whistle],
    "mustered": [accept, whistle, muster],
    "joined": [join],
    "accepted": [accept],
    "dispatched": [accept, dispatch],
    "handling": HANDLING,
    "procedure": HANDLING,
    "assisting": [accept, dispatch_with_assistant],
    "extension": [*HANDLING, ask],
    "supervised": [*HANDLING, supervise],
    "suspended": [*HANDLING, suspend],
    "handled": [*HANDLING, finish],
    "reviewed": [*HANDLING, finish, pass_review],
    "closed": [*HANDLING, finish, pass_review, close],
}
