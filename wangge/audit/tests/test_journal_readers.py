"""Readers of the journal: what a quiet house costs, and that quiet is not taken for deaf."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from wangge.core import clock, journal
from wangge.core.actor import Actor, acting
from wangge.core.journal import Batch, Entry, Read
from wangge.core.models import ReaderState
from wangge.testing.moments import at_moment
from wangge.testing.world import World


class Reader:
    def __init__(self, name: str) -> None:
        self.name = name
        self.handed: list[Read] = []

    def reads(self) -> int:
        return journal.read_once(self.name, self._take)

    def catches_up(self) -> None:
        while self.reads():
            pass
        self.handed.clear()

    def _take(self, batch: Batch) -> None:
        self.handed += batch.entries


@pytest.fixture
def reader(committed_world: World) -> Reader:
    made = Reader("listening")
    made.catches_up()
    return made


def happens(kind: str) -> None:
    by = Actor.system("test")
    with acting(by):
        journal.record(Entry(kind=kind, subject=("test", "1")), by=by, at=clock.now())


def test_a_quiet_house_is_asked_one_question_that_locks_nothing(reader: Reader) -> None:
    with CaptureQueriesContext(connection) as asked:
        assert reader.reads() == 0
    [only] = [query["sql"].strip().lower() for query in asked.captured_queries]
    assert only.startswith("select") and "for update" not in only


def test_what_is_written_after_a_quiet_while_is_handed_over_once(reader: Reader) -> None:
    assert reader.reads() == 0
    happens("something")
    assert reader.reads() == 1
    assert [entry.kind for entry in reader.handed] == ["something"]
    assert reader.reads() == 0


def test_a_reader_with_nothing_to_do_still_says_that_it_is_up_to_date(reader: Reader) -> None:
    later = clock.now() + timedelta(minutes=1)
    with at_moment(later):
        assert reader.reads() == 0
    assert ReaderState.objects.get(name=reader.name).as_of == later


def test_a_reader_that_stopped_is_not_taken_for_one_with_nothing_to_do(reader: Reader) -> None:
    def fails(batch: Batch) -> None:
        raise ValueError("of the test")

    happens("something")
    with pytest.raises(ValueError, match="of the test"):
        journal.read_once(reader.name, fails)
    with pytest.raises(journal.ReaderStopped):
        reader.reads()
    journal.resume(reader.name)
    assert reader.reads() == 1
