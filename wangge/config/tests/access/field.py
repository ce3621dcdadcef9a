"""The phone and the field: positions, errands, patrols, visits, forms."""

from wangge.config.tests.access.base import Row

FIELD_ROOM: dict[str, Row] = {}
