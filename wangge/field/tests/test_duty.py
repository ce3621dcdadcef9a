"""On and off duty, and the terminals people carry."""

from datetime import timedelta

import pytest
from django.conf import settings

from wangge.accounts.models import Session
from wangge.core import clock
from wangge.core.actor import Actor, acting
from wangge.core.errors import Invalid, NotAllowed, NotFound
from wangge.core.ids import new_id
from wangge.core.models import JournalEntry
from wangge.field.actions import duty, terminals
from wangge.field.actions.terminals import Registered
from wangge.field.models import DutySpan, Terminal
from wangge.testing.client import api_as
from wangge.testing.world import World

NOON = clock.now()


def on(world: World, *, ago: timedelta = timedelta(hours=1), key: str = "grid_worker") -> DutySpan:
    with acting(world[key].actor) as by:
        return duty.go_on_duty(duty_id=new_id(), happened_at=NOON - ago, by=by, at=NOON)


def kinds() -> list[str]:
    with acting(Actor.system("test")):
        return list(JournalEntry.objects.filter(kind__startswith="duty.").order_by("id").values_list("kind", flat=True))


def test_going_on_duty_sent_twice_is_one_time_on_duty(world: World) -> None:
    first = on(world)
    with acting(world["grid_worker"].actor) as by:
        again = duty.go_on_duty(duty_id=first.pk, happened_at=first.began_at, by=by, at=NOON + timedelta(minutes=5))
    assert again.pk == first.pk and kinds() == ["duty.began"]


def test_nobody_is_on_duty_twice_at_once(world: World) -> None:
    first = on(world)
    with pytest.raises(duty.OnDutyAlready) as refused:
        on(world)
    assert refused.value.data["duty_id"] == str(first.pk)
    with acting(world["grid_worker"].actor) as by:
        duty.go_off_duty(duty_id=first.pk, happened_at=NOON, by=by, at=NOON)
    with pytest.raises(duty.DutyOverlaps):
        on(world, ago=timedelta(minutes=30))


def test_the_clock_ends_what_was_forgotten_and_the_true_end_may_still_come(world: World) -> None:
    span = on(world, ago=timedelta(hours=2))
    later = span.began_at + settings.DUTY_LONGEST
    with acting(Actor.system("test")) as by:
        assert duty.end_longest(by=by, at=later - timedelta(seconds=1), limit=10) == 0
        assert duty.end_longest(by=by, at=later, limit=10) == 1
    with acting(world["grid_worker"].actor) as by:
        ended = duty.go_off_duty(duty_id=span.pk, happened_at=NOON, by=by, at=later + timedelta(hours=1))
        again = duty.go_off_duty(duty_id=span.pk, happened_at=NOON, by=by, at=later + timedelta(hours=2))
    assert (ended.ended_at, ended.ended_by) == (NOON, "self") and again.ended_at == NOON
    assert kinds() == ["duty.began", "duty.ended", "duty.ended"]


def test_a_clock_that_is_wrong_is_said(world: World) -> None:
    with pytest.raises(Invalid):
        on(world, ago=timedelta(hours=-1))
    with pytest.raises(Invalid):
        on(world, ago=timedelta(days=1))
    assert on(world, ago=timedelta(seconds=-60)).began_at == NOON, "a minute ahead is no fault"


def test_only_who_works_in_the_field_goes_on_duty_and_nobody_for_another(world: World) -> None:
    with pytest.raises(NotAllowed):
        on(world, key="street_seat")
    span = on(world)
    with acting(world["stranger_grid_worker"].actor) as by, pytest.raises(NotFound):
        duty.go_off_duty(duty_id=span.pk, happened_at=NOON, by=by, at=NOON)


def test_a_time_on_duty_is_seen_by_who_watches_there(world: World) -> None:
    on(world)
    seen = {}
    for key in ("grid_worker", "street_seat", "commander", "stranger_street_seat", "assessor", "stranger_grid_worker"):
        with acting(world[key].actor) as by:
            seen[key] = (DutySpan.objects.count(), DutySpan.objects.visible_to(by).count())
    assert seen == {
        "grid_worker": (1, 1),
        "street_seat": (1, 1),
        "commander": (1, 1),
        "stranger_street_seat": (0, 0),
        "assessor": (0, 0),
        "stranger_grid_worker": (0, 0),
    }, "by policy and by query alike"


def register(world: World, key: str = "grid_worker", device: str = "phone-1") -> Terminal:
    with acting(world[key].actor) as by:
        return terminals.register_terminal(phone=Registered(device=device, name="HUAWEI", version="1"), by=by, at=NOON)


def test_the_first_phone_of_a_post_is_bound_and_another_one_waits(world: World) -> None:
    first, second = register(world), register(world, device="phone-2")
    assert first.bound_at == NOON and first.grid == "320104001001001" and second.bound_at is None
    assert register(world).pk == first.pk
    other = register(world, "stranger_grid_worker", device="phone-1")
    assert other.bound_at is None, "it is another's"
    with acting(world["street_seat"].actor) as by:
        terminals.bind_terminal(terminal_id=second.pk, by=by, at=NOON)
    with acting(Actor.system("test")):
        assert Terminal.objects.get(pk=first.pk).released_at == NOON
        assert Terminal.objects.get(pk=second.pk).bound_at == NOON


def test_the_phone_that_another_replaces_is_signed_out(world: World) -> None:
    first, second = register(world), register(world, device="phone-2")
    old = api_as(world["grid_worker"])
    with acting(Actor.system("test")):
        ids = list(Session.objects.filter(user=world["grid_worker"].user).values_list("pk", flat=True))
        Terminal.objects.filter(pk=first.pk).update(session_ids=ids)
    with acting(world["street_seat"].actor) as by:
        terminals.bind_terminal(terminal_id=second.pk, by=by, at=NOON)
    assert old.get("/api/session").status_code == 401


def test_a_device_bound_outside_ones_sight_is_said_to_be_so(world: World) -> None:
    register(world, "stranger_grid_worker", device="phone-1")
    mine = register(world)
    with acting(world["street_seat"].actor) as by, pytest.raises(terminals.CarriedElsewhere):
        terminals.bind_terminal(terminal_id=mine.pk, by=by, at=NOON)


def test_a_terminal_that_changes_hands_keeps_its_history(world: World) -> None:
    first = register(world)
    with acting(world["street_seat"].actor) as by:
        to = world["grid_chief"].post.pk
        given = terminals.bind_terminal(terminal_id=first.pk, post_id=to, by=by, at=NOON)
        assert (given.device, given.post_id, given.bound_at) == ("phone-1", to, NOON) and given.pk != first.pk
        with pytest.raises(terminals.TerminalReleased):
            terminals.bind_terminal(terminal_id=first.pk, by=by, at=NOON)
        with pytest.raises(NotFound):
            outside = world["stranger_grid_worker"].post.pk
            terminals.bind_terminal(terminal_id=given.pk, post_id=outside, by=by, at=NOON)


def test_a_lost_phone_is_signed_out_from_afar_and_locates_nobody_any_more(world: World) -> None:
    span = on(world)
    terminal = register(world)
    phone = api_as(world["grid_worker"])
    assert phone.get("/api/session").status_code == 200
    with acting(Actor.system("test")):
        ids = list(Session.objects.filter(user=world["grid_worker"].user).values_list("pk", flat=True))
        Terminal.objects.filter(pk=terminal.pk).update(session_ids=ids)
    with acting(world["street_seat"].actor) as by:
        terminals.sign_out_terminal(terminal_id=terminal.pk, reason="手机遗失", by=by, at=NOON)
    assert phone.get("/api/session").status_code == 401
    with acting(Actor.system("test")):
        assert DutySpan.objects.get(pk=span.pk).ended_by == "office"


def test_a_trackers_key_is_kept_as_a_hash_and_a_new_one_ends_it(world: World) -> None:
    with acting(world["grid_worker"].actor) as by:
        first = terminals.give_tracker_key(by=by, at=NOON)
        second = terminals.give_tracker_key(by=by, at=NOON)
    with acting(Actor.system("test")):
        old = Terminal.objects.get(pk=first.terminal.pk)
        assert old.key_hash is None and old.released_at == NOON
        assert second.key.encode() not in bytes(Terminal.objects.get(pk=second.terminal.pk).key_hash or b"")
    with acting(world["grid_worker"].actor) as by, pytest.raises(NotAllowed):
        terminals.give_tracker_key(by=by, at=NOON, post_id=world["grid_chief"].post.pk)
