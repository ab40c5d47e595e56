"""What language a client asks for."""

from typing import Annotated

from fastapi import Depends, Request
from pydantic import TypeAdapter, ValidationError

from acme_web.credentials import Locale

DEFAULT = "en"
_locale: TypeAdapter[str] = TypeAdapter(Locale)


def preferred_locale(accept_language: str) -> str:
    """The first of `de-AT,de;q=0.9,en;q=0.8`, which browsers sort by liking; English when it is none."""
    first = accept_language.partition(",")[0].partition(";")[0].strip()
    try:
        return _locale.validate_python(first)
    except ValidationError:
        return DEFAULT


async def _client_locale(request: Request) -> str:
    return preferred_locale(request.headers.get("accept-language", ""))


ClientLocale = Annotated[str, Depends(_client_locale)]
"""BCP 47."""
