"""The main job, told step by step: set-up, upload, joining, finding, buying, downloading."""

import hashlib
import io
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from secrets import token_hex
from uuid import UUID

import httpx
from PIL import Image, ImageOps

from acme_standalone.demo.client import Caller, Json, content_type_of, put_file, wait_for
from acme_standalone.demo.narrator import DemoFailedError, Narrator

TERMS = "Photos are taken at this event. Who joins agrees to be found in them."
UPLOADS_AT_ONCE = 4
PASSWORD = "demo-password-1"  # noqa: S105 - of accounts that live for one demo


@dataclass(frozen=True)
class Event:
    project_id: str
    package_id: str
    photographer: Caller
    operator: Caller
    join_token: str


@dataclass(frozen=True)
class Guest:
    name: str
    main: Caller


@dataclass
class Story:
    narrator: Narrator
    http: httpx.Client
    settings: Mapping[str, str]
    run: str = field(default_factory=lambda: token_hex(4))

    def set_up_event(self) -> Event:
        """The operator's part."""
        backoffice = self._service("BACKOFFICE_API_URL")
        with self.narrator.step("the operator signs up"):
            account = {"name": "Acme Events", "email": f"operator-{self.run}@example.com"}
            session = backoffice.create(
                "/auth/register", {**account, "password": PASSWORD, "currency": "EUR"}
            )
        operator = backoffice.signed_in(session["access_token"])
        with self.narrator.step("creates the event, with terms and a package of two photos") as results:
            project = operator.create("/projects", {"name": "Summer gala", "terms_and_conditions": TERMS})
            package = operator.create("/packages", {"name": "Two photos", "price": 1500, "photo_count": 2})
            path = f"/projects/{project['id']}/packages/{package['id']}"
            operator.call("PUT", path, expect=HTTPStatus.NO_CONTENT)
            results.append("15.00 EUR")
        with self.narrator.step("hires a photographer and assigns them"):
            photographer = self._photographer(operator, backoffice, project["id"])
        with self.narrator.step("prints a QR poster") as results:
            wish = {"kind": "poster", "expires_in_s": 86400}
            token = operator.create(f"/projects/{project['id']}/qr-tokens", wish)
            results.append(token["join_url"])
        return Event(project["id"], package["id"], photographer, operator, token["token"])

    def join(self, event: Event, name: str) -> Guest:
        main = self._service("MAIN_API_URL")
        with self.narrator.step(f"{name} scans the code, signs up and accepts the terms") as results:
            preview = main.get(f"/qr/{event.join_token}")
            account = {"name": name, "email": f"{name.lower()}-{self.run}@example.com"}
            session = main.create("/auth/register", {**account, "password": PASSWORD})
            guest = main.signed_in(session["access_token"])
            refused = {"token": event.join_token, "accept_terms": False}
            guest.call("POST", "/projects/join", refused, expect=HTTPStatus.CONFLICT)
            guest.create("/projects/join", {"token": event.join_token, "accept_terms": True})
            results.append(f"joined {preview['name']}")
        return Guest(name, guest)

    def enrol(self, guest: Guest, selfie: Path) -> None:
        """Consent, then the selfie."""
        with self.narrator.step(f"{guest.name} consents to face recognition") as results:
            guest.main.call("POST", "/auth/media-token", expect=HTTPStatus.FORBIDDEN)
            document = guest.main.get("/consents/documents/biometric_processing")
            wish = {"consent_type": "biometric_processing", "consent_version": document["version"]}
            guest.main.create("/consents", wish)
            results.append(f"version {document['version']}; without it the selfie was refused")
        with self.narrator.step(f"{guest.name} sends a selfie") as results:
            media = self._service("MEDIA_API_URL").signed_in(
                guest.main.call("POST", "/auth/media-token")["access_token"]
            )
            body = {"content_type": content_type_of(selfie), "size_bytes": selfie.stat().st_size}
            issued = media.create("/selfie/upload-url", body)
            put_file(self.http, issued["upload"], selfie)
            path = f"/selfie/{issued['selfie_id']}/complete"
            media.call("POST", path, expect=HTTPStatus.ACCEPTED)
            judged = wait_for("the selfie's approval", lambda: _judged(media.get("/selfie")))
            if judged["status"] != "approved":
                raise DemoFailedError(f"the selfie was refused: {judged['rejection_advice']}")
            results.append("approved")

    def upload(self, event: Event, files: Sequence[Path]) -> dict[str, Path]:
        """Straight to the object store, several at once; returns the photos by id."""
        with self.narrator.step(f"the photographer uploads {len(files)} photos") as results:
            with ThreadPoolExecutor(UPLOADS_AT_ONCE) as pool:
                ids = list(pool.map(lambda path: self._upload_one(event, path), files))
            results.append(f"{sum(path.stat().st_size for path in files) / 1e6:.1f} MB")
        return dict(zip(ids, files, strict=True))

    def wait_processed(self, event: Event, count: int) -> list[Json]:
        with self.narrator.step("thumbnails, watermarks and faces are made") as results:
            photos = wait_for(
                "the processing of the photos", lambda: self._processed(event, count), timeout_s=900
            )
            failed = [photo for photo in photos if photo["status"] == "failed"]
            results.append(f"{len(photos) - len(failed)} ready")
            results.extend(f"{photo['filename']}: {photo['failure_code']}" for photo in failed)
        return photos

    def found_photos(self, event: Event, guest: Guest, expected: frozenset[str] | None) -> list[Json]:
        """What the guest sees; with an expectation, exactly that."""
        path = f"/projects/{event.project_id}"
        with self.narrator.step(f"{guest.name} looks for photos") as results:
            wait_for(
                "the matching",
                lambda: guest.main.get(path)["matching"]["state"] == "done" or None,
            )
            photos: list[Json] = guest.main.get(f"{path}/photos?limit=200")["items"]
            seen = frozenset(photo["id"] for photo in photos)
            if expected is not None and seen != expected:
                raise DemoFailedError(
                    f"{guest.name} should find {len(expected)} photos, and finds {len(seen)}: "
                    f"{len(seen - expected)} wrong, {len(expected - seen)} missing"
                )
            results.append(
                f"found {len(seen)}" + (", exactly the right ones" if expected is not None else "")
            )
        return photos

    def buy(self, event: Event, guest: Guest, photos: Sequence[Json]) -> tuple[Json, Json]:
        """A declined card first; returns the purchase and one of the unlocked photos."""
        with self.narrator.step(f"{guest.name} buys the package; the first card is declined") as results:
            self._require_payment(guest, photos[0])
            body = {"project_id": event.project_id, "package_id": event.package_id}
            purchase = guest.main.create("/purchases", body)
            if purchase["status"] != "pending":
                raise DemoFailedError(f"a new purchase is {purchase['status']}, not pending")
            self.confirm_payment(purchase, "pm_card_visa_chargeDeclined", HTTPStatus.PAYMENT_REQUIRED)
            self.confirm_payment(purchase, "pm_card_visa", HTTPStatus.OK)
            path = f"/purchases/{purchase['id']}"
            paid = wait_for("the payment's webhook", lambda: _paid(guest.main.get(path)))
            results.append(f"pending -> {paid['status']} by webhook")
        with self.narrator.step(f"{guest.name} unlocks two photos") as results:
            ids = [photo["id"] for photo in photos[:2]]
            answer = guest.main.call("POST", f"{path}/photos", {"photo_ids": ids})
            if len(photos) > len(ids):
                third = {"photo_ids": [photos[2]["id"]]}
                guest.main.call("POST", f"{path}/photos", third, expect=HTTPStatus.CONFLICT)
                results.append("a third was refused")
            results.append(f"{answer['remaining']} left")
        return paid, photos[0]

    def confirm_payment(self, purchase: Json, card: str, expect: HTTPStatus) -> None:
        """As the browser would: with the publishable key and the purchase's own secret."""
        intent_id = purchase["client_secret"].partition("_secret_")[0]
        answer = self.http.post(
            f"{self.settings['STRIPE_API_BASE']}/v1/payment_intents/{intent_id}/confirm",
            data={"payment_method": card, "client_secret": purchase["client_secret"]},
            headers={"Authorization": f"Bearer {purchase['publishable_key']}"},
        )
        if answer.status_code != expect:
            raise DemoFailedError(f"the card {card} was answered with {answer.status_code}: {answer.text}")

    def download(self, guest: Guest, photo: Json, original: Path) -> None:
        with self.narrator.step(f"{guest.name} downloads") as results:
            signed = guest.main.get(f"/photos/{photo['id']}/download")
            body = self.http.get(signed["url"]).raise_for_status().content
            with Image.open(io.BytesIO(body)) as got, Image.open(original) as sent:
                upright = ImageOps.exif_transpose(sent)
                if got.size != upright.size or body == original.read_bytes():
                    raise DemoFailedError("the download is not the branded photo in the original's size")
                if got.getexif().get_ifd(0x8825):
                    raise DemoFailedError("the download tells where the photo was taken")
                results.append(f"{signed['filename']}, {got.width} x {got.height}, branded, no place in it")
        self.narrator.look("the file", signed["url"])

    def show_mail(self, guest: Guest) -> None:
        address = f"{guest.name.lower()}-{self.run}@example.com"
        with self.narrator.step("the receipt arrives by mail") as results:
            url = f"{self.settings['MAILBOX_URL']}/api/messages"
            results.append(wait_for("the receipt", lambda: self._receipt(url, address)))
        self.narrator.look("the mailbox", self.settings["MAILBOX_URL"])

    def _receipt(self, url: str, address: str) -> str | None:
        mails = self.http.get(url, params={"to": address}).json()["items"]
        subjects = [str(mail["subject"]) for mail in mails]
        return next((subject for subject in subjects if "purchase" in subject), None)

    def _service(self, name: str) -> Caller:
        return Caller(self.http, self.settings[name])

    def _photographer(self, operator: Caller, backoffice: Caller, project_id: str) -> Caller:
        login = {"email": f"photographer-{self.run}@example.com", "password": PASSWORD}
        created = operator.create("/photographers", {"name": "Robin Lens", **login})
        path = f"/projects/{project_id}/photographers/{created['id']}"
        operator.call("PUT", path, expect=HTTPStatus.NO_CONTENT)
        session = backoffice.call("POST", "/auth/login", login)
        return self._service("MEDIA_API_URL").signed_in(session["access_token"])

    def _upload_one(self, event: Event, path: Path) -> str:
        body = {
            "project_id": event.project_id,
            "filename": path.name,
            "content_type": content_type_of(path),
            "size_bytes": path.stat().st_size,
            "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        }
        announce = "/photographers/me/photos/upload-url"
        issued = event.photographer.call("POST", announce, body, expect=(HTTPStatus.CREATED, HTTPStatus.OK))
        if issued["duplicate"]:
            return str(UUID(issued["photo_id"]))
        put_file(self.http, issued["upload"], path)
        done = f"/photographers/me/photos/{issued['photo_id']}/complete"
        event.photographer.call("POST", done, expect=HTTPStatus.ACCEPTED)
        return str(UUID(issued["photo_id"]))

    def _processed(self, event: Event, count: int) -> list[Json] | None:
        photos: list[Json] = []
        cursor = ""
        while True:
            path = f"/photographers/me/photos?project_id={event.project_id}&limit=200{cursor}"
            page = event.photographer.get(path)
            photos += page["items"]
            if page["next_cursor"] is None:
                break
            cursor = f"&cursor={page['next_cursor']}"
        is_done = all(
            photo["status"] != "processing" and photo["recognition_state"] != "pending" for photo in photos
        )
        return photos if is_done and len(photos) >= count else None

    def _require_payment(self, guest: Guest, photo: Json) -> None:
        guest.main.call("GET", f"/photos/{photo['id']}/download", expect=HTTPStatus.PAYMENT_REQUIRED)


def _judged(selfie: Json) -> Json | None:
    return selfie if selfie["status"] != "pending" else None


def _paid(purchase: Json) -> Json | None:
    return purchase if purchase["status"] == "paid" else None
