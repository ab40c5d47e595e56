import asyncio
import contextlib
import hashlib
import hmac
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from acme_standalone.stripe_standin.delivery import Delivery
from acme_standalone.stripe_standin.errors import StripeError, invalid, missing, render
from acme_standalone.stripe_standin.forms import parse_form
from acme_standalone.stripe_standin.payments import Declined, Payments
from acme_standalone.stripe_standin.store import Answer, Object, Store, new_id

Endpoint = Callable[[Request], Awaitable[Response]]
Write = Callable[[Payments, Request, dict[str, object]], Object]


@dataclass(frozen=True)
class StandInSettings:
    data_dir: Path
    secret_key: str
    publishable_key: str
    webhook_secret: str
    webhook_url: str


def create_app(settings: StandInSettings) -> Starlette:
    store = Store(settings.data_dir / "stripe.sqlite")
    delivery = Delivery(store, settings.webhook_url, settings.webhook_secret)

    @contextlib.asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        task = asyncio.create_task(delivery.run())
        yield
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task

    app = Starlette(
        lifespan=lifespan,
        routes=_routes(),
        middleware=[
            Middleware(CORSMiddleware, allow_origins=["*"], allow_methods=["*"], allow_headers=["*"])
        ],
        exception_handlers={StripeError: _error, 404: _unknown_url},
    )
    app.state.settings, app.state.store, app.state.delivery = settings, store, delivery
    app.state.payments = Payments(store)
    return app


def _routes() -> list[Route]:
    return [
        Route("/-/health", _health),
        Route(
            "/v1/payment_intents", _writing(lambda pay, _, form: pay.create_intent(form)), methods=["POST"]
        ),
        Route("/v1/payment_intents", _list_intents, methods=["GET"]),
        Route("/v1/payment_intents/{id}", _get_intent, methods=["GET"]),
        Route("/v1/payment_intents/{id}/confirm", _confirm, methods=["POST"]),
        Route(
            "/v1/payment_intents/{id}/cancel",
            _writing(lambda pay, request, _: pay.cancel_intent(request.path_params["id"])),
            methods=["POST"],
        ),
        Route("/v1/charges/{id}", _reading(lambda pay, request: pay.charge(request.path_params["id"]))),
        Route("/v1/refunds", _writing(lambda pay, _, form: pay.create_refund(form)), methods=["POST"]),
        Route("/v1/refunds/{id}", _reading(lambda pay, request: pay.refund(request.path_params["id"]))),
        Route("/v1/disputes", _list_disputes),
        Route("/v1/events", _list_events),
        Route("/v1/events/{id}", _get_event),
        Route("/_test/disputes/{id}/close", _close_dispute, methods=["POST"]),
        Route("/_test/events/{id}/redeliver", _redeliver, methods=["POST"]),
        Route("/_test/webhooks/{switch}", _switch_webhooks, methods=["POST"]),
    ]


async def _health(request: Request) -> Response:  # noqa: ARG001 - Starlette passes it
    return Response("ok")


def _writing(write: Write) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        _require_secret_key(request)
        return await _write(request, write)

    return endpoint


def _reading(read: Callable[[Payments, Request], Object]) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        _require_secret_key(request)
        return _json(read(request.app.state.payments, request))

    return endpoint


async def _confirm(request: Request) -> Response:
    """A browser confirms with the publishable key and the intent's own secret."""
    payments: Payments = request.app.state.payments
    form = parse_form((await request.body()).decode())
    if not _is_key(request, request.app.state.settings.secret_key):
        _require_client_secret(request, payments, str(form.get("client_secret", "")))
    return await _write(request, lambda pay, asked, given: pay.confirm_intent(asked.path_params["id"], given))


async def _get_intent(request: Request) -> Response:
    payments: Payments = request.app.state.payments
    if not _is_key(request, request.app.state.settings.secret_key):
        _require_client_secret(request, payments, request.query_params.get("client_secret", ""))
    fields = parse_form(request.url.query).get("expand", [])
    return _json(payments.expanded(payments.intent(request.path_params["id"]), list(fields)))


async def _list_intents(request: Request) -> Response:
    _require_secret_key(request)
    return _listed(request, request.app.state.store.all_of("payment_intent"))


async def _list_disputes(request: Request) -> Response:
    _require_secret_key(request)
    return _listed(request, request.app.state.payments.disputes(request.query_params.get("payment_intent")))


async def _list_events(request: Request) -> Response:
    _require_secret_key(request)
    return _listed(request, request.app.state.store.events(1000))


async def _get_event(request: Request) -> Response:
    _require_secret_key(request)
    event = request.app.state.store.event(request.path_params["id"])
    if event is None:
        raise missing("event", request.path_params["id"])
    return _json(event)


async def _close_dispute(request: Request) -> Response:
    _require_secret_key(request)
    outcome = str(parse_form((await request.body()).decode()).get("status", ""))
    with request.app.state.store.transaction():
        return _json(request.app.state.payments.close_dispute(request.path_params["id"], outcome))


async def _redeliver(request: Request) -> Response:
    _require_secret_key(request)
    request.app.state.store.redeliver(request.path_params["id"], time.time())
    return _json({"redelivered": True})


async def _switch_webhooks(request: Request) -> Response:
    _require_secret_key(request)
    request.app.state.delivery.is_paused = request.path_params["switch"] == "pause"
    return _json({"paused": request.app.state.delivery.is_paused})


async def _write(request: Request, write: Write) -> Response:
    """Under an Idempotency-Key one effect and one answer; a refused request is not remembered."""
    form = parse_form((await request.body()).decode())
    key = request.headers.get("idempotency-key")
    fingerprint = hashlib.sha256(f"{request.url.path}\n{sorted(form.items())!r}".encode()).hexdigest()
    store: Store = request.app.state.store
    answer = await asyncio.to_thread(_once, store, request, write, form, (key, fingerprint))
    headers = {"Idempotent-Replayed": "true"} if answer.is_replayed else {}
    return _json(answer.body, answer.status, headers)


def _once(
    store: Store, request: Request, write: Write, form: dict[str, object], identity: tuple[str | None, str]
) -> Answer:
    key, fingerprint = identity
    now = time.time()
    with store.transaction():
        known = store.recall(key, now) if key else None
        if known is not None:
            if known[0] != fingerprint:
                message = "Keys for idempotent requests can only be used with the same parameters."
                raise StripeError(400, "idempotency_error", message)
            return known[1]
        answer = _attempt(request, write, form)
        if key:
            store.remember(key, fingerprint, answer, now)
        return answer


def _attempt(request: Request, write: Write, form: dict[str, object]) -> Answer:
    try:
        return Answer(200, write(request.app.state.payments, request, form))
    except Declined as declined:
        return Answer(declined.status, declined.body)


def _listed(request: Request, found: list[Object]) -> Response:
    """Newest first, `limit` and `starting_after` as with Stripe."""
    text = request.query_params.get("limit", "10")
    if not text.isdigit() or not 1 <= int(text) <= 100:  # noqa: PLR2004 - Stripe's bound
        raise invalid("Invalid limit", param="limit")
    limit = int(text)
    after = request.query_params.get("starting_after")
    if after is not None:
        ids = [item["id"] for item in found]
        if after not in ids:
            raise missing("object", after)
        found = found[ids.index(after) + 1 :]
    body = {"object": "list", "url": request.url.path, "has_more": len(found) > limit, "data": found[:limit]}
    return _json(body)


def _json(body: Object, status: int = 200, headers: dict[str, str] | None = None) -> JSONResponse:
    return JSONResponse(body, status, {"Request-Id": new_id("req"), **(headers or {})})


def _is_key(request: Request, key: str) -> bool:
    given = request.headers.get("authorization", "")
    return hmac.compare_digest(given.encode(), f"Bearer {key}".encode())


def _require_secret_key(request: Request) -> None:
    if not _is_key(request, request.app.state.settings.secret_key):
        raise StripeError(401, "invalid_request_error", "Invalid API Key provided")


def _require_client_secret(request: Request, payments: Payments, client_secret: str) -> None:
    if not _is_key(request, request.app.state.settings.publishable_key):
        raise StripeError(401, "invalid_request_error", "Invalid API Key provided")
    expected = payments.intent(request.path_params["id"])["client_secret"]
    if not hmac.compare_digest(client_secret.encode(), expected.encode()):
        raise invalid("The client_secret provided does not match the PaymentIntent", param="client_secret")


def _error(request: Request, error: Exception) -> Response:  # noqa: ARG001 - Starlette passes it
    assert isinstance(error, StripeError)  # noqa: S101 - Starlette dispatches by type
    return render(error, new_id("req"))


def _unknown_url(request: Request, error: Exception) -> Response:  # noqa: ARG001 - Starlette passes it
    message = f"Unrecognized request URL ({request.method}: {request.url.path})."
    return render(StripeError(404, "invalid_request_error", message), new_id("req"))
