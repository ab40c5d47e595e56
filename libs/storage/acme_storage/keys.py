"""Deterministic object keys: a job that runs twice writes the same object twice."""

from uuid import UUID


def original(project_id: UUID, photo_id: UUID) -> str:
    return f"projects/{project_id}/photos/{photo_id}/original"


def thumbnail(project_id: UUID, photo_id: UUID) -> str:
    return f"projects/{project_id}/photos/{photo_id}/thumbnail-400.jpg"


def preview(project_id: UUID, photo_id: UUID) -> str:
    return f"projects/{project_id}/photos/{photo_id}/preview-2048.jpg"


def watermarked(project_id: UUID, photo_id: UUID) -> str:
    return f"projects/{project_id}/photos/{photo_id}/watermarked.jpg"


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
