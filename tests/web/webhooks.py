"""An endpoint to which something was delivered, and something not."""

from http import HTTPStatus
from uuid import UUID

from acme_standalone.demo.client import Json, wait_for
from tests.services.receiver import listening
from tests.web.world import World

EVENTS = ["photo.ready", "match.confirmed", "purchase.paid", "purchase.refunded"]


def tried_endpoint(world: World) -> str:
    """Its id. One delivery was taken; of two that were not, one is tried again, one has failed."""
    operator = world.event.operator
    with listening() as receiver:
        wish = {"url": receiver.url, "events": EVENTS, "description": "The shop's own books"}
        endpoint: str = operator.create("/webhook-endpoints", wish)["id"]
        receiver.status, receiver.body = 200, b'{"received": true}'
        _tested(world, endpoint)
        receiver.status, receiver.body = 500, b"<h1>Something went wrong</h1>"
        failed, _ = _tested(world, endpoint), _tested(world, endpoint)
    world.execute(
        "UPDATE webhook_deliveries SET state = 'failed', next_try_at = NULL WHERE id = $1", UUID(failed["id"])
    )
    return endpoint


def _tested(world: World, endpoint: str) -> Json:
    path = f"/webhook-endpoints/{endpoint}"
    sent = world.event.operator.call("POST", f"{path}/test", expect=HTTPStatus.ACCEPTED)

    def tried() -> Json | None:
        found: Json = world.event.operator.get(f"{path}/deliveries/{sent['id']}")
        return found if found["tries"] else None

    return wait_for("the test event", tried)
