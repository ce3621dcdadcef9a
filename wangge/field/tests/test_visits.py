"""走访: the list by due date, a visit with its form, what is sealed, and how it was kept."""

import io
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from wangge.cases.actions.retention import forget_loose_evidence
from wangge.cases.models import Attachment
from wangge.core import clock
from wangge.core.actor import Actor, acting
from wangge.core.ids import new_id
from wangge.core.models import JournalEntry
from wangge.field.models import Record, Subject
from wangge.testing import town
from wangge.testing.client import Api, api_as
from wangge.testing.world import World


def ok(answer: Any, status: int = 200) -> Any:
    assert answer.status_code == status, answer.content.decode()
    return answer.json()


def plan(world: World, key: str = "community", **more: Any) -> Any:
    body = {
        "kind": "dwelling",
        "title": "3 幢 201 室",
        "grid": town.GRID,
        "form": "visit_rental",
        "level": "b",
        "contact_name": "房东一",
        "contact_phone": "13800001234",
        "next_date": str(clock.today()),
    }
    return ok(api_as(world[key]).post("/api/field/visits", body | more), 201)


def visit(subject: Any, **more: Any) -> dict[str, Any]:
    return {
        "id": str(new_id()),
        "form": "visit_rental",
        "version": 1,
        "happened_at": clock.now().isoformat(),
        "subject_id": subject["id"],
        "answers": {"met": "met", "tenants": 3, "registered": "all"},
    } | more


def send(api: Api, body: Any, status: int = 201) -> Any:
    return ok(api.post("/api/field/records", body), status)


def titles(api: Api, **query: Any) -> list[str]:
    return [row["title"] for row in ok(api.get("/api/field/visits", **query))["items"]]


def test_the_list_is_by_due_date_and_of_ones_own_grids(world: World) -> None:
    today = clock.today()
    plan(world, title="明天", next_date=str(today + timedelta(days=1)))
    plan(world, title="今天")
    plan(world, title="已超期", next_date=str(today - timedelta(days=2)))
    plan(world, title="别的网格", grid=town.NEIGHBOUR_GRID)
    worker = api_as(world["grid_worker"])
    assert titles(worker) == ["已超期", "今天"]
    assert titles(worker, box="overdue") == ["已超期"] and titles(worker, box="soon") == ["已超期", "今天", "明天"]
    assert titles(api_as(world["stranger_grid_worker"]), box="all") == []


def test_a_visit_dates_the_next_by_the_level(world: World) -> None:
    subject, worker = plan(world), api_as(world["grid_worker"])
    made = send(worker, visit(subject))
    assert made["next_date"] == str(clock.today() + timedelta(days=30)) and made["due_date"] == str(clock.today())
    after = ok(worker.get(f"/api/field/visits/{subject['id']}"))
    assert after["last_date"] == str(clock.today()) and after["next_date"] == made["next_date"]
    assert [one["id"] for one in after["records"]] == [made["id"]] and titles(worker) == []


def test_what_was_found_dates_the_next_earlier(world: World) -> None:
    subject = plan(world)
    answers = {"met": "met", "tenants": 9, "registered": "some", "hazards": ["fire"], "hazard_text": "楼道充电"}
    made = send(api_as(world["grid_worker"]), visit(subject, answers=answers))
    assert made["next_date"] == str(clock.today() + timedelta(days=7))


def test_a_late_visit_out_of_a_dead_zone_does_not_put_the_date_back(world: World) -> None:
    subject, worker = plan(world), api_as(world["grid_worker"])
    send(worker, visit(subject))
    days_ago = (clock.now() - timedelta(days=2)).isoformat()
    send(worker, visit(subject, happened_at=days_ago, answers={"met": "absent"}))
    assert ok(worker.get(f"/api/field/visits/{subject['id']}"))["last_date"] == str(clock.today())


def test_a_visit_on_the_day_counts_by_beijing_and_never_later_than_it_was_heard_of(world: World) -> None:
    subject = plan(world)
    made = send(api_as(world["grid_worker"]), visit(subject, happened_at="2099-01-01T00:00:00Z"))
    assert made["happened_at"] == made["received_at"]
    kept = ok(api_as(world["community"]).get("/api/field/visits/keeping", **span(-1, 1)))
    assert kept == [row(town.GRID, due=1, done=1, in_time=1)]


def test_how_visits_were_kept(world: World) -> None:
    today = clock.today()
    late = plan(world, next_date=str(today - timedelta(days=1)))
    plan(world, title="没去", next_date=str(today - timedelta(days=1)))
    send(api_as(world["grid_worker"]), visit(late))
    kept = ok(api_as(world["street_seat"]).get("/api/field/visits/keeping", **span(-3, 1)))
    assert kept == [row(town.GRID, due=2, done=1, in_time=0, overdue=1)]
    assert api_as(world["grid_worker"]).get("/api/field/visits/keeping", **span(-3, 1)).status_code == 403


def span(since: int, until: int) -> dict[str, str]:
    today = clock.today()
    return {"since": str(today + timedelta(days=since)), "until": str(today + timedelta(days=until))}


def row(grid: str, **counts: int) -> dict[str, Any]:
    named = {"grid": grid, "grid_name": "柳岸社区第1网格", "due": 0, "done": 0, "in_time": 0, "overdue": 0}
    return named | counts


def test_the_same_visit_sent_twice_is_one(world: World) -> None:
    subject, worker = plan(world), api_as(world["grid_worker"])
    body = visit(subject)
    assert send(worker, body) == send(worker, body)
    assert Record.objects.filter(subject_id=subject["id"]).count() == 1
    other = body | {"answers": {"met": "absent"}}
    assert send(worker, other, 422)["code"] == "record.id_used"
    assert send(api_as(world["grid_chief"]), body, 422)["code"] == "record.id_used"


def test_secrets_are_sealed_masked_and_shown_on_the_record(world: World) -> None:
    subject, worker = plan(world), api_as(world["grid_worker"])
    body = visit(subject)
    body["answers"]["landlord_phone"] = "13912345678"
    made = send(worker, body)
    assert made["answers"]["landlord_phone"] == "139****5678" and made["secrets"] == ["landlord_phone"]
    kept = Record.objects.get(pk=made["id"])
    assert "13912345678" not in str(kept.answers) + str(kept.masked) and b"13912345678" not in bytes(
        kept.secrets_sealed or b""
    )
    path = f"/api/field/records/{made['id']}/reveal"
    assert worker.post(path, {"purpose": ""}).status_code == 422
    assert ok(worker.post(path, {"purpose": "回访"}))["values"] == {"landlord_phone": "13912345678"}
    assert api_as(world["grid_chief"]).post(path, {"purpose": "看看"}).status_code == 403
    assert JournalEntry.objects.filter(kind="record.revealed", subject_id=made["id"]).count() == 1
    assert not JournalEntry.objects.filter(data__icontains="13912345678").exists()


def test_a_contact_is_masked_until_somebody_says_what_for(world: World) -> None:
    subject = plan(world)
    assert subject["contact_phone"] == "138****1234" and subject["contact_name"] == "房**"
    path = f"/api/field/visits/{subject['id']}/reveal"
    shown = ok(api_as(world["grid_worker"]).post(path, {"purpose": "上门前联系"}))
    assert shown == {"contact_name": "房东一", "contact_phone": "13800001234"}
    assert api_as(world["stranger_grid_worker"]).post(path, {"purpose": "上门前联系"}).status_code == 404


def test_another_grids_subject_cannot_be_visited_and_nothing_else_is_harmed(world: World) -> None:
    subject = plan(world)
    refused = send(api_as(world["stranger_grid_worker"]), visit(subject), 422)
    assert set(refused["fields"]) == {"subject_id"}
    with acting(Actor.system("test")):
        assert Subject.objects.get(pk=subject["id"]).last_date is None


def test_answers_that_do_not_fit_are_named_one_by_one(world: World) -> None:
    subject = plan(world)
    wrong = {"met": "met", "tenants": -1, "registered": "perhaps"}
    refused = send(api_as(world["grid_worker"]), visit(subject, answers=wrong), 422)
    assert set(refused["fields"]) == {"answers.tenants", "answers.registered"}
    assert send(api_as(world["grid_worker"]), visit(subject, version=9), 422)["fields"].keys() == {"form"}


def photo(api: Api) -> str:
    out = io.BytesIO()
    Image.new("RGB", (64, 64), "green").save(out, "JPEG")
    answer = api.send_files("/api/evidence", {"file": SimpleUploadedFile("a.jpg", out.getvalue())})
    return str(ok(answer, 201)["id"])


def test_its_photos_are_seen_by_whoever_sees_the_visit_and_outlast_loose_ones(world: World) -> None:
    subject, worker = plan(world), api_as(world["grid_worker"])
    kept, loose, body = photo(worker), photo(worker), visit(subject)
    body["answers"]["photos"] = [kept]
    assert [one["id"] for one in send(worker, body)["photos"]] == [kept]
    path = f"/api/field/pieces/{kept}/small"
    for key, status in (("community", 200), ("stranger_community", 404), ("department_clerk", 404)):
        answer = api_as(world[key]).get(path)
        assert answer.status_code == status, key
        for closer in answer._resource_closers:  # type: ignore[attr-defined]
            closer()
    assert send(worker, visit(subject, answers=body["answers"]), 422)["fields"].keys() == {"answers.photos"}
    with acting(Actor.system("retention")) as by:
        forget_loose_evidence(by=by, at=clock.now() + timedelta(days=9))
        assert Attachment.objects.filter(pk=kept).exists() and not Attachment.objects.filter(pk=loose).exists()


def test_a_plan_changes_by_version_and_only_in_ones_own_place(world: World) -> None:
    subject, seat = plan(world), api_as(world["community"])
    body = {"kind": "shop", "title": "改名", "grid": town.GRID, "form": "visit_shop", "level": "a", "version": 1}
    path = f"/api/field/visits/{subject['id']}"
    changed = ok(seat.put(path, body))
    assert (changed["title"], changed["version"], changed["contact_phone"]) == ("改名", 2, "138****1234")
    assert seat.put(path, body).status_code == 409
    assert api_as(world["stranger_community"]).put(path, body | {"version": 2}).status_code == 404
    assert seat.post("/api/field/visits", body | {"grid": town.OTHER_GRID}).status_code == 404
    assert date.fromisoformat(changed["next_date"]) == clock.today()


def test_what_is_somebodys_is_on_their_list_alone_until_they_serve_no_more(world: World) -> None:
    chief, worker = world["grid_chief"], world["grid_worker"]
    plan(world, title="网格长负责", post_id=chief.post.pk)
    assert [one["title"] for one in ok(api_as(worker).get("/api/field/pack"))["visits"]] == []
    assert ok(api_as(chief).get("/api/field/today"))["visits"]["due"] == 1
    assert ok(api_as(world["community"]).get("/api/field/visits"))["items"][0]["worker"] == chief.user.name
    chief.post.__class__.objects.filter(pk=chief.post.pk).update(revoked_at=clock.now())
    assert ok(api_as(worker).get("/api/field/today"))["visits"]["due"] == 1


@pytest.mark.parametrize("how", ["account closed", "other grids", "other work"])
def test_what_is_of_somebody_who_serves_no_more_is_on_everybodys_list(world: World, how: str) -> None:
    chief, worker = world["grid_chief"], world["grid_worker"]
    plan(world, post_id=chief.post.pk)
    assert ok(api_as(worker).get("/api/field/today"))["visits"]["due"] == 0
    match how:
        case "account closed":
            type(chief.user).objects.filter(pk=chief.user.pk).update(is_active=False)
        case "other grids":
            type(chief.post).objects.filter(pk=chief.post.pk).update(codes=[town.NEIGHBOUR_GRID])
        case "other work":
            type(chief.post).objects.filter(pk=chief.post.pk).update(role=world["community"].post.role)
    assert ok(api_as(worker).get("/api/field/today"))["visits"]["due"] == 1


def test_in_another_grid_it_is_not_of_who_looked_after_the_last(world: World) -> None:
    worker, seat = world["grid_worker"], api_as(world["community"])
    made = plan(world, post_id=worker.post.pk)
    body = {"kind": "dwelling", "title": "x", "grid": town.NEIGHBOUR_GRID, "form": "visit_rental", "version": 1}
    path = f"/api/field/visits/{made['id']}"
    assert seat.put(path, body | {"post_id": worker.post.pk}).json()["fields"].keys() == {"post_id"}
    assert ok(seat.put(path, body))["post_id"] is None


def test_who_does_not_look_after_the_grid_is_not_charged_with_a_visit(world: World) -> None:
    made = plan(world)
    body = {"kind": "dwelling", "title": "x", "grid": town.GRID, "form": "visit_rental", "version": 1}
    body["post_id"] = world["stranger_grid_worker"].post.pk
    refused = api_as(world["community"]).put(f"/api/field/visits/{made['id']}", body)
    assert refused.status_code == 422 and refused.json()["fields"].keys() == {"post_id"}


def test_a_household_is_not_marked_on_the_map(world: World) -> None:
    seat, place = api_as(world["community"]), {"lon": 118.79, "lat": 32.02}
    body = {"kind": "household", "title": "陈家", "grid": town.GRID, "form": "visit_general"}
    assert seat.post("/api/field/visits", body | place).json()["fields"].keys() == {"lon"}
    shop = plan(world, "community", kind="shop", **place)
    path = f"/api/field/visits/{shop['id']}"
    assert seat.put(path, body | place | {"version": 1}).json()["fields"].keys() == {"lon"}
    assert ok(seat.put(path, body | {"version": 1}))["lon"] is None


def test_a_change_that_names_no_date_leaves_the_one_a_visit_gave(world: World) -> None:
    subject, seat = plan(world), api_as(world["community"])
    made = send(api_as(world["grid_worker"]), visit(subject))
    body = {"kind": "dwelling", "title": "改名", "grid": town.GRID, "form": "visit_rental", "version": 1}
    assert ok(seat.put(f"/api/field/visits/{subject['id']}", body))["next_date"] == made["next_date"]


def test_a_contact_is_taken_off_the_books_by_an_empty_one(world: World) -> None:
    subject, seat = plan(world), api_as(world["community"])
    body = {"kind": "dwelling", "title": "x", "grid": town.GRID, "form": "visit_rental", "version": 1}
    path = f"/api/field/visits/{subject['id']}"
    left = ok(seat.put(path, body | {"contact_name": "", "contact_phone": ""}))
    assert (left["contact_name"], left["contact_phone"]) == ("", "")
    with acting(Actor.system("test")):
        row = Subject.objects.get(pk=subject["id"])
        assert row.contact_name_sealed is None and row.contact_phone_sealed is None


def test_visits_end_with_their_basis(world: World) -> None:
    today = clock.today()
    plan(world, title="租约已到期", basis="租赁合同", until_date=str(today))
    plan(world, title="租约未到期", basis="租赁合同", until_date=str(today + timedelta(days=1)))
    worker = api_as(world["grid_worker"])
    assert titles(worker) == ["租约未到期"] and titles(worker, active=False, box="all") == ["租约已到期"]
    assert [one["title"] for one in ok(worker.get("/api/field/pack"))["visits"]] == ["租约未到期"]


def test_what_was_recorded_is_found_by_what_it_is_who_was_there_and_what_failed(world: World) -> None:
    worker, seat = api_as(world["grid_worker"]), api_as(world["street_seat"])
    send(worker, visit(plan(world)))
    failed = {"exits": "fail", "extinguishers": "pass", "electric": "pass", "charging": "pass"}
    sheet = {"form": "inspect_fire", "answers": failed, "subject_id": None, "address": "顺达便利店", "grid": town.GRID}
    send(worker, visit({"id": None}) | sheet)

    def found(**asked: Any) -> list[str]:
        return [row["form"] for row in ok(seat.get("/api/field/records", **asked))["items"]]

    assert sorted(found()) == ["inspect_fire", "visit_rental"]
    assert found(kind="visit") == ["visit_rental"] and found(failed=True) == found(kind="inspect") == ["inspect_fire"]
    assert found(q="201") == ["visit_rental"] and found(q="便利店") == ["inspect_fire"]
    assert len(found(q=world["grid_worker"].user.name)) == 2 and found(q="无此人") == []
    [row] = ok(seat.get("/api/field/records", kind="visit"))["items"]
    assert row["grid_name"] and seat.get("/api/field/records", kind="other").status_code == 422
    stranger = api_as(world["stranger_street_seat"])
    assert ok(stranger.get("/api/field/records"))["items"] == []
