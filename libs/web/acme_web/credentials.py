"""Fields that sign-up forms share."""

from typing import Annotated

from pydantic import AfterValidator, EmailStr, Field, StringConstraints

from acme_auth.passwords import MAX_BYTES, MIN_LENGTH


def _fold(email: str) -> str:
    return email.strip().lower()


def _fits_bcrypt(password: str) -> str:
    if len(password.encode()) > MAX_BYTES:
        raise ValueError(f"must not be longer than {MAX_BYTES} bytes")
    if "\0" in password:
        raise ValueError("must not contain NUL")
    return password


Email = Annotated[EmailStr, Field(max_length=255), AfterValidator(_fold)]
"""Folded to lower case: one address, one account."""
NewPassword = Annotated[
    str, StringConstraints(min_length=MIN_LENGTH, max_length=1024), AfterValidator(_fits_bcrypt)
]
GivenPassword = Annotated[str, StringConstraints(max_length=1024)]
"""Any text: a wrong one is a failed sign-in, never a validation error."""
