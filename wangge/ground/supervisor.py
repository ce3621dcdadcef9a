"""Keeps children running until it is told to stop, and then stops them in order, the database last.

It never imports Django: it stays when everything else is restarted, and should cost little.
"""

import os
import select
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from wangge.either import either
from wangge.ground import logs
from wangge.ground.child import Child, die_with
from wangge.ground.cluster import Cluster
from wangge.ground.words import Fault, tell

PULSE_S = 1.0  # a cluster we did not start ourselves sends no SIGCHLD; and logs are looked at
PATIENCE_S = 8.0  # for open requests; then the process group is killed
LOGS_EVERY_S = 60.0


class Stopped(Exception):
    """Ctrl-C or SIGTERM came while preparing."""


class Supervisor:
    def __init__(self, cluster: Cluster | None) -> None:
        self.cluster = cluster
        self.children: list[Child] = []
        self.stopping = False
        self._wake: int | None = None

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Signals are taken note of, never acted on in a handler: each stage ends where it can."""
        reading, writing = os.pipe()
        os.set_blocking(reading, False)
        os.set_blocking(writing, False)
        self._wake = reading
        before = {order: signal.signal(order, self._note) for order in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
        before[signal.SIGCHLD] = signal.signal(signal.SIGCHLD, lambda *_: None)
        wakeup = signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
        try:
            yield
        finally:
            signal.set_wakeup_fd(wakeup)
            for order, handler in before.items():
                signal.signal(order, handler)
            os.close(reading)
            os.close(writing)
            self._wake = None

    def run_step(self, command: list[str], environment: dict[str, str]) -> None:
        """One preparation to its end, its progress shown to the person. Raises Stopped, or Fault when it fails."""
        parent = os.getpid()
        process = subprocess.Popen(
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=lambda: die_with(parent),  # one thread, so safe; a second start would run it beside this one
        )
        while process.poll() is None:
            self.pause(PULSE_S)
            if self.stopping:
                process.terminate()
                process.wait()
                raise Stopped
        if process.returncode != 0:
            words = " ".join(command[2:])
            raise Fault(f"{words} 没有成功,原因见上。", f"{words} did not succeed; see above.")

    def pause(self, seconds: float) -> None:
        """Until a signal comes, at most so long."""
        if self._wake is None or self.stopping:
            return
        select.select([self._wake], [], [], seconds)
        try:
            while os.read(self._wake, 512):
                pass
        except BlockingIOError:
            return

    def watch(self) -> None:
        """Returns when told to stop."""
        logs_at = time.monotonic() + LOGS_EVERY_S
        while not self.stopping:
            self.revive()
            if time.monotonic() > logs_at:
                logs_at = time.monotonic() + LOGS_EVERY_S
                self.keep_logs_small()
            self.pause(self._until_next())

    def revive(self) -> None:
        """The database first: what needs it dies without it and comes back after it."""
        if self.cluster is not None and self.cluster.pid() is None and not self.stopping:
            tell("数据库已停止,正在恢复…", "the database died; recovering it…")
            try:
                self.cluster.start()
                tell("数据库已恢复", "the database is back")
            except (Fault, OSError) as fault:  # a full disk among them: what runs goes on
                tell(f"数据库恢复失败,将再试:{fault}", f"the database does not come back, trying again: {fault}")
        for child in self.children:
            self._revive(child)

    def keep_logs_small(self) -> None:
        for log in [child.log for child in self.children] + ([self.cluster.log] if self.cluster else []):
            logs.keep_small(log)

    def stop_children(self) -> None:
        for child in self.children:
            child.stop(PATIENCE_S)

    def _revive(self, child: Child) -> None:
        code = child.death()
        if code is not None and child.starts_again_at is not None:
            delay = child.starts_again_at - time.monotonic()
            tell(
                f"{child.name} 已退出({_how(code)}),{delay:.1f} 秒后重启;日志 {child.log}",
                f"{child.name} ended ({_how(code)}), starting again in {delay:.1f} s; log {child.log}",
            )
        if child.starts_again_at is not None and time.monotonic() >= child.starts_again_at:
            try:
                child.start()
            except OSError as error:
                child.start_later()
                tell(f"{child.name} 起不来,将再试:{error}", f"{child.name} does not start, trying again: {error}")
            else:
                tell(f"{child.name} 已重启", f"{child.name} started again")

    def _until_next(self) -> float:
        waits = [
            child.starts_again_at - time.monotonic() for child in self.children if child.starts_again_at is not None
        ]
        return max(0.0, min([PULSE_S, *waits]))

    def _note(self, order: int, frame: FrameType | None) -> None:
        self.stopping = True


def _how(code: int) -> str:
    if code < 0:
        return signal.Signals(-code).name
    return either(f"代码 {code}", f"code {code}")
