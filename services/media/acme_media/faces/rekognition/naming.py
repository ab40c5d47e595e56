"""What our ids are called at the provider."""

from uuid import UUID


def collection_id(project_id: UUID) -> str:
    return f"project-{project_id}"


def external_id(user_id: UUID, selfie_id: UUID) -> str:
    return f"u:{user_id}:s:{selfie_id}"


def user_of(label: str) -> UUID | None:
    parts = label.split(":")
    try:
        return UUID(parts[1]) if parts[0] == "u" else None
    except (IndexError, ValueError):
        return None
