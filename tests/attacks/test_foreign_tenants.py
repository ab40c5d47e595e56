"""Nobody reaches what is not theirs: every route that takes an id, with real ids of another tenant.

The requests are generated from the routes themselves and from the OpenAPI documents. A route with an id that
`tenants` does not know how to make fails here.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from acme_auth.principals import Role
from tests.architecture.access import ACCESS, ANYBODY
from tests.architecture.test_routes import ROUTES, Route
from tests.attacks.tenants import TENANT_SEED, Attacker, Tenant, attackers, digests, new_tenant
from tests.contract.good_requests import GOOD
from tests.services.harness import Json, Platform

FOLDER = Path(__file__).resolve().parents[2] / "openapi"
ATTACKERS = (
    "another operator",
    "another operator's photographer",
    "an unassigned photographer",
    "another guest",
    "a guest of another event",
)
EVERYBODYS = {"consent_type", "consent_version", "token"}
"""No ids of a tenant: whoever holds a code may join by it."""
LOGO: Json = {"kind": "logo", "logo_id": "{logo_id}"}
BODIES: dict[str, Json] = {
    "PUT /watermark": {**LOGO, "version": None},
    "PUT /projects/{project_id}/watermark": {**LOGO, "version": None},
    "PUT /projects/{project_id}/face-index": {"engine": "local"},
    "POST /watermarks/preview": {"design": LOGO, "photo_id": "{photo_id}"},
    "POST /me/profile-picture/complete": {"upload_id": "{upload_id}"},
}
"""Where the good request names no id of its own kind."""
QUERIES: dict[str, str] = {
    "GET /analytics/timeseries": "metric=revenue&interval=month",
    "GET /admin/audit-events": "",
}
QUERY_IDS = {"actor_id": "user_id", "subject_id": "purchase_id"}
MAY = {
    "another guest": {
        ("main", "GET /projects/{project_id}"),
        ("main", "GET /projects/{project_id}/photos"),
        ("main", "GET /projects/{project_id}/packages"),
        ("main", "POST /purchases"),
    }
}
"""What a guest of the same event shares with all the others: not tried."""
IGNORED = {("photographer_id", Role.PHOTOGRAPHER)}
"""Photographers upload as themselves, whatever they say."""
FILTERS = {
    ("GET /projects/{project_id}/photo-tags", "photo_id"),
    ("GET /photographers/me/photos", "project_id"),
}
"""Of one's own list: what is another's is in none."""
NARROWS = {"GET /events"}
"""Whose events are told is the token's to say; the id only leaves some of them out."""


@dataclass(frozen=True)
class Try:
    route: Route
    ids: dict[str, str]
    query: str
    body: Json | None
    foreign: frozenset[str]
    """Which of the ids that it names are the tenant's."""

    @property
    def url(self) -> str:
        path = _filled(self.route.path, self.ids)
        return f"/v1{path}{'?' if self.query else ''}{_filled(self.query, self.ids)}"


@pytest.fixture(scope="module")
async def tenant(platform: Platform) -> Tenant:
    return await new_tenant(platform, TENANT_SEED)


@pytest.fixture(scope="module")
async def strangers(platform: Platform, tenant: Tenant) -> dict[str, Attacker]:
    return await attackers(platform, tenant)


@pytest.mark.parametrize("name", ATTACKERS)
async def test_nobody_reaches_what_is_another_tenants(
    platform: Platform,
    tenant: Tenant,
    strangers: dict[str, Attacker],
    name: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    attacker = strangers[name]
    before = await digests(platform)
    tries = list(_tries(tenant, attacker))
    let_through = []
    for each in tries:
        answer = await _send(platform, attacker, each)
        if told := _wrong(tenant, each, answer):
            let_through.append((each.route.name, sorted(each.foreign), told))
    with capsys.disabled():
        print(f"\n{name}: {len(tries)} requests, {len(let_through)} let through")  # noqa: T201 - the figure
    assert let_through == []
    after = await digests(platform)
    assert {table for table in before if before[table] != after[table]} == set()
    assert len(tries) >= len(_with_ids()) - len(MAY.get(name, ()))


async def test_the_tenant_itself_is_let_in(platform: Platform, tenant: Tenant) -> None:
    """Else the refusals would prove nothing: the ids are real, and reads by their owners succeed."""
    refused = []
    for route in _with_ids():
        if route.method == "GET":
            for role in ACCESS[route.service][route.name]:
                refused += await _refused(platform, tenant, route, role)
    assert refused == []


UNSEEN = {"GET /admin/audit-events", "GET /purchases/{purchase_id}/archive"}
"""By superadmins; and of an archive that nobody asked for."""


async def _refused(platform: Platform, tenant: Tenant, route: Route, role: str) -> list[tuple[str, str, int]]:
    if role == ANYBODY or route.name in UNSEEN:
        return []
    token = tenant.world.token(route.service, Role(role))
    owner = Attacker("the owner", Role(role), {route.service: token}, None)
    each = _try(route, tenant.ids_for(route.service), frozenset(_names(route)))
    answer = await _send(platform, owner, each)
    return [] if answer.is_success else [(role, route.name, answer.status_code)]


def _tries(tenant: Tenant, attacker: Attacker) -> Iterator[Try]:
    """With all ids the tenant's; and with each in turn, the others being the attacker's own."""
    for route in _with_ids():
        if (route.service, route.name) in MAY.get(attacker.name, ()):
            continue
        names, theirs = _names(route), tenant.ids_for(route.service)
        yield _try(route, theirs, frozenset(names))
        if attacker.own is None or len(names) == 1:
            continue
        for name in names:
            if (name, attacker.role) not in IGNORED:
                own = attacker.own.ids_for(route.service)
                yield _try(route, {**own, name: theirs[name]}, frozenset({name}))


def _try(route: Route, ids: dict[str, str], foreign: frozenset[str]) -> Try:
    body = BODIES.get(route.name) or GOOD[route.service].get(route.name)
    filled = json.loads(_filled(json.dumps(body), ids)) if body else None
    return Try(route, ids, _query(route), filled, foreign)


async def _send(platform: Platform, attacker: Attacker, each: Try) -> httpx.Response:
    http: httpx.AsyncClient = getattr(platform, each.route.service).http
    http.cookies.clear()
    headers = {"Authorization": f"Bearer {attacker.tokens[each.route.service]}"}
    body = each.body if each.body is not None or each.route.method == "GET" else {}
    return await http.request(each.route.method, each.url, json=body, headers=headers)


def _wrong(tenant: Tenant, each: Try, answer: httpx.Response) -> str | None:
    """What is wrong with the answer. What the request itself named may come back."""
    if _finds_nothing(each, answer):
        return None
    if answer.is_success or answer.status_code >= 500:
        return f"{answer.status_code} {answer.text[:200]}"
    asked = f"{each.url} {json.dumps(each.body)}"
    said = f"{answer.text} {dict(answer.headers)}"
    leaked = [secret for secret in tenant.secrets if secret in said and secret not in asked]
    return f"leaks {leaked}" if leaked else None


def _finds_nothing(each: Try, answer: httpx.Response) -> bool:
    """A filter of the caller's own list."""
    is_filter = any((each.route.name, name) in FILTERS for name in each.foreign)
    return is_filter and answer.is_success and answer.json() == {"items": [], "next_cursor": None}


def _with_ids() -> list[Route]:
    return [
        route
        for route in ROUTES
        if ANYBODY not in ACCESS[route.service][route.name] and route.name not in NARROWS and _names(route)
    ]


def _names(route: Route) -> list[str]:
    """The ids that a route's path, query and body name, without those that are everybody's."""
    body = BODIES.get(route.name) or GOOD[route.service].get(route.name)
    text = f"{route.path} {_query(route)} {json.dumps(body)}"
    return [name for name in _known_names() if f"{{{name}}}" in text and name not in EVERYBODYS]


def _known_names() -> list[str]:
    return [
        *("project_id", "package_id", "photo_id", "photographer_id", "coach_id", "qr_token_id", "tag_id"),
        *("purchase_id", "selfie_id", "user_id", "operator_id", "receipt_id", "logo_id", "upload_id"),
        *("session_id", "consent_id", "conflict_id", "hide_request_id", "endpoint_id", "delivery_id"),
    ]


def test_every_id_of_a_route_is_known() -> None:
    taken = {name for route in ROUTES for name in route.parameters}
    assert taken - EVERYBODYS - set(_known_names()) == set()
    uuids = {name for route in ROUTES for name in _fields_of_ids(route)}
    assert uuids - EVERYBODYS - set(_known_names()) - {"tag_ids", "photo_ids"} == set()
    unnamed = {route.name for route in ROUTES for name in _fields_of_ids(route) if not _is_named(route, name)}
    assert unnamed == set()


def _is_named(route: Route, field: str) -> bool:
    body = BODIES.get(route.name) or GOOD[route.service].get(route.name)
    return f"{{{field.removesuffix('s')}}}" in json.dumps(body)


def _fields_of_ids(route: Route) -> Iterator[str]:
    """Of the body, at any depth: those whose schema is an id's."""
    document = _document(route.service)
    operation = document["paths"][f"/v1{route.path}"][route.method.lower()]
    content = operation.get("requestBody", {}).get("content", {})
    yield from _ids_in(document, content.get("application/json", {}).get("schema", {}))


def _ids_in(document: Json, schema: Json) -> Iterator[str]:
    if "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    for name, item in schema.get("properties", {}).items():
        if '"uuid"' in json.dumps(item):
            yield name
        yield from _ids_in(document, item)
    for inner in (*schema.get("anyOf", ()), *schema.get("allOf", ()), schema.get("items", {})):
        if inner:
            yield from _ids_in(document, inner)


def _query(route: Route) -> str:
    operation = _document(route.service)["paths"][f"/v1{route.path}"][route.method.lower()]
    named = [
        item["name"]
        for item in operation.get("parameters", ())
        if item["in"] == "query" and '"uuid"' in json.dumps(item["schema"])
    ]
    filters = [f"{name}={{{QUERY_IDS.get(name, name)}}}" for name in named]
    return "&".join(part for part in (QUERIES.get(route.name, ""), *filters) if part)


DOCUMENTS: dict[str, Json] = {
    service: json.loads((FOLDER / f"{service}.json").read_text())
    for service in ("backoffice", "main", "media")
}


def _document(service: str) -> Json:
    return DOCUMENTS[service]


def _filled(text: str, ids: dict[str, str]) -> str:
    for name, value in ids.items():
        text = text.replace(f"{{{name}}}", value)
    return text
