"""Walks every route of the three apps: who may call it is declared once, here, and tried."""

from itertools import product
from uuid import uuid4

import pytest
from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from acme_auth.principals import Audience, Role, Scope
from acme_auth.tokens import TokenService
from acme_backoffice.app import ROUTERS as BACKOFFICE
from acme_config.settings import TokenSettings
from acme_main.app import ROUTERS as MAIN
from acme_media.app import ROUTERS as MEDIA
from tests.services.harness import Platform

PUBLIC_ROUTES = {
    "backoffice": {
        "POST /auth/register",
        "POST /auth/login",
        "POST /auth/refresh",
        "POST /auth/logout",
        "POST /auth/accept-invite",
        "POST /auth/password/forgot",
        "POST /auth/password/reset",
    },
    "main": {
        "POST /auth/register",
        "POST /auth/login",
        "POST /auth/refresh",
        "POST /auth/logout",
        "POST /auth/password/forgot",
        "POST /auth/password/reset",
        "POST /auth/email/verify",
        "GET /consents/documents/{consent_type}",
        "GET /qr/{token}",
        "POST /webhooks/stripe",
    },
    "media": set(),
}

TOKENS = [
    (Audience.BACKOFFICE, Role.OPERATOR),
    (Audience.BACKOFFICE, Role.PHOTOGRAPHER),
    (Audience.BACKOFFICE, Role.SUPERADMIN),
    (Audience.MAIN, Role.USER),
    (Audience.MEDIA, Role.USER),
]


def routes_of(routers: object) -> list[APIRoute]:
    return [route for router in routers for route in router.routes if isinstance(route, APIRoute)]  # type: ignore[attr-defined] # a tuple of routers


SERVICES = {"backoffice": BACKOFFICE, "main": MAIN, "media": MEDIA}


def method_of(route: APIRoute) -> str:
    (method,) = route.methods or set()
    return method


ROUTES = [
    pytest.param(service, route, id=f"{service} {method_of(route)} {route.path}")
    for service, routers in SERVICES.items()
    for route in routes_of(routers)
]


def name_of(route: APIRoute) -> str:
    return f"{method_of(route)} {route.path}"


def guards(dependant: Dependant) -> list[tuple[frozenset[Audience], frozenset[Role]]]:
    """Audiences and roles that the route's dependencies let in."""
    found = []
    if hasattr(dependant.call, "allowed_roles"):
        found.append((dependant.call.allowed_audiences, dependant.call.allowed_roles))  # type: ignore[union-attr] # just looked
    for inner in dependant.dependencies:
        found += guards(inner)
    return found


GUARDED = [
    case
    for case in ROUTES
    if name_of(case.values[1]) not in PUBLIC_ROUTES[str(case.values[0])]  # type: ignore[arg-type] # the second is a route
]


def path_of(route: APIRoute) -> str:
    path = route.path
    for name in route.param_convertors:
        value = "biometric_processing" if name == "consent_type" else str(uuid4())
        path = path.replace(f"{{{name}}}", value)
    return f"/v1{path}"


@pytest.mark.parametrize(("service", "route"), ROUTES)
def test_every_route_names_its_callers_or_is_public(service: str, route: APIRoute) -> None:
    if name_of(route) in PUBLIC_ROUTES[service]:
        assert guards(route.dependant) == []
    else:
        assert len(set(guards(route.dependant))) == 1, "exactly one rule says who may call it"


def test_the_public_routes_exist() -> None:
    for service, names in PUBLIC_ROUTES.items():
        assert names <= {name_of(route) for route in routes_of(SERVICES[service])}


@pytest.mark.parametrize(("service", "route"), GUARDED)
async def test_every_other_token_is_refused(platform: Platform, service: str, route: APIRoute) -> None:
    (allowed,) = set(guards(route.dependant))
    audiences, roles = allowed
    app: FastAPI = platform.apps[service]
    tokens: TokenService = app.state.auth.tokens
    http = getattr(platform, service).http
    method, path = method_of(route), path_of(route)
    body: dict[str, str] | None = {} if method in {"POST", "PUT", "PATCH"} else None
    anonymous = await http.request(method, path, json=body)
    assert (anonymous.status_code, anonymous.json()["code"]) == (401, "missing_token")
    for audience, role in TOKENS:
        value = token(tokens, audience, role)
        answer = await http.request(method, path, json=body, headers={"Authorization": f"Bearer {value}"})
        if audience not in audiences:
            assert (answer.status_code, answer.json()["code"]) == (401, "wrong_audience")
        elif role not in roles:
            assert (answer.status_code, answer.json()["code"]) == (403, "wrong_role")
        else:
            assert answer.status_code not in {401, 500}


@pytest.mark.parametrize(
    ("service", "damage"),
    list(product(SERVICES, ["", "x", "a.b.c", "signature", "key", "none", "expired", "issuer"])),
)
async def test_a_damaged_token_is_refused(platform: Platform, service: str, damage: str) -> None:
    app: FastAPI = platform.apps[service]
    audience = Audience.MEDIA if service == "media" else Audience(service)
    role = Role.OPERATOR if service == "backoffice" else Role.USER
    paths = {"backoffice": "/v1/projects", "main": "/v1/projects", "media": "/v1/selfie"}
    value = damaged(app.state.auth.tokens, audience, role, damage)
    http = getattr(platform, service).http
    answer = await http.get(paths[service], headers={"Authorization": f"Bearer {value}"})
    expected = {"": "missing_token", "expired": "token_expired"}.get(damage, "invalid_token")
    assert (answer.status_code, answer.json()["code"]) == (401, expected)


def token(tokens: TokenService, audience: Audience, role: Role) -> str:
    if audience is Audience.MEDIA:
        return tokens.issue_media(role, uuid4(), frozenset({Scope.SELFIE})).value
    return tokens.issue_access(audience, role, uuid4(), uuid4()).value


def damaged(tokens: TokenService, audience: Audience, role: Role, damage: str) -> str:
    import jwt

    good = token(tokens, audience, role)
    settings = TokenSettings()
    claims = jwt.decode(good, options={"verify_signature": False})
    header = jwt.get_unverified_header(good)
    key = settings.secret.get_secret_value()
    match damage:
        case "signature":
            return good[:-4] + ("AAAA" if not good.endswith("AAAA") else "BBBB")
        case "key":
            return jwt.encode(claims, "another secret of more than 32 bytes!", headers={"kid": header["kid"]})
        case "none":
            return jwt.encode(claims, None, algorithm="none", headers={"kid": header["kid"]})
        case "expired":
            return jwt.encode({**claims, "exp": claims["iat"] - 60}, key, headers={"kid": header["kid"]})
        case "issuer":
            return jwt.encode({**claims, "iss": "somebody"}, key, headers={"kid": header["kid"]})
    return damage
