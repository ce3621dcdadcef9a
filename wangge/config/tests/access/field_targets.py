"""What the operations of the field are tried on."""

import json
from datetime import timedelta
from io import BytesIO
from typing import Any

from wangge.cases import files
from wangge.cases.actions.evidence import Told, add_evidence, keep_content
from wangge.cases.actions.uploads import put_part
from wangge.cases.parts import PART
from wangge.config.tests.access.case_targets import CaseTargets
from wangge.core import clock
from wangge.core.actor import Actor, acting
from wangge.core.ids import new_id
from wangge.field.actions import duty, terminals
from wangge.field.actions.errands import ErrandGiven, give_errand
from wangge.field.actions.given import RecordGiven
from wangge.field.actions.handed_in import hand_in
from wangge.field.actions.handed_in_parts import put_part as put_envelope_part
from wangge.field.actions.house_keys import Purpose, house_key, post_key, post_key_id
from wangge.field.actions.patrol_plans import PlanGiven, PointGiven, add_plan
from wangge.field.actions.pieces import hold
from wangge.field.actions.records import make_record
from wangge.field.actions.round_making import make_rounds
from wangge.field.actions.visits import SubjectGiven, add_subject
from wangge.field.models import ErrandAsk, ErrandWorker, Round
from wangge.field.rules.envelopes import jwk_of, seal_envelope
from wangge.field.rules.errands import ErrandKind
from wangge.testing import town


class FieldTargets(CaseTargets):
    @property
    def duty_day(self) -> str:
        self._duty()
        return clock.day_of(self._began).isoformat()

    def make_duty(self) -> Any:
        return self._duty()

    def make_on_duty_post(self) -> int:
        self._duty()
        return self.world["grid_worker"].post.pk

    def make_terminal(self) -> int:
        with acting(self.world["grid_worker"].actor) as by:
            phone = terminals.Registered(device="phone-of-the-worker")
            return terminals.register_terminal(phone=phone, by=by, at=clock.now()).pk

    def _duty(self) -> Any:
        """Begun once, for all of them."""
        if not hasattr(self, "_span"):
            at = clock.now()
            self._began = at - timedelta(seconds=1)
            with acting(self.world["grid_worker"].actor) as by:
                self._span = duty.go_on_duty(duty_id=new_id(), happened_at=self._began, by=by, at=at).pk
        return self._span

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

    def make_envelope(self) -> Any:
        """Of a sealed queue, the first part."""
        sender = self.world["grid_worker"].actor
        first = b"x" * PART
        with acting(sender):
            return put_envelope_part(envelope_id=new_id(), part=1, parts=2, content=first, by=sender, at=clock.now()).id

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
