from typing import Annotated

from fastapi import APIRouter, Body, status

from acme_auth.sessions import InvalidRefreshToken
from acme_auth.tokens import InvalidToken
from acme_main.accounts import service
from acme_main.accounts.errors import AccountNotFound, EmailTaken, InvalidCredentials
from acme_main.accounts.schemas import AccountOut, Login, MediaTokenOut, MediaTokenRequest, UserRegister
from acme_main.consents.errors import ConsentRequired
from acme_web.dependencies import Auth, CurrentUser, Data, DbSession, WrongRole
from acme_web.problems import ValidationFailed, problems
from acme_web.sessions import Door, RefreshIn, SessionOut

router = APIRouter(tags=["accounts"])


@router.post(
    "/auth/register", status_code=status.HTTP_201_CREATED, responses=problems(EmailTaken, ValidationFailed)
)
async def register(body: UserRegister, data: Data, door: Door) -> SessionOut[AccountOut]:
    return await service.register(data, door, body)


@router.post("/auth/login", responses=problems(InvalidCredentials, ValidationFailed))
async def login(body: Login, data: Data, door: Door) -> SessionOut[AccountOut]:
    return await service.login(data, door, body)


@router.post("/auth/refresh", responses=problems(InvalidRefreshToken, AccountNotFound, ValidationFailed))
async def refresh(body: RefreshIn, data: Data, door: Door) -> SessionOut[AccountOut]:
    return await service.refresh(data, door, body)


@router.post("/auth/logout", status_code=status.HTTP_204_NO_CONTENT, responses=problems(ValidationFailed))
async def logout(body: RefreshIn, session: DbSession, door: Door) -> None:
    await service.logout(session, door, body)


@router.post(
    "/auth/media-token",
    responses=problems(InvalidToken, WrongRole, ConsentRequired, AccountNotFound, ValidationFailed),
)
async def create_media_token(
    caller: CurrentUser,
    session: DbSession,
    auth: Auth,
    body: Annotated[MediaTokenRequest, Body()] = MediaTokenRequest(),  # noqa: B008 - frozen
) -> MediaTokenOut:
    return await service.media_token(session, auth, caller, body)


@router.get("/me", responses=problems(InvalidToken, WrongRole, AccountNotFound))
async def get_me(caller: CurrentUser, session: DbSession) -> AccountOut:
    return await service.me(session, caller)
