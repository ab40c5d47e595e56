"""A short way for the few routes that are asked most, past the framework's routing and dependencies.

They are some 350 us of Python for each request, more than a hot route's own work. A shortcut stands beside a
declared route, its twin, and answers only what it surely understands; everything else (no good token, another
role, a shape that is not right, a header sent twice) goes on to the twin as it came. So the declaration stays
the contract, and refusals are the twin's own. A test compares both. Why: docs/decisions/0016.
"""

import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from uuid import UUID

from starlette.datastructures import State
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from acme_auth.principals import Audience, Principal, Role
from acme_core.errors import AppError
from acme_web.problems import answer_crash, answer_error

_ID = r"([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})"
_JSON = b"application/json"
_BEARER = b"Bearer "

Headers = Sequence[tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True)
class Asked:
    state: State
    """The app's."""
    caller: Principal
    """Of the token: whether the session is open is asked by the route's own statement."""
    ids: Sequence[UUID]
    query: bytes
    headers: dict[bytes, bytes]
    body: bytes


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    json: bytes
    headers: Headers = ()


@dataclass(frozen=True)
class Shortcut:
    method: str
    path: str
    """The twin's; its parameters are ids."""
    roles: frozenset[Role]
    audience: Audience
    answer: Callable[[Asked], Awaitable[Answer | None]] = field(repr=False)
    """None leaves it to the twin; nothing may have been done by then."""

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        return re.compile("/v1" + re.sub(r"{\w+}", _ID, self.path))

    def caller(self, state: State, headers: dict[bytes, bytes]) -> Principal | None:
        credentials = headers.get(b"authorization", b"")
        if not credentials.startswith(_BEARER):
            return None
        try:
            caller = state.auth.tokens.verify(
                credentials[len(_BEARER) :].decode("latin-1"), frozenset({self.audience})
            )
        except AppError:
            return None
        return caller if caller.role in self.roles else None


class Shortcuts:
    """Stands outside of whatever only the declared routes need."""

    def __init__(self, app: ASGIApp, shortcuts: Sequence[Shortcut], max_body_bytes: int) -> None:
        self._app = app
        self._shortcuts = shortcuts
        self._max_body_bytes = max_body_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            for shortcut in self._shortcuts:
                if shortcut.method == scope["method"] and (
                    found := shortcut.pattern.fullmatch(scope["path"])
                ):
                    await self._try(shortcut, found.groups(), scope, receive, send)
                    return
        await self._app(scope, receive, send)

    async def _try(
        self, shortcut: Shortcut, ids: Sequence[str], scope: Scope, receive: Receive, send: Send
    ) -> None:
        state, headers = scope["app"].state, dict(scope["headers"])
        caller = shortcut.caller(state, headers)
        if caller is None or len(headers) < len(scope["headers"]) or not self._is_readable(scope, headers):
            await self._app(scope, receive, send)
            return
        body = b"" if scope["method"] == "GET" else await _read(receive)
        if body is None:
            return
        asked = Asked(state, caller, [UUID(each) for each in ids], scope["query_string"], headers, body)
        if not await _is_answered(shortcut, asked, scope, receive, send):
            await self._app(scope, _again(body, receive), send)

    def _is_readable(self, scope: Scope, headers: dict[bytes, bytes]) -> bool:
        if scope["method"] == "GET":
            return True
        length = headers.get(b"content-length", b"")
        is_small = length.isdigit() and int(length) <= self._max_body_bytes
        return is_small and headers.get(b"content-type") == _JSON


async def _is_answered(shortcut: Shortcut, asked: Asked, scope: Scope, receive: Receive, send: Send) -> bool:
    scope["route"] = shortcut  # as the metrics and the log name it
    try:
        answer = await shortcut.answer(asked)
    except Exception as error:
        explain = answer_error if isinstance(error, AppError) else answer_crash
        await (await explain(Request(scope), error))(scope, receive, send)
        return True
    if answer is not None:
        await _send(answer, send)
    return answer is not None


async def _send(answer: Answer, send: Send) -> None:
    headers = [*answer.headers]
    if answer.json:
        headers += [(b"content-type", _JSON), (b"content-length", b"%d" % len(answer.json))]
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.json})


async def _read(receive: Receive) -> bytes | None:
    """The server holds it to its announced length. None when the client has gone."""
    parts = []
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return None
        parts.append(message.get("body", b""))
        if not message.get("more_body", False):
            return parts[0] if len(parts) == 1 else b"".join(parts)


def _again(body: bytes, receive: Receive) -> Receive:
    read: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def replayed() -> Message:
        return read.pop() if read else await receive()

    return replayed
