from typing import Annotated, Literal
from uuid import UUID

from pydantic import StringConstraints

from acme_auth.principals import Role
from acme_backoffice.projects.schemas import TimeZoneName
from acme_core.schemas import Name, RequestBody, ResponseBody, ShortText, UtcDatetime
from acme_web.credentials import Email, GivenPassword, NewPassword

Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
Locale = Annotated[
    str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|\d{3}))?$", max_length=10)
]


class OperatorRegister(RequestBody):
    name: Name
    email: Email
    password: NewPassword
    currency: Currency | None = None
    locale: Locale | None = None
    timezone: TimeZoneName | None = None


class Login(RequestBody):
    email: Email
    password: GivenPassword
    role: Literal[Role.OPERATOR, Role.PHOTOGRAPHER] | None = None
    """Only where one address is both."""


class InviteAccept(RequestBody):
    token: str
    password: NewPassword


class AccountUpdate(RequestBody):
    """Currency, locale and time zone are an operator's, the address is a photographer's."""

    name: Name = ""
    currency: Currency = ""
    locale: Locale = ""
    timezone: TimeZoneName = ""
    address: ShortText | None = None


class AccountOut(ResponseBody):
    id: UUID
    role: Role
    name: str
    email: str
    created_at: UtcDatetime
    currency: str | None = None
    """Of operators, likewise the next two."""
    locale: str | None = None
    timezone: str | None = None
    operator_id: UUID | None = None
    """Of photographers: who employs them."""
