"""Every write of the three OpenAPI documents refuses what it cannot use, and says which field it was.

What is sent is a good request with one thing wrong, made from the document's own schemas; a new route needs
its line in `good_requests`.
"""

import json
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from acme_auth.principals import Role
from tests.architecture.access import ACCESS, ANYBODY
from tests.contract.good_requests import GOOD
from tests.contract.world import World, new_world
from tests.services.harness import Json, Platform

FOLDER = Path(__file__).resolve().parents[2] / "openapi"
SERVICES = ("backoffice", "main", "media")
LATER = {"POST /webhooks/stripe"}
"""Its body is the payment provider's, and signed."""
LOOKED_UP: dict[tuple[str, str], set[tuple[int, str]]] = {
    ("POST /auth/login", "password"): {(401, "invalid_credentials")},
    ("POST /projects/join", "token"): {(404, "qr_token_not_found")},
}
"""Fields that take any text there is: what was never handed out is refused for what it is."""
MAY_BE_EMPTY = {("POST /consents/receipts/verify", "erased"), ("POST /consents/receipts/verify", "kept")}
"""Lists of what there may be none of."""
TOO_LARGE = {"size_bytes"}
"""Refused as what it says: a file that is too large is 413."""


@dataclass(frozen=True)
class Write:
    service: str
    method: str
    path: str
    schema: Json | None
    parameters: tuple[str, ...]

    @property
    def name(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def good(self) -> Json | None:
        return GOOD[self.service].get(self.name)


def _resolved(document: Json, schema: Json) -> Json:
    """Without references, and without the null that an optional field takes as well."""
    if "$ref" in schema:
        return _resolved(document, document["components"]["schemas"][schema["$ref"].rpartition("/")[2]])
    choices = [choice for choice in schema.get("anyOf", ()) if choice.get("type") != "null"]
    if choices:
        return _resolved(document, {**schema, **choices[0], "anyOf": ()} | choices[0])
    found = dict(schema)
    if "properties" in found:
        found["properties"] = {name: _resolved(document, item) for name, item in found["properties"].items()}
    if "items" in found:
        found["items"] = _resolved(document, found["items"])
    return found


def _writes() -> Iterator[Write]:
    for service in SERVICES:
        document = json.loads((FOLDER / f"{service}.json").read_text())
        for path, operations in document["paths"].items():
            for method, operation in operations.items():
                if path.startswith("/v1") and method != "get":
                    content = operation.get("requestBody", {}).get("content", {})
                    schema = content.get("application/json", {}).get("schema")
                    names = [item["name"] for item in operation.get("parameters", ()) if item["in"] == "path"]
                    known = _resolved(document, schema) if schema else None
                    yield Write(service, method.upper(), path.removeprefix("/v1"), known, tuple(names))


WRITES = [write for write in _writes() if write.name not in LATER]
WITH_BODY = [write for write in WRITES if write.schema is not None]
WITH_IDS = [
    write
    for write in WRITES
    if (write.parameters or "{" in json.dumps(write.good))
    and ANYBODY not in ACCESS[write.service][write.name]
]


def _named(writes: list[Write]) -> list[Any]:
    return [pytest.param(write, id=f"{write.service} {write.name}") for write in writes]


@pytest.fixture(scope="module")
async def world(platform: Platform) -> World:
    return await new_world(platform, 4712)


@pytest.fixture(scope="module")
async def strangers(platform: Platform) -> World:
    """The same in another event, of another operator."""
    return await new_world(platform, 4713)


def test_every_write_has_its_good_request() -> None:
    for service in SERVICES:
        assert sorted(GOOD[service]) == sorted(write.name for write in WITH_BODY if write.service == service)


@pytest.mark.parametrize("write", _named(WITH_BODY))
def test_a_good_request_names_every_field(write: Write) -> None:
    assert write.schema is not None
    assert write.good is not None
    assert set(write.good) == set(write.schema["properties"])
    assert write.schema["additionalProperties"] is False


@pytest.mark.parametrize("write", _named(WITH_BODY))
async def test_each_field_that_is_wrong_is_named(platform: Platform, world: World, write: Write) -> None:
    assert write.schema is not None
    wrong = []
    for field, place, value in _mutations(write.schema):
        body = _filled(write.good, world.ids)
        _put(body, place, value)
        answer = await _send(platform, write, world, world.ids, body)
        if not _is_refused(write, field, answer, value):
            wrong.append((place, str(value)[:40], answer.status_code, answer.text[:300]))
    assert wrong == []


@pytest.mark.parametrize("write", _named(WITH_BODY))
@pytest.mark.parametrize("body", [[], "text", 5, True], ids=str)
async def test_a_body_of_another_kind_is_refused(
    platform: Platform, world: World, write: Write, body: object
) -> None:
    answer = await _send(platform, write, world, world.ids, body)
    assert (answer.status_code, answer.json()["code"]) == (422, "validation_failed")


@pytest.mark.parametrize(
    ("name", "change", "code"),
    [
        ("POST /projects", {"end_at": "2026-06-19T18:00:00Z"}, "validation_failed"),
        ("PATCH /projects/{project_id}", {"end_at": "2026-06-19T18:00:00Z"}, "validation_failed"),
        ("PATCH /projects/{project_id}", {"review_confidence": 80.0}, "bounds_not_ordered"),
    ],
)
async def test_what_contradicts_itself_is_refused(
    platform: Platform, world: World, name: str, change: Json, code: str
) -> None:
    (write,) = (write for write in WITH_BODY if write.name == name)
    answer = await _send(platform, write, world, world.ids, {**_filled(write.good, world.ids), **change})
    assert (answer.status_code, answer.json()["code"]) == (422, code)


ELSEWHERE: dict[tuple[str, str], tuple[int, str]] = {
    ("POST /photos/{photo_id}/tags", "user_id"): (409, "not_a_project_member"),
    ("POST /me/profile-picture/complete", "photo_id"): (409, "picture_missing"),
}
"""Ids that are not looked up by themselves: whose they are cannot be told from the answer either."""
EVERYBODYS = {"operator_id", "token", "consent_type", "consent_version", "receipt_id"}
"""A superadmin sees all operators; whoever holds a code may join by it, and a receipt may have it checked."""


@pytest.mark.parametrize("write", _named(WITH_IDS))
async def test_what_belongs_to_others_is_not_there(
    platform: Platform, world: World, strangers: World, write: Write
) -> None:
    """Each id in turn is the strangers', and all the others one's own."""
    mentioned = f"{write.path} {json.dumps(write.good)}"
    names = [name for name in world.ids if f"{{{name}}}" in mentioned and name not in EVERYBODYS]
    for role in ACCESS[write.service][write.name]:
        for name in _looked_at(write, role, names):
            ids = {**world.ids, name: strangers.ids[name]}
            body = _filled(write.good, ids) if write.good else None
            answer = await _send(platform, write, world, ids, body, Role(role))
            told = (answer.status_code, answer.json()["code"] if answer.content else "")
            elsewhere = ELSEWHERE.get((write.name, name))
            is_hidden = told == elsewhere if elsewhere else told[0] == 404
            assert is_hidden, (role, name, told)


def _looked_at(write: Write, role: str, names: list[str]) -> list[str]:
    """Photographers upload as themselves, whatever they say."""
    is_ignored = write.service == "media" and role == Role.PHOTOGRAPHER
    return [name for name in names if not (is_ignored and name == "photographer_id")]


Place = tuple[str | int, ...]


def _mutations(schema: Json, place: Place = ()) -> Iterator[tuple[str, Place, object]]:
    """The field that the answer must name, where to put it, and what is wrong."""
    yield "surprise", (*place, "surprise"), 1
    for name, item in schema["properties"].items():
        for value in _wrong(item):
            yield name, (*place, name), value
        if "properties" in item:
            yield from _mutations(item, (*place, name))
        if item.get("type") == "array":
            element = item["items"]
            if "properties" in element:
                yield from _mutations(element, (*place, name, 0))
            else:
                yield from ((name, (*place, name, 0), value) for value in _wrong(element))


WRONG: dict[tuple[str | None, str | None], list[object]] = {
    ("string", "uuid"): ["nobody", 5, "x" * 200_000, "00000000-0000-0000-0000-00000000000\0"],
    ("string", "date-time"): [
        "yesterday",
        "2026-06-20T18:00:00",
        "0001-01-01T00:00:00Z",
        "9999-12-31T23:59:59Z",
        True,
    ],
    ("string", None): ["a\0b", "x" * 200_000, "a\ud800b", 5, ["text"]],
    ("integer", None): [-1, 10**18, 10**30, 1.5, "many"],
    ("boolean", None): ["maybe", 5],
    ("array", None): [[], ["x"] * 5000, "text"],
    ("object", None): [[], "text", 5],
}
"""By type and format; other formats are strings like any."""
NO_CHOICE: list[object] = ["nonsense", "", 5, "x" * 200_000, "a\0b"]


def _wrong(item: Json) -> list[object]:
    if "enum" in item or "const" in item:
        return NO_CHOICE
    kind = item["type"]
    if kind == "number":
        return [item.get("minimum", 0) - 1, item.get("maximum", 100) + 1, 10**30, "many"]
    return WRONG.get((kind, item.get("format"))) or WRONG[kind, None]


def _is_refused(write: Write, field: str, answer: httpx.Response, value: object) -> bool:
    if field in TOO_LARGE and isinstance(value, int) and value > 0:
        return _is_too_large(answer)
    if value == [] and (write.name, field) in MAY_BE_EMPTY:
        return answer.status_code == 200
    body = answer.json() if answer.content else {}
    if (answer.status_code, body.get("code")) in LOOKED_UP.get((write.name, field), ()):
        return True
    named = [field in error["loc"] for error in body.get("errors", ())]
    return answer.status_code == 422 and body["code"] == "validation_failed" and any(named)


def _is_too_large(answer: httpx.Response) -> bool:
    """Of several files each has its own answer."""
    if answer.status_code == 200:
        problem: Json = answer.json()["items"][0]["problem"]
        return bool(problem["status"] == 413)
    return answer.status_code in {413, 422}


def _filled(good: Json | None, ids: dict[str, str]) -> Json:
    text = json.dumps(good)
    for name, value in ids.items():
        text = text.replace(f"{{{name}}}", value)
    filled: Json = json.loads(text)
    return filled


def _put(body: Any, place: Place, value: object) -> None:
    for step in place[:-1]:
        body = body[step]
    body[place[-1]] = deepcopy(value)


async def _send(
    platform: Platform,
    write: Write,
    world: World,
    ids: dict[str, str],
    body: object,
    role: Role | None = None,
) -> httpx.Response:
    path = write.path
    for name in write.parameters:
        path = path.replace(f"{{{name}}}", ids[name])
    callers = [caller for caller in ACCESS[write.service][write.name] if caller != ANYBODY]
    caller = role or (Role(callers[0]) if callers else None)
    headers = {"Content-Type": "application/json"}
    if caller is not None:
        headers["Authorization"] = f"Bearer {world.token(write.service, caller)}"
    http: httpx.AsyncClient = getattr(platform, write.service).http
    content = json.dumps(body) if body is not None else None
    return await http.request(write.method, f"/v1{path}", content=content, headers=headers)
