"""The positions process: `granian --interface asgi wangge.field.ingest.asgi:application`, one worker."""

import gc
import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wangge.config.settings")
django.setup()

from collections.abc import AsyncIterator  # noqa: E402 - settings first
from contextlib import asynccontextmanager, nullcontext  # noqa: E402

from django.conf import settings  # noqa: E402
from starlette.applications import Starlette  # noqa: E402
from starlette.routing import Route  # noqa: E402
from starlette.types import Receive, Scope, Send  # noqa: E402

from wangge.field.ingest import doors  # noqa: E402
from wangge.field.ingest.group import Group  # noqa: E402

GARBAGE_AFTER = 50_000  # objects; a group makes thousands of points and no circles


@asynccontextmanager
async def lifespan(app: Starlette) -> AsyncIterator[None]:
    gc.freeze()  # what was imported stays
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
