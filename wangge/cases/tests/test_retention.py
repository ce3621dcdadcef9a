"""What ends by time alone: closed cases are put away, loose evidence goes with its bytes, kept evidence stays."""

import io
import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from wangge.cases import files, rollups, tasks
from wangge.cases.actions.retention import archive_ended
from wangge.cases.actions.review import REOPEN_WITHIN
from wangge.cases.models import Attachment, Case, DayByPlace
from wangge.cases.tests import made
from wangge.core import clock
from wangge.core.actor import Actor, acting
from wangge.core.ids import new_id
from wangge.core.models import Idempotency, JournalEntry
from wangge.core.tasks import forget_answers
from wangge.testing.client import api_as
from wangge.testing.world import World

SYSTEM = Actor.system("test")
LONG_AGO = timedelta(hours=73)


def closed(world: World, ago: timedelta) -> Case:
    case = made.reported(world, 1, at=clock.now() - ago)[0]
    Case.objects.filter(pk=case.pk).update(state="closed", outcome="solved", closed_at=clock.now() - ago)
    return case


def test_closed_cases_are_archived_after_the_reopen_window(world: World) -> None:
    over = closed(world, REOPEN_WITHIN + timedelta(hours=1))
    within = closed(world, REOPEN_WITHIN - timedelta(hours=1))
    while tasks.archive():
        pass
    row = Case.objects.get(pk=over.pk)
    assert row.state == "archived" and row.archived_at is not None
    assert Case.objects.get(pk=within.pk).state == "closed"
    assert list(JournalEntry.objects.filter(kind="case.archive").values_list("subject_id", flat=True)) == [str(over.pk)]


def refused(world: World, ago: timedelta) -> Case:
    seat, case = api_as(world["street_seat"]), made.reported(world, 1, at=clock.now())[0]
    answer = seat.post(f"/api/cases/{case.pk}/refuse", {"reason": "不属于受理范围"})
    assert answer.status_code == 200, answer.content
    Case.objects.filter(pk=case.pk).update(refused_at=clock.now() - ago)
    return case


def test_refused_cases_are_archived_after_the_window_for_complaints(world: World) -> None:
    over = refused(world, REOPEN_WITHIN + timedelta(hours=1))
    within = refused(world, REOPEN_WITHIN - timedelta(hours=1))
    while tasks.archive():
        pass
    row = Case.objects.get(pk=over.pk)
    assert (row.state, row.outcome, row.closed_at) == ("archived", "", None), "it was never closed"
    assert row.archived_at is not None and Case.objects.get(pk=within.pk).state == "refused"
    assert list(JournalEntry.objects.filter(kind="case.archive").values_list("subject_id", flat=True)) == [str(over.pk)]
    shown = api_as(world["street_seat"]).get(f"/api/cases/{over.pk}").json()
    assert [step["kind"] for step in shown["steps"]][-2:] == ["refuse", "archive"]


def test_closed_and_refused_share_the_batch(world: World) -> None:
    for make in (closed, refused, refused):
        make(world, REOPEN_WITHIN + timedelta(days=1))
    for left in (2, 1, 0, 0):
        with acting(SYSTEM):
            archive_ended(by=SYSTEM, at=clock.now(), limit=1)
        assert Case.objects.exclude(state="archived").count() == left


def test_an_archived_refusal_is_counted_as_neither_open_nor_closed(committed_world: World) -> None:
    refused(committed_world, REOPEN_WITHIN + timedelta(days=1))
    tasks.archive()
    assert rollups.check() == []
    day = DayByPlace.objects.get(code="")
    assert (day.reported, day.closed) == (1, 0)


def test_a_centre_may_put_a_refused_case_away_by_hand(world: World) -> None:
    case = refused(world, timedelta(days=1))
    assert api_as(world["commander"]).post(f"/api/cases/{case.pk}/archive", {}).status_code == 200
    assert Case.objects.get(pk=case.pk).state == "archived"


@pytest.fixture
def store(settings: Any, tmp_path: Path) -> None:
    settings.FILES = tmp_path


def piece(content: bytes, ago: timedelta, case: Case | None = None) -> Attachment:
    sha = files.originals().put(io.BytesIO(content)).sha256
    place = files.originals()._place(sha)
    then = (clock.now() - ago).timestamp()
    os.utime(place, (then, then))
    row = Attachment(
        id=new_id(),
        case=case,
        kind="picture",
        name="a.jpg",
        mime="image/jpeg",
        size=len(content),
        sha256=sha,
        served_sha256=sha,
        at=clock.now() - ago,
    )
    with acting(SYSTEM):
        Attachment.objects.bulk_create([row])
    return row


def test_loose_evidence_goes_with_its_bytes(world: World, store: None) -> None:
    case = made.reported(world, 1, at=clock.now())[0]
    loose, fresh = piece(b"loose", LONG_AGO), piece(b"fresh", timedelta(hours=1))
    kept, shared = piece(b"kept", LONG_AGO, case), piece(b"kept", LONG_AGO)
    tasks.loose_evidence()
    with acting(SYSTEM):
        assert set(Attachment.objects.values_list("pk", flat=True)) == {fresh.pk, kept.pk}
    assert not files.originals().has(loose.sha256)
    assert files.originals().has(fresh.sha256) and files.originals().has(shared.sha256)


def test_bytes_sent_again_a_moment_ago_are_left_alone(world: World, store: None) -> None:
    """The row that names them may be about to commit."""
    loose = piece(b"again", LONG_AGO)
    files.originals().put(io.BytesIO(b"again"))
    tasks.loose_evidence()
    assert files.originals().has(loose.sha256)


def test_answers_to_repeated_requests_are_kept_for_a_day(db: None) -> None:
    for ago in (timedelta(hours=23), LONG_AGO):
        Idempotency.objects.create(
            key=new_id(), owner="x", fingerprint=b"", status=200, answer={}, at=clock.now() - ago
        )
    forget_answers()
    assert Idempotency.objects.count() == 1
