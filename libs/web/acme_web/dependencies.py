"""What endpoints ask for. Each is a typed alias, so a route says who may call it."""

from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Annotated, Any

from fastapi import Depends, Query, Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import AfterValidator
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from acme_auth.principals import Audience, Principal, Role
from acme_auth.sessions import require_open
from acme_auth.tokens import MissingToken
from acme_core.errors import Forbidden
from acme_core.pages import DEFAULT_LIMIT, MAX_LIMIT, Cursor, PageRequest
from acme_core.schemas import refuse_controls
from acme_db.engine import SessionFactory
from acme_db.unit_of_work import reading, summing_up, unit_of_work
from acme_web.resources import AuthResources, DataResources

_READING = frozenset({"GET", "HEAD"})

bearer = HTTPBearer(auto_error=False, description="An access token of this service's audience")
Bearer = Annotated[HTTPAuthorizationCredentials | None, Security(bearer)]


class WrongRole(Forbidden):
    code = "wrong_role"
    title = "This account's role may not do that"


async def get_data(request: Request) -> DataResources:
    data: DataResources = request.app.state.data
    return data


async def get_auth(request: Request) -> AuthResources:
    auth: AuthResources = request.app.state.auth
    return auth


Auth = Annotated[AuthResources, Depends(get_auth)]
Data = Annotated[DataResources, Depends(get_data)]


async def _session(request: Request, data: Data) -> AsyncIterator[AsyncSession]:
    opened = reading(data.readers) if request.method in _READING else unit_of_work(data.sessions)
    async with opened as session:
        yield session


DbSession = Annotated[AsyncSession, Depends(_session, scope="function")]
"""One transaction, committed before the answer is sent. A GET has none: it changes nothing."""


async def _reads(data: Data) -> AsyncEngine:
    return data.autocommit


Reads = Annotated[AsyncEngine, Depends(_reads)]
"""For lists: a connection for each statement, and no session's bookkeeping (decision 22)."""


async def _reading_session(request: Request) -> AsyncIterator[AsyncSession]:
    sessions: SessionFactory = request.app.state.reading
    async with summing_up(sessions) as session:
        yield session


ReadSession = Annotated[AsyncSession, Depends(_reading_session, scope="function")]
"""For figures. On the read replica, where there is one: some moments old, and nothing can be written."""


def caller(*roles: Role, audiences: frozenset[Audience]) -> Callable[..., Coroutine[Any, Any, Principal]]:
    """A dependency: a verified token of one of the audiences and roles.

    401 without a valid token of the audience and of an open session, 403 for one of another role.
    """

    async def verified(auth: Auth, data: Data, credentials: Bearer) -> Principal:
        principal = _verified(auth, credentials, audiences)
        await require_open(data.autocommit, principal.session_id)
        if principal.role not in roles:
            raise WrongRole
        return principal

    verified.allowed_roles = frozenset(roles)  # type: ignore[attr-defined] # read by the test that walks every route
    verified.allowed_audiences = audiences  # type: ignore[attr-defined] # likewise
    return verified


def bearer_of_token(
    *roles: Role, audiences: frozenset[Audience]
) -> Callable[..., Coroutine[Any, Any, Principal]]:
    """As `caller`, without the look at the session.

    Of use only to a route whose first statement asks `is_open` itself, and so saves a round trip; the test
    that walks every route with an ended session sees to it.
    """

    async def verified(request: Request, credentials: Bearer) -> Principal:
        principal = _verified(request.app.state.auth, credentials, audiences)
        if principal.role not in roles:
            raise WrongRole
        return principal

    verified.allowed_roles = frozenset(roles)  # type: ignore[attr-defined] # as above
    verified.allowed_audiences = audiences  # type: ignore[attr-defined] # as above
    return verified


def _verified(
    auth: AuthResources, credentials: HTTPAuthorizationCredentials | None, audiences: frozenset[Audience]
) -> Principal:
    if credentials is None:
        raise MissingToken(headers={"WWW-Authenticate": "Bearer"})
    return auth.tokens.verify(credentials.credentials, audiences)


async def page_request(
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT)] = DEFAULT_LIMIT,
    cursor: Annotated[str | None, Query(max_length=500)] = None,
) -> PageRequest:
    return PageRequest(limit, Cursor.decode(cursor) if cursor else None)


QueryText = Annotated[str | None, Query(max_length=255), AfterValidator(refuse_controls)]
"""What somebody looks for."""
Paging = Annotated[PageRequest, Depends(page_request)]


def _one(role: Role, audience: Audience) -> Any:
    return Depends(caller(role, audiences=frozenset({audience})))


CurrentOperator = Annotated[Principal, _one(Role.OPERATOR, Audience.BACKOFFICE)]
CurrentUser = Annotated[Principal, _one(Role.USER, Audience.MAIN)]
CurrentMediaUser = Annotated[Principal, _one(Role.USER, Audience.MEDIA)]
CurrentSuperadmin = Annotated[Principal, _one(Role.SUPERADMIN, Audience.BACKOFFICE)]
UserOfToken = Annotated[Principal, Depends(bearer_of_token(Role.USER, audiences=frozenset({Audience.MAIN})))]
"""The route's own statement must look at the session."""
OperatorOfToken = Annotated[
    Principal, Depends(bearer_of_token(Role.OPERATOR, audiences=frozenset({Audience.BACKOFFICE})))
]
"""Likewise."""
PhotographerOfToken = Annotated[
    Principal, Depends(bearer_of_token(Role.PHOTOGRAPHER, audiences=frozenset({Audience.BACKOFFICE})))
]
"""Likewise."""
SuperadminOfToken = Annotated[
    Principal, Depends(bearer_of_token(Role.SUPERADMIN, audiences=frozenset({Audience.BACKOFFICE})))
]
"""Likewise."""
StaffOfToken = Annotated[
    Principal,
    Depends(bearer_of_token(Role.OPERATOR, Role.PHOTOGRAPHER, audiences=frozenset({Audience.BACKOFFICE}))),
]
"""Likewise."""
CurrentStaff = Annotated[
    Principal, Depends(caller(Role.OPERATOR, Role.PHOTOGRAPHER, audiences=frozenset({Audience.BACKOFFICE})))
]
CurrentBackoffice = Annotated[
    Principal,
    Depends(
        caller(
            Role.OPERATOR,
            Role.PHOTOGRAPHER,
            Role.SUPERADMIN,
            audiences=frozenset({Audience.BACKOFFICE}),
        )
    ),
]
"""Whoever works in the backoffice."""
