"""Duty, terminals, who is where, tracks."""

from wangge.config.tests.access.base import FIELD, SEATS, R, Row
from wangge.core import clock
from wangge.core.ids import new_id

WATCHES = SEATS
KEEPS_TERMINALS = R({"street_seat", "administrator"})
READS_TRACKS = R({"street_seat", "commander"})

POSITIONS: dict[str, Row] = {
    "get_my_duty": Row(FIELD, "house"),
    "go_on_duty": Row(FIELD, "house", body=lambda t: {"id": str(new_id()), "happened_at": clock.now().isoformat()}),
    "go_off_duty": Row(
        R({"grid_worker"}), "case", "duty", lambda t: {"happened_at": clock.now().isoformat()}, sees=R(())
    ),
    "register_terminal": Row(FIELD, "house", body={"device": "phone-0001", "name": "HUAWEI"}),
    "give_tracker_key": Row(FIELD, "house"),
    "list_watched": Row(WATCHES, "list"),
    "map_watched": Row(WATCHES, "list"),
    "get_watched": Row(WATCHES, "place", "on_duty_post", sees=WATCHES),
    "list_terminals": Row(WATCHES | KEEPS_TERMINALS, "list"),
    "get_terminal_rate": Row(WATCHES, "list"),
    "bind_terminal": Row(KEEPS_TERMINALS, "place", "terminal", {}, sees=KEEPS_TERMINALS),
    "release_terminal": Row(KEEPS_TERMINALS, "place", "terminal", {}, sees=KEEPS_TERMINALS),
    "sign_out_terminal": Row(KEEPS_TERMINALS, "place", "terminal", {"reason": "手机遗失"}, sees=KEEPS_TERMINALS),
    "list_track_days": Row(WATCHES, "list", query={"day": "2026-01-01"}),
    "get_my_track": Row(R({"grid_worker"}), "own", query=lambda t: {"day": t.duty_day}),
    "read_track": Row(READS_TRACKS, "place", "on_duty_post", {"reason": "核实走访情况"}, sees=READS_TRACKS),
}
