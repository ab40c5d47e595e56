from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Header, Response, status

from acme_auth.sessions import SessionEnded
from acme_auth.tokens import InvalidToken
from acme_backoffice.dependencies import Payments, Storage
from acme_backoffice.projects.errors import ProjectNotFound
from acme_backoffice.purchases import refunds, service
from acme_backoffice.purchases.errors import (
    IdempotencyKeyReused,
    PaymentsDown,
    PurchaseNotFound,
    PurchaseNotRefundable,
    RefundRefused,
)
from acme_backoffice.purchases.schemas import PurchaseDetailOut, PurchaseOut, RefundCreate, RefundOut
from acme_core.pages import Page
from acme_db.models.purchase import PurchaseStatus
from acme_web.dependencies import CurrentOperator, Data, DbSession, OperatorOfToken, Paging, Reads, WrongRole
from acme_web.problems import ValidationFailed, problems
from acme_web.written import written

router = APIRouter(
    tags=["purchases"], responses=problems(InvalidToken, SessionEnded, WrongRole, ValidationFailed)
)


@router.get(
    "/projects/{project_id}/purchases",
    response_model=Page[PurchaseOut],
    responses=problems(ProjectNotFound),
)
async def list_purchases(
    project_id: UUID,
    caller: OperatorOfToken,
    reader: Reads,
    page: Paging,
    status: PurchaseStatus | None = None,
) -> Response:
    return written(await service.list_purchases(reader, caller, project_id, status, page))


@router.get("/purchases/{purchase_id}", responses=problems(PurchaseNotFound))
async def get_purchase(
    purchase_id: UUID, caller: CurrentOperator, session: DbSession, storage: Storage
) -> PurchaseDetailOut:
    return await service.get_purchase(session, storage, caller.account_id, purchase_id)


@router.post(
    "/purchases/{purchase_id}/refunds",
    status_code=status.HTTP_202_ACCEPTED,
    responses=problems(
        PurchaseNotFound, PurchaseNotRefundable, IdempotencyKeyReused, RefundRefused, PaymentsDown
    ),
)
async def refund_purchase(
    purchase_id: UUID,
    body: RefundCreate,
    caller: CurrentOperator,
    data: Data,
    payments: Payments,
    idempotency_key: Annotated[str | None, Header(min_length=1, max_length=255)] = None,
) -> RefundOut:
    return await refunds.refund_purchase(data, payments, caller, purchase_id, body, idempotency_key)
