from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Body, status
from fastapi.responses import StreamingResponse

from acme_auth.account_errors import AccountNotFound, EmailTaken, InvalidCredentials
from acme_auth.one_time_tokens import InvalidOneTimeToken
from acme_auth.sessions import InvalidRefreshToken, SessionEnded, SessionNotFound
from acme_auth.tokens import InvalidToken
from acme_db.versions import StaleVersion
from acme_main.accounts import deletion, export, service, sign_in
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
from acme_main.consents.schemas import ReceiptOut
from acme_main.dependencies import Storage
from acme_storage.gateway import attachment
from acme_web.credentials import PasswordForgot, PasswordReset
from acme_web.dependencies import Auth, CurrentUser, Data, DbSession, WrongRole
from acme_web.languages import ClientLocale
from acme_web.lockout import TooManyAttempts
from acme_web.problems import ValidationFailed, problems
from acme_web.rate_limits import (
    FORGOT_LIMIT,
    LOGIN_LIMIT,
    REGISTER_LIMIT,
    RESET_LIMIT,
    VERIFICATION_LIMIT,
    TooManyRequests,
)
from acme_web.sessions import Door, RefreshIn, SessionOut, SignInList, list_sign_ins, revoke_sign_in

router = APIRouter(tags=["accounts"])


@router.post(
    "/auth/register",
    status_code=status.HTTP_201_CREATED,
    dependencies=[REGISTER_LIMIT],
    responses=problems(EmailTaken, ValidationFailed, TooManyRequests),
)
async def register(
    body: UserRegister, data: Data, door: Door, locale: ClientLocale
) -> SessionOut[AccountOut]:
    return await sign_in.register(data, door, body, locale)


@router.post(
    "/auth/login",
    dependencies=[LOGIN_LIMIT],
    responses=problems(InvalidCredentials, ValidationFailed, TooManyAttempts, TooManyRequests),
)
async def login(body: Login, data: Data, door: Door) -> SessionOut[AccountOut]:
    return await sign_in.login(data, door, body)


@router.post("/auth/refresh", responses=problems(InvalidRefreshToken, AccountNotFound, ValidationFailed))
async def refresh(body: RefreshIn, data: Data, door: Door) -> SessionOut[AccountOut]:
    return await sign_in.refresh(data, door, body)


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
    "/auth/email/verify",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problems(InvalidOneTimeToken, AccountNotFound),
)
async def verify_email(body: EmailVerify, session: DbSession) -> None:
    await service.verify_email(session, body)


@router.post(
    "/auth/media-token",
    responses=problems(
        InvalidToken, SessionEnded, WrongRole, ConsentRequired, AccountNotFound, ValidationFailed
    ),
)
async def create_media_token(
    caller: CurrentUser,
    session: DbSession,
    auth: Auth,
    body: Annotated[MediaTokenRequest, Body()] = MediaTokenRequest(),  # noqa: B008 - frozen
) -> MediaTokenOut:
    return await service.media_token(session, auth, caller, body)


@router.get("/me", responses=problems(InvalidToken, SessionEnded, WrongRole, AccountNotFound))
async def get_me(caller: CurrentUser, session: DbSession) -> AccountOut:
    return await service.me(session, caller)


@router.get("/me/sessions", responses=problems(InvalidToken, SessionEnded, WrongRole))
async def list_sessions(caller: CurrentUser, session: DbSession) -> SignInList:
    return await list_sign_ins(session, caller)


@router.delete(
    "/me/sessions/{session_id}",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problems(InvalidToken, SessionEnded, WrongRole, SessionNotFound, ValidationFailed),
)
async def revoke_session(session_id: UUID, caller: CurrentUser, session: DbSession) -> None:
    await revoke_sign_in(session, caller, session_id)


@router.patch(
    "/me",
    responses=problems(
        InvalidToken, SessionEnded, WrongRole, AccountNotFound, StaleVersion, ValidationFailed
    ),
)
async def update_me(body: AccountUpdate, caller: CurrentUser, session: DbSession) -> AccountOut:
    return await service.update_me(session, caller, body)


@router.delete(
    "/me",
    status_code=status.HTTP_202_ACCEPTED,
    responses=problems(InvalidToken, SessionEnded, WrongRole, AccountNotFound),
)
async def delete_me(caller: CurrentUser, session: DbSession, door: Door) -> ReceiptOut:
    receipt = await deletion.delete_account(session, caller)
    door.forget(sign_in.AUDIENCE)
    return receipt


@router.post(
    "/me/email/verification",
    status_code=status.HTTP_202_ACCEPTED,
    dependencies=[VERIFICATION_LIMIT],
    responses=problems(InvalidToken, SessionEnded, WrongRole, AccountNotFound, TooManyRequests),
)
async def send_verification(caller: CurrentUser, session: DbSession) -> None:
    """Another mail with a link that verifies the address; none where it is verified."""
    await service.send_verification(session, caller)


@router.get(
    "/me/export",
    response_class=StreamingResponse,
    responses={
        200: {"content": {"application/zip": {}}, "description": "data.json, photos.csv and the selfies"},
        **problems(InvalidToken, SessionEnded, WrongRole, AccountNotFound),
    },
)
async def export_me(caller: CurrentUser, data: Data, storage: Storage) -> StreamingResponse:
    file = await export.export_account(data, storage, caller)
    headers = {"Content-Disposition": attachment(export.FILENAME)}
    return StreamingResponse(export.chunks(file), media_type="application/zip", headers=headers)
