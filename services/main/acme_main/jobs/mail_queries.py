from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Select, func, null, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from acme_auth.principals import Role
from acme_db.models import (
    ErasureReceipt,
    HideRequest,
    Operator,
    Package,
    Photo,
    Photographer,
    Project,
    Purchase,
    Selfie,
    User,
    WebhookEndpoint,
)
from acme_main.gallery.queries import shows


@dataclass(frozen=True)
class Recipient:
    name: str
    email: str
    locale: str
    """BCP 47."""


@dataclass(frozen=True)
class PurchaseDetails:
    purchase: Purchase
    package: Package
    project: Project
    operator: Operator


@dataclass(frozen=True)
class HidingDetails:
    request: HideRequest
    project: Project
    operator: Operator


@dataclass(frozen=True)
class PhotoNews:
    project_name: str
    wants_mail: bool
    total: int
    """Photos that the guest sees in the project now."""


async def find_recipient(session: AsyncSession, role: Role, account_id: UUID) -> Recipient | None:
    """None for an account that has been deleted. A photographer reads the operator's language."""
    statement: Select[str, str, str]
    match role:
        case Role.USER:
            statement = select(User.name, User.email, User.locale).where(
                User.id == account_id, User.deleted_at.is_(None)
            )
        case Role.OPERATOR:
            statement = select(Operator.name, Operator.email, Operator.locale).where(
                Operator.id == account_id, Operator.deleted_at.is_(None)
            )
        case Role.PHOTOGRAPHER:
            statement = (
                select(Photographer.name, Photographer.email, Operator.locale)
                .join(Operator, Operator.id == Photographer.operator_id)
                .where(Photographer.id == account_id, Photographer.deleted_at.is_(None))
            )
        case Role.SUPERADMIN:
            return None
    row = (await session.execute(statement)).one_or_none()
    return None if row is None else Recipient(*row)


async def employer_of(session: AsyncSession, photographer_id: UUID) -> Operator:
    statement = (
        select(Operator)
        .join(Photographer, Photographer.operator_id == Operator.id)
        .where(Photographer.id == photographer_id)
    )
    return (await session.scalars(statement)).one()


async def photo_news(session: AsyncSession, user_id: UUID, project_id: UUID) -> PhotoNews | None:
    """None for a project that has been deleted."""
    total = select(func.count()).where(Photo.project_id == project_id, shows(user_id)).scalar_subquery()
    statement = (
        select(Project.name, User.wants_photo_mails, total)
        .join(User, User.id == user_id)
        .where(Project.id == project_id, Project.deleted_at.is_(None))
    )
    row = (await session.execute(statement)).one_or_none()
    return None if row is None else PhotoNews(*row)


async def project_name(session: AsyncSession, project_id: UUID) -> str | None:
    """None for a project that has been deleted."""
    statement = select(Project.name).where(Project.id == project_id, Project.deleted_at.is_(None))
    name: str | None = await session.scalar(statement)
    return name


async def get_purchase(session: AsyncSession, purchase_id: UUID) -> PurchaseDetails:
    statement = (
        select(Purchase, Package, Project, Operator)
        .join(Package, Package.id == Purchase.package_id)
        .join(Project, Project.id == Purchase.project_id)
        .join(Operator, Operator.id == Project.operator_id)
        .where(Purchase.id == purchase_id)
    )
    return PurchaseDetails(*(await session.execute(statement)).one())


async def get_selfie(session: AsyncSession, selfie_id: UUID) -> Selfie | None:
    return await session.get(Selfie, selfie_id)


async def find_hiding(session: AsyncSession, request_id: UUID) -> HidingDetails | None:
    """None when the request or its project is gone."""
    statement = (
        select(HideRequest, Project, Operator)
        .join(Project, Project.id == HideRequest.project_id)
        .join(Operator, Operator.id == Project.operator_id)
        .where(HideRequest.id == request_id, Project.deleted_at.is_(None))
    )
    row = (await session.execute(statement)).one_or_none()
    return None if row is None else HidingDetails(*row)


async def get_receipt(session: AsyncSession, receipt_id: UUID) -> ErasureReceipt:
    return await session.get_one(ErasureReceipt, receipt_id)


async def forget_recipient(session: AsyncSession, receipt_id: UUID) -> None:
    await session.execute(
        update(ErasureReceipt).where(ErasureReceipt.id == receipt_id).values(recipient=null())
    )


async def find_disabled_endpoint(session: AsyncSession, endpoint_id: UUID) -> WebhookEndpoint | None:
    endpoint: WebhookEndpoint | None = await session.scalar(
        select(WebhookEndpoint).where(
            WebhookEndpoint.id == endpoint_id, WebhookEndpoint.disabled_at.is_not(None)
        )
    )
    return endpoint
