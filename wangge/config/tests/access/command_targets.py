"""What the operations of the command room and of the desk are tried on."""

from datetime import date, timedelta
from typing import Any

from wangge.cases.models import Whistle
from wangge.command import actions as command
from wangge.command.actions.announcements import publish
from wangge.command.models import DutyPerson, Task
from wangge.config.tests.access import TABLE
from wangge.config.tests.access.case_targets import CaseTargets
from wangge.core import clock
from wangge.core.actor import acting
from wangge.core.ids import new_id
from wangge.desk.actions.answers import AnswerGiven, add_answer
from wangge.desk.actions.consult import Consulted, record_consultation
from wangge.desk.actions.drafts import keep_draft
from wangge.desk.actions.views import ViewGiven, save_view
from wangge.testing import town


class CommandTargets(CaseTargets):
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
