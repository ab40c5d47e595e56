"""Walks every route of the three apps: who may call it is declared once, in `access`, and tried."""

from dataclasses import dataclass
from inspect import isasyncgenfunction, iscoroutinefunction
from itertools import product
from typing import Any
from uuid import UUID, uuid4

import httpx
import jwt
import pytest
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from acme_auth.principals import Audience, Principal, Role, Scope
from acme_auth.sessions import open_session
from acme_auth.tokens import TokenService
from acme_backoffice.app import ROUTERS as BACKOFFICE
from acme_config.settings import TokenSettings
from acme_core.clock import utc_now
from acme_db.unit_of_work import unit_of_work
from acme_main.app import ROUTERS as MAIN
from acme_media.app import ROUTERS as MEDIA
from tests.architecture.access import ACCESS, ANYBODY
from tests.services.harness import Platform

SERVICES = {"backoffice": BACKOFFICE, "main": MAIN, "media": MEDIA}
TOKENS = [
    (Audience.BACKOFFICE, Role.OPERATOR),
    (Audience.BACKOFFICE, Role.PHOTOGRAPHER),
    (Audience.BACKOFFICE, Role.SUPERADMIN),
    (Audience.MAIN, Role.USER),
    (Audience.MEDIA, Role.USER),
]
STREAMS = {"GET /events"}
"""These never end: whoever is let in is tried where they are tested."""

FILE = {"filename": "a.jpg", "content_type": "image/jpeg", "size_bytes": 1}
SOMEWHERE = {"project_id": str(uuid4()), "photographer_id": str(uuid4())}
BODIES: dict[str, dict[str, Any]] = {
    "POST /photographers/me/photos/upload-url": {**SOMEWHERE, **FILE},
    "POST /photographers/me/photos/upload-urls": {**SOMEWHERE, "files": [FILE]},
}
"""Of routes whose own statement looks at the session: they read their body first."""


@dataclass(frozen=True)
class Route:
    service: str
    method: str
    path: str
    parameters: tuple[str, ...]
    guards: frozenset[tuple[frozenset[Audience], frozenset[Role]]]

    @property
    def name(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def url(self) -> str:
        path = self.path
        for name in self.parameters:
            value = "biometric_processing" if name == "consent_type" else str(uuid4())
            path = path.replace(f"{{{name}}}", value)
        return f"/v1{path}"


def _guards(dependant: Dependant) -> set[tuple[frozenset[Audience], frozenset[Role]]]:
    """Audiences and roles that the route's dependencies let in."""
    found = set()
    if hasattr(dependant.call, "allowed_roles"):
        found.add((dependant.call.allowed_audiences, dependant.call.allowed_roles))  # type: ignore[union-attr] # just looked
    for inner in dependant.dependencies:
        found |= _guards(inner)
    return found


ROUTES = [
    Route(service, method, route.path, tuple(route.param_convertors), frozenset(_guards(route.dependant)))
    for service, routers in SERVICES.items()
    for router in routers
    for route in router.routes
    if isinstance(route, APIRoute)
    for method in sorted(route.methods or ())
]
every_route = pytest.mark.parametrize(
    "route", [pytest.param(route, id=f"{route.service} {route.name}") for route in ROUTES]
)


def test_every_route_is_declared_and_every_declaration_is_a_route() -> None:
    for service, declared in ACCESS.items():
        assert sorted(declared) == sorted(route.name for route in ROUTES if route.service == service)


@every_route
def test_exactly_one_rule_says_who_may_call_a_route(route: Route) -> None:
    declared = ACCESS[route.service][route.name]
    if ANYBODY in declared:
        assert route.guards == frozenset()
    else:
        ((_, roles),) = route.guards
        assert {str(role) for role in roles} == set(declared)


@every_route
async def test_each_caller_is_answered_as_declared(platform: Platform, route: Route) -> None:
    declared = ACCESS[route.service][route.name]
    expected: dict[str, tuple[int, str | None]] = {}
    got: dict[str, tuple[int, str | None]] = {}
    refused = (401, "missing_token")
    expected["no token"] = (declared[ANYBODY], None) if ANYBODY in declared else refused
    got["no token"] = _told(await _ask(platform, route, None), expected["no token"])
    for audience, role in TOKENS:
        if route.name in STREAMS and role in declared and audience is not Audience.MAIN:
            continue
        label = f"{role} for {audience}"
        expected[label] = _expected(declared, route, audience, role)
        token = await _token(platform, audience, role)
        got[label] = _told(await _ask(platform, route, token), expected[label])
    assert got == expected


def _expected(
    declared: dict[str, int], route: Route, audience: Audience, role: Role
) -> tuple[int, str | None]:
    if ANYBODY in declared:
        return declared[ANYBODY], None
    ((audiences, _),) = route.guards
    if audience not in audiences:
        return 401, "wrong_audience"
    return (declared[role], None) if role in declared else (403, "wrong_role")


def _told(answer: httpx.Response, expected: tuple[int, str | None]) -> tuple[int, str | None]:
    """Status and, where one is expected, the code of the problem."""
    is_problem = answer.headers.get("content-type") == "application/problem+json"
    return answer.status_code, answer.json()["code"] if expected[1] and is_problem else None


async def _ask(
    platform: Platform, route: Route, token: str | None, body: dict[str, Any] | None = None
) -> httpx.Response:
    http: httpx.AsyncClient = getattr(platform, route.service).http
    http.cookies.clear()
    if body is None and route.method in {"POST", "PUT", "PATCH"}:
        body = {}
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return await http.request(route.method, route.url, json=body, headers=headers)


async def _token(platform: Platform, audience: Audience, role: Role) -> str:
    """Of a real account with an open session."""
    tokens: TokenService = platform.apps["main"].state.auth.tokens
    account_id = await _account(platform, role)
    home = Audience.MAIN if role is Role.USER else Audience.BACKOFFICE
    async with unit_of_work(platform.data.sessions) as session:
        opened = await open_session(session, home, role, account_id, ttl_s=3600)
    if audience is not Audience.MEDIA:
        return tokens.issue_access(audience, role, account_id, opened.session_id).value
    caller = Principal(account_id, role, home, "jti", utc_now(), opened.session_id)
    return tokens.issue_media(caller, frozenset({Scope.SELFIE})).value


async def _account(platform: Platform, role: Role) -> UUID:
    match role:
        case Role.OPERATOR:
            api = await platform.new_operator()
        case Role.PHOTOGRAPHER:
            api = await platform.new_photographer(await platform.new_operator())
        case Role.SUPERADMIN:
            api = (await platform.new_superadmin()).api
        case Role.USER:
            api = await platform.new_guest()
    return UUID(api.account["id"])


@every_route
async def test_an_ended_session_is_refused_at_once(platform: Platform, route: Route) -> None:
    """Whoever looks at the session, a dependency or the route's own statement, must do so before all else."""
    for audiences, roles in route.guards:
        audience, role = next(pair for pair in TOKENS if pair[0] in audiences and pair[1] in roles)
        token = await _token(platform, audience, role)
        sid = claims(token)["sid"]
        await platform.sql("UPDATE auth_sessions SET revoked_at = now() WHERE id = :id", id=sid)
        answer = await _ask(platform, route, token, BODIES.get(route.name))
        assert (answer.status_code, answer.json().get("code")) == (401, "session_ended")


def test_no_dependency_leaves_the_event_loop() -> None:
    """A plain function would be run in a thread: two hops for what takes less than one."""
    routes = [route for routers in SERVICES.values() for router in routers for route in router.routes]
    calls = {call for route in routes if isinstance(route, APIRoute) for call in _calls(route.dependant)}
    assert calls
    assert {call for call in calls if not _is_async(call)} == set()


def _calls(dependant: Dependant) -> set[Any]:
    inner = {call for item in dependant.dependencies for call in _calls(item)}
    return inner | {item.call for item in dependant.dependencies}


def _is_async(call: Any) -> bool:
    return any(iscoroutinefunction(each) or isasyncgenfunction(each) for each in (call, call.__call__))


@pytest.mark.parametrize(
    ("service", "damage"),
    list(product(SERVICES, ["", "x", "a.b.c", "signature", "key", "none", "expired", "issuer", "ended"])),
)
async def test_a_damaged_token_is_refused(platform: Platform, service: str, damage: str) -> None:
    audience = Audience.MEDIA if service == "media" else Audience(service)
    role = Role.OPERATOR if service == "backoffice" else Role.USER
    path = {"backoffice": "/projects", "main": "/projects", "media": "/selfie"}[service]
    good = await _token(platform, audience, role)
    api = getattr(platform, service)
    assert (await api.as_({"access_token": good}).call("GET", path)).status_code in {200, 404}
    if damage == "ended":
        await platform.sql(
            "UPDATE auth_sessions SET revoked_at = now() WHERE id = :id", id=claims(good)["sid"]
        )
    answer = await api.as_({"access_token": damaged(good, damage)}).call("GET", path)
    expected = {"": "missing_token", "expired": "token_expired", "ended": "session_ended"}
    assert (answer.status_code, answer.json()["code"]) == (401, expected.get(damage, "invalid_token"))


def claims(token: str) -> dict[str, Any]:
    found: dict[str, Any] = jwt.decode(token, options={"verify_signature": False})
    return found


def damaged(good: str, damage: str) -> str:
    held, header = claims(good), {"kid": jwt.get_unverified_header(good)["kid"]}
    key = TokenSettings().secret.get_secret_value()
    made = {
        "signature": good[:-4] + ("AAAA" if not good.endswith("AAAA") else "BBBB"),
        "key": jwt.encode(held, "another secret of more than 32 bytes!", headers=header),
        "none": jwt.encode(held, "", algorithm="none", headers=header),
        "expired": jwt.encode({**held, "exp": held["iat"] - 60}, key, headers=header),
        "issuer": jwt.encode({**held, "iss": "somebody"}, key, headers=header),
        "ended": good,
    }
    return made.get(damage, damage)
