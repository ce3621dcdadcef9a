"""Which positions are kept, what is said of them, and that storing loses nothing."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as some

from wangge.field.rules.points import Odd, Point, Refusal, Screened, pack, screen, unpack

NOON = 1_790_000_000_000
HOUR = 3_600_000
DUTY = [(NOON - HOUR, NOON + HOUR)]


def at(seconds: float, lon: float = 118.8, lat: float = 32.0, accuracy: float = 8.0, odd: Odd = Odd.NOTHING) -> Point:
    return Point(NOON + round(seconds * 1000), lon, lat, accuracy, odd=odd)


def screened(*points: Point, sent: int = NOON, received: int = NOON, last: Point | None = None) -> Screened:
    return screen(points, sent_ms=sent, received_ms=received, duty=DUTY, last=last)


def test_points_are_kept_in_order_of_their_own_time() -> None:
    found = screened(at(-10), at(-30), at(-20))
    assert [point.ms - NOON for point in found.kept] == [-30_000, -20_000, -10_000]
    assert not found.refused


def test_a_batch_sent_twice_adds_nothing() -> None:
    first = screened(at(-20), at(-10))
    again = screened(at(-20), at(-10), at(-10), last=first.kept[-1])
    assert again.kept == [at(-20)]  # what came before the newest is known by the batch, not by the time
    assert again.refused == Counter({Refusal.TWICE: 2})


@pytest.mark.parametrize(
    ("point", "why"),
    [
        (at(0, 0.0, 0.0), Refusal.NO_PLACE),
        (at(0, float("nan")), Refusal.NO_PLACE),
        (at(0, 181.0), Refusal.NO_PLACE),
        (at(0, accuracy=-1.0), Refusal.NO_PLACE),
        (at(600), Refusal.FUTURE),
        (at(-7200), Refusal.OFF_DUTY),
    ],
)
def test_what_is_refused_is_counted_by_its_reason(point: Point, why: Refusal) -> None:
    found = screened(at(-20), point)
    assert found.kept == [at(-20)]
    assert found.refused == Counter({why: 1})


def test_a_clock_that_is_a_day_wrong_is_put_right_and_flagged() -> None:
    day = 24 * HOUR
    found = screened(at(-10 - 86_400), at(-86_400), sent=NOON - day)
    assert [point.ms - NOON for point in found.kept] == [-10_000, 0]
    assert all(point.odd & Odd.CLOCK for point in found.kept)
    assert found.shift_ms == day


def test_a_clock_a_minute_off_is_left_alone() -> None:
    assert screened(at(-60), sent=NOON - 60_000).shift_ms == 0


def test_a_jump_is_flagged_and_the_next_point_is_measured_from_the_last_sound_one() -> None:
    found = screened(at(-30), at(-20, lon=118.9), at(-10))
    assert [point.odd for point in found.kept] == [Odd.NOTHING, Odd.JUMP, Odd.NOTHING]


def test_a_jump_after_the_batch_before_is_seen() -> None:
    assert screened(at(-10, lon=118.9), last=at(-20)).kept[0].odd == Odd.JUMP


def test_nothing_is_measured_from_a_jump() -> None:
    assert screened(at(-10), last=at(-20, lon=118.9, odd=Odd.JUMP)).kept[0].odd == Odd.NOTHING


def test_what_both_places_may_be_wrong_by_is_no_jump() -> None:
    found = screened(at(-20, accuracy=90.0), at(-19, lon=118.8015, accuracy=90.0))
    assert [point.odd for point in found.kept] == [Odd.NOTHING, Odd.NOTHING]


def test_coarse_late_and_mock_are_flagged_and_kept() -> None:
    found = screened(at(-1800, accuracy=900.0, odd=Odd.MOCK))
    assert found.kept[0].odd == Odd.COARSE | Odd.LATE | Odd.MOCK


def test_a_phone_cannot_claim_flags_that_are_ours() -> None:
    assert screened(at(-10, odd=Odd.JUMP | Odd.CLOCK)).kept[0].odd == Odd.NOTHING


points = some.builds(
    Point,
    ms=some.integers(NOON, NOON + HOUR),
    lon=some.floats(-180, 180),
    lat=some.floats(-90, 90),
    accuracy=some.floats(0, 6000),
    speed=some.floats(0, 300),
    odd=some.sampled_from([Odd.NOTHING, Odd.JUMP, Odd.MOCK | Odd.LATE]),
)


@given(some.lists(points, max_size=400).map(lambda some: sorted(some, key=lambda one: one.ms)))
def test_what_is_stored_comes_back(before: list[Point]) -> None:
    after = unpack(pack(before))
    assert [(one.ms, one.odd) for one in after] == [(one.ms, one.odd) for one in before]
    for one, other in zip(after, before, strict=True):
        assert abs(one.lon - other.lon) <= 1e-6
        assert abs(one.lat - other.lat) <= 1e-6
        assert abs(one.accuracy - other.accuracy) <= 0.051
        assert abs(one.speed - other.speed) <= 0.051


@pytest.mark.parametrize(
    "torn", [b"", b"\x01", b"\x02\x00\x00x\x9c", pack([at(0)])[:-3], b"\x01\x05\x00" + pack([at(0)])[3:]]
)
def test_a_torn_batch_is_said_to_be_one(torn: bytes) -> None:
    with pytest.raises(ValueError, match="not a batch"):
        unpack(torn)


def test_an_hour_of_walking_is_stored_in_little() -> None:
    hour = [at(10 * index, 118.8 + 1.3e-5 * index, 32.0 + 0.4e-5 * index) for index in range(360)]
    assert len(pack(hour)) < 360 * 6
