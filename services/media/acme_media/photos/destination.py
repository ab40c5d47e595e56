from dataclasses import dataclass
from uuid import UUID

from acme_auth.principals import Principal, Role
from acme_media.photos.errors import PhotographerRequired
from acme_media.photos.schemas import BatchUploadRequest, UploadRequest


@dataclass(frozen=True)
class Destination:
    project_id: UUID
    photographer_id: UUID

    @classmethod
    def of(cls, caller: Principal, body: UploadRequest | BatchUploadRequest) -> "Destination":
        """Raises `PhotographerRequired`, of operators, who upload for one of the project's photographers."""
        is_own = caller.role is Role.PHOTOGRAPHER
        photographer_id = caller.account_id if is_own else body.photographer_id
        if photographer_id is None:
            raise PhotographerRequired
        return cls(body.project_id, photographer_id)
