from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from acme_auth.account_errors import AccountNotFound, InvalidCredentials
from acme_auth.principals import Role
from acme_db.models import AuthSession, OneTimeToken, User, UserConsent


async def find_by_email(session: AsyncSession, email: str) -> User | None:
    user: User | None = await session.scalar(
        select(User).where(User.email == email, User.deleted_at.is_(None))
    )
    return user


async def get_user(session: AsyncSession, user_id: UUID, *, lock: bool = False) -> User:
    """Raises `AccountNotFound`."""
    user = await session.get(User, user_id, with_for_update=lock or None)
    if user is None or user.deleted_at is not None:
        raise AccountNotFound
    return user


async def require_unchanged(session: AsyncSession, user: User) -> None:
    """Still what it was when its password was checked, and kept so until the transaction ends.

    Whoever changes it and ends its sessions comes before, or ends this one too. Raises `InvalidCredentials`.
    """
    statement = select(User.password_hash).where(User.id == user.id, User.deleted_at.is_(None))
    if await session.scalar(statement.with_for_update(read=True)) != user.password_hash:
        raise InvalidCredentials


async def end_everything(session: AsyncSession, user_id: UUID) -> None:
    """Sessions and mailed links, without a trace; consents, which stay as proof."""
    await session.execute(
        delete(AuthSession).where(AuthSession.role == Role.USER, AuthSession.account_id == user_id)
    )
    await session.execute(
        delete(OneTimeToken).where(OneTimeToken.role == Role.USER, OneTimeToken.account_id == user_id)
    )
    await session.execute(
        update(UserConsent)
        .where(UserConsent.user_id == user_id, UserConsent.revoked_at.is_(None))
        .values(revoked_at=func.now())
    )
