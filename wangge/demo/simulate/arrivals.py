"""What comes in: calls to the district's seats, reports of grid workers, residents without an account."""

import random
from typing import Any

from wangge.core import clock
from wangge.demo import names, pictures, wording
from wangge.demo.simulate.browser import Browser, NoAnswer
from wangge.demo.simulate.desk import Office
from wangge.demo.simulate.directory import WORKERS_TRIED, Directory, Place
from wangge.demo.simulate.ledger import Known
from wangge.demo.simulate.scheduler import Scheduler
from wangge.demo.topics import OFFICE, Topic, Variant

FROM_GRID, BY_CALL = 0.6, 0.26  # the rest are residents
SEATS = 8
SETTLED_AT_ONCE = 0.6
WORKERS_AT_MOST = 24  # grid workers who are signed in at a time: each sign-in costs the server an Argon2
FOLLOWS_AFTER_S = (2 * 3600, 5 * 3600)
DAY_BEGINS_H = 8  # of the simulated day


class Arrivals:
    def __init__(self, known: Directory, scheduler: Scheduler, office: Office, *, rate: float, seed: int) -> None:
        """`rate`: cases in an average simulated hour of the working day."""
        self.known, self.scheduler, self.office = known, scheduler, office
        self.rng, self.rate = random.Random(seed), rate
        self._mean = sum(OFFICE[8:18]) / 10
        self._workers: list[tuple[str, Browser]] = []
        self._residents = 0

    def start(self) -> None:
        self.scheduler.after(self._gap_s(), self._arrive)

    def _gap_s(self) -> float:
        hour = int(DAY_BEGINS_H + self.scheduler.now_s / 3600) % 24
        return self.rng.expovariate(self.rate * max(OFFICE[hour], 0.3) / self._mean / 3600)

    def _arrive(self) -> None:
        self.scheduler.after(self._gap_s(), self._arrive)
        chance = self.rng.random()
        try:
            if chance < FROM_GRID:
                self._grid_worker_reports()
            elif chance < FROM_GRID + BY_CALL:
                self._seat_takes_call()
            else:
                self._resident_reports()
        except NoAnswer:
            pass

    def _seat_takes_call(self) -> None:
        topic, variant, category = self.known.matter(self.rng, from_grid=False)
        body = self._body("call", topic, variant, self.known.place(self.rng)) | {
            "source": self.rng.choice(("telephone", "telephone", "telephone", "walk_in", "leader")),
            "category_id": category,
            "reporter": {"name": names.person(self.rng)[0] + "女士", "phone": names.phone(self.rng.randrange(10_000))},
            "accept": self.rng.random() < 0.7,
        }
        known = self._report(self.known.seat, body)
        if known is not None:
            if body["accept"]:
                self.known.ledger.moved(known.number, "accept")
            self.office.tell(self.known.units.get(self.known.seat.me["post"]["unit_id"]), known.id)

    def _grid_worker_reports(self) -> None:
        grid, browser = self._worker()
        topic, variant, category = self.known.matter(self.rng, from_grid=True)
        place = self.known.place(self.rng, grid)
        body = self._body("grid", topic, variant, place) | {"source": "grid", "category_id": category}
        if not place.grid.startswith(grid):
            body |= {"lon": None, "lat": None, "code": grid}
        card = next(row for row in self.known.categories.values() if row["id"] == category)
        settles = card["settle_on_spot"] and self.rng.random() < SETTLED_AT_ONCE
        known = self._report(browser, body)
        if known is None:
            return
        if settles:
            self.scheduler.after(self.rng.uniform(30, 200), lambda: self._settle(browser, known, topic, variant))
            return
        self.office.tell(self.known.by_code.get(grid[:12]), known.id)

    def _settle(self, browser: Browser, known: Known, topic: Topic, variant: Variant) -> None:
        try:
            case = browser.get(f"/api/cases/{known.id}", "open").body
            evidence = [self._picture(browser, case, photo_type) for photo_type in case["category"]["evidence"]]
            body = {
                "outcome": "solved",
                "text": wording.fill(variant.done, self.rng, place="现场"),
                "evidence": [piece for piece in evidence if piece],
            }
            answer = browser.post(f"/api/cases/{known.id}/settle", "settle", body)
        except NoAnswer:
            self.known.ledger.unsure(known.number, "settle")
            return
        if answer.ok:
            self.known.ledger.moved(known.number, "settle", ends=True)

    def _picture(self, browser: Browser, case: dict[str, Any], photo_type: str) -> str:
        jpeg = pictures.draw(
            pictures.kind_of(case["title"]) or "boxes",
            self.rng,
            after=photo_type == "after",
            taken_at=clock.now(),
            lon=case["lon"] or 118.8,
            lat=case["lat"] or 32.0,
        )
        answer = browser.upload("/api/evidence", "upload", jpeg, {"photo_type": photo_type})
        return str(answer.body["id"]) if answer.ok else ""

    def _resident_reports(self) -> None:
        """Each from an address of their own, so that the limit for one address holds for each."""
        self._residents += 1
        number = self._residents
        browser = self.known.browser(address=f"127.1.{number // 250 % 250}.{1 + number % 250}")
        browser.get("/api/config", "config")
        topic, variant, category = self.known.matter(self.rng, from_grid=False)
        place = self.known.place(self.rng)
        body = self._body("resident", topic, variant, place) | {
            "reporter": {"name": names.person(self.rng), "phone": names.phone(self.rng.randrange(10_000))},
        }
        if self.rng.random() < 0.5:
            body["category_id"] = category
        answer = browser.post("/api/public/reports", "public report", body)
        if answer.ok:
            number_given, code = answer.body["number"], answer.body["follow_code"]
            known = self.known.ledger.reported("", number_given, code)
            self.office.poke(self.known.by_code.get(place.grid[:9]))
            self.scheduler.after(self.rng.uniform(*FOLLOWS_AFTER_S), lambda: self._follow(browser, known))

    def _follow(self, browser: Browser, known: Known) -> None:
        body: dict[str, Any] = {"number": known.number, "code": known.follow_code}
        try:
            answer = browser.post("/api/public/follow", "follow", body)
            if answer.ok and answer.body["may_rate"] and answer.body["score"] is None:
                score = self.rng.choices((5, 4, 3, 2, 1), (60, 24, 8, 4, 4))[0]
                words = self.rng.choice(wording.GOOD_WORDS if score > 3 else wording.BAD_WORDS)
                rated = browser.post(
                    "/api/public/follow/rate",
                    "rate as resident",
                    body | {"score": score, "solved": True, "text": words},
                )
                if rated.ok:
                    self.known.ledger.moved(known.number, "rate")
        except NoAnswer:
            self.known.ledger.unsure(known.number, "rate")
        browser.close()

    def _report(self, browser: Browser, body: dict[str, Any]) -> Known | None:
        answer = browser.post("/api/cases", "report", body)
        if not answer.ok:
            return None
        return self.known.ledger.reported(answer.body["id"], answer.body["number"], answer.body["follow_code"])

    def _body(self, voice: str, topic: Topic, variant: Variant, place: Place) -> dict[str, Any]:
        where = self.rng.choice(variant.spots or topic.spots)
        return {
            "title": wording.fill(self.rng.choice(variant.titles), self.rng, spot=where),
            "description": wording.describe(topic, variant, voice, self.rng, place="", spot=where),
            "address": place.address,
            "lon": place.lon,
            "lat": place.lat,
        }

    def _worker(self) -> tuple[str, Browser]:
        """Somebody of the day's shift; the shift fills up until WORKERS_AT_MOST are signed in."""
        if len(self._workers) >= WORKERS_AT_MOST or (self._workers and self.rng.random() < 0.5):
            return self.rng.choice(self._workers)
        while True:
            community = self.rng.choice(self.known.centres(12)).code
            for number in range(1, WORKERS_TRIED + 1):
                grid = f"{community}{number:03d}"
                browser = self.known.browser(f"wg{grid[7:9]}{grid[10:12]}{grid[12:]}")
                if browser.sign_in():
                    self._workers.append((grid, browser))
                    return grid, browser
