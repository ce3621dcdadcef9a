"""People at work against a real server: lifecycles end, and every answer is there, once."""

import http.client
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

import pytest

from wangge.demo.plan import PASSWORD
from wangge.demo.simulate import directory, report, verify
from wangge.demo.simulate.browser import Browser
from wangge.demo.simulate.directory import NoDistrict
from wangge.demo.simulate.laps import Laps, run_laps
from wangge.demo.simulate.ledger import Known, Ledger
from wangge.demo.simulate.run import Wish, simulate


@pytest.mark.long
def test_lifecycles_end_and_every_answer_is_there_once(server: str) -> None:
    outcome = run_laps(Laps(url=server, count=5, connections=3))
    assert outcome.is_good, outcome.lines
    assert outcome.ledger.completed == 5
    assert outcome.ledger.calls["rate"] == 5


@pytest.mark.long
def test_everybody_at_their_desk_brings_cases_to_their_end(server: str) -> None:
    outcome = simulate(Wish(url=server, hours=24, speed=1500, rate=40, seed=3, until=4))
    assert outcome.is_good, outcome.lines
    assert outcome.ledger.completed >= 4
    assert outcome.lines[-1].startswith(str(len(outcome.ledger.cases)))


@pytest.mark.parametrize(
    ("language", "says", "not_said"), [("zh", "全程办结 1", "lifecycles"), ("en", "completed 1", "办结")]
)
def test_the_report_speaks_the_language_of_the_terminal(
    language: str, says: str, not_said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WANGGE_LANG", language)
    ledger = Ledger(60.0)
    ledger.reported("1", "WG1")
    ledger.moved("WG1", "settle", ends=True)
    ledger.call("report", 201, "", 0.01)
    told = "\n".join(report.lines(ledger, hours=1, faults=[], killed=[], problems=[]))
    assert says in told and not_said not in told


@pytest.mark.long
def test_an_answer_that_is_not_there_or_there_twice_is_told(server: str) -> None:
    with closing(directory.read(server, Ledger(1))) as known:
        place = known.places[0]
        body = {"source": "telephone", "title": "演示", "lon": place.lon, "lat": place.lat, "accept": True}
        case = known.seat.post("/api/cases", "report", body | {"category_id": known.categories["1004"]["id"]}).body
        assert verify.missing(known.seat, [_known(case, report=1, accept=1)]) == []
        assert "accept 应答 2 次" in verify.missing(known.seat, [_known(case, report=1, accept=2)])[0]
        lost = Known("", "WG32019920200101000000", 0.0)
        assert "找到 0 次" in verify.missing(known.seat, [lost])[0]


@pytest.mark.long
def test_an_answer_lost_on_the_way_is_asked_for_again_and_done_once(server: str) -> None:
    ledger = Ledger(1)
    with closing(directory.read(server, ledger)) as known, losing_the_first_answer(server, "/api/cases") as proxy:
        place = known.places[0]
        body = {"source": "walk_in", "title": "只记一次的事", "lon": place.lon, "lat": place.lat}
        with closing(Browser(proxy, ledger, username=directory.SEAT, password=PASSWORD)) as seat:
            answer = seat.post("/api/cases", "report", body)
        assert answer.status == 201 and ledger.retries == 1
        assert verify.missing(known.seat, [_known(answer.body, report=1)]) == []
        titled = known.seat.get("/api/cases", "list", q="只记一次的事").body["items"]
        assert [row["id"] for row in titled] == [answer.body["id"]]


@pytest.mark.long
def test_nobody_works_where_the_seat_cannot_sign_in(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(directory, "PASSWORD", "another-password")
    with pytest.raises(NoDistrict):
        directory.read(server, Ledger(1))


@pytest.mark.long
@pytest.mark.timeout(420)
def test_a_working_day_in_minutes(server: str) -> None:
    outcome = simulate(Wish(url=server, hours=8, speed=240, rate=40, seed=5))
    assert outcome.is_good, outcome.lines
    assert outcome.ledger.completed > 60
    moves = Counter[str]()
    for known in outcome.ledger.cases.values():
        moves += known.moves
    assert moves["settle"] and moves["dispatch"] and moves["close"] and moves["hand_up"]


def _known(case: dict[str, Any], **moves: int) -> Known:
    return Known(case["id"], case["number"], 0.0, Counter(moves))


@contextmanager
def losing_the_first_answer(server: str, path: str) -> Iterator[str]:
    """A way to the server on which the first answer to a POST of `path` is lost."""
    there = urlsplit(server)
    lost = threading.Event()

    class Way(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _pass_on(self) -> None:
            content = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            beyond = http.client.HTTPConnection(there.hostname or "", there.port)
            beyond.request(self.command, self.path, content, dict(self.headers))
            answer = beyond.getresponse()
            text = answer.read()
            beyond.close()
            if self.command == "POST" and self.path == path and not lost.is_set():
                lost.set()
                self.close_connection = True
                return
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                if name.lower() in ("set-cookie", "content-type"):
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        do_GET = do_POST = _pass_on

        def log_message(self, format: str, *args: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Way) as way:
        thread = threading.Thread(target=way.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{way.server_address[1]}"
        finally:
            way.shutdown()
            thread.join()
    assert lost.is_set()
