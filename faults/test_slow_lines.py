"""More phones on a line that hardly carries than the house has hands: desks go on, and what they send arrives whole."""

import json
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest

from faults.client import PLACE, call
from faults.house import House
from wangge.core.ids import new_id
from wangge.testing.client import CSRF

PHONES = 40
WAITING = """
select count(*) from pg_stat_activity
 where datname = 'wangge' and usename = 'wangge_app' and state = 'idle in transaction' and xact_start < %s
"""  # not those of the worker, which has just begun as well


@contextmanager
def half_sent(house: House, title: str) -> Iterator["tuple[socket.socket, bytes]"]:
    """A report whose body has only begun to come, and the rest of it."""
    body = json.dumps({"source": "telephone", "title": title, **PLACE, "category_id": house.category}).encode()
    headers = [
        "POST /api/cases HTTP/1.1",
        f"Host: 127.0.0.1:{house.port}",
        f"Cookie: wangge_session={house.tokens['street_seat']}; csrftoken={CSRF}",
        f"X-CSRFToken: {CSRF}",
        f"Idempotency-Key: {new_id()}",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
        "Connection: close",
    ]
    with socket.create_connection(("127.0.0.1", house.port), timeout=60) as line:
        line.sendall("\r\n".join(headers).encode() + b"\r\n\r\n" + body[:20])
        yield line, body[20:]


@pytest.fixture
def phones(own_house: House) -> Iterator[list[tuple[socket.socket, bytes]]]:
    with ExitStack() as open_lines:
        yield [open_lines.enter_context(half_sent(own_house, f"慢线路上报 {one}")) for one in range(PHONES)]


def test_desks_are_served_while_bodies_come_slowly_and_no_transaction_waits_for_them(
    own_house: House, phones: list[tuple[socket.socket, bytes]]
) -> None:
    for turn in range(30):  # longer than any of them would have been let in
        assert call(own_house, "street_seat", "GET", "/api/session").status == 200
        if turn == 0:
            [(all_sending,)] = own_house.ask("select now()")
    body = {"source": "telephone", "title": "快线路上报", **PLACE, "category_id": own_house.category}
    assert call(own_house, "street_seat", "POST", "/api/cases", body, new_id()).status == 201
    assert own_house.ask(WAITING, all_sending) == [(0,)]
    for line, rest in phones:
        line.sendall(rest)
    answers = [line.recv(1000).split(b"\r\n", 1)[0] for line, _ in phones]
    assert answers == [b"HTTP/1.1 201 Created"] * PHONES
    [(arrived,)] = own_house.ask("select count(*) from cases_case where title like '慢线路上报 %%'")
    assert arrived == PHONES


def test_who_hangs_up_in_the_middle_leaves_nothing_behind(own_house: House) -> None:
    with half_sent(own_house, "说到一半断线"):
        pass
    assert call(own_house, "street_seat", "GET", "/api/session").status == 200
    assert own_house.ask("select count(*) from cases_case where title = '说到一半断线'") == [(0,)]
