from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, Field, StringConstraints

from acme_auth.principals import Role
from acme_backoffice.projects.schemas import TimeZoneName
from acme_core.money import CHARGEABLE
from acme_core.schemas import (
    Name,
    OpaqueToken,
    RequestBody,
    ResponseBody,
    ShortText,
    UtcDatetime,
    VersionedUpdate,
    refuse_controls,
)
from acme_web.credentials import Email, GivenPassword, Locale, NewPassword


def _known_currency(code: str) -> str:
    if code not in CHARGEABLE:
        raise ValueError("must be an ISO 4217 currency that can be charged")
    return code


Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$"), AfterValidator(_known_currency)]
Code = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=40),
    AfterValidator(refuse_controls),
]
"""Six digits of an authenticator app, or a recovery code."""


class OperatorRegister(RequestBody):
    """What is left out is taken from where the client is, as the proxy in front tells."""

    name: Name
    email: Email
    password: NewPassword
    currency: Currency | None = None
    locale: Locale | None = None
    timezone: TimeZoneName | None = None


class Login(RequestBody):
    email: Email
    password: GivenPassword
    role: Literal[Role.OPERATOR, Role.PHOTOGRAPHER, Role.SUPERADMIN] | None = None
    """Only where one address is several."""
    totp_code: Code | None = None
    """Where the account has a second factor."""


class InviteAccept(RequestBody):
    token: OpaqueToken
    password: NewPassword


class AccountUpdate(VersionedUpdate):
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
    version: int
    created_at: UtcDatetime
    is_totp_enabled: bool
    profile_picture_url: str | None = None
    """Of operators, likewise the next three. Signed, for some minutes."""
    currency: str | None = None
    locale: str | None = None
    timezone: str | None = None
    operator_id: UUID | None = None
    """Of photographers: who employs them."""


class TotpSetup(ResponseBody):
    """Shown once, to be put into an authenticator app and confirmed with its first code."""

    secret: str
    """Base32."""
    otpauth_uri: str
    qr_svg: str
    """The same as a picture."""


class TotpConfirm(RequestBody):
    code: Code


class RecoveryCodesOut(ResponseBody):
    recovery_codes: list[str]
    """Shown once; each gets in once."""


PictureType = Literal["image/jpeg", "image/png", "image/webp"]
PICTURE_MAX_BYTES = 5_000_000


class PictureUpload(RequestBody):
    content_type: PictureType
    size_bytes: Annotated[int, Field(ge=1, le=PICTURE_MAX_BYTES, strict=True)]


class PictureUploadOut(ResponseBody):
    upload_id: UUID
    method: Literal["PUT"] = "PUT"
    url: str
    headers: dict[str, str]
    """Everything that the PUT must send."""
    expires_at: UtcDatetime


class PictureComplete(RequestBody):
    upload_id: UUID
