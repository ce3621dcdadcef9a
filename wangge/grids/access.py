"""Who may change what of the map. Everybody signed in reads it; it is edited only inside a post's own codes."""

from wangge.accounts.permissions import Permission
from wangge.core.actor import Actor
from wangge.core.errors import NotFound


def may_read(by: Actor) -> None:
    by.require(Permission.GRID_READ)


def may_edit(by: Actor, *codes: str, permission: Permission = Permission.GRID_EDIT) -> None:
    """Raises NotAllowed without the permission, NotFound where a code lies outside the post's ranges."""
    by.require(permission)
    if not all(by.covers(code) for code in codes):
        raise NotFound()
