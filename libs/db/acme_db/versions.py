"""A change is made to the version that its author saw, or not at all."""

from acme_core.errors import Conflict
from acme_db.models.base import Versioned


class StaleVersion(Conflict):
    code = "stale_version"
    title = "Somebody has changed it in the meantime; load it again"


def require_version(row: Versioned, seen: int | None) -> None:
    """Raises `StaleVersion`; who names no version changes whatever there is."""
    if seen is not None and seen != row.version:
        raise StaleVersion
