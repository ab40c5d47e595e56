from typing import Annotated

from fastapi import Depends, Request

from acme_config.settings import UploadSettings
from acme_storage.gateway import ObjectStorage


def _storage(request: Request) -> ObjectStorage:
    storage: ObjectStorage = request.app.state.storage
    return storage


def _uploads(request: Request) -> UploadSettings:
    uploads: UploadSettings = request.app.state.uploads
    return uploads


Storage = Annotated[ObjectStorage, Depends(_storage)]
UploadLimits = Annotated[UploadSettings, Depends(_uploads)]
