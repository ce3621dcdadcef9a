"""Every operation × every role, in scope and out of it, as one table.

`allowed`: roles for which the operation opens, acting inside their own scope. Everybody else gets 403 where they see
the target, 404 where they do not. Strangers (the same role in another street, department or district) get 404 for a
target found by id, and an empty-handed 200 for lists. An operation of the API without a row here fails the test.
"""

from wangge.config.tests.access.accounts import ACCOUNTS
from wangge.config.tests.access.base import ROLES, Row
from wangge.config.tests.access.cases import CLAIMS, EVIDENCE, LOOP, READS, TOGETHER
from wangge.config.tests.access.command import COMMAND, DESK, DUTY, NOTICES
from wangge.config.tests.access.field import FIELD_ROOM
from wangge.config.tests.access.registry import REGISTRY
from wangge.config.tests.access.settings import GRIDS, IMPORTS, SETTINGS
from wangge.config.tests.access.wall import OPEN, WALL

__all__ = ["LOOP", "ROLES", "TABLE", "TOGETHER", "Row"]

TABLE: dict[str, Row] = {
    **LOOP, **TOGETHER, **CLAIMS, **READS, **EVIDENCE, **SETTINGS, **GRIDS, **IMPORTS, **ACCOUNTS, **DUTY, **NOTICES,
    **COMMAND, **DESK, **WALL, **OPEN, **FIELD_ROOM, **REGISTRY,
}  # fmt: skip
