"""The positions process: `granian --interface asgi wangge.field.ingest.asgi:application`, one worker."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wangge.config.settings")
django.setup()

from collections.abc import AsyncIterator  # noqa: E402 - settings first
from contextlib import asynccontextmanager  # noqa: E402

from starlette.applications import Starlette  # noqa: E402
from starlette.requests import Request  # noqa: E402
from starlette.routing import Route  # noqa: E402
from starlette.types import Receive, Scope, Send  # noqa: E402

from wangge.field.ingest import doors  # noqa: E402
from wangge.field.ingest.group import Group  # noqa: E402


@asynccontextmanager
async def lifespan(app: Starlette) -> AsyncIterator[None]:
    app.state.group = Group()
    app.state.group.start()
    yield
    await app.state.group.stop()


others = Starlette(
    routes=[
        Route("/field/positions", doors.preflight, methods=["OPTIONS"]),
        Route("/field/osmand", doors.tracker, methods=["GET", "POST"]),
        Route("/field/positions/health", doors.health, methods=["GET"]),
    ],
    lifespan=lifespan,
)


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """Batches go past Starlette's stack and routing, which cost as much as all the rest of such a request."""
    if scope["type"] == "http" and scope["method"] == "POST" and scope["path"] == "/field/positions":
        scope["app"] = others
        answer = await doors.positions(Request(scope, receive))
        await answer(scope, receive, send)
    else:
        await others(scope, receive, send)
