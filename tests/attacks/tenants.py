"""A tenant with one of everything, and those who are not of it."""

import hashlib
from dataclasses import dataclass
from secrets import token_hex
from typing import Any

import jwt

from acme_auth.principals import Role
from tests.contract.world import World, new_world
from tests.services.harness import Platform, picture, send

OUTSIDER_SEED, TENANT_SEED = 4722, 4721


@dataclass(frozen=True)
class Tenant:
    world: World
    ids: dict[str, str]
    sessions: dict[str, str]
    """The id of somebody's session, by the service that knows it."""
    secrets: frozenset[str]
    """What no answer to a stranger may hold."""

    def ids_for(self, service: str) -> dict[str, str]:
        return {**self.ids, "session_id": self.sessions.get(service, "")}


@dataclass(frozen=True)
class Attacker:
    name: str
    role: Role
    tokens: dict[str, str]
    """By service."""
    own: Tenant | None
    """What they may name without harm, beside what is not theirs."""


async def new_tenant(platform: Platform, seed: int) -> Tenant:
    world = await new_world(platform, seed)
    operator, guest = world.people[Role.OPERATOR], world.people[Role.USER]
    name = f"secret-{token_hex(8)}"
    path = f"/projects/{world.ids['project_id']}"
    version = (await operator.get(path))["version"]
    await operator.patch(path, {"name": name, "version": version})
    photos = {"photo_ids": [world.ids["photo_id"]]}
    await guest.post(f"/purchases/{world.ids['purchase_id']}/photos", photos)
    more = {
        "receipt_id": await _receipt(platform, world),
        "logo_id": await _logo(platform, world),
        "upload_id": await _picture(world),
    }
    sessions = {"backoffice": _session(str(operator.token)), "main": _session(str(guest.token))}
    ids = {**world.ids, **more}
    mails = {person.account["email"] for person in world.people.values()}
    return Tenant(world, ids, sessions, frozenset({name, *mails, *sessions.values(), *_of_their_own(ids)}))


async def attackers(platform: Platform, tenant: Tenant) -> dict[str, Attacker]:
    outside = await new_tenant(platform, OUTSIDER_SEED)
    people = outside.world.people
    insider = await _member(platform, tenant)
    idle = await platform.new_photographer(tenant.world.people[Role.OPERATOR])
    staff = {role: str(people[role].token) for role in (Role.OPERATOR, Role.PHOTOGRAPHER)}
    guest = {"main": str(people[Role.USER].token), "media": outside.world.media_token}
    found = [
        Attacker("another operator", Role.OPERATOR, _everywhere(staff[Role.OPERATOR]), outside),
        Attacker(
            "another operator's photographer",
            Role.PHOTOGRAPHER,
            _everywhere(staff[Role.PHOTOGRAPHER]),
            outside,
        ),
        Attacker("an unassigned photographer", Role.PHOTOGRAPHER, _everywhere(str(idle.token)), None),
        Attacker("another guest", Role.USER, insider, None),
        Attacker("a guest of another event", Role.USER, {"backoffice": guest["main"], **guest}, outside),
    ]
    return {attacker.name: attacker for attacker in found}


async def digests(platform: Platform) -> dict[str, str]:
    """Of all rows of all tables."""
    rows = await platform.sql("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
    found = {}
    for (table,) in rows:
        lines = await platform.sql(f'SELECT t::text FROM "{table}" t ORDER BY 1')
        found[table] = hashlib.sha256("\n".join(line for (line,) in lines).encode()).hexdigest()
    return found


def _of_their_own(ids: dict[str, str]) -> list[str]:
    return [value for name, value in ids.items() if name not in {"consent_type", "consent_version"}]


def _everywhere(token: str) -> dict[str, str]:
    return dict.fromkeys(("backoffice", "main", "media"), token)


async def _member(platform: Platform, tenant: Tenant) -> dict[str, str]:
    """A guest of the same event, who may send a selfie as well."""
    guest = await platform.new_guest("Another")
    await guest.post("/projects/join", {"token": tenant.ids["token"], "accept_terms": True})
    consent = {key: tenant.ids[key] for key in ("consent_type", "consent_version")}
    await guest.post("/consents", consent)
    media = await guest.post("/auth/media-token", {})
    return {"backoffice": str(guest.token), "main": str(guest.token), "media": media["access_token"]}


async def _receipt(platform: Platform, world: World) -> str:
    """Of another selfie, which is deleted."""
    media = platform.media.as_({"access_token": world.media_token})
    sent = await media.post("/selfie/upload-url", {"content_type": "image/jpeg", "size_bytes": 1000})
    await media.delete(f"/selfie/{sent['selfie_id']}")
    await platform.jobs.run()
    (receipt,) = (await world.people[Role.USER].get("/consents/receipts"))["items"]
    return str(receipt["id"])


async def _logo(platform: Platform, world: World) -> str:
    media = platform.media.as_({"access_token": world.people[Role.OPERATOR].token})
    return await _sent(media, "/watermarks/logos", "logo_id", "/watermarks/logos/{}/complete")


async def _picture(world: World) -> str:
    """Sent and not yet taken: whose upload it is must count."""
    return await _sent(world.people[Role.OPERATOR], "/me/profile-picture", "upload_id", None)


async def _sent(api: Any, path: str, name: str, complete: str | None) -> str:
    body = picture(3, (64, 64), "PNG")
    issued = await api.post(f"{path}/upload-url", {"content_type": "image/png", "size_bytes": len(body)})
    await send(issued.get("upload", issued), body)
    if complete is not None:
        await api.post(complete.format(issued[name]))
    return str(issued[name])


def _session(token: str) -> str:
    return str(jwt.decode(token, options={"verify_signature": False})["sid"])
