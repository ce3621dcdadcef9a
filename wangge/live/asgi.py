"""The live process: `granian --interface asgi wangge.live.asgi:application`, one worker."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wangge.config.settings")
django.setup()

import asyncio  # noqa: E402 - settings first
from collections.abc import AsyncIterator  # noqa: E402
from contextlib import asynccontextmanager  # noqa: E402

from starlette.applications import Starlette  # noqa: E402
from starlette.routing import Route  # noqa: E402

from wangge.live import feed, sessions  # noqa: E402
from wangge.live.hub import Hub  # noqa: E402
from wangge.live.watch import Watch  # noqa: E402


@asynccontextmanager
async def lifespan(app: Starlette) -> AsyncIterator[None]:
    app.state.hub = Hub()
    app.state.watch = Watch(app.state.hub, asyncio.get_running_loop())
    app.state.watch.start()
    looking = asyncio.create_task(sessions.keep_looking(app.state.hub))
    yield
    looking.cancel()
    app.state.hub.close()
    app.state.watch.stop()


application = Starlette(
    routes=[
        Route("/live/feed", feed.listen, methods=["GET"]),
        Route("/live/feed", feed.preflight, methods=["OPTIONS"]),
        Route("/live/health", feed.health, methods=["GET"]),
    ],
    lifespan=lifespan,
)
