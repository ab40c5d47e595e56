"""Fields that sign-up forms share."""

from typing import Annotated

from email_validator import EmailNotValidError, validate_email
from pydantic import AfterValidator, Field, StringConstraints

from acme_auth.passwords import MAX_BYTES, MIN_LENGTH
from acme_core.schemas import OpaqueToken, RequestBody


def _valid_address(text: str) -> str:
    """Well-formed, whether or not mail to it could be delivered today; folded to lower case."""
    try:
        found = validate_email(text.strip(), check_deliverability=False, test_environment=True)
    except EmailNotValidError as error:
        raise ValueError(str(error)) from error
    return found.normalized.lower()


def _fits_bcrypt(password: str) -> str:
    if len(password.encode()) > MAX_BYTES:
        raise ValueError(f"must not be longer than {MAX_BYTES} bytes")
    if "\0" in password:
        raise ValueError("must not contain NUL")
    return password


Email = Annotated[
    str, Field(max_length=255, json_schema_extra={"format": "email"}), AfterValidator(_valid_address)
]
"""One address, one account."""
NewPassword = Annotated[
    str, StringConstraints(min_length=MIN_LENGTH, max_length=1024), AfterValidator(_fits_bcrypt)
]
GivenPassword = Annotated[str, StringConstraints(max_length=1024)]
"""Any text: a wrong one is a failed sign-in, never a validation error."""


Locale = Annotated[
    str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|\d{3}))?$", max_length=10)
]
"""BCP 47, as far as it names a language, script and region."""


class PasswordForgot(RequestBody):
    email: Email


class PasswordReset(RequestBody):
    token: OpaqueToken
    password: NewPassword
