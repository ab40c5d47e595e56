import asyncio
import hashlib
import json
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import structlog
from pydantic import ValidationError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from acme_standalone.objectstore.claims import read_claim
from acme_standalone.objectstore.errors import S3Error
from acme_standalone.objectstore.request import read_request
from acme_standalone.objectstore.sigv4 import Verifier
from acme_standalone.rekognition_standin.answers import answer
from acme_standalone.rekognition_standin.errors import (
    ErrorType,
    RekognitionError,
    of_signature,
    render,
)
from acme_standalone.rekognition_standin.eyes import Eyes
from acme_standalone.rekognition_standin.operations import Operations
from acme_standalone.rekognition_standin.requests import invalid
from acme_standalone.rekognition_standin.store import Store

log = structlog.get_logger()

SERVICE = "rekognition"
TARGET_PREFIX = "RekognitionService."
CLOCK_SKEW = timedelta(minutes=5)
MOST_BODY_BYTES = 16 * 1024 * 1024
"""Two pictures in base64, with room: what is too large for a picture is told by the operation."""


@dataclass(frozen=True)
class StandInSettings:
    data_dir: Path
    access_key_id: str
    secret_access_key: str
    region: str


class Faults:
    """What tests want to go wrong, how often."""

    def __init__(self) -> None:
        self._left: Counter[tuple[str, ErrorType]] = Counter()

    def plan(self, operation: str, kind: ErrorType, count: int) -> None:
        self._left[operation, kind] += count

    def strike(self, operation: str) -> None:
        for kind in ErrorType:
            if self._left[operation, kind] > 0:
                self._left[operation, kind] -= 1
                raise RekognitionError(kind, "as planned")


def create_app(settings: StandInSettings) -> Starlette:
    store, eyes = Store(settings.data_dir / "rekognition.sqlite"), Eyes()

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        yield
        await eyes.close()
        store.close()

    endpoint = Endpoint(settings, Operations(store, eyes))
    routes = [
        Route("/-/health", _health),
        Route("/", endpoint.call, methods=["POST"]),
        Route("/_test/faults", endpoint.plan_fault, methods=["POST"]),
        Route("/_test/calls", endpoint.count_calls),
    ]
    return Starlette(lifespan=lifespan, routes=routes)


async def _health(request: Request) -> Response:  # noqa: ARG001 - Starlette passes it
    return Response("ok")


class Endpoint:
    def __init__(self, settings: StandInSettings, operations: Operations) -> None:
        self._verifier = Verifier(
            settings.access_key_id,
            settings.secret_access_key,
            settings.region,
            CLOCK_SKEW,
            SERVICE,
        )
        self._operations = operations
        self._faults = Faults()
        self._calls: Counter[str] = Counter()

    async def call(self, request: Request) -> Response:
        request_id = str(uuid4())
        name = request.headers.get("x-amz-target", "").removeprefix(TARGET_PREFIX)
        try:
            body = await self._body(request)
            self._authenticate(request, body)
            return answer(await self._run(name, body), request_id)
        except RekognitionError as error:
            log.info("rekognition_refused", operation=name, error=error.kind.wire)
            return render(error, request_id)
        except Exception:
            log.exception("rekognition_failed", operation=name)
            return render(RekognitionError(ErrorType.INTERNAL_SERVER_ERROR, "Internal error"), request_id)

    async def plan_fault(self, request: Request) -> Response:
        """`{"operation", "error", "count"}`: the operation's next calls fail with this error of AWS."""
        wish = await request.json()
        kind = next(kind for kind in ErrorType if kind.wire == wish["error"])
        self._faults.plan(wish["operation"], kind, wish.get("count", 1))
        return Response(status_code=204)

    async def count_calls(self, request: Request) -> Response:  # noqa: ARG002 - Starlette passes it
        """How often each operation has been answered since the start."""
        return JSONResponse(self._calls)

    async def _body(self, request: Request) -> bytes:
        body = bytearray()
        async for piece in request.stream():
            body += piece
            if len(body) > MOST_BODY_BYTES:
                raise RekognitionError(ErrorType.IMAGE_TOO_LARGE, "Request is too large")
        return bytes(body)

    def _authenticate(self, request: Request, body: bytes) -> None:
        """A JSON service signs the body's digest, whether a header tells it or not."""
        digest = hashlib.sha256(body).hexdigest()
        try:
            asked = read_request(request.scope, request.receive)
            self._verifier.verify_claim(asked, read_claim(asked, payload=digest), datetime.now(UTC))
        except S3Error as error:
            raise of_signature(error) from error

    async def _run(self, name: str, body: bytes) -> dict[str, object]:
        operation = self._operations.by_name.get(name)
        if operation is None:
            raise RekognitionError(ErrorType.UNKNOWN_OPERATION, "")
        self._faults.strike(name)
        try:
            # The base64 of pictures is decoded on the way: not on the loop that others wait for.
            asked = await asyncio.to_thread(lambda: operation.request.model_validate(json.loads(body)))
        except ValidationError as error:
            raise invalid(error) from error
        except ValueError as error:
            raise RekognitionError(ErrorType.SERIALIZATION, "the body is no JSON") from error
        found = await operation.run(asked)
        self._calls[name] += 1
        return found
