from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from acme_auth.account_errors import AccountNotFound
from acme_db.models import User


async def find_by_email(session: AsyncSession, email: str) -> User | None:
    user: User | None = await session.scalar(
        select(User).where(User.email == email, User.deleted_at.is_(None))
    )
    return user


async def get_user(session: AsyncSession, user_id: UUID) -> User:
    """Raises `AccountNotFound`."""
    user = await session.get(User, user_id)
    if user is None or user.deleted_at is not None:
        raise AccountNotFound
    return user
