"""Identifiers: UUIDv7, so that keys made on phones and servers sort by time (RFC 9562)."""

import uuid

from uuid_utils import compat


def new_id() -> uuid.UUID:
    return compat.uuid7()
