from collections.abc import Mapping
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request

from acme_auth.second_factors import SecondFactors
from acme_backoffice.projects.queries import find_owned_project
from acme_config.settings import FaceSettings, LinkSettings
from acme_core.checks import Check
from acme_db.models import Project
from acme_payments.gateway import PaymentGateway
from acme_storage.gateway import ObjectStorage
from acme_web.dependencies import CurrentOperator, DbSession


async def _storage(request: Request) -> ObjectStorage:
    storage: ObjectStorage = request.app.state.storage
    return storage


async def _links(request: Request) -> LinkSettings:
    links: LinkSettings = request.app.state.links
    return links


async def _payments(request: Request) -> PaymentGateway:
    payments: PaymentGateway = request.app.state.payments
    return payments


async def _faces(request: Request) -> FaceSettings:
    faces: FaceSettings = request.app.state.faces
    return faces


async def _second_factors(request: Request) -> SecondFactors:
    factors: SecondFactors = request.app.state.second_factors
    return factors


async def _system_checks(request: Request) -> Mapping[str, Check]:
    checks: Mapping[str, Check] = request.app.state.system_checks
    return checks


SystemChecks = Annotated[Mapping[str, Check], Depends(_system_checks)]
"""Of all that the platform depends on and this service can reach."""
FaceBounds = Annotated[FaceSettings, Depends(_faces)]
Factors = Annotated[SecondFactors, Depends(_second_factors)]
Payments = Annotated[PaymentGateway, Depends(_payments)]
Storage = Annotated[ObjectStorage, Depends(_storage)]
Links = Annotated[LinkSettings, Depends(_links)]


async def _owned_project(project_id: UUID, caller: CurrentOperator, session: DbSession) -> Project:
    return await find_owned_project(session, caller.account_id, project_id)


OwnedProject = Annotated[Project, Depends(_owned_project)]
"""A project of the calling operator; 404 for anybody else's."""
