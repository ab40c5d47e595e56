from typing import Any

from starlette.responses import JSONResponse


class StripeError(Exception):
    """One of Stripe's errors, in Stripe's shape."""

    def __init__(self, status: int, kind: str, message: str, *, code: str | None = None, **more: Any) -> None:
        super().__init__(message)
        self.status = status
        self.body = {"error": {"type": kind, "message": message, "code": code, **more}}


def invalid(message: str, *, code: str | None = None, param: str | None = None) -> StripeError:
    return StripeError(400, "invalid_request_error", message, code=code, param=param)


def missing(kind: str, identifier: str) -> StripeError:
    message = f"No such {kind}: '{identifier}'"
    return StripeError(404, "invalid_request_error", message, code="resource_missing", param="id")


def render(error: StripeError, request_id: str) -> JSONResponse:
    return JSONResponse(error.body, error.status, {"Request-Id": request_id})
