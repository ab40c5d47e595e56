"""Tokens that are mailed: for verifying an address, a new password, an invitation."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import func, update
from sqlalchemy.ext.asyncio import AsyncSession

from acme_auth.principals import Role
from acme_auth.sessions import hash_token
from acme_core.clock import utc_now
from acme_core.errors import Invalid
from acme_core.ids import new_token
from acme_db.models import OneTimeToken, TokenPurpose

LIFETIMES = {
    TokenPurpose.VERIFY_EMAIL: timedelta(days=7),
    TokenPurpose.RESET_PASSWORD: timedelta(hours=1),
    TokenPurpose.ACCEPT_INVITE: timedelta(days=14),
}


class InvalidOneTimeToken(Invalid):
    code = "invalid_one_time_token"
    title = "The link has expired or has been used; ask for a new one"


def add_one_time_token(session: AsyncSession, purpose: TokenPurpose, role: Role, account_id: UUID) -> str:
    value = new_token("ott", random_bytes=32)
    session.add(
        OneTimeToken(
            token_hash=hash_token(value),
            purpose=purpose,
            role=role,
            account_id=account_id,
            expires_at=utc_now() + LIFETIMES[purpose],
        )
    )
    return value


async def redeem(
    session: AsyncSession, purpose: TokenPurpose, roles: frozenset[Role], value: str
) -> tuple[Role, UUID]:
    """Whose the token is; of two parallel uses one wins. Raises `InvalidOneTimeToken`."""
    statement = (
        update(OneTimeToken)
        .where(
            OneTimeToken.token_hash == hash_token(value),
            OneTimeToken.purpose == purpose,
            OneTimeToken.role.in_(roles),
            OneTimeToken.used_at.is_(None),
            OneTimeToken.expires_at > func.now(),
        )
        .values(used_at=func.now())
        .returning(OneTimeToken.role, OneTimeToken.account_id)
    )
    row = (await session.execute(statement)).one_or_none()
    if row is None:
        raise InvalidOneTimeToken
    return Role(row.role), row.account_id
