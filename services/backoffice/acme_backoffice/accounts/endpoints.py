from uuid import UUID

from fastapi import APIRouter, status

from acme_auth.account_errors import AccountNotFound, AccountSuspended, EmailTaken, InvalidCredentials
from acme_auth.one_time_tokens import InvalidOneTimeToken
from acme_auth.second_factors import (
    InvalidTotpCode,
    TotpAlreadyEnabled,
    TotpCodeMismatch,
    TotpMandatory,
    TotpNotEnabled,
    TotpRequired,
)
from acme_auth.sessions import InvalidRefreshToken, SessionEnded, SessionNotFound
from acme_auth.tokens import InvalidToken
from acme_backoffice.accounts import pictures, second_factor, service, sign_in
from acme_backoffice.accounts.errors import (
    FieldOfAnotherRole,
    PictureMissing,
    PictureNotTaken,
    PictureStoreDown,
    RoleRequired,
)
from acme_backoffice.accounts.schemas import (
    AccountOut,
    AccountUpdate,
    InviteAccept,
    Login,
    OperatorRegister,
    PictureComplete,
    PictureUpload,
    PictureUploadOut,
    RecoveryCodesOut,
    TotpConfirm,
    TotpSetup,
)
from acme_backoffice.dependencies import Factors, Storage
from acme_db.versions import StaleVersion
from acme_web.credentials import PasswordForgot, PasswordReset
from acme_web.dependencies import Auth, CurrentBackoffice, CurrentOperator, Data, DbSession, WrongRole
from acme_web.lockout import TooManyAttempts
from acme_web.problems import ValidationFailed, problems
from acme_web.proxies import ClientCountry
from acme_web.rate_limits import FORGOT_LIMIT, LOGIN_LIMIT, REGISTER_LIMIT, RESET_LIMIT, TooManyRequests
from acme_web.sessions import Door, RefreshIn, SessionOut, SignInList, list_sign_ins, revoke_sign_in

router = APIRouter(tags=["accounts"])

SIGNED_IN = problems(InvalidToken, SessionEnded, WrongRole, AccountNotFound, ValidationFailed)


@router.post(
    "/auth/register",
    status_code=status.HTTP_201_CREATED,
    dependencies=[REGISTER_LIMIT],
    responses=problems(EmailTaken, ValidationFailed, TooManyRequests),
)
async def register(
    body: OperatorRegister, data: Data, storage: Storage, door: Door, country: ClientCountry
) -> SessionOut[AccountOut]:
    return await sign_in.register(data, storage, door, body, country)


@router.post(
    "/auth/login",
    dependencies=[LOGIN_LIMIT],
    responses=problems(
        InvalidCredentials,
        TotpRequired,
        InvalidTotpCode,
        AccountSuspended,
        TotpMandatory,
        RoleRequired,
        ValidationFailed,
        TooManyAttempts,
        TooManyRequests,
    ),
)
async def login(
    body: Login, data: Data, storage: Storage, factors: Factors, door: Door
) -> SessionOut[AccountOut]:
    return await sign_in.login(data, storage, factors, door, body)


@router.post(
    "/auth/refresh",
    responses=problems(InvalidRefreshToken, AccountSuspended, AccountNotFound, ValidationFailed),
)
async def refresh(body: RefreshIn, data: Data, storage: Storage, door: Door) -> SessionOut[AccountOut]:
    return await sign_in.refresh(data, storage, door, body)


@router.post("/auth/logout", status_code=status.HTTP_204_NO_CONTENT, responses=problems(ValidationFailed))
async def logout(body: RefreshIn, session: DbSession, door: Door) -> None:
    await sign_in.logout(session, door, body)


@router.post(
    "/auth/password/forgot",
    status_code=status.HTTP_202_ACCEPTED,
    dependencies=[FORGOT_LIMIT],
    responses=problems(ValidationFailed, TooManyRequests),
)
async def forgot_password(body: PasswordForgot, session: DbSession) -> None:
    await service.forgot_password(session, body)


@router.post(
    "/auth/password/reset",
    status_code=status.HTTP_204_NO_CONTENT,
    dependencies=[RESET_LIMIT],
    responses=problems(InvalidOneTimeToken, AccountNotFound, TooManyRequests),
)
async def reset_password(body: PasswordReset, data: Data, auth: Auth) -> None:
    await service.reset_password(data, auth, body)


@router.post(
    "/auth/accept-invite", responses=problems(InvalidOneTimeToken, AccountNotFound, AccountSuspended)
)
async def accept_invite(
    body: InviteAccept, data: Data, storage: Storage, door: Door
) -> SessionOut[AccountOut]:
    return await sign_in.accept_invite(data, storage, door, body)


@router.get("/me", responses=problems(InvalidToken, SessionEnded, WrongRole, AccountNotFound))
async def get_me(caller: CurrentBackoffice, session: DbSession, storage: Storage) -> AccountOut:
    return await service.me(session, storage, caller)


@router.patch(
    "/me",
    responses=problems(
        InvalidToken, SessionEnded, WrongRole, AccountNotFound, StaleVersion, FieldOfAnotherRole
    ),
)
async def update_me(
    body: AccountUpdate, caller: CurrentBackoffice, session: DbSession, storage: Storage
) -> AccountOut:
    return await service.update_me(session, storage, caller, body)


@router.get("/me/sessions", responses=problems(InvalidToken, SessionEnded, WrongRole))
async def list_sessions(caller: CurrentBackoffice, session: DbSession) -> SignInList:
    return await list_sign_ins(session, caller)


@router.delete(
    "/me/sessions/{session_id}",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problems(InvalidToken, SessionEnded, WrongRole, SessionNotFound, ValidationFailed),
)
async def revoke_session(session_id: UUID, caller: CurrentBackoffice, session: DbSession) -> None:
    await revoke_sign_in(session, caller, session_id)


@router.post(
    "/me/totp",
    status_code=status.HTTP_201_CREATED,
    responses=problems(InvalidToken, SessionEnded, WrongRole, AccountNotFound, TotpAlreadyEnabled),
)
async def begin_totp(caller: CurrentBackoffice, session: DbSession, factors: Factors) -> TotpSetup:
    return await second_factor.begin(session, factors, caller)


@router.post(
    "/me/totp/confirm",
    responses=problems(
        InvalidToken,
        SessionEnded,
        WrongRole,
        TotpNotEnabled,
        TotpAlreadyEnabled,
        TotpCodeMismatch,
        ValidationFailed,
    ),
)
async def confirm_totp(
    body: TotpConfirm, caller: CurrentBackoffice, session: DbSession, factors: Factors
) -> RecoveryCodesOut:
    return await second_factor.confirm(session, factors, caller, body)


@router.delete(
    "/me/totp",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problems(InvalidToken, SessionEnded, WrongRole, TotpMandatory, TotpNotEnabled),
)
async def remove_totp(caller: CurrentBackoffice, session: DbSession) -> None:
    await second_factor.remove(session, caller)


@router.post(
    "/me/totp/recovery-codes", responses=problems(InvalidToken, SessionEnded, WrongRole, TotpNotEnabled)
)
async def renew_recovery_codes(caller: CurrentBackoffice, session: DbSession) -> RecoveryCodesOut:
    return await second_factor.renew_recovery_codes(session, caller)


@router.post("/me/profile-picture/upload-url", status_code=status.HTTP_201_CREATED, responses={**SIGNED_IN})
async def issue_picture_upload_url(
    body: PictureUpload, caller: CurrentOperator, storage: Storage
) -> PictureUploadOut:
    return pictures.issue_upload(storage, caller, body)


@router.post(
    "/me/profile-picture/complete",
    responses={**SIGNED_IN, **problems(PictureMissing, PictureNotTaken, PictureStoreDown)},
)
async def complete_picture(
    body: PictureComplete, caller: CurrentOperator, data: Data, storage: Storage
) -> AccountOut:
    return await pictures.complete_upload(data, storage, caller, body.upload_id)


@router.delete(
    "/me/profile-picture", responses=problems(InvalidToken, SessionEnded, WrongRole, AccountNotFound)
)
async def remove_picture(caller: CurrentOperator, data: Data, storage: Storage) -> AccountOut:
    return await pictures.remove_picture(data, storage, caller)
