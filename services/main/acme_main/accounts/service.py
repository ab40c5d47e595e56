from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from acme_auth.account_errors import EmailTaken, InvalidCredentials
from acme_auth.one_time_tokens import redeem
from acme_auth.principals import Audience, Principal, Role, Scope
from acme_auth.sessions import OpenSession, open_session, revoke_all, revoke_by_token
from acme_core.clock import utc_now
from acme_db.consents import has_active_consent
from acme_db.models import TokenPurpose, User
from acme_db.models.user_consent import ConsentType
from acme_db.unit_of_work import unit_of_work
from acme_jobs.catalogue import SEND_EMAIL, EmailJob
from acme_jobs.outbox import enqueue
from acme_mail.templates import MailTemplate
from acme_main.accounts import queries
from acme_main.accounts.schemas import (
    AccountOut,
    AccountUpdate,
    EmailVerify,
    Login,
    MediaTokenOut,
    MediaTokenRequest,
    UserRegister,
)
from acme_main.consents.errors import ConsentRequired
from acme_web.credentials import PasswordForgot, PasswordReset
from acme_web.lockout import Lockout
from acme_web.resources import AuthResources, DataResources
from acme_web.sessions import RefreshIn, SessionDoor, SessionOut, rotate_committed

AUDIENCE = Audience.MAIN
USERS = frozenset({Role.USER})


async def register(data: DataResources, door: SessionDoor, body: UserRegister) -> SessionOut[AccountOut]:
    """Raises `EmailTaken`: the unique index decides between two sign-ups at once."""
    password_hash = await door.auth.passwords.hash(body.password)
    user = User(name=body.name, email=body.email, password_hash=password_hash)
    async with unit_of_work(data.sessions) as session:
        session.add(user)
        try:
            await session.flush()  # the session needs the account's id, and the index its say
        except IntegrityError as error:
            raise EmailTaken from error
        opened = await _open(session, door, user)
        mail = EmailJob(template=MailTemplate.VERIFY_ADDRESS, role="user", recipient_id=user.id)
        await enqueue(session, SEND_EMAIL, mail)
    return door.answer(AUDIENCE, opened, AccountOut.model_validate(user))


async def login(data: DataResources, door: SessionDoor, body: Login) -> SessionOut[AccountOut]:
    """Raises `InvalidCredentials`, after the same time whether or not there is such an account.

    Raises `TooManyAttempts` after some failures.
    """
    lockout = Lockout(data.redis, AUDIENCE, body.email)
    await lockout.require_open()
    async with data.sessions() as session:
        user = await queries.find_by_email(session, body.email)
    is_right = await door.auth.passwords.verify(body.password, user.password_hash if user else None)
    if user is None or not is_right:
        await lockout.failed()
        raise InvalidCredentials
    await lockout.succeeded()
    async with unit_of_work(data.sessions) as session:
        opened = await _open(session, door, user)
    return door.answer(AUDIENCE, opened, AccountOut.model_validate(user))


async def refresh(data: DataResources, door: SessionDoor, body: RefreshIn) -> SessionOut[AccountOut]:
    opened = await rotate_committed(data, door.auth, AUDIENCE, door.refresh_token(AUDIENCE, body))
    async with data.sessions() as session:
        user = await queries.get_user(session, opened.account_id)
    return door.answer(AUDIENCE, opened, AccountOut.model_validate(user))


async def logout(session: AsyncSession, door: SessionDoor, body: RefreshIn) -> None:
    token = door.refresh_token(AUDIENCE, body)
    if token is not None:
        await revoke_by_token(session, AUDIENCE, token)
    door.forget(AUDIENCE)


async def forgot_password(session: AsyncSession, body: PasswordForgot) -> None:
    """The same answer, whether or not there is such an account."""
    user = await queries.find_by_email(session, body.email)
    if user is not None:
        mail = EmailJob(template=MailTemplate.PASSWORD_RESET, role="user", recipient_id=user.id)
        await enqueue(session, SEND_EMAIL, mail, dedupe_key=f"reset:user:{user.id}")


async def reset_password(data: DataResources, auth: AuthResources, body: PasswordReset) -> None:
    """Ends every session of the account. Raises `InvalidOneTimeToken`."""
    password_hash = await auth.passwords.hash(body.password)
    async with unit_of_work(data.sessions) as session:
        _, user_id = await redeem(session, TokenPurpose.RESET_PASSWORD, USERS, body.token)
        user = await queries.get_user(session, user_id)
        user.password_hash = password_hash
        user.email_verified_at = user.email_verified_at or utc_now()
        await revoke_all(session, Role.USER, user_id)


async def verify_email(session: AsyncSession, body: EmailVerify) -> None:
    """Raises `InvalidOneTimeToken`."""
    _, user_id = await redeem(session, TokenPurpose.VERIFY_EMAIL, USERS, body.token)
    user = await queries.get_user(session, user_id)
    user.email_verified_at = user.email_verified_at or utc_now()


async def media_token(
    session: AsyncSession, auth: AuthResources, caller: Principal, body: MediaTokenRequest
) -> MediaTokenOut:
    """Raises `ConsentRequired` for the selfie scope without an active biometric consent."""
    await queries.get_user(session, caller.account_id)
    if body.scope is Scope.SELFIE and not await has_active_consent(
        session, caller.account_id, ConsentType.BIOMETRIC_PROCESSING
    ):
        raise ConsentRequired
    issued = auth.tokens.issue_media(Role.USER, caller.account_id, frozenset({body.scope}))
    return MediaTokenOut(access_token=issued.value, expires_in=issued.expires_in, scope=body.scope)


async def me(session: AsyncSession, caller: Principal) -> AccountOut:
    return AccountOut.model_validate(await queries.get_user(session, caller.account_id))


async def update_me(session: AsyncSession, caller: Principal, body: AccountUpdate) -> AccountOut:
    user = await queries.get_user(session, caller.account_id)
    for name, value in body.model_dump(exclude_unset=True).items():
        setattr(user, name, value)
    return AccountOut.model_validate(user)


async def _open(session: AsyncSession, door: SessionDoor, user: User) -> OpenSession:
    ttl_s = door.auth.settings.refresh_ttl_s
    return await open_session(session, AUDIENCE, Role.USER, user.id, ttl_s=ttl_s, user_agent=door.user_agent)
