"""Posts events to the webhook, signed as Stripe signs them, until they are taken."""

import asyncio
import hashlib
import hmac
import json
import time

import httpx
import structlog

from acme_standalone.stripe_standin.store import Pending, Store

log = structlog.get_logger()

IDLE_S = 0.1
TIMEOUT_S = 10.0
BACKOFF_LIMIT_S = 60.0
MAX_ATTEMPTS = 5000
"""About three days, as with Stripe."""


def signature_header(payload: bytes, secret: str, timestamp: int) -> str:
    signed = f"{timestamp}.".encode() + payload
    return f"t={timestamp},v1={hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()}"


class Delivery:
    def __init__(self, store: Store, url: str, secret: str) -> None:
        self._store = store
        self._url = url
        self._secret = secret
        self.is_paused = False

    async def run(self) -> None:
        """Until cancelled. At least once each; their order is nobody's promise."""
        async with httpx.AsyncClient(timeout=TIMEOUT_S) as client:
            while True:
                due = [] if self.is_paused else await asyncio.to_thread(self._store.due, time.time())
                await asyncio.gather(*(self._deliver(client, event) for event in due))
                await asyncio.sleep(IDLE_S)

    async def _deliver(self, client: httpx.AsyncClient, event: Pending) -> None:
        payload = json.dumps(event.body).encode()
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "Stripe-Signature": signature_header(payload, self._secret, int(time.time())),
        }
        try:
            answer = await client.post(self._url, content=payload, headers=headers)
            is_taken = answer.is_success
        except httpx.HTTPError:
            is_taken = False
        now = time.time()
        if is_taken:
            await asyncio.to_thread(self._store.delivered, event.id, now)
            return
        log.info("webhook_not_taken", event_id=event.id, attempt=event.attempts + 1)
        delay = min(BACKOFF_LIMIT_S, 0.5 * 2.0 ** min(event.attempts, 10))
        next_at = now + delay if event.attempts < MAX_ATTEMPTS else None
        await asyncio.to_thread(self._store.undelivered, event.id, next_at)
