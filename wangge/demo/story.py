"""The moves of a case played through on paper, named as the actions are. What they rest on: wangge.demo.course."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from wangge.accounts.models import Unit
from wangge.cases.clocks import LADDER
from wangge.cases.rules.limits import TimeLimit
from wangge.cases.rules.moves import Move
from wangge.cases.rules.states import Outcome, Stage
from wangge.demo.course import RESIDENT, Course
from wangge.demo.people import Desk
from wangge.demo.records import Ask, Rated, Warn


@dataclass(slots=True, kw_only=True)
class Story(Course):
    repeats: "Story | None" = None  # an earlier one that tells of the same thing

    def contact(self, at: datetime, by: Desk, text: str) -> None:
        self.turn(Move.CONTACT, at)
        self._answered(at)
        self.say(Move.CONTACT, at, by, text, centre_only=True)

    def accept(self, at: datetime, by: Desk, text: str = "") -> None:
        self.turn(Move.ACCEPT, at)
        self._answered(at)
        self.accepted_at = at
        self._start(Stage.DISPATCH, at, self.holder.path)
        self.say(Move.ACCEPT, at, by, text)

    def correct(self, at: datetime, by: Desk, before: dict[str, Any], text: str = "") -> None:
        """`before`: what was put right; the story has been told with the right values from its start."""
        self.turn(Move.CORRECT, at)
        self.say(Move.CORRECT, at, by, text, {"before": before})

    def note(self, at: datetime, by: Desk, text: str) -> None:
        self.turn(Move.NOTE, at)
        self.say(Move.NOTE, at, by, text, centre_only=by is RESIDENT)

    def refuse(self, at: datetime, by: Desk, reason: str) -> None:
        self.turn(Move.REFUSE, at)
        self._answered(at)
        self.refused_at = at
        self.say(Move.REFUSE, at, by, reason)

    def settle(self, at: datetime, by: Desk, outcome: Outcome, text: str) -> None:
        self.turn(Move.SETTLE, at)
        self._answered(at)
        self._close(at, outcome)
        self.self_settled, self.handled_at = True, at
        self.say(Move.SETTLE, at, by, text, {"outcome": str(outcome)})

    def answer(self, at: datetime, by: Desk, outcome: Outcome, text: str) -> None:
        self.turn(Move.ANSWER, at)
        self._close(at, outcome)
        self.say(Move.ANSWER, at, by, text, {"outcome": str(outcome)})

    def hand_up(self, at: datetime, by: Desk, above: Unit, reason: str) -> None:
        self.turn(Move.HAND_UP, at)
        self._answered(at)
        self.drop(at, Stage.DISPATCH)
        below, self.holder, self.is_returned = self.holder, above, False
        self._start(Stage.RESPOND, at, above.path)
        self.say(Move.HAND_UP, at, by, reason, {"from": below.name, "to": above.name})

    def dispatch(self, at: datetime, by: Desk, lead: Unit, text: str = "", assist: Sequence[Unit] = ()) -> None:
        self.turn(Move.DISPATCH, at)
        self._meet(at, Stage.DISPATCH)
        self._charge(at, lead, assist)
        self.say(Move.DISPATCH, at, by, text, {"lead": lead.name, "assist": [unit.name for unit in assist]})

    def recall(self, at: datetime, by: Desk, reason: str) -> None:
        self.turn(Move.RECALL, at)
        self._discharge(at, "recalled")
        self._start(Stage.DISPATCH, at, self.holder.path)
        self.say(Move.RECALL, at, by, reason)

    def transfer(self, at: datetime, by: Desk, lead: Unit, reason: str) -> None:
        self.turn(Move.TRANSFER, at)
        self._discharge(at, "transferred")
        self._charge(at, lead, ())
        self.say(Move.TRANSFER, at, by, reason, {"lead": lead.name})

    def sign(self, at: datetime, by: Desk, text: str = "") -> None:
        self.turn(Move.SIGN, at)
        self._meet(at, Stage.SIGN)
        self.signed_at = at
        self._lead_charge.signed_at = at
        self._start_step(at, 1)
        self.say(Move.SIGN, at, by, text)

    def give_back(self, at: datetime, by: Desk, reason: str) -> None:
        self.turn(Move.RETURN, at)
        self._discharge(at, "returned")
        self.is_returned, self.returns = True, self.returns + 1
        self._start(Stage.DISPATCH, at, self.holder.path)
        self.say(Move.RETURN, at, by, reason)

    def sign_step(self, at: datetime, by: Desk, number: int) -> None:
        self.turn(Move.SIGN_STEP, at)
        info = next(step for step in self.category.procedure if step.number == number)
        self._meet(at, Stage.STEP)
        self._start_step(at, number + 1)
        self.say(Move.SIGN_STEP, at, by, "", {"step": number, "name": info.name_zh, "name_en": info.name_en})

    def assist_done(self, at: datetime, by: Desk, unit: Unit, text: str) -> None:
        self.turn(Move.ASSIST_DONE, at)
        for charge in self.charges:
            if charge.role == "assist" and charge.unit == unit and charge.ended_at is None:
                charge.finished_at = at
        self.say(Move.ASSIST_DONE, at, by, text)

    def ask(self, at: datetime, by: Desk, limit: TimeLimit, reason: str) -> None:
        self.turn(Move.ASK_EXTENSION, at)
        self.asks.append(Ask(unit_path=self._lead.path, limit=limit, reason=reason, asked_at=at))
        words = {"limit": limit.in_words("zh"), "limit_en": limit.in_words("en")}
        self.say(Move.ASK_EXTENSION, at, by, reason, words)

    def decide(self, at: datetime, by: Desk, *, grant: bool, text: str = "") -> None:
        self.turn(Move.GRANT_EXTENSION if grant else Move.DENY_EXTENSION, at)
        asked = self.asks[-1]
        asked.decided_at, asked.granted, asked.decision = at, grant, text
        for clock in self.running(Stage.HANDLE) if grant else ():
            more = {"kind": str(asked.limit.kind), "amount": str(asked.limit.amount), "at": at.isoformat()}
            clock.extensions.append(more)
            self.count(clock, at)
        self.say(Move.GRANT_EXTENSION if grant else Move.DENY_EXTENSION, at, by, text)

    def suspend(self, at: datetime, by: Desk, reason: str) -> None:
        self.turn(Move.SUSPEND, at)
        for clock in self.running(Stage.HANDLE, Stage.STEP):
            clock.pauses.append([at.isoformat(), None])
            self.count(clock, at)
        self.say(Move.SUSPEND, at, by, reason)

    def resume(self, at: datetime, by: Desk, text: str = "") -> None:
        self.turn(Move.RESUME, at)
        for clock in self.running(Stage.HANDLE, Stage.STEP):
            clock.pauses = [[since, until or at.isoformat()] for since, until in clock.pauses]
            self.count(clock, at)
        self.say(Move.RESUME, at, by, text)

    def finish(self, at: datetime, by: Desk, text: str) -> None:
        self.turn(Move.FINISH, at)
        self._meet(at, Stage.SIGN, Stage.HANDLE, Stage.STEP)
        self.handled_at = at
        self._start(Stage.REVIEW, at, self.holder.path)
        self._lead_charge.finished_at = at
        for asked in self.asks:
            if asked.decided_at is None:
                asked.decided_at, asked.granted, asked.decision = at, False, "已处置完成，申请自动失效。"
        self.say(Move.FINISH, at, by, text)

    def pass_review(self, at: datetime, by: Desk, text: str = "") -> None:
        self.turn(Move.PASS, at)
        self._meet(at, Stage.REVIEW)
        self.reviewed_at = at
        self.say(Move.PASS, at, by, text)

    def rework(self, at: datetime, by: Desk, reason: str) -> None:
        self.turn(Move.REWORK, at)
        self._meet(at, Stage.REVIEW)
        self.reworks += 1
        self.handled_at = self.reviewed_at = None
        self._lead_charge.finished_at = None
        self._start(Stage.HANDLE, at, self._lead.path)
        self.say(Move.REWORK, at, by, reason)

    def close(self, at: datetime, by: Desk, outcome: Outcome, text: str = "") -> None:
        self.turn(Move.CLOSE, at)
        self._close(at, outcome)
        for charge in self.charges:
            if charge.ended_at is None:
                charge.ended_at, charge.ended_how = at, "closed"
        self.say(Move.CLOSE, at, by, text, {"outcome": str(outcome)})

    def rate(self, at: datetime, by: Desk, score: int, *, solved: bool, text: str) -> None:
        self.turn(Move.RATE, at)
        self.rated = Rated(score=score, solved=solved, text=text, by_phone=by is not RESIDENT, at=at)
        self.satisfaction = score
        self.say(Move.RATE, at, by, text, {"score": score, "solved": solved}, centre_only=True)

    def reopen(self, at: datetime, by: Desk, reason: str) -> None:
        self.turn(Move.REOPEN, at)
        before = self.closed_at.isoformat() if self.closed_at else ""
        self.reopenings += 1
        self.outcome = self.closed_at = self.handled_at = self.reviewed_at = self.lead = self.satisfaction = None
        self.self_settled = False
        self._start(Stage.DISPATCH, at, self.holder.path)
        self.say(Move.REOPEN, at, by, reason, {"closed_at": before})

    def archive(self, at: datetime, by: Desk) -> None:
        self.turn(Move.ARCHIVE, at)
        self.archived_at = at
        self.say(Move.ARCHIVE, at, by)

    def supervise(self, at: datetime, by: Desk, step: int, text: str) -> None:
        self.turn(Move.SUPERVISE, at)
        if step <= self.supervision:  # the rule was there first; never backwards
            return
        self.warns.append(Warn(step=step, unit_path=self._lead.path, at=at, text=text))
        self.supervision = step
        self.say(Move.SUPERVISE, at, by, text, {"step": str(LADDER[step - 1])})

    def receipt(self, at: datetime, by: Desk, text: str) -> None:
        self.turn(Move.RECEIPT, at)
        for warn in self.warns:
            if warn.receipt_at is None:
                warn.receipt_at, warn.receipt_text = at, text
                warn.receipt_by = f"{by.unit_name} {by.name}"
        self.say(Move.RECEIPT, at, by, text)
