"""Whose figures a post may have: its own unit's with all below, and of units that serve a division it looks after."""

from collections.abc import Mapping

from wangge.cases.configuration import UnitInfo
from wangge.core.actor import Actor


def may_know(by: Actor, path: str, known: Mapping[str, UnitInfo]) -> bool:
    if by.is_system or "" in by.ranges or (by.unit_path and path.startswith(by.unit_path)):
        return True
    unit = known.get(path)
    return unit is not None and bool(unit.division) and by.covers(unit.division)


def group_of(by: Actor, path: str, root: str, known: Mapping[str, UnitInfo]) -> str | None:
    """The first unit below `root` on the way down to `path` that this post may know; None when there is none."""
    steps = path.split("/")[:-1]
    for depth in range(root.count("/") + 1, len(steps) + 1):
        prefix = "/".join(steps[:depth]) + "/"
        if may_know(by, prefix, known):
            return prefix
    return path if path == root and may_know(by, path, known) else None
