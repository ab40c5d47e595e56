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
from acme_webhooks.secrets import SecretBox
from acme_webhooks.targets import TargetPolicy


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


async def _webhook_secrets(request: Request) -> SecretBox:
    box: SecretBox = request.app.state.webhook_secrets
    return box


async def _webhook_targets(request: Request) -> TargetPolicy:
    policy: TargetPolicy = request.app.state.webhook_targets
    return policy


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
WebhookSecrets = Annotated[SecretBox, Depends(_webhook_secrets)]
WebhookTargets = Annotated[TargetPolicy, Depends(_webhook_targets)]


async def _owned_project(project_id: UUID, caller: CurrentOperator, session: DbSession) -> Project:
    return await find_owned_project(session, caller.account_id, project_id)


OwnedProject = Annotated[Project, Depends(_owned_project)]
"""A project of the calling operator; 404 for anybody else's."""
