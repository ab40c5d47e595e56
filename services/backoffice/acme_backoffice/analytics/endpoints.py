from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response
from pydantic import AfterValidator

from acme_auth.account_errors import AccountNotFound
from acme_auth.sessions import SessionEnded
from acme_auth.tokens import InvalidToken
from acme_backoffice.analytics import service
from acme_backoffice.analytics.errors import PeriodEndsBeforeStart, PeriodTooLong
from acme_backoffice.analytics.schemas import Asked, Interval, Metric, SummaryOut, TimeseriesOut
from acme_backoffice.dependencies import FaceBounds
from acme_backoffice.projects.errors import ProjectNotFound
from acme_core.schemas import refuse_far_times
from acme_web.dependencies import CurrentOperator, ReadSession, WrongRole
from acme_web.problems import ValidationFailed, problems

router = APIRouter(
    prefix="/analytics",
    tags=["analytics"],
    responses=problems(
        InvalidToken,
        SessionEnded,
        WrongRole,
        AccountNotFound,
        ProjectNotFound,
        PeriodEndsBeforeStart,
        PeriodTooLong,
        ValidationFailed,
    ),
)


Moment = Annotated[date | datetime, AfterValidator(refuse_far_times)]


async def _asked(
    project_id: UUID | None = None,
    start: Annotated[Moment | None, Query(alias="from", description="A day, or an instant")] = None,
    end: Annotated[
        Moment | None, Query(alias="to", description="A day (included), or an instant (not)")
    ] = None,
) -> Asked:
    return Asked(project_id, start, end)


Figures = Annotated[Asked, Depends(_asked)]


@router.get("/summary")
async def get_summary(
    caller: CurrentOperator, session: ReadSession, faces: FaceBounds, asked: Figures
) -> SummaryOut:
    return await service.summary(session, faces, caller.account_id, asked)


@router.get("/timeseries")
async def get_timeseries(
    caller: CurrentOperator,
    session: ReadSession,
    asked: Figures,
    metric: Metric,
    interval: Interval = Interval.DAY,
) -> TimeseriesOut:
    return await service.timeseries(session, caller.account_id, asked, metric, interval)


@router.get("/export.csv", response_class=Response, responses={200: {"content": {"text/csv": {}}}})
async def export_csv(caller: CurrentOperator, session: ReadSession, asked: Figures) -> Response:
    text = await service.as_csv(session, caller.account_id, asked)
    headers = {"Content-Disposition": 'attachment; filename="analytics.csv"'}
    return Response(text, media_type="text/csv; charset=utf-8", headers=headers)
