"""Signed in at the backoffice, for as long as the upload lasts."""

import asyncio
import time
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

import httpx

from acme_standalone.upload.answers import json_of
from acme_standalone.upload.errors import NotAcceptedError, RefusedError, UnreachableError
from acme_standalone.upload.patience import Patience

RENEW_BEFORE_S = 60.0


@dataclass(frozen=True)
class Credentials:
    email: str
    password: str = field(repr=False)
    role: str
    """Which account is meant, where one address is an operator's and a photographer's."""
    totp_code: str | None = field(default=None, repr=False)


class Session:
    def __init__(self, http: httpx.AsyncClient, credentials: Credentials, patience: Patience) -> None:
        self._http = http
        self._credentials = credentials
        self._patience = patience
        self._lock = asyncio.Lock()
        self._access_token = ""
        self._refresh_token = ""
        self._renew_at = 0.0

    async def sign_in(self) -> None:
        """Raises `NotAcceptedError`."""
        given = self._credentials
        body = {"email": given.email, "password": given.password}
        if given.totp_code:
            body["totp_code"] = given.totp_code
        try:
            self._keep(await self._log_in(body))
        except RefusedError as error:
            raise NotAcceptedError(f"Sign-in failed: {error}") from error
        except UnreachableError as error:
            raise NotAcceptedError(f"Cannot sign in at {self._http.base_url}: {error}") from error

    async def token(self) -> str:
        return (
            await self.renewed(self._access_token)
            if time.monotonic() > self._renew_at
            else self._access_token
        )

    async def renewed(self, used: str) -> str:
        """Another token than `used`, fetched by one caller: a refresh token used twice ends the session.

        Raises `NotAcceptedError`.
        """
        async with self._lock:
            if self._access_token == used:
                await self._refresh()
            return self._access_token

    async def _refresh(self) -> None:
        """A refresh whose answer was lost cannot be repeated: whatever goes wrong leads to a new sign-in."""
        try:
            answer = await self._http.post("/v1/auth/refresh", json={"refresh_token": self._refresh_token})
            self._keep(_session_of(answer))
        except (RefusedError, httpx.TransportError):
            await self.sign_in()

    async def _log_in(self, body: dict[str, str]) -> dict[str, Any]:
        try:
            return await self._post_log_in(body)
        except RefusedError as error:
            if error.status != HTTPStatus.CONFLICT:
                raise
        return await self._post_log_in({**body, "role": self._credentials.role})

    async def _post_log_in(self, body: dict[str, str]) -> dict[str, Any]:
        answer = await self._patience.answer(lambda: self._http.post("/v1/auth/login", json=body))
        return _session_of(answer)

    def _keep(self, session: dict[str, Any]) -> None:
        self._access_token = session["access_token"]
        self._refresh_token = session["refresh_token"]
        self._renew_at = time.monotonic() + session["expires_in"] - RENEW_BEFORE_S


def _session_of(answer: httpx.Response) -> dict[str, Any]:
    return json_of(answer, "access_token", "refresh_token", "expires_in")
