"""An event with one of everything, and somebody signed in for each role."""

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from acme_auth.principals import Role
from tests.services.harness import Api, Event, Platform


@dataclass(frozen=True)
class World:
    people: dict[Role, Api]
    media_token: str
    ids: dict[str, str]
    """Of things that exist, by the name that paths and bodies call them."""

    def token(self, service: str, role: Role) -> str:
        if service == "media" and role is Role.USER:
            return self.media_token
        return str(self.people[role].token)


async def _conflict(platform: Platform, event: Event, guest: Api) -> str:
    """Two selfies that look alike, as the engine would have found them."""
    rows = await platform.sql(
        "INSERT INTO selfie_conflicts (project_id, user_id, other_user_id, confidence) "
        "VALUES (:p, :u, :o, 90) RETURNING id",
        p=event.project_id,
        u=guest.account["id"],
        o=(await platform.new_guest()).account["id"],
    )
    return str(rows[0][0])


async def new_world(platform: Platform, seed: int) -> World:
    event = await platform.new_event(name="Gala", terms_and_conditions="Be kind.")
    operator, guest = event.operator, await event.new_member()
    project = f"/projects/{event.project_id}"
    package, free = await event.new_package(), await event.new_package(price=0)
    photo = await event.ready_photo(seed)
    await event.tag(photo, guest)
    coach = await operator.post(f"{project}/coaches", {"name": "Coach"})
    (tag,) = (await operator.get(f"{project}/photo-tags"))["items"]
    purchase = await guest.post("/purchases", {"project_id": event.project_id, "package_id": free})
    document = await guest.get("/consents/documents/biometric_processing")
    consent = {"consent_type": "biometric_processing", "consent_version": document["version"]}
    given = await guest.post("/consents", consent)
    hiding = await guest.post(f"/photos/{photo}/hide-requests", {"kind": "withhold"})
    token = await event.new_token()
    wish = {"url": "http://127.0.0.1:9/", "events": ["purchase.paid"]}
    endpoint = await operator.post("/webhook-endpoints", wish)
    delivery = await operator.post(f"/webhook-endpoints/{endpoint['id']}/test")
    media: dict[str, Any] = await guest.post("/auth/media-token", {})
    sender = platform.media.as_(media)
    selfie = await sender.post("/selfie/upload-url", {"content_type": "image/jpeg", "size_bytes": 1000})
    ids = {
        "receipt_id": str(uuid4()),
        "project_id": event.project_id,
        "package_id": package,
        "photo_id": photo,
        "photographer_id": event.photographer.account["id"],
        "coach_id": coach["id"],
        "qr_token_id": token["id"],
        "token": token["token"],
        "tag_id": tag["id"],
        "purchase_id": purchase["id"],
        "selfie_id": selfie["selfie_id"],
        "endpoint_id": endpoint["id"],
        "delivery_id": delivery["id"],
        "user_id": guest.account["id"],
        "operator_id": (await platform.new_operator()).account["id"],
        "consent_type": "biometric_processing",
        "consent_version": document["version"],
        "consent_id": given["id"],
        "hide_request_id": hiding["id"],
        "conflict_id": await _conflict(platform, event, guest),
    }
    people = {
        Role.OPERATOR: operator,
        Role.PHOTOGRAPHER: event.photographer,
        Role.SUPERADMIN: (await platform.new_superadmin()).api,
        Role.USER: guest,
    }
    return World(people, media["access_token"], ids)
