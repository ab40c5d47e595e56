import asyncio
import contextlib
import hashlib
import hmac
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from acme_core.background import beside
from acme_standalone.stripe_standin.delivery import Delivery
from acme_standalone.stripe_standin.errors import StripeError, invalid, missing, render
from acme_standalone.stripe_standin.forms import parse_form, strings_of, text_of
from acme_standalone.stripe_standin.lists import page, since
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
        async with beside(delivery.run()):
            yield

    app = Starlette(
        lifespan=lifespan,
        routes=_routes(),
        middleware=[
            Middleware(
                CORSMiddleware,
                allow_origins=["*"],
                allow_methods=["*"],
                allow_headers=["*"],
                expose_headers=["Request-Id"],
            )
        ],
        exception_handlers={StripeError: _error, HTTPException: _unknown_url},
    )
    # A redirect to the path without its slash is not what Stripe answers.
    app.router.redirect_slashes = False
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
    form = await _form(request)
    if not _is_key(request, request.app.state.settings.secret_key):
        _require_client_secret(request, payments, text_of(form, "client_secret") or "")
    return await _write(request, lambda pay, asked, given: pay.confirm_intent(asked.path_params["id"], given))


async def _get_intent(request: Request) -> Response:
    payments: Payments = request.app.state.payments
    query = _query(request)
    if not _is_key(request, request.app.state.settings.secret_key):
        _require_client_secret(request, payments, text_of(query, "client_secret") or "")
    fields = strings_of(query, "expand")
    return _json(payments.expanded(payments.intent(request.path_params["id"]), fields))


async def _list_intents(request: Request) -> Response:
    _require_secret_key(request)
    payments: Payments = request.app.state.payments
    query = _query(request)
    fields = [field.removeprefix("data.") for field in strings_of(query, "expand")]
    found = since(request.app.state.store.all_of("payment_intent"), query)
    return _listed(request, [payments.expanded(intent, fields) for intent in found])


async def _list_disputes(request: Request) -> Response:
    _require_secret_key(request)
    intent_id = text_of(_query(request), "payment_intent")
    return _listed(request, request.app.state.payments.disputes(intent_id))


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
    outcome = text_of(await _form(request), "status") or ""
    with request.app.state.store.transaction():
        return _json(request.app.state.payments.close_dispute(request.path_params["id"], outcome))


async def _redeliver(request: Request) -> Response:
    _require_secret_key(request)
    if not request.app.state.store.redeliver(request.path_params["id"], time.time()):
        raise missing("event", request.path_params["id"])
    return _json({"redelivered": True})


async def _switch_webhooks(request: Request) -> Response:
    _require_secret_key(request)
    switch = request.path_params["switch"]
    if switch not in {"pause", "resume"}:
        raise invalid("Webhooks are switched by pause or resume.", param="switch")
    request.app.state.delivery.is_paused = switch == "pause"
    return _json({"paused": request.app.state.delivery.is_paused})


async def _write(request: Request, write: Write) -> Response:
    """Under an Idempotency-Key one effect and one answer; a refused request is not remembered."""
    form = await _form(request)
    key = request.headers.get("idempotency-key")
    fingerprint = hashlib.sha256(f"{request.scope['path']}\n{sorted(form.items())!r}".encode()).hexdigest()
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
    return _json(page(found, _query(request), request.scope["path"]))


def _query(request: Request) -> dict[str, Any]:
    return parse_form(request.scope["query_string"])


async def _form(request: Request) -> dict[str, Any]:
    raw = await request.body()
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if raw and kind != "application/x-www-form-urlencoded":
        raise invalid("Invalid request: the body must be application/x-www-form-urlencoded.")
    return parse_form(raw)


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


def _unknown_url(request: Request, error: Exception) -> Response:
    """A path that is not served, or not by this method."""
    assert isinstance(error, HTTPException)  # noqa: S101 - Starlette dispatches by type
    message = f"Unrecognized request URL ({request.method}: {request.scope['path']})."
    answer = render(StripeError(error.status_code, "invalid_request_error", message), new_id("req"))
    answer.headers.update(error.headers or {})
    return answer
