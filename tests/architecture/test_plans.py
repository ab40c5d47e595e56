"""No request reads a large table from end to end: every statement of every route is explained.

Each route is called as far as it goes, on a database of made-up rows. What it sends is explained twice: as
the planner sees fit for the statistics that there are, and with sequential scans priced out, where one that
is left has no index that could serve. Plans are generic, made for any values and not for those of the call.
"""

import asyncio
import contextlib
import json
import re
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest
import uvicorn
from asyncpg.connection import LoggedQuery
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine

from acme_auth.principals import Audience, Principal, Role, Scope
from acme_auth.sessions import open_session
from acme_config.settings import ConsentSettings
from acme_core.clock import utc_now
from acme_core.pages import Cursor
from acme_db.models import ConsentType, PhotoStatus, RecognitionState
from acme_db.unit_of_work import unit_of_work
from acme_events import channels
from acme_events.catalogue import PhotoChanged
from acme_events.publisher import RedisPublisher
from acme_main.consents.documents import ConsentTexts
from acme_standalone.postgres import EmbeddedPostgres
from acme_standalone.processes.ports import free_port
from acme_standalone.scale.loading import load
from acme_standalone.scale.shape import Shape, uid
from acme_standalone.stripe_standin.delivery import signature_header
from tests.architecture.access import ACCESS
from tests.architecture.calls import CALLS, GUEST, NOBODY, OPERATOR, PHOTOGRAPHER, SUPERADMIN, Call
from tests.conftest import WEBHOOK_SECRET, running_platform
from tests.services.harness import Api, Platform


class Spread(Shape):
    """Of few photos many events and operators: as little of everything is anybody's as at full size."""

    projects = 400
    operators = 40


SHAPE = Spread(20_000)
LARGE_ROWS = 2000
"""From here on the planner's own choice counts; below, a scan may really be the fastest way."""
GROWING = {
    "audit_events",
    "auth_sessions",
    "erasure_receipts",
    "favourites",
    "figure_totals",
    "figures",
    "hide_requests",
    "match_scores",
    "one_time_tokens",
    "outbox_jobs",
    "photo_faces",
    "photo_tags",
    "photos",
    "project_members",
    "provider_faces",
    "purchase_archives",
    "purchase_photos",
    "purchases",
    "refresh_tokens",
    "selfie_conflicts",
    "selfies",
    "stripe_events",
    "user_consents",
    "users",
    "webhook_attempts",
    "webhook_deliveries",
}
"""With every event, guest, photo and request; the others grow with operators."""
READ_WHOLE = {
    ("selfies", f"backoffice GET /analytics/{name}") for name in ("summary", "timeseries", "export.csv")
}
"""A guest of two events counts as one selfie: no sum of kept figures can tell how many there are. Where an
operator has thousands of guests, the covering index is read faster from end to end than guest by guest."""
PARTS = {"ix_outbox_jobs_unfinished"}
"""Indexes of the few rows that are open: as long as the work that waits, not as the table."""
ADDED = (
    "INSERT INTO selfie_conflicts (project_id, user_id, other_user_id, confidence) "
    "SELECT DISTINCT ON (user_id) project_id, user_id, "
    "(SELECT id FROM users u WHERE u.id <> m.user_id LIMIT 1), 95 FROM project_members m",
    "ANALYZE selfie_conflicts",
    "INSERT INTO webhook_endpoints (operator_id, url, encrypted_secret) "
    "SELECT id, 'http://127.0.0.1:9/', '' FROM operators",
    "INSERT INTO webhook_deliveries (endpoint_id, event_key, message_id, event, data, state) "
    "SELECT id, 'photo.ready:' || n, 'evt_' || n, 'photo.ready', '{}', 'delivered' "
    "FROM webhook_endpoints, generate_series(1, 200) n",
    "INSERT INTO webhook_attempts (delivery_id, duration_ms) SELECT id, 1 FROM webhook_deliveries",
    "ANALYZE webhook_deliveries, webhook_attempts",
)
"""An endpoint for each operator, and its log."""
WITHOUT_DATABASE = {
    "main GET /consents/documents/{consent_type}",
    "main POST /consents/receipts/verify",
    "main GET /privacy/retention-policy",
}
METHODS = ("GET", "PUT", "POST", "PATCH", "DELETE")
LAST = {
    "DELETE /projects/{project_id}": 1,
    "DELETE /photographers/{photographer_id}": 1,
    "DELETE /packages/{package_id}": 1,
    "DELETE /photos/{photo_id}/tags/me": 1,
    "DELETE /consents/{consent_type}": 1,
    "DELETE /webhook-endpoints/{endpoint_id}": 1,
    "DELETE /me": 2,
}


@dataclass
class Walk:
    """What was answered, and what was sent to the database meanwhile."""

    things: dict[str, str]
    tokens: dict[tuple[str, str], str]
    statements: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    wrong: list[str] = field(default_factory=list)
    route: str = ""

    def note(self, statement: str) -> None:
        if self.route and not statement.startswith(("BEGIN", "COMMIT", "ROLLBACK", "SET LOCAL")):
            self.statements[self.route].add(statement)

    def filled(self, value: Any) -> Any:
        match value:
            case str():
                return re.sub(r"\{(\w+)\}", lambda name: self.things[name[1]], value)
            case dict():
                return {key: self.filled(item) for key, item in value.items()}
            case list():
                return [self.filled(item) for item in value]
            case _:
                return value

    def path(self, route: str, call: Call) -> str:
        path = route.partition(" ")[2]
        for name, thing in call.ids.items():
            path = path.replace(f"{{{name}}}", f"{{{thing}}}")
        return str(self.filled(path + call.query))


@pytest.fixture(scope="module")
async def walk(
    postgres: EmbeddedPostgres, template: str, redis_url: str, object_store_url: str, stripe_url: str
) -> AsyncIterator[Walk]:
    name = f"plans_{uuid4().hex}"
    url = postgres.create_database(name, template)
    await load(url, SHAPE)
    async with running_platform(url, redis_url, object_store_url, stripe_url) as platform:
        things, tokens = await _world(platform)
        walk = Walk(things, tokens)
        with _listening([app.state.data.engine for app in platform.apps.values()], walk):
            for service, route in _in_order():
                for call in CALLS[service][route]:
                    walk.route = f"{service} {route}"
                    await _make(platform, walk, service, route, call)
                    await asyncio.sleep(0)  # the driver tells of a statement when the loop comes round
                    walk.route = ""
        walk.things["database"] = url
        yield walk
    postgres.drop_database(name)


def _in_order() -> list[tuple[str, str]]:
    """What takes away comes last."""
    routes = [(service, route) for service, calls in CALLS.items() for route in calls]
    return sorted(routes, key=lambda item: (LAST.get(item[1], 0), METHODS.index(item[1].split()[0])))


@contextlib.contextmanager
def _listening(engines: list[AsyncEngine], walk: Walk) -> Iterator[None]:
    def note(_: object, __: object, statement: str, *___: object) -> None:
        walk.note(statement)

    def note_sent(sent: LoggedQuery) -> None:
        walk.note(sent.query)

    def ask_driver(connection: Any, *_: object) -> None:
        """What goes the short way (decision 16) is known to asyncpg alone."""
        connection.driver_connection.add_query_logger(note_sent)

    for engine in engines:
        event.listen(engine.sync_engine, "before_cursor_execute", note)
        event.listen(engine.sync_engine, "checkout", ask_driver)
    yield
    for engine in engines:
        event.remove(engine.sync_engine, "before_cursor_execute", note)
        event.remove(engine.sync_engine, "checkout", ask_driver)


async def _make(platform: Platform, walk: Walk, service: str, route: str, call: Call) -> None:
    if route == "GET /events":
        await _follow(platform, walk, call)
        return
    api: Api = getattr(platform, service)
    api.http.cookies.clear()
    if call.who != NOBODY:
        api = api.as_({"access_token": walk.tokens[service, call.who]})
    answer = await _send(api, walk, route, call)
    if answer.status_code != call.status:
        walk.wrong.append(f"{service} {route} {call.query}: {answer.status_code} {answer.text[:200]}")


async def _send(api: Api, walk: Walk, route: str, call: Call) -> httpx.Response:
    method, path = route.split(maxsplit=1)[0], walk.path(route, call)
    if route == "POST /webhooks/stripe":
        subject = {"id": "pi_1", "object": "payment_intent"}
        told = {
            "id": "evt_plans",
            "object": "event",
            "type": "payment_intent.succeeded",
            "data": {"object": subject},
        }
        body = json.dumps(told).encode()
        headers = {"Stripe-Signature": signature_header(body, WEBHOOK_SECRET, int(time.time()))}
        return await api.http.post(f"/v1{path}", content=body, headers=headers)
    headers = {"Idempotency-Key": uuid4().hex} if method == "POST" else {}
    return await api.call(method, path, walk.filled(call.body), headers)


async def _follow(platform: Platform, walk: Walk, call: Call) -> None:
    """Until progress is told, to who is told of it: that is counted."""
    port = free_port()
    config = uvicorn.Config(platform.apps["media"], port=port, lifespan="off", log_config=None)
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn has a flag, no event
        await asyncio.sleep(0.01)
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=20) as http:
        sent = {"Authorization": f"Bearer {walk.tokens['media', call.who]}"}
        async with http.stream("GET", "/v1/events", headers=sent) as answer:
            assert answer.status_code == call.status
            await _heard(platform, walk, answer, call.who)
    server.force_exit = server.should_exit = True
    await serving


async def _heard(platform: Platform, walk: Walk, answer: httpx.Response, who: str) -> None:
    changed = PhotoChanged(
        project_id=UUID(walk.things["project_id"]),
        photo_id=uuid4(),
        status=PhotoStatus.READY,
        recognition_state=RecognitionState.DONE,
    )
    async for line in answer.aiter_lines():
        if line == "event: ready":
            channel = channels.of_operator(UUID(walk.things["own_id"]))
            await RedisPublisher(platform.data.redis).publish(changed, [channel])
        if line == ("event: project.progress" if who == OPERATOR else "event: ready"):
            return


async def _world(platform: Platform) -> tuple[dict[str, str], dict[tuple[str, str], str]]:
    """What the calls name, and the tokens of who makes them."""
    (guest,) = await platform.sql(
        "SELECT t.user_id, t.photo_id, b.id AS purchase_id, s.id AS selfie_id FROM purchases b "
        "JOIN photo_tags t ON t.user_id = b.user_id AND t.project_id = b.project_id "
        "JOIN photos p ON p.id = t.photo_id JOIN user_consents c ON c.user_id = b.user_id "
        "JOIN selfies s ON s.user_id = b.user_id WHERE b.project_id = :project AND b.status = 'paid' "
        "AND b.refunded_at IS NULL AND b.photo_count > 0 AND c.revoked_at IS NULL AND s.status = 'approved' "
        "AND t.review_status = 'confirmed' AND p.status = 'ready' AND p.deleted_at IS NULL "
        "AND p.photographer_id = :photographer LIMIT 1",
        photographer=uid("photographer", SHAPE.events[0].photographers[0]),
        project=SHAPE.events[0].id,
    )
    await platform.sql(
        "INSERT INTO purchase_photos (purchase_id, photo_id) VALUES (:purchase, :photo) "
        "ON CONFLICT DO NOTHING",
        purchase=guest.purchase_id,
        photo=guest.photo_id,
    )
    things = {**_seeded(), **{name: str(value) for name, value in guest._asdict().items()}}
    rows = {
        "own_photo": f"SELECT id FROM photos WHERE photographer_id = '{things['photographer_id']}'"
        f" AND project_id = '{things['project_id']}' AND deleted_at IS NULL ORDER BY id LIMIT 1",
        "other_photo": f"SELECT id FROM photos WHERE project_id = '{things['project_id']}'"
        f" AND deleted_at IS NULL AND id <> '{guest.photo_id}' ORDER BY id DESC LIMIT 1",
        "tag_id": f"SELECT id FROM photo_tags WHERE project_id = '{things['project_id']}'"
        f" AND review_status = 'pending' AND user_id <> '{guest.user_id}' LIMIT 1",
        "all_bought": f"SELECT id FROM purchases WHERE project_id = '{things['project_id']}'"
        " AND photo_count = 0 AND status = 'paid' LIMIT 1",
    }
    for statement in ADDED:
        await platform.sql(statement)
    own = f"FROM webhook_endpoints WHERE operator_id = '{things['own_id']}'"
    rows["endpoint_id"] = f"SELECT id {own}"
    rows["delivery_id"] = f"SELECT id FROM webhook_deliveries WHERE endpoint_id = (SELECT id {own}) LIMIT 1"
    for name, statement in rows.items():
        things[name] = str((await platform.sql(statement))[0][0])
    operator, visitor = await platform.new_operator(), await platform.new_guest()
    for who, api in ((OPERATOR, operator), (GUEST, visitor)):
        service = platform.backoffice if who == OPERATOR else platform.main
        things[f"{who}_email"] = api.account["email"]
        login = {"email": api.account["email"], "password": "correct horse battery"}
        things[f"{who}_refresh"] = (await service.post("/auth/login", login))["refresh_token"]
    return things, await _tokens(platform, things)


def _seeded() -> dict[str, str]:
    """Of the made-up rows, by their numbers."""
    first, other = SHAPE.events[0], SHAPE.events[3]
    return {
        "project_id": str(UUID(first.id)),
        "other_project": str(UUID(other.id)),
        "own_id": str(UUID(uid("operator", first.operator))),
        "operator_id": str(UUID(uid("operator", 1))),
        "photographer_id": str(UUID(uid("photographer", first.photographers[0]))),
        "other_photographer": str(UUID(uid("photographer", first.photographers[2]))),
        "package_id": str(UUID(uid("package", 0))),
        "other_package": str(UUID(uid("package", 1))),
        "coach_id": str(UUID(uid("coach", 0))),
        "qr_token_id": str(UUID(uid("qr", 0))),
        "token": f"qr_{uid('token', 0)}",
        "session_id": str(uuid4()),
        "receipt_id": str(uuid4()),
        "consent_id": str(uuid4()),
        "conflict_id": str(uuid4()),
        "hide_request_id": str(uuid4()),
        "nothing": str(uuid4()),
        "new_email": f"{uuid4().hex}@example.com",
        "photo_email": f"{uuid4().hex}@example.com",
        "consent_type": "biometric_processing",
        "consent_version": ConsentTexts.read(ConsentSettings()).current_version(
            ConsentType.BIOMETRIC_PROCESSING
        ),
        "cursor": Cursor(datetime(2026, 6, 1, tzinfo=UTC), uuid4()).encode(),
    }


async def _tokens(platform: Platform, things: dict[str, str]) -> dict[tuple[str, str], str]:
    tokens = platform.apps["main"].state.auth.tokens
    admin = await platform.new_superadmin()
    found = {("backoffice", SUPERADMIN): str(admin.api.token)}
    people = {
        OPERATOR: (Role.OPERATOR, things["own_id"], Audience.BACKOFFICE, ("backoffice", "media")),
        PHOTOGRAPHER: (
            Role.PHOTOGRAPHER,
            things["photographer_id"],
            Audience.BACKOFFICE,
            ("backoffice", "media"),
        ),
        GUEST: (Role.USER, things["user_id"], Audience.MAIN, ("main",)),
    }
    async with unit_of_work(platform.data.sessions) as session:
        for who, (role, account, audience, services) in people.items():
            opened = await open_session(session, audience, role, UUID(account), ttl_s=3600)
            issued = tokens.issue_access(audience, role, UUID(account), opened.session_id)
            found |= {(service, who): issued.value for service in services}
    caller = Principal(UUID(things["user_id"]), Role.USER, Audience.MAIN, "jti", utc_now(), opened.session_id)
    found["media", GUEST] = tokens.issue_media(caller, frozenset({Scope.SELFIE, Scope.EVENTS})).value
    return found


def test_every_route_has_a_call_and_every_call_a_route() -> None:
    assert {service: sorted(calls) for service, calls in CALLS.items()} == {
        service: sorted(routes) for service, routes in ACCESS.items()
    }


async def test_every_call_goes_as_far_as_is_declared(walk: Walk) -> None:
    assert not walk.wrong, "\n".join(walk.wrong)


async def test_every_route_has_asked_the_database(walk: Walk) -> None:
    routes = {f"{service} {route}" for service, calls in CALLS.items() for route in calls}
    silent = {route for route in routes if not walk.statements.get(route)}
    assert silent == WITHOUT_DATABASE


def _nodes(plan: dict[str, Any], *, is_limited: bool = False) -> Iterator[tuple[dict[str, Any], bool]]:
    """Every node, and whether it is read no further than somebody asks for."""
    yield plan, is_limited
    for inner in plan.get("Plans", ()):
        yield from _nodes(inner, is_limited=is_limited or plan["Node Type"] == "Limit")


def _reads_everything(node: dict[str, Any], is_limited: bool) -> bool:  # noqa: FBT001 - as `_nodes` tells it
    if node["Node Type"] == "Seq Scan":
        return True
    if node.get("Index Name") in PARTS:
        return False
    is_index = node["Node Type"] in {"Index Scan", "Index Only Scan", "Bitmap Index Scan"}
    return is_index and "Index Cond" not in node and not is_limited


async def _scanned(connection: asyncpg.Connection, statement: str) -> set[str]:
    """Tables, or their indexes."""
    await connection.execute(f"SET plan_cache_mode = force_generic_plan; PREPARE explained AS {statement}")
    count = max((int(number) for number in re.findall(r"\$(\d+)", statement)), default=0)
    values = f"({', '.join(['NULL'] * count)})" if count else ""
    (row,) = await connection.fetch(f"EXPLAIN (FORMAT JSON) EXECUTE explained{values}")
    await connection.execute("DEALLOCATE explained")
    return {
        str(node.get("Relation Name", node.get("Index Name")))
        for node, is_limited in _nodes(json.loads(row[0])[0]["Plan"])
        if _reads_everything(node, is_limited)
    }


def _is_of(name: str, tables: set[str]) -> bool:
    """A table, or an index of one."""
    return name in tables or name.startswith(
        tuple(f"{kind}_{t}" for kind in ("ix", "pk", "uq") for t in tables)
    )


async def test_no_statement_reads_a_large_table_from_end_to_end(walk: Walk) -> None:
    connection = await asyncpg.connect(walk.things["database"])
    large = {
        row["relname"]
        for row in await connection.fetch("SELECT relname FROM pg_class WHERE reltuples >= $1", LARGE_ROWS)
    }
    assert {"photos", "photo_tags", "figures", "users"} <= large
    found = set()
    for way, tables in (("on", GROWING & large), ("off", GROWING)):
        # Rows are found as dearly as where all of them are in memory or on flash: everywhere, by now.
        await connection.execute(f"SET enable_seqscan = {way}; SET random_page_cost = 1.1")
        for route, statements in walk.statements.items():
            for statement in statements:
                found |= {
                    (table, route, " ".join(statement.split()))
                    for table in await _scanned(connection, statement)
                    if (table, route) not in READ_WHOLE and _is_of(table, tables)
                }
    await connection.close()
    assert not found, "\n".join(" | ".join(item) for item in sorted(found))


async def test_a_scan_is_seen(walk: Walk) -> None:
    """The test can fail: a statement that no index serves is told from one that has its own."""
    connection = await asyncpg.connect(walk.things["database"])
    for way in ("on", "off"):
        await connection.execute(f"SET enable_seqscan = {way}")
        assert await _scanned(connection, "SELECT id FROM photos WHERE filename = $1") == {"photos"}
        assert await _scanned(connection, "SELECT id FROM photos WHERE id = $1") == set()
    await connection.close()
