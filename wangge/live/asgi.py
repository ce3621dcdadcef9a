"""The live process: `granian --interface asgi wangge.live.asgi:application`, one worker."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import django

from wangge.core.loading import loading

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wangge.config.settings")
with loading():
    django.setup()

    from starlette.applications import Starlette
    from starlette.routing import Route

    from wangge.live import feed, sessions
    from wangge.live.hub import Hub
    from wangge.live.watch import Watch


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
