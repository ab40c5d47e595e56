import secrets
from uuid import UUID, uuid4


def new_id() -> UUID:
    return uuid4()


def new_token(prefix: str, *, random_bytes: int = 24) -> str:
    """An unguessable URL-safe token; its prefix says what it is when it turns up in the wrong place."""
    return f"{prefix}_{secrets.token_urlsafe(random_bytes)}"
