from typing import Annotated

from fastapi import Depends, Request

from acme_config.settings import UploadSettings
from acme_events.hub import EventHub
from acme_storage.gateway import ObjectStorage


async def _storage(request: Request) -> ObjectStorage:
    storage: ObjectStorage = request.app.state.storage
    return storage


async def _uploads(request: Request) -> UploadSettings:
    uploads: UploadSettings = request.app.state.uploads
    return uploads


async def _hub(request: Request) -> EventHub:
    hub: EventHub = request.app.state.hub
    return hub


Hub = Annotated[EventHub, Depends(_hub)]
Storage = Annotated[ObjectStorage, Depends(_storage)]
UploadLimits = Annotated[UploadSettings, Depends(_uploads)]
