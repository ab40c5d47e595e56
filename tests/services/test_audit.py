"""Every act that the audit log has a word for is done, and found there with who did it and to what."""

from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

import httpx
from passlib.totp import TOTP

from acme_db.models import AuditAction
from acme_jobs.dead_letters import DeadLetters
from acme_standalone.demo.scenes import Person, write_selfie
from acme_standalone.jobs.run import retry
from tests.services.harness import PASSWORD, Api, Platform, mailed_text, picture
from tests.services.main.test_consents import BIOMETRIC, consent
from tests.services.main.test_purchases import checkout, pay, stand_in
from tests.services.media.test_matching_journey import enrol
from tests.services.test_passwords import token_in

__all__ = ["stand_in"]

NEW = "another battery staple"
Written = tuple[str, str | None, str | None]
"""Action, actor and subject."""


@dataclass
class Story:
    """What was done, as the log should tell it."""

    platform: Platform
    expected: set[Written] = field(default_factory=set)

    def did(self, actor: Api | None, action: AuditAction, subject: object = None) -> None:
        actor_id = actor.account["id"] if actor is not None else None
        self.expected.add((action, actor_id, str(subject) if subject is not None else None))

    async def written(self) -> set[Written]:
        rows = await self.platform.sql("SELECT action, actor_id, subject_id FROM audit_events")
        return {(row[0], _text(row[1]), _text(row[2])) for row in rows}


def _text(value: UUID | None) -> str | None:
    return str(value) if value is not None else None


async def signing_in(story: Story) -> None:
    operator = await story.platform.new_operator()
    own, service = operator.account["id"], story.platform.backoffice
    story.did(operator, AuditAction.REGISTERED, own)
    login = {"email": operator.account["email"], "password": PASSWORD}
    await service.call("POST", "/auth/login", {**login, "password": "wrong"})
    story.did(None, AuditAction.SIGN_IN_FAILED, own)
    session = await service.post("/auth/login", login)
    story.did(operator, AuditAction.SIGNED_IN, own)
    phone = await service.post("/auth/login", login)
    (other,) = [item for item in (await operator.get("/me/sessions"))["items"] if not item["is_current"]][:1]
    await operator.delete(f"/me/sessions/{other['id']}")
    story.did(operator, AuditAction.SESSION_REVOKED, other["id"])
    await service.call("POST", "/auth/logout", {"refresh_token": session["refresh_token"]})
    await service.call("POST", "/auth/logout", {"refresh_token": phone["refresh_token"]})
    story.did(operator, AuditAction.SIGNED_OUT, own)
    stolen = {"refresh_token": (await service.post("/auth/login", login))["refresh_token"]}
    for _ in range(2):
        await service.call("POST", "/auth/refresh", stolen)
    story.did(None, AuditAction.REFRESH_TOKEN_REUSED, own)


async def mailed_links(story: Story) -> None:
    platform = story.platform
    guest = await platform.new_guest()
    own, email = guest.account["id"], guest.account["email"]
    await platform.jobs.run()
    await platform.main.call("POST", "/auth/email/verify", {"token": token_in(mailed_text(email))})
    story.did(guest, AuditAction.EMAIL_VERIFIED, own)
    await platform.main.call("POST", "/auth/password/forgot", {"email": email})
    story.did(None, AuditAction.PASSWORD_RESET_ASKED, own)
    await platform.jobs.run()
    body = {"token": token_in(mailed_text(email)), "password": NEW}
    assert (await platform.main.call("POST", "/auth/password/reset", body)).status_code == 204
    story.did(guest, AuditAction.PASSWORD_RESET, own)


async def photographers(story: Story) -> None:
    platform = story.platform
    operator = await platform.new_operator()
    wish = {"name": "Ann", "email": f"ann-{operator.account['id']}@example.com"}
    made = await operator.post("/photographers", wish)
    story.did(operator, AuditAction.PHOTOGRAPHER_ADDED, made["id"])
    await platform.jobs.run()
    body = {"token": token_in(mailed_text(wish["email"])), "password": NEW}
    invited = platform.backoffice.as_(await platform.backoffice.post("/auth/accept-invite", body))
    story.did(invited, AuditAction.INVITE_ACCEPTED, made["id"])
    await operator.delete(f"/photographers/{made['id']}")
    story.did(operator, AuditAction.PHOTOGRAPHER_REMOVED, made["id"])


async def second_factors(story: Story) -> None:
    service, operator = story.platform.backoffice, await story.platform.new_operator()
    own = operator.account["id"]
    setup = await operator.post("/me/totp")
    code = TOTP(key=setup["secret"], format="base32").generate().token
    codes = (await operator.post("/me/totp/confirm", {"code": code}))["recovery_codes"]
    story.did(operator, AuditAction.SECOND_FACTOR_ENABLED, own)
    login = {"email": operator.account["email"], "password": PASSWORD, "totp_code": codes[0]}
    await service.post("/auth/login", login)
    story.did(operator, AuditAction.RECOVERY_CODE_USED, own)
    await operator.post("/me/totp/recovery-codes")
    story.did(operator, AuditAction.RECOVERY_CODES_RENEWED, own)
    await operator.delete("/me/totp")
    story.did(operator, AuditAction.SECOND_FACTOR_DISABLED, own)


async def consents(story: Story) -> None:
    platform = story.platform
    event = await platform.new_event(terms_and_conditions="Be kind.")
    guest = await event.new_member()
    own = guest.account["id"]
    story.did(guest, AuditAction.TERMS_ACCEPTED, event.project_id)
    await consent(platform, guest)
    (given,) = (await guest.get("/consents"))["items"]
    story.did(guest, AuditAction.CONSENT_GIVEN, given["id"])
    selfie = await enrol(platform, guest, picture(900))
    media = platform.media.as_(await guest.post("/auth/media-token"))
    await media.delete(f"/selfie/{selfie['id']}")
    story.did(guest, AuditAction.SELFIE_DELETED, selfie["id"])
    await guest.delete(f"/consents/{BIOMETRIC}")
    story.did(guest, AuditAction.CONSENT_REVOKED, given["id"])
    await platform.jobs.run()
    story.did(None, AuditAction.BIOMETRICS_ERASED, own)
    assert (await guest.call("GET", "/me/export")).status_code == 200
    story.did(guest, AuditAction.DATA_EXPORTED, own)
    await guest.delete("/me")
    story.did(guest, AuditAction.ACCOUNT_DELETED, own)


async def lookalikes(story: Story, folder: Path) -> None:
    event, selfie = await story.platform.new_event(), write_selfie(folder, Person.GRACE).read_bytes()
    for number in range(2):
        await enrol(story.platform, await event.new_member(), selfie + b"\0" * number)
    (found,) = (await event.operator.get(f"/projects/{event.project_id}/selfie-conflicts"))["items"]
    story.did(None, AuditAction.SELFIES_ALIKE, found["id"])
    await event.operator.post(f"/selfie-conflicts/{found['id']}/resolve")
    story.did(event.operator, AuditAction.SELFIE_CONFLICT_RESOLVED, found["id"])


async def review(story: Story) -> None:
    event = await story.platform.new_event()
    operator, guest = event.operator, await event.new_member()
    photo = await event.ready_photo(901)
    await event.tag(photo, guest)
    (tag,) = (await operator.get(f"/projects/{event.project_id}/photo-tags"))["items"]
    story.did(operator, AuditAction.TAG_CREATED, tag["id"])
    await operator.patch(f"/photo-tags/{tag['id']}", {"review_status": "rejected"})
    story.did(operator, AuditAction.TAG_REVIEWED, tag["id"])
    decision = {"tag_ids": [tag["id"]], "review_status": "confirmed"}
    await operator.post("/photo-tags/bulk-review", decision)
    story.did(operator, AuditAction.TAGS_REVIEWED)
    await guest.delete(f"/photos/{photo}/tags/me")
    story.did(guest, AuditAction.TAG_REJECTED_BY_GUEST, photo)
    other = await event.new_member()
    await event.tag(photo, other)
    asked = await other.post(f"/photos/{photo}/hide-requests", {"kind": "withhold"})
    story.did(other, AuditAction.HIDING_ASKED, asked["id"])
    await operator.patch(f"/hide-requests/{asked['id']}", {"state": "accepted"})
    story.did(operator, AuditAction.HIDING_DECIDED, asked["id"])
    await operator.patch(f"/projects/{event.project_id}", {"confirm_confidence": 80})
    story.did(operator, AuditAction.THRESHOLDS_CHANGED, event.project_id)
    attested = {"enabled": True, "attestation": "Every guest has agreed to it in writing."}
    await operator.call("PUT", f"/projects/{event.project_id}/face-index", attested)
    story.did(operator, AuditAction.FACE_INDEX_CHANGED, event.project_id)


async def money(story: Story, stand_in: httpx.Client) -> None:
    event = await story.platform.new_event()
    operator, guest = event.operator, await event.new_member()
    await operator.patch("/me", {"currency": "CHF"})
    story.did(operator, AuditAction.CURRENCY_CHANGED, operator.account["id"])
    package = await event.new_package()
    await operator.patch(f"/packages/{package}", {"price": 1200})
    photo = await event.ready_photo(902)
    await event.tag(photo, guest)
    purchase = (await checkout(event, guest, package)).json()
    story.did(guest, AuditAction.PURCHASE_STARTED, purchase["id"])
    await pay(story.platform, stand_in, purchase)
    story.did(None, AuditAction.PURCHASE_CHANGED, purchase["id"])
    await guest.post(f"/purchases/{purchase['id']}/photos", {"photo_ids": [photo]})
    story.did(guest, AuditAction.PHOTOS_UNLOCKED, purchase["id"])
    await operator.post(f"/purchases/{purchase['id']}/refunds", {"amount": 100})
    story.did(operator, AuditAction.REFUND_ASKED, purchase["id"])
    await operator.delete(f"/projects/{event.project_id}/packages/{package}")
    await operator.delete(f"/packages/{package}")
    for action in (
        AuditAction.PACKAGE_CREATED,
        AuditAction.PACKAGE_PUT_ON_SALE,
        AuditAction.PACKAGE_CHANGED,
        AuditAction.PACKAGE_TAKEN_OFF_SALE,
        AuditAction.PACKAGE_DELETED,
    ):
        story.did(operator, action, package)


async def administration(story: Story) -> None:
    admin, operator = await story.platform.new_superadmin(), await story.platform.new_operator()
    story.did(None, AuditAction.SUPERADMIN_CREATED, admin.api.account["id"])
    own = operator.account["id"]
    await admin.api.get("/admin/operators")
    story.did(admin.api, AuditAction.OPERATORS_LISTED)
    for status, action in (
        ("suspended", AuditAction.OPERATOR_SUSPENDED),
        ("active", AuditAction.OPERATOR_REINSTATED),
    ):
        await admin.api.patch(f"/admin/operators/{own}", {"status": status})
        story.did(admin.api, action, own)
    await admin.api.get("/admin/audit-events")
    story.did(admin.api, AuditAction.AUDIT_READ)
    await retry(DeadLetters(ids=[UUID(int=0)]))
    story.did(None, AuditAction.JOBS_RETRIED)


TOLD_ELSEWHERE = {str(action) for action in AuditAction if action.startswith("webhook.")}
"""In `backoffice/test_webhook_endpoints.py`, beside what each of them does."""


async def test_every_act_is_written_down_with_who_did_it_and_to_what(
    platform: Platform, stand_in: httpx.Client, tmp_path: Path
) -> None:
    story = Story(platform)
    for chapter in (signing_in, mailed_links, photographers, second_factors, consents, review):
        await chapter(story)
    await lookalikes(story, tmp_path)
    await money(story, stand_in)
    await administration(story)
    assert story.expected - await story.written() == set()
    told = {action for action, _, _ in story.expected} | TOLD_ELSEWHERE
    assert told == {str(action) for action in AuditAction}


async def test_what_changes_nothing_is_not_written_again(platform: Platform) -> None:
    event = await platform.new_event()
    package = await event.new_package()
    await event.operator.put(f"/projects/{event.project_id}/packages/{package}")
    for _ in range(2):
        await event.operator.delete(f"/projects/{event.project_id}/packages/{package}")
    await event.operator.patch("/me", {"currency": "EUR"})
    rows = await platform.sql(
        "SELECT action FROM audit_events WHERE actor_id = :id AND action LIKE 'money.%' ORDER BY occurred_at",
        id=event.operator.account["id"],
    )
    assert [row[0] for row in rows] == [
        "money.package_created",
        "money.package_put_on_sale",
        "money.package_taken_off_sale",
    ]
