"""Files that the project holds: announced again by the hundred after a lost network, and by two at once."""

from collections.abc import Sequence

from acme_core.clock import utc_now
from acme_db.models.photo import UploadState
from acme_db.unit_of_work import unit_of_work
from acme_media.photos import queries
from acme_media.photos.destination import Destination
from acme_media.photos.schemas import FileAnnounced
from acme_media.photos.written import Issued
from acme_media.uploads import EXPIRY_MARGIN
from acme_storage.gateway import ObjectStorage
from acme_web.resources import DataResources


async def issue_again(
    data: DataResources, storage: ObjectStorage, to: Destination, files: Sequence[FileAnnounced]
) -> dict[str, Issued]:
    """By digest, in one transaction; what the project does not hold any more is missing.

    What was announced before and never sent gets a new URL. What arrived, or is another's, is a duplicate.
    """
    announced = {file.sha256: file for file in files if file.sha256 is not None}
    urls, expires_at = storage.uploads_now(), utc_now() + storage.upload_lifetime + EXPIRY_MARGIN
    issued = {}
    async with unit_of_work(data.sessions) as session:
        for digest, photo in await queries.lock_same_files(session, to.project_id, list(announced)):
            if photo.upload_state is UploadState.ISSUED and photo.photographer_id == to.photographer_id:
                file, photo.upload_expires_at = announced[digest], expires_at
                photo.content_type, photo.size_bytes = file.content_type, file.size_bytes
                signed = urls.presign(photo.storage_key, photo.content_type, photo.size_bytes)
                issued[digest] = Issued.of(str(photo.id), signed)
            else:
                issued[digest] = Issued(str(photo.id), duplicate=True, upload=None)
    return issued
