"""TOTP (RFC 6238) and recovery codes. Keys are stored encrypted, codes hashed, and each is taken once."""

import base64
import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from passlib.exc import MalformedTokenError, TokenError
from passlib.totp import TOTP, AppWallet
from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from acme_auth.principals import Role
from acme_config.settings import SecondFactorSettings
from acme_core.clock import utc_now
from acme_core.errors import Conflict, Forbidden, Invalid, NotFound, Unauthorized
from acme_db.models import RecoveryCode, SecondFactor

RECOVERY_CODES = 10
_CODE_BYTES = 10


class TotpRequired(Unauthorized):
    code = "totp_required"
    title = "This account asks for the code of its authenticator app as well"


class InvalidTotpCode(Unauthorized):
    code = "invalid_totp_code"
    title = "The code is wrong, or has been used"


class TotpCodeMismatch(Invalid):
    code = "totp_code_mismatch"
    title = "The code is not the one that the authenticator app shows for this key"


class TotpAlreadyEnabled(Conflict):
    code = "totp_already_enabled"
    title = "A second factor is in use; remove it before setting up another"


class TotpNotEnabled(NotFound):
    code = "totp_not_enabled"
    title = "There is no second factor"


class TotpMandatory(Forbidden):
    code = "totp_mandatory"
    title = "Accounts of this role cannot be without a second factor"


@dataclass(frozen=True)
class Enrolment:
    """What an authenticator app is given; shown once."""

    key: str
    """Base32."""
    uri: str
    """otpauth://, for a QR code."""


class SecondFactors:
    """Makes and checks codes with keys that only the platform's secret opens."""

    def __init__(self, settings: SecondFactorSettings) -> None:
        self._settings = settings

    @cached_property
    def _totp(self) -> type[TOTP]:
        secrets = [self._settings.secret, *self._settings.previous_secrets]
        tagged = {_tag(value): value for value in (secret.get_secret_value() for secret in secrets)}
        wallet = AppWallet(tagged, default_tag=_tag(self._settings.secret.get_secret_value()))
        found: type[TOTP] = TOTP.using(wallet=wallet, issuer=self._settings.issuer)
        return found

    def new_key(self, label: str) -> tuple[Enrolment, str]:
        """The enrolment, and the key as it is stored."""
        totp = self._totp.new()
        return Enrolment(totp.base32_key, totp.to_uri(label=label)), totp.to_json()

    def matching_counter(self, encrypted_key: str, code: str, last_counter: int) -> int | None:
        """The time step of a right code that is newer than the last one; a step of drift is forgiven."""
        totp = self._totp.from_source(encrypted_key)
        try:
            match = totp.match(code, last_counter=last_counter if last_counter >= 0 else None, window=30)
        except (TokenError, MalformedTokenError):
            return None
        counter: int = match.counter
        return counter


async def find(session: AsyncSession, role: Role, account_id: UUID) -> SecondFactor | None:
    """The confirmed one."""
    factor = await session.get(SecondFactor, (role, account_id))
    return factor if factor is not None and factor.confirmed_at is not None else None


async def begin(
    session: AsyncSession, factors: SecondFactors, role: Role, account_id: UUID, label: str
) -> Enrolment:
    """A key to be confirmed; an unconfirmed one is replaced. Raises `TotpAlreadyEnabled`."""
    enrolment, encrypted = factors.new_key(label)
    statement = (
        insert(SecondFactor)
        .values(role=role, account_id=account_id, encrypted_key=encrypted)
        .on_conflict_do_update(
            index_elements=["role", "account_id"],
            set_={"encrypted_key": encrypted, "created_at": func.now(), "last_counter": -1},
            where=SecondFactor.confirmed_at.is_(None),
        )
        .returning(SecondFactor.account_id)
    )
    if await session.scalar(statement) is None:
        raise TotpAlreadyEnabled
    return enrolment


async def confirm(
    session: AsyncSession, factors: SecondFactors, role: Role, account_id: UUID, code: str
) -> list[str]:
    """The recovery codes. Raises `TotpNotEnabled`, `TotpAlreadyEnabled` or `TotpCodeMismatch`."""
    factor = await session.get(SecondFactor, (role, account_id), with_for_update=True)
    if factor is None:
        raise TotpNotEnabled
    if factor.confirmed_at is not None:
        raise TotpAlreadyEnabled
    counter = factors.matching_counter(factor.encrypted_key, code, factor.last_counter)
    if counter is None:
        raise TotpCodeMismatch
    factor.confirmed_at, factor.last_counter = utc_now(), counter
    return await renew_recovery_codes(session, role, account_id)


async def use_code(session: AsyncSession, factors: SecondFactors, factor: SecondFactor, code: str) -> str:
    """Which kind of code it was: "totp" or "recovery". Raises `InvalidTotpCode`."""
    counter = factors.matching_counter(factor.encrypted_key, code, factor.last_counter)
    if counter is not None and await _advance(session, factor, counter):
        return "totp"
    if await _use_recovery_code(session, Role(factor.role), factor.account_id, code):
        return "recovery"
    raise InvalidTotpCode


async def remove(session: AsyncSession, role: Role, account_id: UUID) -> None:
    """Raises `TotpNotEnabled` or `TotpMandatory`."""
    if role is Role.SUPERADMIN:
        raise TotpMandatory
    statement = (
        delete(SecondFactor)
        .where(SecondFactor.role == role, SecondFactor.account_id == account_id)
        .returning(SecondFactor.account_id)
    )
    if await session.scalar(statement) is None:
        raise TotpNotEnabled
    await _delete_recovery_codes(session, role, account_id)


async def renew_recovery_codes(session: AsyncSession, role: Role, account_id: UUID) -> list[str]:
    """Those of before no longer work."""
    await _delete_recovery_codes(session, role, account_id)
    codes = [_new_recovery_code() for _ in range(RECOVERY_CODES)]
    rows = [{"role": role, "account_id": account_id, "code_hash": _hashed(code)} for code in codes]
    await session.execute(insert(RecoveryCode).values(rows))
    return codes


async def unused_recovery_codes(session: AsyncSession, role: Role, account_id: UUID) -> int:
    statement = select(func.count()).where(
        RecoveryCode.role == role, RecoveryCode.account_id == account_id, RecoveryCode.used_at.is_(None)
    )
    return int(await session.scalar(statement) or 0)


async def _advance(session: AsyncSession, factor: SecondFactor, counter: int) -> bool:
    """Of two sign-ins with one code, one wins."""
    statement = (
        update(SecondFactor)
        .where(
            SecondFactor.role == factor.role,
            SecondFactor.account_id == factor.account_id,
            SecondFactor.last_counter < counter,
        )
        .values(last_counter=counter)
        .returning(SecondFactor.account_id)
        .execution_options(synchronize_session=False)
    )
    return await session.scalar(statement) is not None


async def _use_recovery_code(session: AsyncSession, role: Role, account_id: UUID, code: str) -> bool:
    statement = (
        update(RecoveryCode)
        .where(
            RecoveryCode.role == role,
            RecoveryCode.account_id == account_id,
            RecoveryCode.code_hash == _hashed(code),
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=func.now())
        .returning(RecoveryCode.id)
    )
    return await session.scalar(statement) is not None


async def _delete_recovery_codes(session: AsyncSession, role: Role, account_id: UUID) -> None:
    await session.execute(
        delete(RecoveryCode).where(RecoveryCode.role == role, RecoveryCode.account_id == account_id)
    )


def _new_recovery_code() -> str:
    """`abcd-efgh-ijkl-mnop`: eighty random bits, so that a plain hash of it is enough."""
    text = base64.b32encode(secrets.token_bytes(_CODE_BYTES)).decode().lower()
    return "-".join(_groups(text, 4))


def _tag(secret: str) -> str:
    """Names the secret in what it encrypted."""
    return hashlib.sha256(secret.encode()).hexdigest()[:12]


def _groups(text: str, size: int) -> Sequence[str]:
    return [text[start : start + size] for start in range(0, len(text), size)]


def _hashed(code: str) -> str:
    return hashlib.sha256("".join(code.lower().split()).replace("-", "").encode()).hexdigest()
