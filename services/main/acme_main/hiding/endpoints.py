from uuid import UUID

from fastapi import APIRouter, Response, status

from acme_auth.sessions import SessionEnded
from acme_auth.tokens import InvalidToken
from acme_core.pages import Page
from acme_main.gallery.errors import PhotoNotFound
from acme_main.hiding import service
from acme_main.hiding.errors import FaceUnknown
from acme_main.hiding.schemas import HideAsk, HideRequestOut
from acme_web.dependencies import CurrentUser, DbSession, Paging, Reads, UserOfToken, WrongRole
from acme_web.problems import ValidationFailed, problems
from acme_web.written import written

router = APIRouter(
    tags=["hiding"], responses=problems(InvalidToken, SessionEnded, WrongRole, ValidationFailed)
)


@router.post(
    "/photos/{photo_id}/hide-requests",
    status_code=status.HTTP_201_CREATED,
    responses={
        **problems(PhotoNotFound, FaceUnknown),
        200: {"model": HideRequestOut, "description": "It was asked before"},
    },
)
async def ask_to_hide(
    photo_id: UUID, body: HideAsk, caller: CurrentUser, session: DbSession, response: Response
) -> HideRequestOut:
    """The event's operator decides. Whoever has bought a photo that is withheld cannot fetch it any more."""
    asked, is_new = await service.ask(session, caller, photo_id, body)
    response.status_code = status.HTTP_201_CREATED if is_new else status.HTTP_200_OK
    return asked


@router.get("/hide-requests", response_model=Page[HideRequestOut])
async def list_hide_requests(caller: UserOfToken, reader: Reads, page: Paging) -> Response:
    """The caller's own, and what became of them."""
    return written(await service.list_requests(reader, caller, page))
