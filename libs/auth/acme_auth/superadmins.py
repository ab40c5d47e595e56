"""The platform's own people, made where the database is: on the command line."""

from dataclasses import dataclass

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from acme_auth import second_factors
from acme_auth.account_errors import EmailTaken
from acme_auth.audit import record
from acme_auth.passwords import PasswordHasher
from acme_auth.principals import Role
from acme_auth.second_factors import Enrolment, SecondFactors
from acme_core.clock import utc_now
from acme_db.models import AuditAction, SecondFactor, Superadmin


@dataclass(frozen=True)
class NewSuperadmin:
    """Shown once."""

    account: Superadmin
    enrolment: Enrolment
    recovery_codes: list[str]


async def create_superadmin(
    session: AsyncSession,
    passwords: PasswordHasher,
    factors: SecondFactors,
    *,
    name: str,
    email: str,
    password: str,
) -> NewSuperadmin:
    """The second factor is in force from the start. Raises `EmailTaken` or `PasswordTooLong`."""
    account = Superadmin(name=name, email=email, password_hash=await passwords.hash(password))
    session.add(account)
    try:
        await session.flush()  # the second factor needs the account's id, and the index its say
    except IntegrityError as error:
        raise EmailTaken from error
    enrolment, encrypted = factors.new_key(email)
    session.add(
        SecondFactor(
            role=Role.SUPERADMIN, account_id=account.id, encrypted_key=encrypted, confirmed_at=utc_now()
        )
    )
    codes = await second_factors.renew_recovery_codes(session, Role.SUPERADMIN, account.id)
    record(session, AuditAction.SUPERADMIN_CREATED, None, account.id)
    return NewSuperadmin(account, enrolment, codes)
