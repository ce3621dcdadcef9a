"""The positions process: `granian --interface asgi wangge.field.ingest.asgi:application`, one worker."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wangge.config.settings")
django.setup()

from collections.abc import AsyncIterator  # noqa: E402 - settings first
from contextlib import asynccontextmanager  # noqa: E402

from starlette.applications import Starlette  # noqa: E402
from starlette.routing import Route  # noqa: E402

from wangge.field.ingest import doors  # noqa: E402
from wangge.field.ingest.group import Group  # noqa: E402


@asynccontextmanager
async def lifespan(app: Starlette) -> AsyncIterator[None]:
    app.state.group = Group()
    app.state.group.start()
    yield
    await app.state.group.stop()


application = Starlette(
    routes=[
        Route("/field/positions", doors.positions, methods=["POST"]),
        Route("/field/positions", doors.preflight, methods=["OPTIONS"]),
        Route("/field/osmand", doors.tracker, methods=["GET", "POST"]),
        Route("/field/positions/health", doors.health, methods=["GET"]),
    ],
    lifespan=lifespan,
)
