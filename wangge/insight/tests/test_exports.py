"""Exports through the API: made by the worker, as the person sees it, for that person alone."""

import csv
import io
from datetime import timedelta
from typing import Any

import openpyxl
import pytest

from wangge.cases import rollups
from wangge.cases.rules.states import State
from wangge.cases.tests.factories import make_case
from wangge.cases.tests.history import SYSTEM
from wangge.cases.tests.test_evidence import body_of
from wangge.core import clock
from wangge.core.actor import acting
from wangge.core.models import JournalEntry
from wangge.insight import files
from wangge.insight.actions.exports import expire_old, make_next
from wangge.insight.models import Export
from wangge.testing import town
from wangge.testing.client import Api, api_as
from wangge.testing.world import World


def ask(api: Api, kind: str = "cases", status: int = 201, **body: Any) -> Any:
    answer = api.post(f"/api/exports/{kind}", {"format": "csv", "title": "清单"} | body)
    assert answer.status_code == status, answer.content.decode()
    return answer.json()


def make() -> None:
    while make_next(at=clock.now()):
        pass


def fetched(api: Api, job: Any) -> bytes:
    answer = api.get(f"/api/exports/{job['id']}/file")
    assert answer.status_code == 200, answer.content.decode()
    return body_of(answer)


def lines(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


@pytest.fixture
def cases(committed_world: World) -> World:
    with acting(SYSTEM):
        make_case(committed_world, title="=cmd|calc", code="320104001001001", phone="13951990001", reporter="王某")
        make_case(committed_world, State.CLOSED, title="路灯不亮", code="320104001001001")
        make_case(committed_world, title="别的街道", code=town.OTHER_GRID, holder=town.OTHER_STREET)
    return committed_world


def test_a_list_is_made_as_its_owner_sees_it_and_says_whose_copy_it_is(cases: World) -> None:
    seat = api_as(cases["street_seat"])
    job = ask(seat, title="街道清单")
    assert job["state"] == "waiting"
    assert seat.get(f"/api/exports/{job['id']}/file").status_code == 409
    make()
    [done] = seat.get("/api/exports").json()["items"]
    assert done["state"] == "ready" and done["done"] == 2 and done["expires_at"]
    content = fetched(seat, job)
    mark, headings, *rows = lines(content)
    assert cases["street_seat"].actor.name in mark[0] and "街道清单" in mark[0] and len(headings) == 21
    assert sorted(row[1] for row in rows) == ["'=cmd|calc", "路灯不亮"], "of its own street, and no formula"
    assert "13951990001" not in content.decode()


def test_a_table_is_its_owners_alone_and_each_fetching_is_on_the_journal(cases: World) -> None:
    seat = api_as(cases["street_seat"])
    job = ask(seat, filters={"phone": "13951990001", "code": "320104001"})
    make()
    fetched(seat, job)
    for other in ("district_seat", "commander", "auditor"):
        assert api_as(cases[other]).get(f"/api/exports/{job['id']}/file").status_code in (403, 404), other
        assert api_as(cases[other]).get("/api/exports").json().get("items", []) == [], other
    kinds = list(JournalEntry.objects.filter(subject_id=job["id"]).order_by("id").values_list("kind", flat=True))
    assert kinds == ["cases.exported", "export.ended", "export.fetched"]
    kept = JournalEntry.objects.get(kind="cases.exported").data
    assert kept["filters"] == {"code": "320104001"} and kept["searched"] is True
    assert "13951990001" not in str(bytes(Export.objects.get().asked_sealed))


def test_an_analysis_leaves_as_a_sheet_and_as_paper(cases: World) -> None:
    rollups.rebuild()
    seat, today = api_as(cases["street_seat"]), clock.today()
    asked = {"by": "source", "since": str(today - timedelta(days=6)), "until": str(today + timedelta(days=1))}
    sheet = ask(seat, "analysis", format="xlsx", title="来源分析", asked=asked)
    paper = ask(seat, "analysis", format="pdf", title="来源分析", asked=asked)
    make()
    book = openpyxl.load_workbook(io.BytesIO(fetched(seat, sheet)))
    rows = list(book.worksheets[0].values)
    assert "来源分析" in str(rows[0][0]) and rows[1][:2] == ("来源", "上报")
    assert rows[2][:2] == ("来电", 2) and rows[-1][:2] == ("合计", 2)
    assert fetched(seat, paper).startswith(b"%PDF")


def test_a_post_that_has_ended_gets_no_table(cases: World) -> None:
    person = cases["street_seat"]
    job = ask(api_as(person))
    with acting(SYSTEM):
        person.post.revoked_at = clock.now()
        person.post.save(update_fields=["revoked_at"])
    make()
    with acting(SYSTEM):
        row = Export.objects.get(pk=job["id"])
    assert row.state == "failed" and row.problem and not files.path_of(row).exists()


def test_an_expired_table_is_gone(cases: World) -> None:
    seat = api_as(cases["street_seat"])
    job = ask(seat)
    make()
    with acting(SYSTEM):
        row = Export.objects.get(pk=job["id"])
        later = clock.now() + timedelta(days=4)
        assert files.path_of(row).exists() and expire_old(at=later, limit=100) == 1
    assert not files.path_of(row).exists()
    assert seat.get(f"/api/exports/{job['id']}/file").status_code == 409
    assert seat.get("/api/exports").json()["items"][0]["state"] == "expired"
    with acting(SYSTEM):
        expire_old(at=later + timedelta(days=40), limit=100)
    assert seat.get("/api/exports").json()["items"] == []


def test_what_was_asked_is_forgotten_with_the_making_failed_or_not(cases: World) -> None:
    person = cases["street_seat"]
    ask(api_as(person), filters={"phone": "13951990001"})
    make()
    ask(api_as(person), filters={"phone": "13951990001"})
    with acting(SYSTEM):
        person.post.revoked_at = clock.now()
        person.post.save(update_fields=["revoked_at"])
    make()
    with acting(SYSTEM):
        kept = {row.state: bytes(row.asked_sealed) for row in Export.objects.all()}
        assert kept == {"ready": b"", "failed": b""}
        for _ in range(2):
            expire_old(at=clock.now() + timedelta(days=40), limit=100)
        assert not Export.objects.exists()


def test_nobody_fills_the_worker_alone(cases: World) -> None:
    seat = api_as(cases["street_seat"])
    for _ in range(3):
        ask(seat)
    assert ask(seat, status=409)["code"] == "export.too_many_waiting"
    ask(api_as(cases["district_seat"]))


def test_one_left_behind_by_a_killed_worker_is_made_again(cases: World) -> None:
    seat = api_as(cases["street_seat"])
    job = ask(seat)
    with acting(SYSTEM):
        Export.objects.update(state="running", told_at=clock.now() - timedelta(minutes=5))
    assert make_next(at=clock.now()) is False
    with acting(SYSTEM):
        Export.objects.update(told_at=clock.now() - timedelta(hours=1))
    make()
    assert fetched(seat, job)


def test_one_that_kills_its_maker_each_time_is_given_up(cases: World) -> None:
    seat = api_as(cases["street_seat"])
    job = ask(seat)
    with acting(SYSTEM):
        Export.objects.update(state="running", tries=3, told_at=clock.now() - timedelta(hours=1))
    make()
    [done] = seat.get("/api/exports").json()["items"]
    assert (done["id"], done["state"]) == (job["id"], "failed") and done["problem"]


def test_an_auditor_by_place_finds_who_exported(cases: World) -> None:
    seat = api_as(cases["street_seat"])
    job = ask(seat)
    make()
    fetched(seat, job)
    rows = api_as(cases["auditor"]).get("/api/journal", code=town.STREET, what="reading").json()["items"]
    assert [row["kind"] for row in rows] == ["export.fetched", "cases.exported"]


def test_without_the_right_to_export_nothing_is_asked(cases: World) -> None:
    assert ask(api_as(cases["grid_worker"]), status=403)["code"] == "not_allowed"
