from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from acme_events.hub import EventHub
from acme_media.events.endpoints import router as events
from acme_media.events.watch import SessionWatch
from acme_media.photos.endpoints import SHORTCUTS
from acme_media.photos.endpoints import router as photos
from acme_media.selfies.endpoints import router as selfies
from acme_media.settings import MediaSettings
from acme_media.watermarks.endpoints import router as watermarks
from acme_storage.gateway import ObjectStorage
from acme_web.app import build_app
from acme_web.capacity import Capacity
from acme_web.health import data_checks
from acme_web.rate_limits import open_limits
from acme_web.resources import open_auth, open_data
from acme_web.serve import prepared

ROUTERS = (photos, selfies, watermarks, events)


def create_app(settings: MediaSettings) -> FastAPI:
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with (
            open_data(settings.database, settings.redis, name="media", keeps_plans=True) as data,
            open_auth(settings.tokens, settings.platform) as auth,
            open_limits(settings.limits, settings.redis) as limits,
        ):
            hub = EventHub(data.redis)
            storage = ObjectStorage(settings.storage)
            app.state.data, app.state.auth, app.state.storage = data, auth, storage
            app.state.limits = limits
            app.state.capacity = Capacity(data.redis, settings.jobs.waiting_limit)
            app.state.health_checks = {**data_checks(data), "object_store": storage.is_reachable}
            watch = SessionWatch(data)
            app.state.hub, app.state.watch = hub, watch
            async with hub.running(), watch.running():
                yield

    app = build_app(
        title="Acme media",
        server=settings.server,
        routers=ROUTERS,
        lifespan=lifespan,
        shortcuts=SHORTCUTS,
    )
    app.state.uploads = settings.uploads
    return app


def create_from_environment() -> FastAPI:
    return prepared(lambda: create_app(MediaSettings()))
