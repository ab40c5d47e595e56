from fastapi import APIRouter

from acme_auth.sessions import SessionEnded
from acme_auth.tokens import InvalidToken
from acme_backoffice.dependencies import SystemChecks
from acme_backoffice.system import service
from acme_backoffice.system.schemas import SystemOut
from acme_web.dependencies import CurrentSuperadmin, Data, WrongRole
from acme_web.problems import problems

router = APIRouter(prefix="/admin", tags=["system"])


@router.get("/system", responses=problems(InvalidToken, SessionEnded, WrongRole))
async def show_system(caller: CurrentSuperadmin, data: Data, checks: SystemChecks) -> SystemOut:  # noqa: ARG001 - who may look
    return await service.look(data, checks)
