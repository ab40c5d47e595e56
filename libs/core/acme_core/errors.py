from typing import ClassVar


class AppError(Exception):
    """An expected failure with a stable `code`. The web layer renders it as problem+json."""

    code: ClassVar[str] = "error"
    status: ClassVar[int] = 500
    title: ClassVar[str] = "Something went wrong"

    def __init__(self, detail: str | None = None, *, headers: dict[str, str] | None = None) -> None:
        self.detail = detail or self.title
        self.headers = headers or {}
        super().__init__(f"{self.code}: {self.detail}")


class NotFound(AppError):
    code = "not_found"
    status = 404
    title = "There is nothing here"


class Conflict(AppError):
    code = "conflict"
    status = 409
    title = "The request conflicts with the present state"


class Forbidden(AppError):
    code = "forbidden"
    status = 403
    title = "This account may not do that"


class Unauthorized(AppError):
    code = "unauthorized"
    status = 401
    title = "A valid access token is needed"


class Invalid(AppError):
    code = "invalid"
    status = 422
    title = "The request is not valid"


class Unavailable(AppError):
    code = "unavailable"
    status = 503
    title = "A part this needs does not answer; try again shortly"
