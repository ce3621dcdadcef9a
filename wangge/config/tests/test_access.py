"""The table of access (access.py), held against the OpenAPI document and against the running API."""

import json
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from io import BytesIO
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import transaction
from shapely import LineString
from shapely.geometry import mapping

from wangge.accounts.models import PartnerSystem, Session
from wangge.cases import actions, files
from wangge.cases.actions.evidence import Told, add_evidence, keep_content
from wangge.cases.actions.uploads import put_part
from wangge.cases.models import Case, DispatchRule, ProcedureStep, Whistle
from wangge.cases.parts import PART
from wangge.cases.rules.limits import LimitKind, TimeLimit
from wangge.cases.rules.supervision import LadderStep
from wangge.cases.tests.made import category
from wangge.command import actions as command
from wangge.command.actions.announcements import publish
from wangge.command.models import DutyPerson, Task
from wangge.config.api import documented
from wangge.config.tests.access import ROLES, TABLE, Row
from wangge.config.tests.access.field_targets import FieldTargets
from wangge.core import clock
from wangge.core.actor import Actor, acting
from wangge.core.ids import new_id
from wangge.core.models import SettingChange
from wangge.core.revisions import bump
from wangge.desk.actions.answers import AnswerGiven, add_answer
from wangge.desk.actions.consult import Consulted, record_consultation
from wangge.desk.actions.drafts import keep_draft
from wangge.desk.actions.views import ViewGiven, save_view
from wangge.field.actions.errands import ErrandGiven, give_errand
from wangge.field.actions.handed_in import hand_in
from wangge.field.actions.house_keys import Purpose, house_key, post_key, post_key_id
from wangge.field.actions.patrol_plans import PlanGiven, PointGiven, add_plan
from wangge.field.actions.pieces import hold
from wangge.field.actions.records import RecordGiven, make_record
from wangge.field.actions.rounds import make_rounds
from wangge.field.actions.visits import SubjectGiven, add_subject
from wangge.field.models import ErrandAsk, ErrandWorker, Round
from wangge.field.rules.envelopes import jwk_of, seal_envelope
from wangge.field.rules.errands import ErrandKind
from wangge.grids.models import Alias, Plan, Redraw, TeamMember
from wangge.imports.models import Batch, Mapping
from wangge.insight.actions.exports import Wanted, ask_export
from wangge.insight.models import Export
from wangge.insight.tables import CASES
from wangge.registry.tests import made as registry
from wangge.testing import town
from wangge.testing.client import Api, anybody, api_as
from wangge.testing.world import World
from wangge.wall.models import Theme
from wangge.wall.shipped import COMMAND_DEFINITION

CLOSED = {401, 403, 404}


@cache
def operations() -> dict[str, tuple[str, str]]:
    """operation id -> method, path."""
    found: dict[str, tuple[str, str]] = {}
    for path, methods in documented()["paths"].items():
        for method, operation in methods.items():
            found[operation["operationId"]] = (method, path)
    return found


def test_every_operation_has_a_row_and_every_row_an_operation() -> None:
    assert set(operations()) == set(TABLE)


@pytest.fixture(scope="module")
def targets(django_db_setup: None, django_db_blocker: Any) -> "Iterator[Targets]":
    """One town for all rows: every request is taken back, so nobody meets what another did."""
    from wangge.testing.world import build

    with django_db_blocker.unblock(), transaction.atomic():
        yield Targets(build())
        transaction.set_rollback(True)


@pytest.mark.parametrize("operation", sorted(set(TABLE) & set(operations())))
def test_who_may(operation: str, targets: "Targets", django_db_blocker: Any) -> None:
    with django_db_blocker.unblock():
        wrong = who_may(TABLE[operation], *operations()[operation], targets)
    assert not wrong, f"{operation}: " + "; ".join(wrong)


def who_may(row: Row, method: str, path: str, targets: "Targets") -> list[str]:
    wrong: list[str] = []
    for role in ROLES:
        for person, inside in ((role, True), (f"stranger_{role}", False)):
            wanted = expected(row, role, inside=inside)
            api = api_as(targets.world[person]) if row.kind in {"self", "public"} else targets.api(person)
            status = call(api, method, path, row, targets)
            if not fits(status, wanted, row.kind):
                wrong.append(f"{person}: {status}, wanted {wanted}")
    if row.kind not in {"public", "signed"}:
        status = call(anybody(), method, path, row, targets)
        if status != 401:
            wrong.append(f"nobody: {status}, wanted 401")
    return wrong


def expected(row: Row, role: str, *, inside: bool) -> str:
    """ "open", or the status that keeps the door shut."""
    if row.kind in {"public", "self"}:
        return "open"
    if row.kind == "signed":
        return "401"
    if row.kind in {"house", "list"}:
        return "open" if role in row.allowed else "403"
    if row.kind in {"place", "own"} and role not in row.allowed:
        return "403 or 404"
    if row.kind == "own":
        return "open" if inside else "404"
    if not inside:
        return "404" if row.kind == "case" and role in row.sees else "403 or 404"
    if role in row.allowed:
        return "open"
    return "403" if role in row.sees else "403 or 404"


def fits(status: int, wanted: str, kind: str) -> bool:
    if kind == "self":  # the door is open; a wrong password, another's session, a post not theirs are refused inside
        return status < 500 and status != 401
    if kind == "public":
        return status < 500
    if wanted == "open":
        return status not in CLOSED and status < 500
    return str(status) in wanted.split(" or ")


def call(api: Api, method: str, path: str, row: Row, targets: "Targets") -> int:
    """The status of one request; what it did is taken back, so that the next person meets the same house."""
    for name, value in targets.parameters(path, row).items():
        path = path.replace("{" + name + "}", value)
    body = row.body(targets) if callable(row.body) else row.body
    query = row.query(targets) if callable(row.query) else row.query
    with transaction.atomic():
        try:
            if row.files:
                answer = api.send_files(path, targets.files(), **(body or {}))
            elif method == "get":
                answer = api.get(path, **query)
            else:
                answer = getattr(api, method)(f"{path}?{urlencode(query)}" if query else path, body)
            if answer.streaming:
                b"".join(answer.streaming_content)  # type: ignore[attr-defined]  # read to the end, it closes its file
            return answer.status_code
        finally:
            transaction.set_rollback(True)


class Targets(FieldTargets):
    """What the operations are tried on, made when first asked for, by the actions themselves."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._made: dict[str, str] = {}
        self._apis: dict[str, Api] = {}
        self.category = category("77")
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

    def make_new_upload(self) -> str:
        return str(new_id())

    def make_upload(self) -> Any:
        return put_part(
            upload_id=new_id(),
            part=1,
            parts=2,
            content=b"x" * PART,
            told=Told(),
            by=self.world["street_seat"].actor,
            at=clock.now(),
        ).id

    def make_form(self) -> str:
        return "visit_general"

    def make_visit(self) -> Any:
        given = SubjectGiven(kind="shop", title="小店", grid=town.GRID, form="visit_shop", contact_name="店主")
        planner = self.world["community"].actor
        with acting(planner):
            return add_subject(given=given, by=planner, at=clock.now()).pk

    def make_record(self) -> Any:
        worker = self.world["grid_worker"].actor
        answers = {"met": "met"}
        given = RecordGiven(
            id=new_id(), form="visit_general", version=1, happened_at=clock.now(), answers=answers, grid=town.GRID
        )
        with acting(worker):
            return make_record(given=given, by=worker, at=clock.now()).record.pk

    def make_field_piece(self) -> Any:
        worker, piece = self.world["grid_worker"].actor, new_id()
        content = keep_content(self.files()["file"].file, limits=files.limits())
        with acting(worker):
            add_evidence(content=content, told=Told(), by=worker, at=clock.now(), piece_id=piece)
            hold([piece], owner=("record", new_id()), code=town.GRID, by=worker, at=clock.now(), field="photos")
        return piece

    def make_errand(self) -> Any:
        giver, worker = self.world["community"].actor, self.world["grid_worker"]
        given = ErrandGiven(kind=ErrandKind.OTHER, title="测试任务", posts=[worker.post.pk], grid=town.GRID)
        with acting(giver):
            return give_errand(given=given, by=giver, at=clock.now()).pk

    def make_errand_asked(self) -> Any:
        """One id for both names of the path: the ask has the errand's."""
        if not hasattr(self, "_asked"):
            self._asked = self.make_errand()
            ask = {"until": clock.now() + timedelta(days=1), "reason": "设备未到", "asked_at": clock.now()}
            with acting(Actor.system("test")):
                worker = ErrandWorker.objects.get(errand=self._asked)
                ErrandAsk.objects.bulk_create([ErrandAsk(id=self._asked, worker=worker, **ask)])
        return self._asked

    def make_patrol_plan(self) -> Any:
        planner, point = self.world["community"].actor, PointGiven(name="东门", lon=118.7925, lat=32.025)
        with acting(planner):
            given = PlanGiven(grid=town.GRID, name="早巡", per="day", points=[point])
            return add_plan(given=given, by=planner, at=clock.now()).pk

    def make_round(self) -> Any:
        plan = self.make_patrol_plan()
        with acting(Actor.system("test")) as by:
            make_rounds(day=clock.today(), by=by, at=clock.now())
            return Round.objects.get(plan=plan, post_id=self.world["grid_worker"].post.pk).pk

    def make_handed_in(self) -> Any:
        worker, giver = self.world["grid_worker"].post.pk, self.world["community"].actor
        key = house_key(Purpose.HANDED_IN, at=clock.now())
        content = {"post_id": worker, "entries": []}
        envelope = seal_envelope(content, jwk_of(post_key(key, worker).public_key()), b"0" * 12)
        file = BytesIO(json.dumps(envelope | {"key_id": str(post_key_id(key, worker))}).encode())
        with acting(giver):
            return hand_in(file=file, by=giver, at=clock.now()).pk

    def make_theme(self) -> str:
        values = {"valid_from": "2026-01-01", "definition": COMMAND_DEFINITION, "at": clock.now()}
        return Theme.objects.create(code="tried", number=1, name_zh="主题", **values).code

    def make_proposed(self) -> Any:
        asked = {"record_kind": "person", "code": ""}
        wanted = Wanted(
            kind="registry", format=Export.Format.CSV, title="人口", asked=asked, told={}, purpose="入户走访"
        )
        return ask_export(wanted, by=self.world["community"].actor, at=clock.now()).pk

    def make_table(self) -> Any:
        wanted = Wanted(kind=CASES.kind, format=Export.Format.CSV, title="清单", asked={}, told={})
        return ask_export(wanted, by=self.world["street_seat"].actor, at=clock.now()).pk

    # -- configuration, one of each ---------------------------------------------------------------------------------
    @property
    def scheme(self) -> int:
        return self.category.scheme_id

    @property
    def account(self) -> int:
        return self.world["department_clerk"].user.pk

    @property
    def shape(self) -> dict[str, Any]:
        return dict(mapping(town.SHAPES[town.GRID]))

    @property
    def line(self) -> dict[str, Any]:
        west, south, east, north = town.SHAPES[town.GRID].bounds
        return dict(mapping(LineString([((west + east) / 2, south - 0.01), ((west + east) / 2, north + 0.01)])))

    def make_category(self) -> int:
        return self.category.pk

    def make_division(self) -> str:
        return town.COMMUNITY

    def make_grid(self) -> str:
        return town.GRID

    def make_unit(self) -> int:
        return self.unit("D-CG-1")

    def make_account(self) -> int:
        return self.account

    def make_post(self) -> int:
        return self.world["department_clerk"].post.pk

    def make_role(self) -> str:
        return "assessor"

    def make_session(self) -> int:
        return Session.objects.filter(user=self.world["department_clerk"].user).latest("pk").pk

    def make_member(self) -> int:
        return TeamMember.objects.filter(grid=town.GRID).earliest("pk").pk

    def make_alias(self) -> int:
        return Alias.objects.create(scheme="police", alias="A1", code=town.GRID, valid_from="2026-01-01").pk

    def make_redraw(self) -> Any:
        day = clock.today() + timedelta(days=30)
        return Redraw.objects.create(
            id=new_id(), kind="end", community=town.COMMUNITY, date=day, ended=[town.MICRO_GRID], at=clock.now()
        ).pk

    def make_plan(self) -> Any:
        author = self.world["district_seat"].user
        return Plan.objects.create(
            id=new_id(),
            title="测试方案",
            code=town.COMMUNITY,
            state="submitted",
            date=clock.today() + timedelta(days=30),
            steps=[{"act": "merge", "codes": [town.NEIGHBOUR_GRID, town.DEDICATED_GRID], "into": "", "name": ""}],
            by_user=author.pk,
            by_name=author.name,
            changed_at=clock.now(),
        ).pk

    def make_rule(self) -> int:
        return DispatchRule.objects.create(
            order=1, code=town.DISTRICT, unit_id=self.unit("D-SW"), valid_from="2026-01-01"
        ).pk

    def make_scheme(self) -> int:
        return self.scheme

    def make_trial(self) -> Any:
        body = {"rules": [], "since": "2026-01-01", "until": "2026-02-01"}
        return self.api("commander").post("/api/dispatch-rules/trials", body).json()["id"]

    def make_export(self) -> Any:
        return self.api("auditor").post("/api/exports/journal", {"format": "csv", "title": "操作记录"}).json()["id"]

    def make_change(self) -> int:
        body = {"unit_id": self.unit("D-SW"), "valid_from": "2026-01-01", "code": town.DISTRICT}
        assert self.api("commander").post("/api/dispatch-rules", body).status_code == 201
        return SettingChange.objects.latest("pk").pk

    def make_partner(self) -> int:
        at = clock.now()
        return PartnerSystem.objects.create(
            code="P1",
            name="外部",
            key_sealed=b"",
            old_key_sealed=b"",
            old_key_until=at + timedelta(hours=1),
            codes=[town.STREET],
            permissions=[],
            created_at=at,
        ).pk

    def make_mapping(self) -> int:
        return Mapping.objects.create(kind="divisions", name="旧表", definition=[], by_name="陈管理", at=clock.now()).pk

    def make_batch(self) -> Any:
        owner = self.world["administrator"]
        return Batch.objects.create(
            id=new_id(),
            kind="divisions",
            file_name="a.csv",
            file_sha256="0" * 64,
            file_size=1,
            state="failed",
            by_user=owner.user.pk,
            by_post=owner.post.pk,
            by_name=owner.user.name,
            received_at=clock.now(),
        ).pk

    @property
    def on_duty(self) -> str:
        self.value("shift_id", TABLE["swap_duty"])
        return str(DutyPerson.objects.get().pk)

    def make_shift(self) -> Any:
        by = self.world["community"].actor
        with acting(by):
            return command.plan_shift(
                unit_id=self.unit(town.COMMUNITY),
                day=clock.today() + timedelta(days=1),
                kind="whole",
                people=[command.PersonOnDuty(role="leader", name="值班领导", mobile="19900000009")],
                by=by,
                at=clock.now(),
            ).pk

    def make_order(self) -> Any:
        by = self.world["community"].actor
        given = command.OrderGiven(title="到岗值守", posts=[self.world["grid_worker"].post.pk], needs_report=True)
        with acting(by):
            return command.give_order(given=given, by=by, at=clock.now()).pk

    def make_announcement(self) -> Any:
        by, at = self.world["community"].actor, clock.now()
        values: dict[str, Any] = {"codes": [], "roles": [], "from_at": None, "is_pinned": False}
        with acting(by):
            return publish(title="公告", text="内容", to_at=at + timedelta(days=1), by=by, at=at, **values).pk

    def make_meeting(self) -> Any:
        by = self.world["community"].actor
        called = command.MeetingCalled(
            kind="on_site", title="现场会", begins_at=clock.now(), place="路口", units=[self.unit("D-CG-1")]
        )
        with acting(by):
            return command.call_meeting(called=called, by=by, at=clock.now()).pk

    def make_held(self) -> Any:
        by, at, meeting_id = self.world["community"].actor, clock.now(), self.make_meeting()
        decision = command.Decision(text="整治", unit_id=self.unit("D-CG-1"), due_at=at + timedelta(days=1))
        came = [command.Came(unit_id=self.unit("D-CG-1"), came=True)]
        with acting(by):
            command.hold_meeting(
                meeting_id=meeting_id, minutes="会议纪要", came=came, decisions=[decision], version=1, by=by, at=at
            )
        return meeting_id

    def make_task(self) -> Any:
        return Task.objects.get(meeting_id=self.make_held()).pk

    def make_piece(self) -> str:
        answer = self.api("street_seat").send_files("/api/evidence", self.files())
        piece = str(answer.json()["id"])
        note = {"text": "现场照片一张", "evidence": [piece]}
        assert self.api("street_seat").post(f"/api/cases/{self.case('handling')}/note", note).status_code == 200
        return piece

    def make_mustered(self) -> Any:
        return Whistle.objects.get(case_id=self.case("mustered")).pk

    def make_answer(self) -> int:
        by = self.world["commander"].actor
        given = AnswerGiven(code=town.STREET, title_zh="居住证", text_zh="到社区办理", valid_from=date(2026, 1, 1))
        with acting(by):
            return add_answer(given=given, by=by, at=clock.now()).pk

    def make_consultation(self) -> Any:
        seat = self.world["community"].actor
        given = Consulted(source="telephone", question="几点上班", told="九点", phone="19900000003")  # type: ignore[arg-type]
        with acting(seat):
            return record_consultation(given=given, by=seat, at=clock.now()).pk

    def make_draft(self) -> Any:
        seat, draft_id = self.world["street_seat"].actor, new_id()
        with acting(seat):
            keep_draft(draft_id=draft_id, values={"title": "灯"}, evidence=[], version=0, by=seat, at=clock.now())
        return draft_id

    def make_view(self) -> int:
        seat = self.world["street_seat"].actor
        given = ViewGiven(name="超期", filters={"queue": "overdue"}, is_shared=True)
        with acting(seat):
            return save_view(given=given, by=seat, at=clock.now()).pk

    # -- the registry -----------------------------------------------------------------------------------------------
    def make_resident(self) -> Any:
        return registry.person(self.world, "张三", values={"id_number": ""}).pk

    def make_second_resident(self) -> Any:
        return registry.person(self.world, "张叁", order=2, values={"id_number": ""}).pk

    def make_building(self) -> Any:
        return registry.building(self.world).pk

    def make_dwelling(self) -> Any:
        return registry.dwelling(self.world, registry.building(self.world)).pk

    def make_tie(self) -> Any:
        return registry.tie(self.world, self.make_third_resident(), self.make_dwelling())

    def make_third_resident(self) -> Any:
        return registry.person(self.world, "张仨", order=3).pk

    def make_merged(self) -> Any:
        return registry.merged(self.world, order=4)

    def make_difference(self) -> Any:
        return registry.difference(self.world, order=6)

    def make_household(self) -> Any:
        return registry.write(self.world, "household", {"number": "0001"}).record.pk

    def make_relative(self) -> Any:
        return registry.member(self.world, self.make_household(), order=7)

    def make_organisation(self) -> Any:
        return registry.write(self.world, "organisation", {"name": "桃叶超市", "kind": "enterprise"}).record.pk

    def make_care(self) -> Any:
        return registry.care(self.world, order=8)

    def make_part(self) -> Any:
        return registry.part(self.world, self.make_organisation())

    def make_source(self) -> str:
        return "1"

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


def accept(t: Targets, case: Case) -> None:
    t.do("street_seat", actions.accept_case, case)


def dispatch(t: Targets, case: Case) -> None:
    t.do("street_seat", actions.dispatch_case, case, lead_id=t.unit("D-CG-1"))


def dispatch_with_assistant(t: Targets, case: Case) -> None:
    t.do("street_seat", actions.dispatch_case, case, lead_id=t.unit("D-GA"), assist_ids=[t.unit("D-CG-1")])


def sign(t: Targets, case: Case) -> None:
    t.do("department_clerk", actions.sign_case, case)


def ask(t: Targets, case: Case) -> None:
    from decimal import Decimal

    limit = TimeLimit(LimitKind.WORK_DAYS, Decimal(1))
    t.do("department_clerk", actions.ask_extension, case, limit=limit, reason="需要更多时间")


def supervise(t: Targets, case: Case) -> None:
    t.do("street_seat", actions.supervise_case, case, step=LadderStep.URGE, text="请抓紧办理")


def suspend(t: Targets, case: Case) -> None:
    t.do("street_seat", actions.suspend_case, case, reason="等待批复")


def finish(t: Targets, case: Case) -> None:
    t.do("department_clerk", actions.finish_case, case, text="已经处置完成")


def pass_review(t: Targets, case: Case) -> None:
    t.do("street_seat", actions.pass_review, case)


def close(t: Targets, case: Case) -> None:
    t.do("street_seat", actions.close_case, case, outcome="solved")


def whistle(t: Targets, case: Case) -> None:
    t.do("grid_worker", actions.blow_whistle, case, reason="需要部门到场")


def muster(t: Targets, case: Case) -> None:
    t.do("street_seat", actions.confirm_whistle, case, unit_ids=[t.unit("D-CG-1")])


def join(t: Targets, case: Case) -> None:
    t.do("street_seat", actions.join_case, case, into_id=t.case("accepted"))


FIXED = {
    "variant": "served",
    "stage": "handle",
    "number": "1",
    "day": clock.today().isoformat(),
    "record_kind": "person",
}
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
