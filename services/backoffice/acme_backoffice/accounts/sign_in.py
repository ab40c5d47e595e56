"""Everything that ends with a session, or ends one."""

from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from acme_auth import second_factors
from acme_auth.account_errors import AccountSuspended, EmailTaken, InvalidCredentials
from acme_auth.audit import record
from acme_auth.one_time_tokens import redeem
from acme_auth.principals import Audience, Role
from acme_auth.second_factors import InvalidTotpCode, SecondFactors, TotpMandatory, TotpRequired
from acme_auth.sessions import OpenSession, open_session, revoke_all, revoke_by_token
from acme_backoffice.accounts import queries
from acme_backoffice.accounts.defaults import regional_defaults
from acme_backoffice.accounts.errors import RoleRequired
from acme_backoffice.accounts.queries import Account, role_of
from acme_backoffice.accounts.schemas import AccountOut, InviteAccept, Login, OperatorRegister
from acme_backoffice.accounts.service import account_out
from acme_db.models import AuditAction, Operator, TokenPurpose
from acme_db.unit_of_work import unit_of_work
from acme_storage.gateway import ObjectStorage
from acme_web.lockout import Lockout
from acme_web.resources import AuthResources, DataResources
from acme_web.sessions import RefreshIn, SessionDoor, SessionOut, rotate_committed

AUDIENCE = Audience.BACKOFFICE

Session = SessionOut[AccountOut]


async def register(
    data: DataResources,
    storage: ObjectStorage,
    door: SessionDoor,
    body: OperatorRegister,
    country: str | None,
) -> Session:
    """Raises `EmailTaken`: the unique index decides between two sign-ups at once."""
    defaults = regional_defaults(country)
    operator = Operator(
        name=body.name,
        email=body.email,
        password_hash=await door.auth.passwords.hash(body.password),
        currency=body.currency or defaults.currency,
        locale=body.locale or defaults.locale,
        timezone=body.timezone or defaults.timezone,
    )
    async with unit_of_work(data.sessions) as session:
        session.add(operator)
        try:
            await session.flush()  # the session needs the account's id, and the index its say
        except IntegrityError as error:
            raise EmailTaken from error
        opened = await _open(session, door, operator, AuditAction.REGISTERED)
        shown = await account_out(session, storage, operator)
    return door.answer(AUDIENCE, opened, shown)


async def login(
    data: DataResources, storage: ObjectStorage, factors: SecondFactors, door: SessionDoor, body: Login
) -> Session:
    """Raises `InvalidCredentials` and `TooManyAttempts`; and, to who knows the password, `RoleRequired`,
    `TotpRequired`, `InvalidTotpCode` or `AccountSuspended`.
    """
    lockout = Lockout(data.redis, AUDIENCE, body.email)
    await lockout.require_open()
    async with data.sessions() as session:
        candidates = await queries.find_by_email(session, body.email, body.role)
    try:
        account = await _the_one_matching(door.auth, candidates, body.password)
        async with unit_of_work(data.sessions) as session:
            await queries.require_unchanged(session, account)
            await queries.require_not_suspended(session, account)
            await _pass_second_factor(session, factors, account, body.totp_code)
            opened = await _open(session, door, account, AuditAction.SIGNED_IN)
            shown = await account_out(session, storage, account)
    except (InvalidCredentials, InvalidTotpCode) as error:
        await lockout.failed()
        await _record_failure(data, candidates, error.code)
        raise
    except AccountSuspended as error:
        await _record_failure(data, candidates, error.code)
        raise
    await lockout.succeeded()
    return door.answer(AUDIENCE, opened, shown)


async def refresh(data: DataResources, storage: ObjectStorage, door: SessionDoor, body: RefreshIn) -> Session:
    token = door.refresh_token(AUDIENCE, body)
    opened = await rotate_committed(data, door.auth, AUDIENCE, token)
    async with data.sessions() as session:
        account = await queries.get_account(session, opened.role, opened.account_id)
        await queries.require_not_suspended(session, account)
        shown = await account_out(session, storage, account)
    return door.answer(AUDIENCE, opened, shown)


async def logout(session: AsyncSession, door: SessionDoor, body: RefreshIn) -> None:
    token = door.refresh_token(AUDIENCE, body)
    owner = await revoke_by_token(session, AUDIENCE, token) if token is not None else None
    if owner is not None:
        record(session, AuditAction.SIGNED_OUT, owner, owner[1])
    door.forget(AUDIENCE)


async def accept_invite(
    data: DataResources, storage: ObjectStorage, door: SessionDoor, body: InviteAccept
) -> Session:
    """A photographer's first password. Raises `InvalidOneTimeToken` or `AccountSuspended`."""
    password_hash = await door.auth.passwords.hash(body.password)
    async with unit_of_work(data.sessions) as session:
        _, account_id = await redeem(
            session, TokenPurpose.ACCEPT_INVITE, frozenset({Role.PHOTOGRAPHER}), body.token
        )
        photographer = await queries.get_account(session, Role.PHOTOGRAPHER, account_id, lock=True)
        await queries.require_not_suspended(session, photographer)
        photographer.password_hash = password_hash
        await revoke_all(session, Role.PHOTOGRAPHER, account_id)
        opened = await _open(session, door, photographer, AuditAction.INVITE_ACCEPTED)
        shown = await account_out(session, storage, photographer)
    return door.answer(AUDIENCE, opened, shown)


async def _open(
    session: AsyncSession, door: SessionDoor, account: Account, action: AuditAction
) -> OpenSession:
    role = role_of(account)
    record(session, action, (role, account.id), account.id)
    return await open_session(
        session,
        AUDIENCE,
        role,
        account.id,
        ttl_s=door.auth.settings.refresh_ttl_s,
        user_agent=door.user_agent,
    )


async def _pass_second_factor(
    session: AsyncSession, factors: SecondFactors, account: Account, code: str | None
) -> None:
    role = role_of(account)
    factor = await second_factors.find(session, role, account.id)
    if factor is None:
        if role is Role.SUPERADMIN:
            raise TotpMandatory
        return
    if code is None:
        raise TotpRequired
    if await second_factors.use_code(session, factors, factor, code) == "recovery":
        record(session, AuditAction.RECOVERY_CODE_USED, (role, account.id), account.id)


async def _the_one_matching(auth: AuthResources, candidates: list[Account], password: str) -> Account:
    hashes: list[str | None] = [candidate.password_hash for candidate in candidates]
    matches = [await auth.passwords.verify(password, hashed) for hashed in hashes or [None]]
    matching = [account for account, is_match in zip(candidates, matches, strict=False) if is_match]
    if not matching:
        raise InvalidCredentials
    if len(matching) > 1:
        raise RoleRequired
    return matching[0]


async def _record_failure(data: DataResources, candidates: list[Account], reason: str) -> None:
    """In a transaction of its own: the one of the sign-in is rolled back."""
    subjects: list[UUID | None] = [account.id for account in candidates]
    async with unit_of_work(data.sessions) as session:
        for subject in subjects or [None]:
            record(session, AuditAction.SIGN_IN_FAILED, None, subject, audience=AUDIENCE, reason=reason)
