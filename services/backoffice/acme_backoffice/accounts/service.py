"""An account's own data, and what needs no session: forgotten passwords."""

from sqlalchemy.ext.asyncio import AsyncSession

from acme_auth import second_factors
from acme_auth.audit import record
from acme_auth.one_time_tokens import redeem
from acme_auth.principals import Principal, Role
from acme_auth.sessions import revoke_all
from acme_backoffice.accounts import queries
from acme_backoffice.accounts.errors import FieldOfAnotherRole
from acme_backoffice.accounts.queries import Account, role_of
from acme_backoffice.accounts.schemas import AccountOut, AccountUpdate
from acme_db.models import AuditAction, Operator, TokenPurpose
from acme_db.unit_of_work import unit_of_work
from acme_db.versions import require_version
from acme_jobs.catalogue import SEND_EMAIL, EmailJob
from acme_jobs.outbox import enqueue
from acme_mail.templates import MailTemplate
from acme_storage.gateway import ObjectStorage
from acme_web.credentials import PasswordForgot, PasswordReset
from acme_web.resources import AuthResources, DataResources

MAILED_ROLES = frozenset({Role.OPERATOR, Role.PHOTOGRAPHER})
"""A superadmin's password is set anew on the command line, where the second factor is."""


async def me(session: AsyncSession, storage: ObjectStorage, caller: Principal) -> AccountOut:
    account = await queries.get_account(session, caller.role, caller.account_id)
    return await account_out(session, storage, account)


async def update_me(
    session: AsyncSession, storage: ObjectStorage, caller: Principal, body: AccountUpdate
) -> AccountOut:
    """Raises `StaleVersion` or `FieldOfAnotherRole`. What is sold keeps the currency that it was sold in."""
    account = await queries.get_account(session, caller.role, caller.account_id)
    require_version(account, body.version)
    _record_currency(session, caller, account, body)
    for name, value in body.model_dump(exclude_unset=True, exclude={"version"}).items():
        if not hasattr(account, name):
            raise FieldOfAnotherRole(f"This account has no {name}")
        setattr(account, name, value)
    await session.flush()  # the version counts
    return await account_out(session, storage, account)


def _record_currency(session: AsyncSession, caller: Principal, account: Account, body: AccountUpdate) -> None:
    """What prices are in from now on."""
    if isinstance(account, Operator) and body.currency not in {"", account.currency}:
        details = {"before": account.currency, "after": body.currency}
        record(session, AuditAction.CURRENCY_CHANGED, caller, account.id, **details)


async def forgot_password(session: AsyncSession, body: PasswordForgot) -> None:
    """The same answer, whether or not there is such an account; one mail for each that there is."""
    for account in await queries.find_by_email(session, body.email, None):
        role = role_of(account)
        if role not in MAILED_ROLES:
            continue
        mail = EmailJob(template=MailTemplate.PASSWORD_RESET, role=role.value, recipient_id=account.id)
        await enqueue(session, SEND_EMAIL, mail, dedupe_key=f"reset:{role}:{account.id}")
        record(session, AuditAction.PASSWORD_RESET_ASKED, None, account.id)


async def reset_password(data: DataResources, auth: AuthResources, body: PasswordReset) -> None:
    """Ends every session of the account. Raises `InvalidOneTimeToken`."""
    password_hash = await auth.passwords.hash(body.password)
    async with unit_of_work(data.sessions) as session:
        role, account_id = await redeem(session, TokenPurpose.RESET_PASSWORD, MAILED_ROLES, body.token)
        account = await queries.get_account(session, role, account_id, lock=True)
        account.password_hash = password_hash
        await revoke_all(session, role, account_id)
        record(session, AuditAction.PASSWORD_RESET, (role, account_id), account_id)


async def account_out(session: AsyncSession, storage: ObjectStorage, account: Account) -> AccountOut:
    factor = await second_factors.find(session, role_of(account), account.id)
    picture = account.profile_picture_key if isinstance(account, Operator) else None
    columns = AccountOut.model_fields.keys() - {"role", "is_totp_enabled", "profile_picture_url"}
    return AccountOut(
        role=role_of(account),
        is_totp_enabled=factor is not None,
        profile_picture_url=storage.picture_url_of(picture),
        **{name: getattr(account, name) for name in columns if hasattr(account, name)},
    )
