from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from acme_auth.account_errors import EmailTaken, InvalidCredentials
from acme_auth.one_time_tokens import redeem
from acme_auth.principals import Audience, Principal, Role
from acme_auth.sessions import OpenSession, open_session, revoke_all, revoke_by_token
from acme_backoffice.accounts import queries
from acme_backoffice.accounts.errors import FieldOfAnotherRole, RoleRequired
from acme_backoffice.accounts.queries import Account
from acme_backoffice.accounts.schemas import (
    AccountOut,
    AccountUpdate,
    InviteAccept,
    Login,
    OperatorRegister,
)
from acme_db.models import Operator, TokenPurpose
from acme_db.unit_of_work import unit_of_work
from acme_jobs.catalogue import SEND_EMAIL, EmailJob
from acme_jobs.outbox import enqueue
from acme_mail.templates import MailTemplate
from acme_web.credentials import PasswordForgot, PasswordReset
from acme_web.lockout import Lockout
from acme_web.resources import AuthResources, DataResources
from acme_web.sessions import RefreshIn, SessionDoor, SessionOut, rotate_committed

AUDIENCE = Audience.BACKOFFICE
DEFAULT_CURRENCY, DEFAULT_LOCALE, DEFAULT_TIMEZONE = "EUR", "en", "UTC"


async def register(data: DataResources, door: SessionDoor, body: OperatorRegister) -> SessionOut[AccountOut]:
    """Raises `EmailTaken`: the unique index decides between two sign-ups at once."""
    operator = Operator(
        name=body.name,
        email=body.email,
        password_hash=await door.auth.passwords.hash(body.password),
        currency=body.currency or DEFAULT_CURRENCY,
        locale=body.locale or DEFAULT_LOCALE,
        timezone=body.timezone or DEFAULT_TIMEZONE,
    )
    async with unit_of_work(data.sessions) as session:
        session.add(operator)
        try:
            await session.flush()  # the session needs the account's id, and the index its say
        except IntegrityError as error:
            raise EmailTaken from error
        opened = await _open(session, door, operator)
    return door.answer(AUDIENCE, opened, account_out(operator))


async def login(data: DataResources, door: SessionDoor, body: Login) -> SessionOut[AccountOut]:
    """Raises `InvalidCredentials`, `TooManyAttempts`, and `RoleRequired` to who knows both passwords."""
    lockout = Lockout(data.redis, AUDIENCE, body.email)
    await lockout.require_open()
    async with data.sessions() as session:
        candidates = await queries.find_by_email(session, body.email, body.role)
    try:
        account = await _the_one_matching(door.auth, candidates, body.password)
    except InvalidCredentials:
        await lockout.failed()
        raise
    await lockout.succeeded()
    async with unit_of_work(data.sessions) as session:
        opened = await _open(session, door, account)
    return door.answer(AUDIENCE, opened, account_out(account))


async def refresh(data: DataResources, door: SessionDoor, body: RefreshIn) -> SessionOut[AccountOut]:
    token = door.refresh_token(AUDIENCE, body)
    opened = await rotate_committed(data, door.auth, AUDIENCE, token)
    async with data.sessions() as session:
        account = await queries.get_account(session, opened.role, opened.account_id)
    return door.answer(AUDIENCE, opened, account_out(account))


async def logout(session: AsyncSession, door: SessionDoor, body: RefreshIn) -> None:
    token = door.refresh_token(AUDIENCE, body)
    if token is not None:
        await revoke_by_token(session, AUDIENCE, token)
    door.forget(AUDIENCE)


async def accept_invite(data: DataResources, door: SessionDoor, body: InviteAccept) -> SessionOut[AccountOut]:
    """A photographer's first password. Raises `InvalidOneTimeToken`."""
    password_hash = await door.auth.passwords.hash(body.password)
    async with unit_of_work(data.sessions) as session:
        _, account_id = await redeem(
            session, TokenPurpose.ACCEPT_INVITE, frozenset({Role.PHOTOGRAPHER}), body.token
        )
        photographer = await queries.get_account(session, Role.PHOTOGRAPHER, account_id)
        photographer.password_hash = password_hash
        await revoke_all(session, Role.PHOTOGRAPHER, account_id)
        opened = await _open(session, door, photographer)
    return door.answer(AUDIENCE, opened, account_out(photographer))


async def forgot_password(session: AsyncSession, body: PasswordForgot) -> None:
    """The same answer, whether or not there is such an account; one mail for each that there is."""
    for account in await queries.find_by_email(session, body.email, None):
        role = account_out(account).role
        mail = EmailJob(template=MailTemplate.PASSWORD_RESET, role=role.value, recipient_id=account.id)
        await enqueue(session, SEND_EMAIL, mail, dedupe_key=f"reset:{role}:{account.id}")


async def reset_password(data: DataResources, auth: AuthResources, body: PasswordReset) -> None:
    """Ends every session of the account. Raises `InvalidOneTimeToken`."""
    password_hash = await auth.passwords.hash(body.password)
    async with unit_of_work(data.sessions) as session:
        roles = frozenset({Role.OPERATOR, Role.PHOTOGRAPHER})
        role, account_id = await redeem(session, TokenPurpose.RESET_PASSWORD, roles, body.token)
        account = await queries.get_account(session, role, account_id)
        account.password_hash = password_hash
        await revoke_all(session, role, account_id)


async def me(session: AsyncSession, caller: Principal) -> AccountOut:
    return account_out(await queries.get_account(session, caller.role, caller.account_id))


async def update_me(session: AsyncSession, caller: Principal, body: AccountUpdate) -> AccountOut:
    """Raises `FieldOfAnotherRole`. What is sold already keeps its currency: a purchase copies it."""
    account = await queries.get_account(session, caller.role, caller.account_id)
    for name, value in body.model_dump(exclude_unset=True).items():
        if not hasattr(account, name):
            raise FieldOfAnotherRole(f"This account has no {name}")
        setattr(account, name, value)
    return account_out(account)


def account_out(account: Account) -> AccountOut:
    if isinstance(account, Operator):
        return AccountOut.model_validate({**_columns(account), "role": Role.OPERATOR})
    return AccountOut.model_validate({**_columns(account), "role": Role.PHOTOGRAPHER})


def _columns(account: Account) -> dict[str, object]:
    names = AccountOut.model_fields.keys() - {"role"}
    return {name: getattr(account, name) for name in names if hasattr(account, name)}


async def _open(session: AsyncSession, door: SessionDoor, account: Account) -> OpenSession:
    role = Role.OPERATOR if isinstance(account, Operator) else Role.PHOTOGRAPHER
    return await open_session(
        session,
        AUDIENCE,
        role,
        account.id,
        ttl_s=door.auth.settings.refresh_ttl_s,
        user_agent=door.user_agent,
    )


async def _the_one_matching(auth: AuthResources, candidates: list[Account], password: str) -> Account:
    hashes: list[str | None] = [candidate.password_hash for candidate in candidates]
    matches = [await auth.passwords.verify(password, hashed) for hashed in hashes or [None]]
    matching = [account for account, is_match in zip(candidates, matches, strict=False) if is_match]
    if not matching:
        raise InvalidCredentials
    if len(matching) > 1:
        raise RoleRequired
    return matching[0]
