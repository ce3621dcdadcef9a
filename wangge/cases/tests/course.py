"""One case on its way through the API, and the hour it is there: for tests of what a move does and leaves alone."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from wangge.cases.models import Case, Deadline, Extension, Step
from wangge.core.clock import BEIJING
from wangge.core.models import JournalEntry
from wangge.testing.client import Answer, Api, api_as
from wangge.testing.moments import at_moment
from wangge.testing.world import World

TUESDAY = datetime(2026, 3, 3, 10, 0, tzinfo=BEIJING)  # a working day, in a shift
HOUR = timedelta(hours=1)


class Course:
    """`now` is moved by the test; `may` sends a move and answers, `go` also asserts that it was done."""

    def __init__(self, world: World, category: int, *, reported_by: str = "street_seat") -> None:
        self.world, self.now = world, TUESDAY
        body = {"source": "telephone", "title": "河道排污", "lon": 118.7905, "lat": 32.0205, "category_id": category}
        answer = self.call(reported_by, "/api/cases", body)
        assert answer.status_code == 201, answer.content.decode()
        self.id = UUID(answer.json()["id"])

    def call(self, who: str, path: str, body: Any) -> Answer:
        with at_moment(self.now):
            return self._as(who).post(path, body)

    def may(self, who: str, move: str, **body: Any) -> Answer:
        return self.call(who, f"/api/cases/{self.id}/{move}", body)

    def go(self, who: str, move: str, **body: Any) -> None:
        answer = self.may(who, move, **body)
        assert answer.status_code == 200, f"{move}: {answer.content.decode()}"

    def to_the_unit(self, unit: str = "D-CG-1", who: str = "department_clerk") -> None:
        """Dispatched by the street's seat, and signed for."""
        self.go("street_seat", "dispatch", lead_id=self.world.unit(unit).pk)
        self.go(who, "sign")

    def seen_by(self, who: str) -> Any:
        with at_moment(self.now):
            return self._as(who).get(f"/api/cases/{self.id}").json()

    def moves(self, who: str = "department_clerk") -> set[str]:
        return {move["kind"] for move in self.seen_by(who)["moves"]}

    def is_in(self, queue: str, who: str) -> bool:
        with at_moment(self.now):
            rows = self._as(who).get("/api/cases", queue=queue).json()["items"]
        return str(self.id) in {row["id"] for row in rows}

    @property
    def row(self) -> Case:
        return Case.objects.get(pk=self.id)

    def clocks(self, stage: str) -> list[Deadline]:
        return list(Deadline.objects.filter(case=self.id, stage=stage).order_by("id"))

    def running(self) -> list[tuple[str, int]]:
        """(stage, step) of each clock that runs."""
        rows = Deadline.objects.filter(case=self.id, met_at=None, dropped_at=None).order_by("stage", "step")
        return list(rows.values_list("stage", "step"))

    def entries(self) -> list[JournalEntry]:
        return list(JournalEntry.objects.filter(subject_type="case", subject_id=str(self.id)).order_by("id"))

    def everything(self) -> dict[str, Any]:
        """All that a move may change: a refused one leaves it the same."""
        return {
            "row": Case.objects.filter(pk=self.id).values().get(),
            "clocks": list(Deadline.objects.filter(case=self.id).order_by("id").values()),
            "extensions": list(Extension.objects.filter(case=self.id).order_by("id").values()),
            "steps": Step.objects.filter(case=self.id).count(),
            "entries": len(self.entries()),
        }

    def _as(self, who: str) -> Api:
        return api_as(self.world[who])
