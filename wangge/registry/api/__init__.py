"""The HTTP side of the registry. One router for all: the operations of one path must stand in one."""

from wangge.registry.api import care, quality, read, ties, write
from wangge.registry.api.routes import router

__all__ = ["care", "quality", "read", "router", "ties", "write"]
