"""What a simulation says of itself at its end."""

from collections.abc import Iterable, Iterator
from unicodedata import east_asian_width

from wangge.demo.simulate.ledger import Ledger, share
from wangge.either import either

NAME_COLUMNS = 44


def lines(ledger: Ledger, *, hours: float, faults: list[str], killed: list[str], problems: list[str]) -> Iterator[str]:
    calls, reported = sum(ledger.calls.values()), len(ledger.cases)
    yield either(f"模拟 {hours:.1f} 小时（{ledger.speed:g} 倍）", f"simulated {hours:.1f} h ({ledger.speed:g}×)")
    yield either(
        f"上报 {reported}  全程办结 {ledger.completed}  请求 {calls}",
        f"reported {reported}  lifecycles completed {ledger.completed}  requests {calls}",
    )
    yield either(
        f"让先 {ledger.races}  重试 {ledger.retries}  终止进程 {len(killed)}",
        f"lost races {ledger.races}  retries {ledger.retries}  kills {len(killed)}",
    )
    yield _heading(either("等待（模拟分钟）", "waiting, simulated minutes"))
    yield from (_row(name, values) for name, values in ledger.waits().items() if values)
    yield _heading(either("请求（毫秒）", "requests, ms"))
    for what in sorted(ledger.latency_s, key=lambda what: -len(ledger.latency_s[what])):
        yield _row(what, [took * 1000 for took in ledger.latency_s[what]])
    yield either(f"错误 {ledger.errors.total()}", f"errors {ledger.errors.total()}")
    yield from (f"  {count:>5} × {code}" for code, count in ledger.errors.most_common())
    yield from (f"  ! {problem}" for problem in problems)
    if faults:
        yield either(f"与应答不符 {len(faults)}", f"answers not kept {len(faults)}")
        yield from (f"  ! {fault}" for fault in faults[:50])
    else:
        yield either(f"{reported} 件应答均在库，且仅一次", f"{reported} cases: every answer is there, once")


def fitted(text: str, columns: int) -> str:
    """Filled up with spaces to so many columns of a terminal, where a Chinese character takes two."""
    return text + " " * (columns - sum(2 if east_asian_width(one) in "WF" else 1 for one in text))


def _heading(what: str) -> str:
    return f"{fitted(what, NAME_COLUMNS)} {'p50':>8} {'p95':>8} {'n':>6}"


def _row(name: str, values: Iterable[float]) -> str:
    ordered = sorted(values)
    median, slow = share(ordered, 0.5), share(ordered, 0.95)
    return f"{fitted('  ' + name, NAME_COLUMNS)} {median:>8.1f} {slow:>8.1f} {len(ordered):>6}"
