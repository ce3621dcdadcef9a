"""The standard procedure of a category: steps signed off in turn, each with its clock, anew for whoever is charged."""

import pytest

from wangge.cases.models import Assignment, Case, ProcedureStep, Step
from wangge.cases.tests import made
from wangge.cases.tests.course import HOUR, TUESDAY, Course
from wangge.core.revisions import bump
from wangge.testing.client import api_as
from wangge.testing.moments import at_moment
from wangge.testing.world import World


class Steps(Course):
    """Of a category with three steps: an hour for the first, none for the second, another unit for the third."""

    def __init__(self, world: World) -> None:
        kind = made.category("79")
        given: list[tuple[str, str, str, dict[str, str] | None]] = [
            ("现场勘查", "Survey", "", {"kind": "minutes", "amount": "60"}),
            ("告知", "Notice", "", None),
            ("水务会签", "", "D-SW", {"kind": "work_hours", "amount": "2"}),
        ]
        ProcedureStep.objects.bulk_create(
            ProcedureStep(
                category=kind,
                number=number,
                name_zh=zh,
                name_en=en,
                unit=world.unit(unit) if unit else None,
                limit=limit,
            )
            for number, (zh, en, unit, limit) in enumerate(given, 1)
        )
        bump("cases")
        super().__init__(world, kind.pk)

    def sign_step(self, number: int, who: str = "department_clerk") -> None:
        self.go(who, "sign-step", number=number)

    def signed(self) -> dict[int, bool]:
        return {step["number"]: step["signed_at"] is not None for step in self.seen_by("street_seat")["procedure"]}


@pytest.fixture
def course(world: World) -> Steps:
    made_one = Steps(world)
    made_one.go("street_seat", "accept")
    made_one.to_the_unit()
    return made_one


@pytest.mark.parametrize("number", [2, 3, 4, 0])
def test_no_step_is_signed_before_its_turn(course: Steps, number: int) -> None:
    before = course.everything()
    refused = course.may("department_clerk", "sign-step", number=number)
    assert refused.status_code == 422 and "number" in refused.json()["fields"]
    if number > 0:
        assert refused.json()["fields"]["number"] == "下一步是第 1 步。"
    assert course.everything() == before


def test_steps_are_signed_one_after_the_other_and_each_once(course: Steps) -> None:
    for number in (1, 2, 3):
        assert "sign_step" in course.moves()
        course.sign_step(number)
        before = course.everything()
        again = course.may("department_clerk", "sign-step", number=number)
        assert again.status_code in (409, 422), again.content.decode()
        assert course.everything() == before
        assert course.signed() == {one: one <= number for one in (1, 2, 3)}
    assert "sign_step" not in course.moves(), "nothing is left to sign"
    lines = Step.objects.filter(case=course.id, kind="sign_step").order_by("id")
    assert [(line.data["step"], line.data["name"]) for line in lines] == [(1, "现场勘查"), (2, "告知"), (3, "水务会签")]
    assert [entry.kind for entry in course.entries()][-3:] == ["case.sign_step"] * 3
    course.go("department_clerk", "finish", text="已封堵排污口")
    assert course.row.state == "handled"


@pytest.mark.parametrize("who", ["stranger_department_clerk", "street_seat", "grid_worker"])
def test_only_the_unit_charged_signs(course: Steps, who: str) -> None:
    before = course.everything()
    assert course.may(who, "sign-step", number=1).status_code in (403, 404)
    assert course.everything() == before


def test_nothing_is_finished_while_a_step_is_open(course: Steps) -> None:
    course.sign_step(1)
    before = course.everything()
    refused = course.may("department_clerk", "finish", text="已封堵排污口")
    assert (refused.status_code, refused.json()["code"]) == (422, "case.steps_open")
    assert refused.json()["message"] == "标准流程还有步骤没有签办：2 告知、3 水务会签。"
    with at_moment(course.now):
        clerk = api_as(course.world["department_clerk"], language="en")
        told = clerk.post(f"/api/cases/{course.id}/finish", {"text": "Sealed"}).json()["message"]
    assert told == "Steps of the standard procedure are not signed off yet: 2 Notice, 3 水务会签."
    assert course.everything() == before


def test_each_step_has_its_own_clock(course: Steps) -> None:
    (first,) = course.clocks("step")
    assert (first.step, first.started_at, first.due_at) == (1, TUESDAY, TUESDAY + HOUR)
    assert first.unit_path == course.world.unit("D-CG-1").path
    assert (course.row.due_stage, course.row.due_at) == ("step", TUESDAY + HOUR), "it is what the queue sorts by"
    course.now += HOUR / 2
    course.sign_step(1)
    (first,) = course.clocks("step")
    assert first.met_at == course.now
    assert course.running() == [("handle", 0)] and course.row.due_stage == "handle", (
        "the second has no limit of its own"
    )
    course.sign_step(2)
    second = course.clocks("step")[-1]
    assert (second.step, second.started_at, second.unit_path) == (3, course.now, course.world.unit("D-SW").path)
    # 10:30 and two hours of the shifts 08:00–12:00 and 14:00–18:00.
    assert second.due_at == TUESDAY.replace(hour=14, minute=30)
    course.sign_step(3)
    assert course.running() == [("handle", 0)] and not course.row.was_late


def test_the_unit_that_a_step_names_is_called_in_and_signs_it(course: Steps) -> None:
    """It has a limit to keep: so it sees the case from the moment its step begins, and not before."""
    water = course.world.unit("D-SW")
    course.sign_step(1)
    assert course.may("stranger_department_clerk", "sign-step", number=2).status_code == 404
    course.sign_step(2)
    charges = Assignment.objects.filter(case=course.id).order_by("id").values_list("unit_path", "role", "ended_at")
    assert list(charges) == [(course.world.unit("D-CG-1").path, "lead", None), (water.path, "assist", None)]
    assert course.row.lead_path == course.world.unit("D-CG-1").path, "who leads it leads it still"
    entry = course.entries()[-1]
    assert entry.data["unit_path"] == water.path and water.path in entry.unit_paths
    assert "sign_step" in course.moves("stranger_department_clerk")
    assert not course.moves("stranger_department_clerk") & {"finish", "return", "ask_extension"}
    course.sign_step(3, "stranger_department_clerk")
    line = Step.objects.filter(case=course.id, kind="sign_step").order_by("-id")[0]
    assert (line.data["step"], line.by_unit) == (3, water.name)
    course.go("department_clerk", "finish", text="已封堵排污口")


def test_a_unit_that_assists_already_is_charged_once(course: Steps) -> None:
    course.go(
        "street_seat",
        "transfer",
        lead_id=course.world.unit("D-CG-1").pk,
        reason="增加协办单位",
        assist_ids=[course.world.unit("D-SW").pk],
    )
    course.go("department_clerk", "sign")
    assert course.may("stranger_department_clerk", "sign-step", number=1).status_code == 403, "it is not its step"
    course.sign_step(1)
    course.sign_step(2)
    open_now = Assignment.objects.filter(case=course.id, ended_at=None)
    assert open_now.count() == 2 and "sign_step" in course.moves("stranger_department_clerk")


def test_a_return_lets_the_unit_of_a_step_go_too(course: Steps) -> None:
    course.sign_step(1)
    course.sign_step(2)
    course.go("department_clerk", "return", reason="不属于本队职责")
    assert not Assignment.objects.filter(case=course.id, ended_at=None).exists()


def test_no_step_brings_a_case_to_the_department_complained_of(course: Steps) -> None:
    water = course.world.unit("D-SW")
    Case.objects.filter(pk=course.id).update(complained=water, complained_root=water.path)
    course.sign_step(1)
    course.sign_step(2)
    assert not Assignment.objects.filter(case=course.id, unit=water).exists()
    assert course.clocks("step")[-1].unit_path == course.world.unit("D-CG-1").path, "the lead answers for it"
    assert course.may("stranger_department_clerk", "sign-step", number=3).status_code == 404
    course.sign_step(3)


def test_a_step_signed_too_late_makes_the_case_late(course: Steps) -> None:
    course.now += 2 * HOUR
    course.sign_step(1)
    assert course.row.was_late


def test_a_step_waits_while_the_case_is_suspended(course: Steps) -> None:
    course.now += HOUR / 2
    course.go("street_seat", "suspend", reason="等待批复")
    assert course.clocks("step")[0].due_at is None
    assert course.may("department_clerk", "sign-step", number=1).status_code == 409
    course.now += 3 * HOUR
    course.go("street_seat", "resume")
    assert course.clocks("step")[0].due_at == TUESDAY + 4 * HOUR, "half an hour was left, and is"
    course.sign_step(1)
    assert not course.row.was_late


def test_after_a_return_whoever_gets_it_next_signs_every_step_anew(course: Steps) -> None:
    course.sign_step(1)
    course.sign_step(2)
    course.now += HOUR
    course.go("department_clerk", "return", reason="不属于本队职责")
    third = course.clocks("step")[-1]
    assert (third.step, third.met_at, third.dropped_at) == (3, None, course.now)
    assert course.running() == [("dispatch", 0)]
    course.now += HOUR
    course.to_the_unit("D-SW", "stranger_department_clerk")
    assert course.signed() == {1: False, 2: False, 3: False}
    assert course.running() == [("handle", 0), ("step", 1)]
    assert course.clocks("step")[-1].due_at == course.now + HOUR, "the whole of it again"
    refused = course.may("stranger_department_clerk", "finish", text="已封堵排污口")
    assert refused.json()["code"] == "case.steps_open" and "1 现场勘查、2 告知、3 水务会签" in refused.json()["message"]
    assert course.may("stranger_department_clerk", "sign-step", number=3).status_code == 422
    for number in (1, 2, 3):
        course.sign_step(number, "stranger_department_clerk")
    course.go("stranger_department_clerk", "finish", text="已封堵排污口")
    # What the first unit signed stays in the history.
    lines = Step.objects.filter(case=course.id, kind="sign_step").order_by("id")
    assert [(line.data["step"], line.by_unit) for line in lines] == [
        (1, "城管局桃叶中队"),
        (2, "城管局桃叶中队"),
        (1, "测试区水务局"),
        (2, "测试区水务局"),
        (3, "测试区水务局"),
    ]


def test_a_transfer_starts_the_procedure_anew(course: Steps) -> None:
    course.sign_step(1)
    course.now += HOUR
    course.go("street_seat", "transfer", lead_id=course.world.unit("D-SW").pk, reason="应由水务局办理")
    assert course.running() == [("handle", 0), ("sign", 0)], "no step runs before the unit has signed for the case"
    course.go("stranger_department_clerk", "sign")
    assert course.signed() == {1: False, 2: False, 3: False}
    assert course.running() == [("handle", 0), ("step", 1)]


def test_rework_keeps_what_was_signed(course: Steps) -> None:
    """The same unit, the same dispatch: the procedure was gone through, what was done was not good enough."""
    for number in (1, 2, 3):
        course.sign_step(number)
    course.go("department_clerk", "finish", text="已封堵排污口")
    course.now += HOUR
    course.go("street_seat", "rework", reason="现场仍有污水")
    assert course.signed() == {1: True, 2: True, 3: True}
    assert course.running() == [("handle", 0)] and "sign_step" not in course.moves()
    course.go("department_clerk", "finish", text="已再次封堵")
    assert course.row.state == "handled"
