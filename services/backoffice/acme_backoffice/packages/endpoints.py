from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response, status

from acme_auth.sessions import SessionEnded
from acme_auth.tokens import InvalidToken
from acme_backoffice.dependencies import OwnedProject
from acme_backoffice.packages import queries, service
from acme_backoffice.packages.errors import PackageNotFound
from acme_backoffice.packages.schemas import PackageCreate, PackageOut, PackageUpdate
from acme_backoffice.projects.errors import ProjectNotFound
from acme_core.pages import Page
from acme_db.models import Package
from acme_db.versions import StaleVersion
from acme_web.dependencies import CurrentOperator, DbSession, OperatorOfToken, Paging, Reads, WrongRole
from acme_web.problems import ValidationFailed, problems
from acme_web.written import written

router = APIRouter(
    tags=["packages"], responses=problems(InvalidToken, SessionEnded, WrongRole, ValidationFailed)
)


async def _owned_package(package_id: UUID, caller: CurrentOperator, session: DbSession) -> Package:
    return await queries.find_package(session, caller.account_id, package_id)


OwnedPackage = Annotated[Package, Depends(_owned_package)]


@router.get("/packages", response_model=Page[PackageOut])
async def list_packages(caller: OperatorOfToken, reader: Reads, page: Paging) -> Response:
    return written(await service.list_packages(reader, caller, page))


@router.post("/packages", status_code=status.HTTP_201_CREATED)
async def create_package(body: PackageCreate, caller: CurrentOperator, session: DbSession) -> PackageOut:
    return PackageOut.model_validate(await service.create_package(session, caller, body))


@router.get("/packages/{package_id}", responses=problems(PackageNotFound))
async def get_package(package: OwnedPackage) -> PackageOut:
    return PackageOut.model_validate(package)


@router.patch("/packages/{package_id}", responses=problems(PackageNotFound, StaleVersion))
async def update_package(
    body: PackageUpdate, package: OwnedPackage, caller: CurrentOperator, session: DbSession
) -> PackageOut:
    return PackageOut.model_validate(await service.update_package(session, caller, package, body))


@router.delete(
    "/packages/{package_id}",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problems(PackageNotFound),
)
async def delete_package(package: OwnedPackage, caller: CurrentOperator, session: DbSession) -> None:
    service.delete_package(session, caller, package)


@router.get(
    "/projects/{project_id}/packages",
    response_model=Page[PackageOut],
    responses=problems(ProjectNotFound),
)
async def list_project_packages(
    project_id: UUID, caller: OperatorOfToken, reader: Reads, page: Paging
) -> Response:
    return written(await service.list_packages(reader, caller, page, project_id=project_id))


@router.put(
    "/projects/{project_id}/packages/{package_id}",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problems(ProjectNotFound, PackageNotFound),
)
async def put_package_on_sale(
    project: OwnedProject, package: OwnedPackage, caller: CurrentOperator, session: DbSession
) -> None:
    await service.put_on_sale(session, caller, project.id, package.id)


@router.delete(
    "/projects/{project_id}/packages/{package_id}",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problems(ProjectNotFound, PackageNotFound),
)
async def take_package_off_sale(
    project: OwnedProject, package: OwnedPackage, caller: CurrentOperator, session: DbSession
) -> None:
    await service.take_off_sale(session, caller, project.id, package.id)
