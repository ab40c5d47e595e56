from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession

from acme_auth.account_errors import AccountNotFound, AccountSuspended
from acme_auth.principals import Role
from acme_db.models import Operator, Photographer, Superadmin

Account = Operator | Photographer | Superadmin

TABLES: dict[Role, type[Operator] | type[Photographer] | type[Superadmin]] = {
    Role.OPERATOR: Operator,
    Role.PHOTOGRAPHER: Photographer,
    Role.SUPERADMIN: Superadmin,
}


def role_of(account: Account) -> Role:
    return next(role for role, table in TABLES.items() if isinstance(account, table))


async def find_by_email(session: AsyncSession, email: str, role: Role | None) -> list[Account]:
    found: list[Account] = []
    for each, table in TABLES.items():
        if role in {None, each}:
            has_address: ColumnElement[bool] = table.email == email
            statement = select(table).where(has_address, table.deleted_at.is_(None))
            for account in await session.scalars(statement):
                assert isinstance(account, Account)  # noqa: S101 - rows of one of these tables
                found.append(account)
    return found


async def get_account(session: AsyncSession, role: Role, account_id: UUID) -> Account:
    """Raises `AccountNotFound`."""
    account: Account | None = await session.get(TABLES[role], account_id)
    if account is None or account.deleted_at is not None:
        raise AccountNotFound
    return account


async def require_not_suspended(session: AsyncSession, account: Account) -> None:
    """Raises `AccountSuspended`; with an operator its photographers are out too."""
    operator: Operator | None = account if isinstance(account, Operator) else None
    if isinstance(account, Photographer):
        operator = await session.get_one(Operator, account.operator_id)
    if operator is not None and operator.suspended_at is not None:
        raise AccountSuspended
