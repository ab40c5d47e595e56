"""TOTP of one's own account."""

import io

import segno
from sqlalchemy.ext.asyncio import AsyncSession

from acme_auth import second_factors
from acme_auth.audit import record
from acme_auth.principals import Principal
from acme_auth.second_factors import SecondFactors, TotpNotEnabled
from acme_backoffice.accounts import queries
from acme_backoffice.accounts.schemas import RecoveryCodesOut, TotpConfirm, TotpSetup
from acme_db.models import AuditAction


async def begin(session: AsyncSession, factors: SecondFactors, caller: Principal) -> TotpSetup:
    """Raises `TotpAlreadyEnabled`."""
    account = await queries.get_account(session, caller.role, caller.account_id)
    enrolment = await second_factors.begin(session, factors, caller.role, account.id, account.email)
    return TotpSetup(secret=enrolment.key, otpauth_uri=enrolment.uri, qr_svg=_svg(enrolment.uri))


async def confirm(
    session: AsyncSession, factors: SecondFactors, caller: Principal, body: TotpConfirm
) -> RecoveryCodesOut:
    """Raises `TotpNotEnabled`, `TotpAlreadyEnabled` or `TotpCodeMismatch`."""
    codes = await second_factors.confirm(session, factors, caller.role, caller.account_id, body.code)
    record(session, AuditAction.SECOND_FACTOR_ENABLED, caller, caller.account_id)
    return RecoveryCodesOut(recovery_codes=codes)


async def remove(session: AsyncSession, caller: Principal) -> None:
    """Raises `TotpNotEnabled` or `TotpMandatory`."""
    await second_factors.remove(session, caller.role, caller.account_id)
    record(session, AuditAction.SECOND_FACTOR_DISABLED, caller, caller.account_id)


async def renew_recovery_codes(session: AsyncSession, caller: Principal) -> RecoveryCodesOut:
    """Raises `TotpNotEnabled`."""
    if await second_factors.find(session, caller.role, caller.account_id) is None:
        raise TotpNotEnabled
    codes = await second_factors.renew_recovery_codes(session, caller.role, caller.account_id)
    record(session, AuditAction.RECOVERY_CODES_RENEWED, caller, caller.account_id)
    return RecoveryCodesOut(recovery_codes=codes)


def _svg(uri: str) -> str:
    buffer = io.BytesIO()
    segno.make(uri, micro=False).save(buffer, kind="svg", xmldecl=False, scale=4)
    return buffer.getvalue().decode()
