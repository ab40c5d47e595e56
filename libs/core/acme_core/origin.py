"""Where the present request comes from, for what is written down about it."""

from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True)
class Origin:
    request_id: str | None = None
    ip: str | None = None


_NOWHERE = Origin()
_origin: ContextVar[Origin] = ContextVar("acme_origin", default=_NOWHERE)


def current_origin() -> Origin:
    """Empty outside of a request: the platform itself acts."""
    return _origin.get()


def set_origin(origin: Origin) -> None:
    _origin.set(origin)
