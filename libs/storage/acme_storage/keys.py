"""Deterministic object keys: a job that runs twice writes the same object twice."""

from uuid import UUID


def original(project_id: UUID | str, photo_id: UUID | str) -> str:
    """Who needs the ids as text too has them written once."""
    return f"projects/{project_id}/photos/{photo_id}/original"


def thumbnail(project_id: UUID, photo_id: UUID) -> str:
    return f"projects/{project_id}/photos/{photo_id}/thumbnail-400.jpg"


def version_prefix(project_id: UUID, photo_id: UUID, version: str) -> str:
    """All that carries a watermark lies under the version of its design."""
    return f"projects/{project_id}/photos/{photo_id}/{version}/"


def preview(project_id: UUID, photo_id: UUID, version: str) -> str:
    return f"{version_prefix(project_id, photo_id, version)}preview-2048.jpg"


def watermarked(project_id: UUID, photo_id: UUID, version: str) -> str:
    return f"{version_prefix(project_id, photo_id, version)}watermarked.jpg"


def blurred_thumbnail(project_id: UUID, photo_id: UUID, version: str) -> str:
    return f"{version_prefix(project_id, photo_id, version)}thumbnail-400.jpg"


def cleared(project_id: UUID, photo_id: UUID, version: str) -> str:
    """Without a mark, its faces blurred: what stands in for the original."""
    return f"{version_prefix(project_id, photo_id, version)}cleared.jpg"


def screen(project_id: UUID, photo_id: UUID, version: str, name: str) -> str:
    return f"{version_prefix(project_id, photo_id, version)}{name}"


def watermark_logo(operator_id: UUID, logo_id: UUID) -> str:
    """As we have drawn it ourselves; what was sent lies beside it until then."""
    return f"operators/{operator_id}/logos/{logo_id}.png"


def watermark_logo_upload(operator_id: UUID, logo_id: UUID) -> str:
    return f"operators/{operator_id}/logos/{logo_id}.upload"


def face_crop(project_id: UUID, photo_id: UUID, ordinal: int) -> str:
    """Private: never presigned for a guest."""
    return f"projects/{project_id}/photos/{photo_id}/faces/{ordinal}"


def profile_picture(operator_id: UUID, upload_id: UUID) -> str:
    return f"operators/{operator_id}/profile/{upload_id}"


def archive(purchase_id: UUID) -> str:
    return f"purchases/{purchase_id}/photos.zip"


def selfie_crop(user_id: UUID, selfie_id: UUID) -> str:
    return f"users/{user_id}/selfies/{selfie_id}/face"


def photo_prefix(project_id: UUID, photo_id: UUID) -> str:
    return f"projects/{project_id}/photos/{photo_id}/"


def selfie_prefix(user_id: UUID, selfie_id: UUID) -> str:
    return f"users/{user_id}/selfies/{selfie_id}/"


def selfie(user_id: UUID, selfie_id: UUID) -> str:
    return f"users/{user_id}/selfies/{selfie_id}/original"
