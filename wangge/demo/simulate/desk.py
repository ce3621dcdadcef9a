"""A desk that takes cases from its list and does what may be done: a centre's seat, a department's clerk.

What to do is chosen from the moves that the server offers with the case.
"""

import random
import threading
from collections import deque
from typing import Any

from wangge.core import clock
from wangge.demo import pictures, wording
from wangge.demo.simulate.browser import Answer, Browser, NoAnswer
from wangge.demo.simulate.directory import Directory, Unit
from wangge.demo.simulate.scheduler import Scheduler
from wangge.demo.topics import TOPICS

THINK_S = (45, 240)  # between two cases, simulated
IDLE_S = 20 * 60  # how often an empty list is looked at again
PAGE = 20
CENTRE_STATES = ("reported", "accepted", "handled", "reviewed", "suspended")
UNIT_STATES = ("dispatched", "handling")
RETURNED, REWORKED, ASKED, REFUSED, ANSWERED, RATED = 0.05, 0.08, 0.05, 0.02, 0.05, 0.45
MOST_RETURNS, MOST_REWORKS = 2, 2
ENDS = {"settle", "answer", "close", "refuse"}


class Desk:
    def __init__(self, unit: Unit, known: Directory, scheduler: Scheduler, office: "Office", seed: int) -> None:
        self.unit, self.known, self.scheduler, self.office = unit, known, scheduler, office
        self.rng = random.Random(seed)
        self.browser: Browser = known.browser(unit.username)
        self.is_centre = unit.kind == "centre"
        self._one_at_a_time = threading.Lock()
        self._ready_s: dict[str, float] = {}  # case -> when the work on the spot is done
        self._urgent: deque[str] = deque()  # case ids that somebody told us of

    def start(self) -> None:
        self.scheduler.after(self.rng.uniform(0, IDLE_S), self._round)

    def nudge(self, case_id: str) -> None:
        """Somebody sent this case here: it is looked at soon, as the feed would show it."""
        self._urgent.append(case_id)
        self.scheduler.after(self.rng.uniform(*THINK_S), self._see_urgent)

    def _round(self) -> None:
        worked = False
        try:
            worked = self._look()
        except NoAnswer:
            pass
        delay = self.rng.uniform(*THINK_S) if worked else IDLE_S * self.rng.uniform(0.7, 1.3)
        self.scheduler.after(delay, self._round)

    def poke(self) -> None:
        """Something came in; which case it is, the list will say."""
        self.scheduler.after(self.rng.uniform(*THINK_S), self._look_once)

    def _look_once(self) -> None:
        try:
            self._look()
        except NoAnswer:
            pass

    def _see_urgent(self) -> None:
        try:
            self._work_on(self._urgent.popleft())
        except (NoAnswer, IndexError):
            pass

    def _look(self) -> bool:
        wanted: dict[str, Any] = (
            {"holder": self.unit.path, "state": CENTRE_STATES}
            if self.is_centre
            else {"unit": self.unit.path, "state": UNIT_STATES}
        )
        page = self.browser.get("/api/cases", "list", limit=PAGE, **wanted)
        if not page.ok:
            return False
        for row in page.body["items"]:
            if self._ready_s.get(row["id"], 0) <= self.scheduler.now_s and self._work_on(row["id"]):
                return True
        return False

    def _work_on(self, case_id: str) -> bool:
        with self._one_at_a_time:
            return self._take_up(case_id)

    def _take_up(self, case_id: str) -> bool:
        answer = self.browser.get(f"/api/cases/{case_id}", "open")
        if not answer.ok:
            return False
        case = answer.body
        moves = {move["kind"]: move["needs"] for move in case["moves"]}
        return self._as_centre(case, moves) if self.is_centre else self._as_unit(case, moves)

    # -- a centre ------------------------------------------------------------------------------------------------------

    def _as_centre(self, case: dict[str, Any], moves: dict[str, Any]) -> bool:
        rng = self.rng
        if "grant_extension" in moves:
            if rng.random() < 0.8:
                return self._do(case, "grant_extension", {})
            return self._do(case, "deny_extension", {"reason": rng.choice(wording.DENIALS)})
        if "accept" in moves:
            return self._take_in(case)
        if "dispatch" in moves:
            return self._send(case, moves)
        if "pass" in moves:
            if "rework" in moves and case["reworks"] < MOST_REWORKS and rng.random() < REWORKED:
                reason = wording.fill(rng.choice(wording.REWORKS), rng, spot="现场")
                return self._do(case, "rework", {"reason": reason}, tell=case["lead"])
            said = [text for text in wording.PASSED if text or "doubts" not in moves["pass"]]
            return self._do(case, "pass", {"text": rng.choice(said)}, tell_self=True)
        if "close" in moves:
            return self._finish(case)
        if "resume" in moves and rng.random() < 0.2:
            return self._do(case, "resume", {"text": rng.choice(wording.RESUMPTIONS)}, tell=case["lead"])
        return False

    def _take_in(self, case: dict[str, Any]) -> bool:
        if self.rng.random() < REFUSED:
            return self._do(case, "refuse", {"reason": self.rng.choice(wording.REFUSALS)})
        body: dict[str, Any] = {"text": self.rng.choice(wording.ACCEPTED)}
        if case["category"] is None:
            body["category_id"] = self.known.matter(self.rng, from_grid=False)[2]
        return self._do(case, "accept", body, tell_self=True)

    def _send(self, case: dict[str, Any], moves: dict[str, Any]) -> bool:
        rng = self.rng
        if "answer" in moves and rng.random() < ANSWERED:
            return self._do(case, "answer", {"outcome": "explained", "text": rng.choice(wording.ANSWERS)})
        own_place = len(self.unit.code) == 12
        if own_place and "settle" in moves and self._may_settle(case) and rng.random() < 0.6:
            return self._settle(case)
        if own_place and "hand_up" in moves and rng.random() < 0.6:
            above = self.known.by_path.get(self.unit.path.rsplit("/", 2)[0] + "/")
            return self._do(case, "hand_up", {"reason": rng.choice(wording.HAND_UPS)}, tell_unit=above)
        unit = self._suggested(case)
        body = {"lead_id": unit.id, "text": rng.choice(wording.DISPATCHED)}
        return self._do(case, "dispatch", body, tell_unit=unit)

    def _suggested(self, case: dict[str, Any]) -> Unit:
        """The unit the rules or the history suggest; else a department."""
        answer = self.browser.get(f"/api/cases/{case['id']}/suggestions", "suggestions")
        found = answer.body["items"] if answer.ok else []
        for item in found:
            if item["unit_id"] in self.known.units and item["unit_id"] != (case["complained"] or {}).get("id"):
                return self.known.units[item["unit_id"]]
        others = [unit for unit in self.known.units.values() if unit.kind == "department"]
        return self.rng.choice(others)

    def _may_settle(self, case: dict[str, Any]) -> bool:
        return bool(self.known.categories.get(_code_of(case), {}).get("settle_on_spot"))

    def _settle(self, case: dict[str, Any]) -> bool:
        evidence = self._pictures(case)
        body = {"outcome": "solved", "text": self._done(case), "evidence": evidence}
        return self._do(case, "settle", body)

    def _finish(self, case: dict[str, Any]) -> bool:
        outcome = self.rng.choices(("solved", "partly", "explained", "unfounded"), (84, 6, 7, 3))[0]
        if not self._do(case, "close", {"outcome": outcome, "text": self.rng.choice(wording.CLOSED)}):
            return False
        if case["reporters"] and self.rng.random() < RATED:
            score = self.rng.choices((5, 4, 3, 2, 1), (62, 24, 8, 3, 3))[0]
            words = self.rng.choice(wording.GOOD_WORDS if score > 3 else wording.BAD_WORDS)
            self._do(case, "rate", {"score": score, "solved": score > 2, "text": words}, versioned=False)
        return True

    # -- a department --------------------------------------------------------------------------------------------------

    def _as_unit(self, case: dict[str, Any], moves: dict[str, Any]) -> bool:
        rng = self.rng
        if "receipt" in moves and rng.random() < 0.5:
            return self._do(case, "receipt", {"text": rng.choice(wording.RECEIPTS)})
        if "sign" in moves:
            if "return" in moves and case["returns"] < MOST_RETURNS and rng.random() < RETURNED:
                return self._do(case, "return", {"reason": rng.choice(wording.RETURNS)}, tell=case["holder"])
            done = self._do(case, "sign", {"text": rng.choice(wording.SIGNED)})
            self._go_out(case["id"])
            return done
        if self._ready_s.get(case["id"], 0) > self.scheduler.now_s:
            return False
        if "sign_step" in moves:
            left = [step["number"] for step in case["procedure"] if step["signed_at"] is None]
            if left:
                self._go_out(case["id"], 0.3)
                return self._do(case, "sign_step", {"number": left[0]})
        if "ask_extension" in moves and not case["extensions"] and rng.random() < ASKED:
            body = {"limit": {"kind": "work_days", "amount": 2}, "reason": rng.choice(wording.EXTENSIONS)}
            return self._do(case, "ask_extension", body, tell=case["holder"])
        if "finish" in moves:
            body = {"text": self._done(case), "evidence": self._pictures(case)}
            return self._do(case, "finish", body, tell=case["holder"])
        return False

    def _go_out(self, case_id: str, share: float = 1.0) -> None:
        """The work on the spot takes its time; the list shows the case meanwhile."""
        delay = self.rng.lognormvariate(0, 0.7) * 40 * 60 * share
        self._ready_s[case_id] = self.scheduler.now_s + delay
        self._urgent.append(case_id)
        self.scheduler.after(delay + 1, self._see_urgent)

    # -- what both share -----------------------------------------------------------------------------------------------

    def _do(
        self,
        case: dict[str, Any],
        move: str,
        body: dict[str, Any],
        *,
        tell: dict[str, Any] | None = None,
        tell_unit: Unit | None = None,
        tell_self: bool = False,
        versioned: bool = True,
    ) -> bool:
        """Press it. A 409 is somebody else's luck: the list will show what is left to do."""
        number, path = case["number"], f"/api/cases/{case['id']}/{move.replace('_', '-')}"
        try:
            answer: Answer = self.browser.post(path, move, body | ({"version": case["version"]} if versioned else {}))
        except NoAnswer:
            self.known.ledger.unsure(number, move)
            raise
        if not answer.ok:
            return False
        self.known.ledger.moved(number, move, ends=move in ENDS)
        named = self.known.units.get(tell["id"]) if tell else tell_unit
        self.office.tell(named or (self.unit if tell_self else None), case["id"])
        return True

    def _done(self, case: dict[str, Any]) -> str:
        code = _code_of(case)
        said = [variant.done for topic in TOPICS for variant in topic.variants if variant.category == code]
        return wording.fill(self.rng.choice(said or ["已到现场处理完毕，恢复正常。"]), self.rng)

    def _pictures(self, case: dict[str, Any]) -> list[str]:
        """One of each type that the category asks for and the case does not have."""
        wanted = set((case["category"] or {}).get("evidence", ())) - {one["photo_type"] for one in case["evidence"]}
        sent = [send_picture(self.browser, case, photo_type, self.rng) for photo_type in sorted(wanted)]
        return [piece for piece in sent if piece]


def _code_of(case: dict[str, Any]) -> str:
    path = (case["category"] or {}).get("path", "")
    return str(path.rstrip("/").rsplit("/", 1)[-1])


class Office:
    """Who sits where, so that a case sent on is seen there."""

    def __init__(self) -> None:
        self.desks: dict[int, Desk] = {}

    def tell(self, unit: Unit | None, case_id: str) -> None:
        if unit is not None and unit.id in self.desks:
            self.desks[unit.id].nudge(case_id)

    def poke(self, unit: Unit | None) -> None:
        if unit is not None and unit.id in self.desks:
            self.desks[unit.id].poke()


def send_picture(browser: Browser, case: dict[str, Any], photo_type: str, rng: random.Random) -> str:
    """The id of the piece, or "" when it was refused."""
    lon, lat = case["lon"] or 118.8, case["lat"] or 32.0
    kind = pictures.kind_of(case["title"]) or rng.choice(list(pictures.THINGS))
    jpeg = pictures.draw(kind, rng, after=photo_type == "after", taken_at=clock.now(), lon=lon, lat=lat)
    answer = browser.upload("/api/evidence", "upload", jpeg, {"photo_type": photo_type, "case_id": case["id"]})
    return str(answer.body["id"]) if answer.ok else ""
