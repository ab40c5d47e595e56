"""An account's own data, media tokens, and what needs no session: forgotten passwords."""

from sqlalchemy.ext.asyncio import AsyncSession

from acme_auth.audit import record
from acme_auth.one_time_tokens import redeem
from acme_auth.principals import Principal, Role, Scope
from acme_auth.sessions import revoke_all
from acme_core.clock import utc_now
from acme_db.consents import has_active_consent
from acme_db.models import AuditAction, TokenPurpose
from acme_db.models.user_consent import ConsentType
from acme_db.unit_of_work import unit_of_work
from acme_db.versions import require_version
from acme_jobs.catalogue import SEND_EMAIL, EmailJob
from acme_jobs.outbox import enqueue
from acme_mail.templates import MailTemplate
from acme_main.accounts import queries
from acme_main.accounts.schemas import (
    AccountOut,
    AccountUpdate,
    EmailVerify,
    MediaTokenOut,
    MediaTokenRequest,
)
from acme_main.consents.errors import ConsentRequired
from acme_web.credentials import PasswordForgot, PasswordReset
from acme_web.resources import AuthResources, DataResources

USERS = frozenset({Role.USER})


async def forgot_password(session: AsyncSession, body: PasswordForgot) -> None:
    """The same answer, whether or not there is such an account."""
    user = await queries.find_by_email(session, body.email)
    if user is not None:
        mail = EmailJob(template=MailTemplate.PASSWORD_RESET, role="user", recipient_id=user.id)
        await enqueue(session, SEND_EMAIL, mail, dedupe_key=f"reset:user:{user.id}")
        record(session, AuditAction.PASSWORD_RESET_ASKED, None, user.id)


async def reset_password(data: DataResources, auth: AuthResources, body: PasswordReset) -> None:
    """Ends every session of the account. Raises `InvalidOneTimeToken`."""
    password_hash = await auth.passwords.hash(body.password)
    async with unit_of_work(data.sessions) as session:
        _, user_id = await redeem(session, TokenPurpose.RESET_PASSWORD, USERS, body.token)
        user = await queries.get_user(session, user_id, lock=True)
        user.password_hash = password_hash
        user.email_verified_at = user.email_verified_at or utc_now()
        await revoke_all(session, Role.USER, user_id)
        record(session, AuditAction.PASSWORD_RESET, (Role.USER, user_id), user_id)


async def verify_email(session: AsyncSession, body: EmailVerify) -> None:
    """Raises `InvalidOneTimeToken`."""
    _, user_id = await redeem(session, TokenPurpose.VERIFY_EMAIL, USERS, body.token)
    user = await queries.get_user(session, user_id, lock=True)
    user.email_verified_at = user.email_verified_at or utc_now()
    record(session, AuditAction.EMAIL_VERIFIED, (Role.USER, user_id), user_id)


async def send_verification(session: AsyncSession, caller: Principal) -> None:
    """Raises `AccountNotFound`."""
    user = await queries.get_user(session, caller.account_id)
    if user.email_verified_at is None:
        mail = EmailJob(template=MailTemplate.VERIFY_ADDRESS, role="user", recipient_id=user.id)
        await enqueue(session, SEND_EMAIL, mail)


async def media_token(
    session: AsyncSession, auth: AuthResources, caller: Principal, body: MediaTokenRequest
) -> MediaTokenOut:
    """Raises `ConsentRequired` for the selfie scope without an active biometric consent."""
    await queries.get_user(session, caller.account_id)
    if body.scope is Scope.SELFIE and not await has_active_consent(
        session, caller.account_id, ConsentType.BIOMETRIC_PROCESSING
    ):
        raise ConsentRequired
    issued = auth.tokens.issue_media(caller, frozenset({body.scope}))
    return MediaTokenOut(access_token=issued.value, expires_in=issued.expires_in, scope=body.scope)


async def me(session: AsyncSession, caller: Principal) -> AccountOut:
    return AccountOut.model_validate(await queries.get_user(session, caller.account_id))


async def update_me(session: AsyncSession, caller: Principal, body: AccountUpdate) -> AccountOut:
    """Raises `StaleVersion`."""
    user = await queries.get_user(session, caller.account_id)
    require_version(user, body.version)
    for name, value in body.model_dump(exclude_unset=True, exclude={"version"}).items():
        setattr(user, name, value)
    await session.flush()  # the version counts
    return AccountOut.model_validate(user)
