"""What a simulation says of itself at its end."""

from collections.abc import Iterator

from wangge.demo.simulate.ledger import Ledger, share


def lines(ledger: Ledger, *, hours: float, faults: list[str], killed: list[str], problems: list[str]) -> Iterator[str]:
    calls = sum(ledger.calls.values())
    yield f"模拟 simulated {hours:.1f} h（{ledger.speed:g}×）"
    yield f"上报 reported {len(ledger.cases)}  全程办结 lifecycles completed {ledger.completed}  请求 requests {calls}"
    yield f"让先 lost races {ledger.races}  重试 retries {ledger.retries}  终止进程 kills {len(killed)}"
    yield "等待（模拟分钟）waiting, simulated minutes      p50      p95    n"
    for name, values in ledger.waits().items():
        if values:
            yield f"  {name:<28} {share(values, 0.5):>18.1f} {share(values, 0.95):>8.1f} {len(values):>4}"
    yield "请求（毫秒）requests, ms                          p50      p95    n"
    for what in sorted(ledger.latency_s, key=lambda what: -len(ledger.latency_s[what])):
        values = [took * 1000 for took in ledger.latency_s[what]]
        yield f"  {what:<28} {share(values, 0.5):>18.1f} {share(values, 0.95):>8.1f} {len(values):>4}"
    if ledger.errors:
        yield "错误 errors"
        yield from (f"  {count:>5} × {code}" for code, count in ledger.errors.most_common())
    else:
        yield "错误 errors: 0"
    yield from (f"  ! {problem}" for problem in problems)
    if faults:
        yield f"与应答不符 answers not kept: {len(faults)}"
        yield from (f"  ! {fault}" for fault in faults[:50])
    else:
        yield f"{len(ledger.cases)} 件应答均在库，且仅一次 every answer is there, once"
