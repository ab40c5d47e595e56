from typing import Annotated

from fastapi import APIRouter, Path, Response, status

from acme_auth.sessions import SessionEnded
from acme_auth.tokens import InvalidToken
from acme_main.dependencies import Storage
from acme_main.joining import service
from acme_main.joining.errors import QrTokenGone, QrTokenNotFound, QrTokenUsed, TermsRequired
from acme_main.joining.schemas import InvitationOut, JoinRequest, MembershipOut
from acme_web.dependencies import CurrentUser, DbSession, WrongRole
from acme_web.problems import ValidationFailed, problems
from acme_web.rate_limits import JOIN_LIMIT, TooManyRequests

router = APIRouter(
    tags=["joining"], responses=problems(QrTokenNotFound, QrTokenGone, QrTokenUsed, ValidationFailed)
)


@router.get("/qr/{token}")
async def preview_project(
    token: Annotated[str, Path(max_length=255)], session: DbSession, storage: Storage
) -> InvitationOut:
    return await service.preview(session, storage, token)


@router.post(
    "/projects/join",
    status_code=status.HTTP_201_CREATED,
    dependencies=[JOIN_LIMIT],
    responses={
        **problems(InvalidToken, SessionEnded, WrongRole, TermsRequired, TooManyRequests),
        200: {"model": MembershipOut, "description": "Had joined already"},
    },
)
async def join_project(
    body: JoinRequest, caller: CurrentUser, session: DbSession, response: Response
) -> MembershipOut:
    membership, is_new = await service.join(session, caller, body)
    response.status_code = status.HTTP_201_CREATED if is_new else status.HTTP_200_OK
    return membership
