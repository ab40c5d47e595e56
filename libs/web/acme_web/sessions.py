"""Sessions over HTTP: the body for programs, an HttpOnly cookie for browsers."""

from dataclasses import dataclass
from typing import Annotated, Generic, Literal, TypeVar
from uuid import UUID

from fastapi import Depends, Header, Request, Response
from sqlalchemy.ext.asyncio import AsyncSession

from acme_auth.audit import record
from acme_auth.principals import Audience, Principal
from acme_auth.sessions import InvalidRefreshToken, OpenSession, ReusedToken, list_open, revoke_one, rotate
from acme_core.schemas import OpaqueToken, RequestBody, ResponseBody, UtcDatetime
from acme_db.models import AuditAction
from acme_db.unit_of_work import unit_of_work
from acme_web.dependencies import Auth, get_auth
from acme_web.resources import AuthResources, DataResources

Account = TypeVar("Account")

COOKIE_PATH = "/v1/auth"


class RefreshIn(RequestBody):
    refresh_token: OpaqueToken | None = None
    """Left out by a browser, whose cookie carries it."""


class SessionOut(ResponseBody, Generic[Account]):
    access_token: str
    token_type: Literal["Bearer"] = "Bearer"  # noqa: S105 - the scheme's name
    expires_in: int
    refresh_token: str | None
    """null when the request carried `X-Session: cookie`."""
    account: Account


class SignInOut(ResponseBody):
    """One place where the account is signed in."""

    id: UUID
    user_agent: str | None
    created_at: UtcDatetime
    last_used_at: UtcDatetime
    is_current: bool


class SignInList(ResponseBody):
    items: list[SignInOut]
    next_cursor: None = None


async def list_sign_ins(session: AsyncSession, caller: Principal) -> SignInList:
    rows = await list_open(session, caller.role, caller.account_id)
    return SignInList(
        items=[
            SignInOut(
                id=row.id,
                user_agent=row.user_agent,
                created_at=row.created_at,
                last_used_at=row.last_used_at,
                is_current=row.id == caller.session_id,
            )
            for row in rows
        ]
    )


async def revoke_sign_in(session: AsyncSession, caller: Principal, session_id: UUID) -> None:
    """Raises `SessionNotFound`."""
    await revoke_one(session, caller.role, caller.account_id, session_id)
    record(session, AuditAction.SESSION_REVOKED, caller, session_id)


@dataclass(frozen=True)
class SessionDoor:
    """Hands sessions out and takes refresh tokens in, for one request of one service."""

    request: Request
    response: Response
    auth: AuthResources
    wants_cookie: bool

    @property
    def user_agent(self) -> str | None:
        return self.request.headers.get("user-agent")

    @property
    def _is_secure(self) -> bool:
        return self.auth.is_public or self.request.url.scheme == "https"

    def answer(self, audience: Audience, opened: OpenSession, account: Account) -> SessionOut[Account]:
        access = self.auth.tokens.issue_access(audience, opened.role, opened.account_id, opened.session_id)
        self.response.set_cookie(
            _cookie_name(audience),
            opened.refresh_token,
            max_age=self.auth.settings.refresh_ttl_s,
            path=COOKIE_PATH,
            httponly=True,
            samesite="strict",
            secure=self._is_secure,
        )
        return SessionOut(
            access_token=access.value,
            expires_in=access.expires_in,
            refresh_token=None if self.wants_cookie else opened.refresh_token,
            account=account,
        )

    def refresh_token(self, audience: Audience, body: RefreshIn) -> str | None:
        """The body's; else the cookie's, which only a request with our own header may use (no CSRF)."""
        if body.refresh_token is not None:
            return body.refresh_token
        return self.request.cookies.get(_cookie_name(audience)) if self.wants_cookie else None

    def forget(self, audience: Audience) -> None:
        self.response.delete_cookie(
            _cookie_name(audience),
            path=COOKIE_PATH,
            httponly=True,
            samesite="strict",
            secure=self._is_secure,
        )


async def _door(
    request: Request,
    response: Response,
    auth: Annotated[AuthResources, Depends(get_auth)],
    x_session: Annotated[Literal["cookie", "body"], Header()] = "body",
) -> SessionDoor:
    return SessionDoor(request, response, auth, x_session == "cookie")


Door = Annotated[SessionDoor, Depends(_door)]


async def rotate_committed(
    data: DataResources, auth: Auth, audience: Audience, refresh_token: str | None
) -> OpenSession:
    """Rotate in a transaction of its own: a reuse must be on record before it is refused.

    Raises `InvalidRefreshToken`.
    """
    if refresh_token is None:
        raise InvalidRefreshToken
    async with unit_of_work(data.sessions) as session:
        outcome = await rotate(session, audience, refresh_token, ttl_s=auth.settings.refresh_ttl_s)
        if isinstance(outcome, ReusedToken):
            record(session, AuditAction.REFRESH_TOKEN_REUSED, None, outcome.account_id)
    if isinstance(outcome, ReusedToken):
        raise InvalidRefreshToken("This session was ended because its refresh token was used twice")
    return outcome


def _cookie_name(audience: Audience) -> str:
    return f"acme_{audience}_refresh"
