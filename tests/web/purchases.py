"""A purchase in each state that a guest may meet."""

from http import HTTPStatus

from acme_standalone.demo.client import Json, wait_for
from acme_standalone.demo.story import Guest
from tests.web.world import World


def every_purchase(world: World, guest: Guest, photos: list[Json]) -> dict[str, str]:
    """Ids, by state."""
    packed, _ = world.story.buy(world.event, guest, photos)
    pack(guest, packed)
    return {
        "pending": new_purchase(world, guest)["id"],
        "failed": failed(world, guest)["id"],
        "choosing": paid(world, guest)["id"],
        "packed": packed["id"],
        "refunded": refunded(world, guest)["id"],
    }


def new_purchase(world: World, guest: Guest) -> Json:
    wish = {"project_id": world.event.project_id, "package_id": world.event.package_id}
    return guest.main.create("/purchases", wish)


def failed(world: World, guest: Guest) -> Json:
    purchase = new_purchase(world, guest)
    world.story.confirm_payment(purchase, "pm_card_visa_chargeDeclined", HTTPStatus.PAYMENT_REQUIRED)
    return _once(guest, purchase, "status", "failed")


def paid(world: World, guest: Guest) -> Json:
    purchase = new_purchase(world, guest)
    world.story.confirm_payment(purchase, "pm_card_visa", HTTPStatus.OK)
    return is_paid(guest, purchase)


def is_paid(guest: Guest, purchase: Json) -> Json:
    return _once(guest, purchase, "status", "paid")


def refunded(world: World, guest: Guest) -> Json:
    purchase = paid(world, guest)
    path = f"/purchases/{purchase['id']}/refunds"
    world.event.operator.call("POST", path, {}, expect=HTTPStatus.ACCEPTED)
    return _once(guest, purchase, "refunded_amount", purchase["amount"])


def pack(guest: Guest, purchase: Json) -> None:
    path = f"/purchases/{purchase['id']}/archive"
    guest.main.call("POST", path, expect=(HTTPStatus.ACCEPTED, HTTPStatus.OK))
    wait_for("the archive", lambda: guest.main.get(path)["state"] == "ready" or None)


def _once(guest: Guest, purchase: Json, name: str, value: object) -> Json:
    """The purchase, once the provider's word has come."""

    def probe() -> Json | None:
        now = guest.main.get(f"/purchases/{purchase['id']}")
        return now if now[name] == value else None

    return wait_for(f"the purchase's {name}", probe)
