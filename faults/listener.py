"""Listens to a house's live feed as a seat's page does."""

import threading
from http.client import HTTPConnection, HTTPException
from types import TracebackType

from faults.house import House


class Listener:
    def __init__(self, house: House, who: str) -> None:
        self._connection = HTTPConnection("127.0.0.1", house.live_port, timeout=60)
        cookie = f"wangge_session={house.tokens[who]}"
        origin = f"http://127.0.0.1:{house.port}"
        self._headers = {"Cookie": cookie, "Origin": origin, "Accept": "text/event-stream"}
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._lines: list[str] = []
        self.is_open = False

    def __enter__(self) -> "Listener":
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._connection.sock is not None:
            self._connection.sock.shutdown(2)
        self._thread.join(10)
        self._connection.close()

    def times_told(self, case_id: str) -> int:
        """In how many data lines of the feed this case stands."""
        return sum(case_id in line for line in list(self._lines) if line.startswith("data:"))

    def words(self) -> str:
        return "\n".join(line for line in self._lines if line and not line.startswith(":"))

    def _listen(self) -> None:
        try:
            self._connection.request("GET", "/live/feed", headers=self._headers)
            answer = self._connection.getresponse()
            self._lines.append(f"status {answer.status}")
            while line := answer.readline():
                self.is_open = answer.status == 200
                self._lines.append(line.decode().rstrip())
        except (OSError, HTTPException, ValueError, AttributeError) as ended:
            self._lines.append(f"ended: {ended!r}")
