"""`script/bench [SECTION …] [--cases N] [--fresh]`: every figure of the product, beside this machine's own limit.

The machine is noisy: each figure is taken several times where it can be; quote medians and ratios.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
from pathlib import Path

from bench import feed, limits, loop, prompt, reads, screen
from bench.city import CASES, City
from bench.client import Result, percentile
from bench.doubles import doubles
from bench.stage import Served, Stage, prepare

SECTIONS = (
    "limits",
    "reports",
    "lifecycles",
    "reads",
    "feed",
    "prompt",
    "memory",
    "map",
    "wall",
    "screen",
    "positions",
    "registry",
    "phone",
    "doubles",
)
ALONE = frozenset({"map", "wall", "positions", "registry", "phone", "doubles"})  # with grounds of their own


def main() -> None:
    parser = argparse.ArgumentParser(prog="script/bench", description=__doc__)
    told = f"{', '.join(SECTIONS)}; all when left out"
    parser.add_argument("sections", nargs="*", metavar="SECTION", choices=[*SECTIONS, []], help=told)
    parser.add_argument("--cases", type=int, default=CASES, help="cases of history (full size when left out)")
    parser.add_argument("--fresh", action="store_true", help="make the city anew")
    parser.add_argument("--minutes", type=float, default=10, help="of the steady load of positions")
    parser.add_argument("--days", type=int, default=90, help="of kept positions")
    parser.add_argument(
        "--size", choices=["full", "quarter", "tenth", "hundredth"], default="full", help="of the registry"
    )
    parser.add_argument("--rows", type=int, default=500_000, help="of the file that is imported into it")
    wanted = parser.parse_args()
    sections = wanted.sections or SECTIONS
    print(f"{platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}", flush=True)
    if "map" in sections:
        show_map(fresh=wanted.fresh)
    if "wall" in sections:
        show_wall(fresh=wanted.fresh and "map" not in sections)
    if "positions" in sections:
        show_positions(minutes=wanted.minutes, days=wanted.days, fresh=wanted.fresh)
    if "registry" in sections:
        show_registry(wanted.size, wanted.rows, fresh=wanted.fresh)
    if "phone" in sections:
        show_phone()
    if "doubles" in sections:
        for what, figure in doubles():
            line(what, figure)
    sections = [section for section in sections if section not in ALONE]
    if not sections:
        return
    stage = Stage()
    if "lifecycles" in sections:
        empty_lifecycles()
    city = prepare(stage, cases=wanted.cases, fresh=wanted.fresh)
    try:
        if "limits" in sections:
            show_limits(stage)
        for section in sections:
            if section != "limits":
                RUNS[section](stage, city)
    finally:
        stage.cluster.stop()


def show_limits(stage: Stage) -> None:
    for connections in (1, 16):
        line(
            f"limit: single-row commits, {connections} connections",
            f"{limits.commits_per_second(stage, connections):,.0f}/s",
        )
    line("limit: COPY, 200-byte rows, one connection", f"{limits.copy_rows_per_second(stage):,.0f} rows/s")
    with stage.serving(worker=False, live=False) as served:
        line(
            "limit: empty answers of the server, 16 connections",
            f"{limits.empty_requests_per_second(served, 16):,.0f}/s",
        )


def show_reports(stage: Stage, city: City) -> None:
    with stage.serving() as served:
        results = [loop.reports(stage, served, city, connections=16, each=120) for _ in range(3)]
    show("report a case, 16 connections", results)


def empty_lifecycles() -> None:
    from bench.stage import HOME

    stage = Stage(HOME / "empty")
    from bench import stage as stages

    kept, stages.MADE = stages.MADE, HOME / "empty" / "city.txt"
    try:
        city = prepare(stage, cases=100, fresh=True)
        with stage.serving() as served:
            show_lifecycles_of(stage, served, city, "empty database")
    finally:
        stages.MADE = kept
        stage.cluster.stop()


def show_lifecycles(stage: Stage, city: City) -> None:
    with stage.serving() as served:
        show_lifecycles_of(stage, served, city, f"{city.cases:,} cases")


def show_lifecycles_of(stage: Stage, served: Served, city: City, where: str) -> None:
    loop.lifecycles(stage, served, city, connections=16, each=2)
    stage.caught_up()
    rates = [loop.lifecycles(stage, served, city, connections=16, each=15) for _ in range(3)]
    statuses = sum((statuses for _, statuses, _ in rates), start=type(rates[0][1])())
    line(
        f"whole lifecycles (8 requests), 16 connections, {where}",
        f"{statistics.median(rate for rate, _, _ in rates):.1f}/s   {dict(statuses)}",
    )


def show_reads(stage: Stage, city: City) -> None:
    with stage.serving() as served:
        for scope in reads.scopes(city):
            token = reads.sign_in_scope(stage, scope)
            for name in reads.FILTERS:
                show(f"queue, {scope.name}: {name}", [reads.read(served, token, reads.queue_paths(city, name))])
            show(
                f"detail, {scope.name}", [reads.read(served, token, reads.detail_paths(stage, scope.codes, scope.unit))]
            )
            show(f"text search, {scope.name}", [reads.read(served, token, reads.search_paths(), rounds=36)])
            show(f"map, {scope.name}", [reads.read(served, token, reads.map_paths(city))])
            if scope.role not in {"grid_worker", "department_clerk"}:
                show(f"dashboard, {scope.name}", [reads.read(served, token, ["/api/figures/dashboard"])])


def show_feed(stage: Stage, city: City) -> None:
    """Three times over: one burst of the machine in twenty seconds is a twentieth of all."""
    with stage.serving() as served:
        runs = [feed.delays(stage, served, city, listeners=200, per_second=50, seconds=20) for _ in range(3)]
    for delays, missed in sorted(runs, key=lambda run: percentile(run[0], 0.95)):
        line(
            "committed → on another seat's screen, 200 listeners, 50 cases/s",
            f"p50 {percentile(delays, 0.5) * 1000:.0f} ms  p95 {percentile(delays, 0.95) * 1000:.0f} ms"
            f"  n {len(delays)}  missed {missed}",
        )


def show_prompt(stage: Stage, city: City) -> None:
    """Both are promised within five seconds."""
    with stage.serving() as served:
        for what, (delays, missed) in (
            ("post revoked → its stream closed", prompt.streams_ended(stage, served, city, posts=20)),
            ("time of a case over → a seat is told", prompt.shown_late(stage, served, city, cases=20)),
        ):
            line(
                what,
                f"p50 {percentile(delays, 0.5):.2f} s  worst {max(delays, default=0):.2f} s  n {len(delays)}  missed {missed}",
            )


def show_memory(stage: Stage, city: City) -> None:
    import time

    with stage.serving() as served:
        time.sleep(5)
        total = sum(resident_mb(pid) for pid in family(served.pids))
    line("memory of our processes at rest (api, live, worker)", f"{total:.0f} MB")


def show_map(*, fresh: bool) -> None:
    from bench import maps

    with maps.standing(fresh) as (stage, city):
        felt = maps.move_about(stage, city)
    line(
        f"one map, {city.grids:,} grids, {maps.POINTS:,} open cases: longest task while panning and zooming",
        f"{max(felt.tasks, default=0):.0f} ms  over 200 ms: {sum(task > 200 for task in felt.tasks)}"
        f"  over 50 ms: {len(felt.tasks)}  opening {felt.opened_ms:.0f} ms",
    )
    line("one map: largest answer", f"{felt.largest / 1000:.0f} kB of {felt.answers} answers")


def show_wall(*, fresh: bool) -> None:
    from bench import maps, wall

    with maps.standing(fresh) as (stage, city), stage.serving() as served:
        for name, length in (("district", 6), ("city", 4)):
            seen = wall.beside(stage, served, city, city.grid_codes[0][:length])
            for what, delays in (("in the feed", seen.feed), ("in the figure of today", seen.figure)):
                p50, p95 = (delays[min(len(delays) - 1, int(len(delays) * share))] for share in (0.5, 0.95))
                line(
                    f"committed → on the wall of a {name}, {what}",
                    f"p50 {p50:.0f} ms  p95 {p95:.0f} ms  worst {delays[-1]:.0f} ms  n {len(delays)}  missed {seen.missed}",
                )
            line(
                f"wall of a {name}: longest task of its page",
                f"{max(seen.tasks, default=0):.0f} ms  over 200 ms: {sum(task > 200 for task in seen.tasks)}"
                f"  while opening: {max(seen.opening, default=0):.0f} ms  over 200 ms: {sum(task > 200 for task in seen.opening)}",
            )


def show_positions(*, minutes: float, days: int, fresh: bool) -> None:
    from bench import positions

    with positions.standing(days=days, fresh=fresh) as stage:
        for name, value in positions.figures(stage, minutes=minutes, days=days):
            line(name, value)


def show_registry(size: str, rows: int, *, fresh: bool) -> None:
    from bench import registry

    with registry.standing(size, fresh=fresh) as (stage, city):
        for name, value in registry.figures(stage, city, size):
            line(name, value)
        for name, value in registry.brought_in(stage, city, size, rows):
            line(name, value)


def show_screen(stage: Stage, city: City) -> None:
    """Long tasks are those above 50 ms, as the browser counts them."""
    [scope] = [one for one in reads.scopes(city) if one.name == "city"]
    token = reads.sign_in_scope(stage, scope)
    with stage.serving() as served:
        with screen.workbench(served, token) as page:
            for name, ready in (("made ready by the hand on the row", True), ("not made ready", False)):
                times = sorted(screen.opened(page, ready=ready))
                p50, p95 = times[len(times) // 2], times[int(len(times) * 0.95)]
                line(f"click on a case → its content, {name}", f"p50 {p50:.0f} ms  p95 {p95:.0f} ms  n {len(times)}")
        with screen.workbench(served, token) as page:
            seen = screen.scrolled(page)
    line(
        f"queue scrolled through {seen.rows:,} rows ({seen.in_page} of them in the page)",
        f"longest task {seen.longest_ms:.0f} ms  tasks over 50 ms {seen.long_tasks}  {seen.seconds:.0f} s",
    )


def show_phone() -> None:
    from bench import phone

    before = os.getloadavg()[0]
    found = phone.waited()
    line("limit: the same small work in the browser", f"{found.work_ms:.0f} ms, {found.slowed_ms:.0f} ms slowed 4×")
    for name, times in (
        (f"first visit until one can sign in ({found.script_kb:.0f} kB of script on the line)", found.first_ms),
        ("later visit until today's page stands", found.later_ms),
    ):
        shown = f"p50 {statistics.median(times):,.0f} ms  max {max(times):,.0f} ms  n {len(times)}"
        line(f"phone at 1.6 Mbit/s, 150 ms, 4×: {name}", shown)
    line("load of the machine before and after", f"{before:.1f}, {os.getloadavg()[0]:.1f}")


def family(pids: list[int]) -> set[int]:
    found, waiting = set(pids), list(pids)
    while waiting:
        pid = waiting.pop()
        children = Path(f"/proc/{pid}/task/{pid}/children")
        for child in children.read_text().split() if children.exists() else []:
            found.add(int(child))
            waiting.append(int(child))
    return found


def resident_mb(pid: int) -> float:
    """Proportional set size: pages shared between our processes count once."""
    text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return next(int(row.split()[1]) for row in text.splitlines() if row.startswith("Pss:")) / 1024


def show(name: str, results: list[Result]) -> None:
    rate = statistics.median(result.rate for result in results)
    p50, p95, p99 = (statistics.median(result.percentile(share) for result in results) for share in (0.5, 0.95, 0.99))
    wrong = {status: count for result in results for status, count in result.statuses.items() if status >= 300}
    size = max((len(body) for result in results for body in result.bodies), default=0)
    line(
        name,
        f"{rate:7.0f}/s  p50 {p50:6.1f}  p95 {p95:6.1f}  p99 {p99:6.1f} ms"
        + (f"  {size / 1000:.0f} kB" if size else "")
        + (f"  WRONG {wrong}" if wrong else ""),
    )


def line(name: str, value: str) -> None:
    print(f"{name:64} {value}", flush=True)


RUNS = {
    "reports": show_reports,
    "lifecycles": show_lifecycles,
    "reads": show_reads,
    "feed": show_feed,
    "prompt": show_prompt,
    "memory": show_memory,
    "screen": show_screen,
}

if __name__ == "__main__":
    main()
