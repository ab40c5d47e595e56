from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Header, Response, status

from acme_auth.sessions import SessionEnded
from acme_auth.tokens import InvalidToken
from acme_config.jobs import QueueName
from acme_core.pages import Page
from acme_main.dependencies import Payments, Storage, Stripe
from acme_main.gallery.errors import PhotoNotFound, ProjectNotFound
from acme_main.purchases import archives, checkout, resuming, service
from acme_main.purchases.errors import (
    ArchiveNotFound,
    IdempotencyKeyReused,
    PackageNotFound,
    PaymentRefused,
    PaymentsDown,
    PhotoCountExceeded,
    PurchaseNotFound,
    PurchaseNotPaid,
)
from acme_main.purchases.schemas import (
    ArchiveOut,
    PackageOut,
    PurchaseCreate,
    PurchaseCreated,
    PurchaseDetailOut,
    PurchaseOut,
    UnlockOut,
    UnlockRequest,
)
from acme_web.capacity import PlatformFull, room_in
from acme_web.dependencies import CurrentUser, Data, DbSession, Paging, Reads, UserOfToken, WrongRole
from acme_web.problems import ValidationFailed, problems
from acme_web.written import written

router = APIRouter(
    tags=["purchases"], responses=problems(InvalidToken, SessionEnded, WrongRole, ValidationFailed)
)

IdempotencyKey = Annotated[str | None, Header(min_length=1, max_length=255)]


@router.get(
    "/projects/{project_id}/packages",
    response_model=Page[PackageOut],
    responses=problems(ProjectNotFound),
)
async def list_packages(project_id: UUID, caller: UserOfToken, reader: Reads) -> Response:
    return written(await service.list_packages(reader, caller, project_id))


@router.post(
    "/purchases",
    status_code=status.HTTP_201_CREATED,
    responses=problems(
        ProjectNotFound,
        PackageNotFound,
        IdempotencyKeyReused,
        PaymentRefused,
        ValidationFailed,
        PaymentsDown,
    ),
)
async def create_purchase(
    body: PurchaseCreate,
    caller: CurrentUser,
    data: Data,
    payments: Payments,
    stripe: Stripe,
    idempotency_key: IdempotencyKey = None,
) -> PurchaseCreated:
    return await checkout.create_purchase(data, payments, stripe, caller, body, idempotency_key)


@router.get("/purchases", response_model=Page[PurchaseOut])
async def list_purchases(caller: UserOfToken, reader: Reads, page: Paging) -> Response:
    return written(await service.list_purchases(reader, caller, page))


@router.get("/purchases/{purchase_id}", responses=problems(PurchaseNotFound))
async def get_purchase(
    purchase_id: UUID, caller: CurrentUser, data: Data, payments: Payments, stripe: Stripe
) -> PurchaseDetailOut:
    return await resuming.get_purchase(data, payments, stripe, caller.account_id, purchase_id)


@router.post(
    "/purchases/{purchase_id}/photos",
    responses=problems(PurchaseNotFound, PhotoNotFound, PurchaseNotPaid, PhotoCountExceeded),
)
async def unlock_photos(
    purchase_id: UUID, body: UnlockRequest, caller: CurrentUser, session: DbSession
) -> UnlockOut:
    return await service.unlock_photos(session, caller, purchase_id, body)


@router.post(
    "/purchases/{purchase_id}/archive",
    status_code=status.HTTP_202_ACCEPTED,
    dependencies=[room_in(QueueName.MAIN)],
    responses=problems(PurchaseNotFound, PurchaseNotPaid, PlatformFull),
)
async def request_archive(purchase_id: UUID, caller: CurrentUser, session: DbSession) -> ArchiveOut:
    return await archives.request_archive(session, caller.account_id, purchase_id)


@router.get(
    "/purchases/{purchase_id}/archive",
    responses=problems(PurchaseNotFound, ArchiveNotFound, PurchaseNotPaid),
)
async def get_archive(
    purchase_id: UUID, caller: CurrentUser, session: DbSession, storage: Storage
) -> ArchiveOut:
    return await archives.get_archive(session, storage, caller.account_id, purchase_id)
