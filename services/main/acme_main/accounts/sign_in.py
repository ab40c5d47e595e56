"""Everything that ends with a session, or ends one."""

from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from acme_auth.account_errors import EmailTaken, InvalidCredentials
from acme_auth.audit import record
from acme_auth.principals import Audience, Role
from acme_auth.sessions import OpenSession, open_session, revoke_by_token
from acme_db.models import AuditAction, User
from acme_db.unit_of_work import unit_of_work
from acme_jobs.catalogue import SEND_EMAIL, EmailJob
from acme_jobs.outbox import enqueue
from acme_mail.templates import MailTemplate
from acme_main.accounts import queries
from acme_main.accounts.schemas import AccountOut, Login, UserRegister
from acme_web.lockout import Lockout
from acme_web.resources import DataResources
from acme_web.sessions import RefreshIn, SessionDoor, SessionOut, rotate_committed

AUDIENCE = Audience.MAIN


async def register(
    data: DataResources, door: SessionDoor, body: UserRegister, locale: str
) -> SessionOut[AccountOut]:
    """Raises `EmailTaken`: the unique index decides between two sign-ups at once."""
    user = User(
        name=body.name,
        email=body.email,
        password_hash=await door.auth.passwords.hash(body.password),
        locale=body.locale or locale,
    )
    async with unit_of_work(data.sessions) as session:
        session.add(user)
        try:
            await session.flush()  # the session needs the account's id, and the index its say
        except IntegrityError as error:
            raise EmailTaken from error
        opened = await _open(session, door, user, AuditAction.REGISTERED)
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
    try:
        account = await _the_matching(door, user, body.password)
        async with unit_of_work(data.sessions) as session:
            await queries.require_unchanged(session, account)
            opened = await _open(session, door, account, AuditAction.SIGNED_IN)
    except InvalidCredentials:
        await lockout.failed()
        await _record_failure(data, user.id if user else None)
        raise
    await lockout.succeeded()
    return door.answer(AUDIENCE, opened, AccountOut.model_validate(account))


async def refresh(data: DataResources, door: SessionDoor, body: RefreshIn) -> SessionOut[AccountOut]:
    opened = await rotate_committed(data, door.auth, AUDIENCE, door.refresh_token(AUDIENCE, body))
    async with data.sessions() as session:
        user = await queries.get_user(session, opened.account_id)
    return door.answer(AUDIENCE, opened, AccountOut.model_validate(user))


async def logout(session: AsyncSession, door: SessionDoor, body: RefreshIn) -> None:
    token = door.refresh_token(AUDIENCE, body)
    owner = await revoke_by_token(session, AUDIENCE, token) if token is not None else None
    if owner is not None:
        record(session, AuditAction.SIGNED_OUT, owner, owner[1])
    door.forget(AUDIENCE)


async def _the_matching(door: SessionDoor, user: User | None, password: str) -> User:
    """Raises `InvalidCredentials`."""
    is_right = await door.auth.passwords.verify(password, user.password_hash if user else None)
    if user is None or not is_right:
        raise InvalidCredentials
    return user


async def _open(session: AsyncSession, door: SessionDoor, user: User, action: AuditAction) -> OpenSession:
    record(session, action, (Role.USER, user.id), user.id)
    ttl_s = door.auth.settings.refresh_ttl_s
    return await open_session(session, AUDIENCE, Role.USER, user.id, ttl_s=ttl_s, user_agent=door.user_agent)


async def _record_failure(data: DataResources, user_id: UUID | None) -> None:
    async with unit_of_work(data.sessions) as session:
        reason = InvalidCredentials.code
        record(session, AuditAction.SIGN_IN_FAILED, None, user_id, audience=AUDIENCE, reason=reason)
