"""Sign-in sessions: rotating refresh tokens, each used once, stored hashed."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Uuid, any_, bindparam, exists, func, literal, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession

from acme_auth.principals import Audience, Role
from acme_core.clock import utc_now
from acme_core.errors import NotFound, Unauthorized
from acme_core.ids import new_token
from acme_db.models import AuthSession, RefreshToken
from acme_db.prepared import Prepared

SESSION_ID = bindparam("session_id", type_=Uuid())
"""The caller's, where a statement that is compiled once looks at it."""


class InvalidRefreshToken(Unauthorized):
    code = "invalid_refresh_token"
    title = "The session has ended; sign in again"


class SessionEnded(Unauthorized):
    code = "session_ended"
    title = "The session was ended; sign in again"


class SessionNotFound(NotFound):
    code = "session_not_found"
    title = "There is no such session"


@dataclass(frozen=True)
class OpenSession:
    session_id: UUID
    role: Role
    account_id: UUID
    refresh_token: str


@dataclass(frozen=True)
class ReusedToken:
    """A refresh token came twice: somebody else may hold it. Its whole family has been revoked."""

    session_id: UUID
    account_id: UUID


async def open_session(
    session: AsyncSession,
    audience: Audience,
    role: Role,
    account_id: UUID,
    *,
    ttl_s: int,
    user_agent: str | None = None,
) -> OpenSession:
    row = AuthSession(
        audience=audience, role=role, account_id=account_id, user_agent=(user_agent or "")[:255] or None
    )
    session.add(row)
    await session.flush()  # the token needs the session's id
    return OpenSession(row.id, role, account_id, _add_token(session, row.id, ttl_s))


async def rotate(
    session: AsyncSession, audience: Audience, refresh_token: str, *, ttl_s: int
) -> OpenSession | ReusedToken:
    """Exchange a refresh token for the next one.

    Raises `InvalidRefreshToken`. Answers `ReusedToken` rather than raising, so that the revocation is
    committed before the caller is refused.
    """
    token = await session.scalar(
        select(RefreshToken).where(RefreshToken.token_hash == hash_token(refresh_token)).with_for_update()
    )
    if token is None:
        raise InvalidRefreshToken
    family = await session.get_one(AuthSession, token.session_id, with_for_update=True)
    if family.revoked_at is not None or family.audience != audience or token.expires_at <= utc_now():
        raise InvalidRefreshToken
    if token.used_at is not None:
        family.revoked_at = utc_now()
        return ReusedToken(family.id, family.account_id)
    token.used_at = family.last_used_at = utc_now()
    return OpenSession(family.id, Role(family.role), family.account_id, _add_token(session, family.id, ttl_s))


async def revoke_by_token(
    session: AsyncSession, audience: Audience, refresh_token: str
) -> tuple[Role, UUID] | None:
    """Whose session was ended. Idempotent; an unknown token is no error: its owner is out either way."""
    owner = select(RefreshToken.session_id).where(RefreshToken.token_hash == hash_token(refresh_token))
    statement = (
        update(AuthSession)
        .where(AuthSession.id.in_(owner), AuthSession.audience == audience, AuthSession.revoked_at.is_(None))
        .values(revoked_at=func.now())
        .returning(AuthSession.role, AuthSession.account_id)
    )
    row = (await session.execute(statement)).one_or_none()
    return None if row is None else (Role(row.role), row.account_id)


async def revoke_all(session: AsyncSession, role: Role, account_id: UUID) -> None:
    await session.execute(
        update(AuthSession)
        .where(
            AuthSession.role == role, AuthSession.account_id == account_id, AuthSession.revoked_at.is_(None)
        )
        .values(revoked_at=func.now())
    )


async def list_open(session: AsyncSession, role: Role, account_id: UUID) -> Sequence[AuthSession]:
    """Where an account is signed in now, the latest used first."""
    has_live_token = exists().where(
        RefreshToken.session_id == AuthSession.id,
        RefreshToken.used_at.is_(None),
        RefreshToken.expires_at > func.now(),
    )
    statement = (
        select(AuthSession)
        .where(
            AuthSession.role == role,
            AuthSession.account_id == account_id,
            AuthSession.revoked_at.is_(None),
            has_live_token,
        )
        .order_by(AuthSession.last_used_at.desc())
    )
    return (await session.scalars(statement)).all()


def is_open(session_id: ColumnElement[UUID] | UUID | None) -> ColumnElement[bool]:
    """A condition: this session has not been ended."""
    return exists().where(AuthSession.id == session_id, AuthSession.revoked_at.is_(None))


async def require_open(engine: AsyncEngine, session_id: UUID | None) -> None:
    """Raises `SessionEnded`: a token outlives its session by minutes, and must not be of use by then."""
    if session_id is None:
        raise SessionEnded
    (row,) = await _openness().fetch(engine, session_id=session_id)
    if not row["is_open"]:
        raise SessionEnded


@cache
def _openness() -> Prepared:
    """Before almost every request, so it goes the short way."""
    return Prepared(select(is_open(SESSION_ID).label("is_open")))


async def open_among(connection: AsyncConnection, session_ids: Sequence[UUID]) -> set[UUID]:
    """Those of them that have not ended."""
    statement = select(AuthSession.id).where(
        AuthSession.id == any_(literal(session_ids, ARRAY(Uuid))), AuthSession.revoked_at.is_(None)
    )
    return set((await connection.scalars(statement)).all())


async def revoke_one(session: AsyncSession, role: Role, account_id: UUID, session_id: UUID) -> None:
    """Raises `SessionNotFound` for somebody else's session, and for one that has ended."""
    statement = (
        update(AuthSession)
        .where(
            AuthSession.id == session_id,
            AuthSession.role == role,
            AuthSession.account_id == account_id,
            AuthSession.revoked_at.is_(None),
        )
        .values(revoked_at=func.now())
        .returning(AuthSession.id)
    )
    if await session.scalar(statement) is None:
        raise SessionNotFound


def hash_token(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _add_token(session: AsyncSession, session_id: UUID, ttl_s: int) -> str:
    value = new_token("rt", random_bytes=32)
    session.add(
        RefreshToken(
            token_hash=hash_token(value),
            session_id=session_id,
            expires_at=utc_now() + timedelta(seconds=ttl_s),
        )
    )
    return value
