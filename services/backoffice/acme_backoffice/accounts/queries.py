from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession

from acme_auth.account_errors import AccountNotFound, AccountSuspended, InvalidCredentials
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


async def get_account(session: AsyncSession, role: Role, account_id: UUID, *, lock: bool = False) -> Account:
    """Raises `AccountNotFound`."""
    account: Account | None = await session.get(TABLES[role], account_id, with_for_update=lock or None)
    if account is None or account.deleted_at is not None:
        raise AccountNotFound
    return account


async def require_unchanged(session: AsyncSession, account: Account) -> None:
    """Still what it was when its password was checked, and kept so until the transaction ends.

    Whoever changes it and ends its sessions comes before, or ends this one too. Raises `InvalidCredentials`.
    """
    table = TABLES[role_of(account)]
    statement = select(table.password_hash).where(table.id == account.id, table.deleted_at.is_(None))
    if await session.scalar(statement.with_for_update(read=True)) != account.password_hash:
        raise InvalidCredentials


async def require_not_suspended(session: AsyncSession, account: Account) -> None:
    """Locked likewise. Raises `AccountSuspended`; with an operator its photographers are out too."""
    if isinstance(account, Superadmin):
        return
    operator_id = account.operator_id if isinstance(account, Photographer) else account.id
    statement = select(Operator.suspended_at).where(Operator.id == operator_id)
    if await session.scalar(statement.with_for_update(read=True)) is not None:
        raise AccountSuspended
