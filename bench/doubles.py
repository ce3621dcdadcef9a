"""Who is registered twice, in a city of a million: communities of people with known errors, each looked through by itself
as the product does it. The rules alone; reading the rows is measured with the registry.
"""

import time
from itertools import count

from wangge.registry.rules.alike import alike
from wangge.registry.tests.doubled import generated

CITY = 1_000_000
Line = tuple[str, str]


def doubles() -> list[Line]:
    people = wanted = found = right = 0
    spent_s = 0.0
    for seed in count(1_000):  # others than those by which the thresholds were tried
        if people >= CITY:
            break
        rows, pairs = generated(seed)
        begun = time.perf_counter()
        told = {frozenset((one.id, other.id)) for one, other, _ in alike(rows)}
        spent_s += time.perf_counter() - begun
        people, wanted, found = people + len(rows), wanted + len(pairs), found + len(told)
        right += len(told & pairs)
    return [
        (f"doubles among {people:,} people: recall", f"{right / wanted:.4f} (≥ 0.95)"),
        ("doubles: precision", f"{right / found:.4f} (≥ 0.98)"),
        ("doubles: comparing", f"{spent_s:,.0f} s (≤ 600)"),
    ]
