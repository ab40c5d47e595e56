"""Errors as RFC 9457 problem+json."""

from collections.abc import Iterable, Iterator
from http import HTTPStatus
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from sqlalchemy.orm.exc import StaleDataError
from starlette.exceptions import HTTPException

from acme_auth.tokens import InvalidToken, MissingToken, TokenExpired, WrongAudience
from acme_core.errors import AppError, Unavailable
from acme_core.pages import InvalidCursor
from acme_db.versions import StaleVersion
from acme_telemetry.crashes import report

log = structlog.get_logger()

MEDIA_TYPE = "application/problem+json"


class Problem(BaseModel):
    type: str
    title: str
    status: int
    detail: str
    instance: str
    code: str


class FieldError(BaseModel):
    loc: list[str | int]
    msg: str
    code: str


class ValidationProblem(Problem):
    errors: list[FieldError]


def problems(*errors: type[AppError]) -> dict[int | str, dict[str, Any]]:
    """The `responses` of a route, so that the OpenAPI document tells every code it may answer."""
    by_status: dict[int, list[type[AppError]]] = {}
    for error in dict.fromkeys(_with_companions(errors)):
        by_status.setdefault(error.status, []).append(error)
    return {
        status: {
            "model": ValidationProblem if status == HTTPStatus.UNPROCESSABLE_ENTITY else Problem,
            "description": "; ".join(f"`{item.code}`: {item.title}" for item in group),
            "content": {MEDIA_TYPE: {}},
        }
        for status, group in by_status.items()
    }


def _with_companions(errors: Iterable[type[AppError]]) -> Iterator[type[AppError]]:
    """What comes along with these: the last word on a status replaces all that routers have said of it."""
    for error in errors:
        yield error
        if issubclass(error, InvalidToken):
            yield from (MissingToken, TokenExpired, WrongAudience)
        yield from (each for each in ANYWHERE if each.status == error.status)


def kind_of(error: AppError) -> str:
    return f"urn:acme:problem:{error.code}"


def render(request: Request, error: AppError, **more: Any) -> JSONResponse:
    body = {
        "type": kind_of(error),
        "title": error.title,
        "status": error.status,
        "detail": error.detail,
        "instance": request.url.path,
        "code": error.code,
        **more,
    }
    return JSONResponse(body, error.status, error.headers, MEDIA_TYPE)


class ValidationFailed(AppError):
    code = "validation_failed"
    status = 422
    title = "The request does not have the right shape"


class UnknownRoute(AppError):
    code = "route_not_found"
    status = 404
    title = "There is no such route"


class MethodNotAllowed(AppError):
    code = "method_not_allowed"
    status = 405
    title = "The route does not take this method"


class BadRequest(AppError):
    code = "bad_request"
    status = 400
    title = "The request cannot be read"


class InternalError(AppError):
    code = "internal_error"
    status = 500
    title = "Something went wrong on our side"


class BodyTooLarge(AppError):
    code = "body_too_large"
    status = 413
    title = "The request's body is too large"


class Overloaded(Unavailable):
    code = "overloaded"
    title = "Too many requests are being answered at once; try again in a moment"


UNREADABLE = (BadRequest, BodyTooLarge, ValidationFailed, InvalidCursor)
"""What any route may answer to a request that cannot be read."""

ANYWHERE = (*UNREADABLE, Overloaded)
"""And what it may answer to any request."""

_BY_STATUS: dict[int, type[AppError]] = {
    404: UnknownRoute,
    405: MethodNotAllowed,
    413: BodyTooLarge,
}


def install_error_handlers(app: FastAPI) -> None:
    app.add_exception_handler(AppError, answer_error)
    app.add_exception_handler(RequestValidationError, _validation_error)
    app.add_exception_handler(HTTPException, _http_exception)
    app.add_exception_handler(StaleDataError, _stale)
    app.add_exception_handler(Exception, answer_crash)


async def answer_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, AppError)  # noqa: S101 - Starlette dispatches by type
    return render(request, error, **({"errors": []} if error.status == 422 else {}))  # noqa: PLR2004 - the status


async def _validation_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - Starlette dispatches by type
    fields = [
        FieldError(loc=list(item["loc"]), msg=item["msg"], code=item["type"]).model_dump()
        for item in error.errors()
    ]
    return render(request, ValidationFailed(), errors=fields)


async def _http_exception(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)  # noqa: S101 - Starlette dispatches by type
    known = _BY_STATUS.get(error.status_code, BadRequest)(headers=dict(error.headers or {}))
    return render(request, known)


async def _stale(request: Request, error: Exception) -> JSONResponse:  # noqa: ARG001 - Starlette passes it
    """Two changed the same row at once; the database let the first one through."""
    return render(request, StaleVersion())


async def answer_crash(request: Request, error: Exception) -> JSONResponse:
    log.error("request_crashed", exc_info=error)
    report(error)
    return render(request, InternalError())
