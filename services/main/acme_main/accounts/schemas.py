from typing import Literal
from uuid import UUID

from acme_auth.principals import Role, Scope
from acme_core.schemas import (
    Name,
    OpaqueToken,
    RequestBody,
    ResponseBody,
    ShortText,
    UtcDatetime,
    VersionedUpdate,
)
from acme_web.credentials import Email, GivenPassword, Locale, NewPassword


class UserRegister(RequestBody):
    name: Name
    email: Email
    password: NewPassword
    locale: Locale | None = None
    """Of mails; left out, the browser's."""


class Login(RequestBody):
    email: Email
    password: GivenPassword


class EmailVerify(RequestBody):
    token: OpaqueToken


class MediaTokenRequest(RequestBody):
    scope: Scope = Scope.SELFIE


class MediaTokenOut(ResponseBody):
    access_token: str
    token_type: Literal["Bearer"] = "Bearer"  # noqa: S105 - the scheme's name
    expires_in: int
    scope: Scope


class AccountUpdate(VersionedUpdate):
    name: Name = ""
    address: ShortText | None = None
    billing_address: ShortText | None = None
    locale: Locale = ""
    wants_photo_mails: bool = True


class AccountOut(ResponseBody):
    id: UUID
    role: Role = Role.USER
    name: str
    email: str
    email_verified_at: UtcDatetime | None
    address: str | None
    billing_address: str | None
    locale: str
    wants_photo_mails: bool
    """Told by mail when there are new photos."""
    version: int
    created_at: UtcDatetime
