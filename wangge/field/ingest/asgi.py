"""The positions process: `granian --interface asgi wangge.field.ingest.asgi:application`, one worker."""

import gc
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext

import django
from django.conf import settings

from wangge.core.loading import loading

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wangge.config.settings")
with loading():
    django.setup()

    from starlette.applications import Starlette
    from starlette.routing import Route
    from starlette.types import Receive, Scope, Send

    from wangge.field.ingest import doors
    from wangge.field.ingest.group import Group

GARBAGE_AFTER = 50_000  # objects; a group makes thousands of points and no circles


@asynccontextmanager
async def lifespan(app: Starlette) -> AsyncIterator[None]:
    gc.set_threshold(GARBAGE_AFTER, 20, 20)
    app.state.group = Group()
    app.state.group.start()
    async with listening(app.state.group) if settings.MQTT_URL else nullcontext():
        yield
    await app.state.group.stop()


@asynccontextmanager
async def listening(group: Group) -> AsyncIterator[None]:
    from wangge.field.ingest.mqtt import Listener  # few houses have a broker, and its library costs memory

    listener = Listener(group)
    listener.start()
    yield
    await listener.stop()


others = Starlette(
    routes=[
        Route("/field/positions", doors.preflight, methods=["OPTIONS"]),
        Route("/field/osmand", doors.tracker, methods=["GET", "POST"]),
        Route("/field/positions/health", doors.health, methods=["GET"]),
    ],
    lifespan=lifespan,
)


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """Batches go past Starlette, which costs as much as all the rest of such a request."""
    if scope["type"] == "http" and scope["method"] == "POST" and scope["path"] == "/field/positions":
        await doors.positions(others.state.group, scope, receive, send)
    else:
        await others(scope, receive, send)
