from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from acme_auth.account_errors import AccountNotFound
from acme_auth.principals import Role
from acme_db.models import Operator, Photographer

Account = Operator | Photographer


async def find_by_email(session: AsyncSession, email: str, role: Role | None) -> list[Account]:
    found: list[Account] = []
    if role in {None, Role.OPERATOR}:
        statement = select(Operator).where(Operator.email == email, Operator.deleted_at.is_(None))
        found += (await session.scalars(statement)).all()
    if role in {None, Role.PHOTOGRAPHER}:
        photographers = select(Photographer).where(
            Photographer.email == email, Photographer.deleted_at.is_(None)
        )
        found += (await session.scalars(photographers)).all()
    return found


async def get_account(session: AsyncSession, role: Role, account_id: UUID) -> Account:
    """Raises `AccountNotFound`."""
    account: Account | None
    if role is Role.OPERATOR:
        account = await session.get(Operator, account_id)
    else:
        account = await session.get(Photographer, account_id)
    if account is None or account.deleted_at is not None:
        raise AccountNotFound
    return account
