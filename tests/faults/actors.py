"""People at an event, as stubborn as people are: what was not answered they do again."""

import hashlib
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from secrets import token_hex
from threading import Event as Flag
from typing import Any

import httpx

from tests.faults.ledger import Ledger

Json = dict[str, Any]
PASSWORD = "correct horse battery"
PATIENCE_S = 90.0
GONE = frozenset({401, 403, 404})


class TiredError(Exception):
    """The platform did not answer for longer than anybody waits."""


@dataclass
class Actor:
    name: str
    http: httpx.Client
    settings: Mapping[str, str]
    ledger: Ledger
    over: Flag
    token: str | None = None
    account: Json = field(default_factory=dict)
    email: str = field(default_factory=lambda: f"{token_hex(6)}@storm.example.com")

    def call(
        self, service: str, method: str, path: str, body: Json | None = None, **headers: str
    ) -> httpx.Response:
        """Until it is answered: each of the platform's writes may be sent again. A 5xx is no answer."""
        url = f"{self.settings[f'{service}_API_URL']}/v1{path}"
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        return self.persist(lambda: self.http.request(method, url, json=body, headers=headers))

    def persist(self, ask: Callable[[], httpx.Response]) -> httpx.Response:
        deadline, pause = time.monotonic() + PATIENCE_S, 0.1
        while True:
            self.ledger.count(self.ledger.requests, self.name)
            try:
                answer = ask()
            except httpx.TransportError:
                answer = httpx.Response(599)
            if answer.status_code < 500 and answer.status_code != 429:
                return answer
            self.ledger.count(self.ledger.lost_answers, self.name)
            if time.monotonic() > deadline:
                raise TiredError(f"{self.name}: {answer.status_code} {answer.text}")
            time.sleep(pause)
            pause = min(2.0, pause * 1.5)

    def expect(self, answer: httpx.Response, *statuses: int) -> Json:
        if answer.status_code not in statuses:
            said = f"{self.name}: {answer.request.method} {answer.request.url.path} {answer.status_code}"
            self.ledger.complaints.append(f"{said} {answer.text[:200]}")
            return {}
        return answer.json() if answer.content else {}

    def sign_in(self, service: str) -> None:
        body = {"email": self.email, "password": PASSWORD}
        session = self.expect(self.call(service, "POST", "/auth/login", body), 200)
        self.token, self.account = session["access_token"], session["account"]

    def sign_up(self, service: str) -> None:
        """A sign-up whose answer was lost has happened all the same: then one can sign in."""
        body = {"name": self.name, "email": self.email, "password": PASSWORD}
        answer = self.call(service, "POST", "/auth/register", body)
        if answer.status_code == 409:
            self.sign_in(service)
            return
        session = self.expect(answer, 201)
        self.token, self.account = session["access_token"], session["account"]


@dataclass
class Photographer(Actor):
    project_id: str = ""

    def upload(self, body: bytes, people: frozenset[str]) -> None:
        digest = hashlib.sha256(body).hexdigest()
        wish = {
            "project_id": self.project_id,
            "filename": f"{digest[:8]}.jpg",
            "content_type": "image/jpeg",
            "size_bytes": len(body),
            "sha256": digest,
        }
        answer = self.call("MEDIA", "POST", "/photographers/me/photos/upload-url", wish)
        issued = self.expect(answer, 200, 201)
        photo_id = issued["photo_id"]
        if not issued["duplicate"]:
            upload = issued["upload"]
            sent = self.persist(lambda: self.http.put(upload["url"], content=body, headers=upload["headers"]))
            self.expect(sent, 200, 412)  # 412: it is there, only the answer was lost
            done = self.call("MEDIA", "POST", f"/photographers/me/photos/{photo_id}/complete")
            self.expect(done, 202)
        self.ledger.uploads[photo_id] = people


@dataclass
class Guest(Actor):
    project_id: str = ""
    join_token: str = ""
    face: str | None = None
    selfie: bytes = b""

    def arrive(self) -> None:
        self.sign_up("MAIN")
        wish = {"token": self.join_token, "accept_terms": True}
        self.expect(self.call("MAIN", "POST", "/projects/join", wish), 200, 201)

    def enrol(self) -> None:
        document = self.expect(self.call("MAIN", "GET", "/consents/documents/biometric_processing"), 200)
        wish = {"consent_type": "biometric_processing", "consent_version": document["version"]}
        self.expect(self.call("MAIN", "POST", "/consents", wish), 200, 201)
        session = self.expect(self.call("MAIN", "POST", "/auth/media-token"), 200)
        media = Actor(self.name, self.http, self.settings, self.ledger, self.over, session["access_token"])
        wish = {"content_type": "image/jpeg", "size_bytes": len(self.selfie)}
        issued = self.expect(media.call("MEDIA", "POST", "/selfie/upload-url", wish), 201)
        upload = issued["upload"]
        put = self.persist(
            lambda: self.http.put(upload["url"], content=self.selfie, headers=upload["headers"])
        )
        self.expect(put, 200, 412)
        self.expect(media.call("MEDIA", "POST", f"/selfie/{issued['selfie_id']}/complete"), 202)

    def withdraw(self) -> None:
        answer = self.call("MAIN", "DELETE", "/consents/biometric_processing")
        if answer.status_code != 404:  # an earlier try was heard, its answer lost
            receipt = self.expect(answer, 202)
            self.ledger.receipts[receipt["receipt_id"]] = self.token or ""

    def buy(self, package_id: str) -> None:
        wish = {"project_id": self.project_id, "package_id": package_id}
        key = token_hex(16)
        answer = self.call("MAIN", "POST", "/purchases", wish, **{"Idempotency-Key": key})
        purchase = self.expect(answer, 200, 201)
        intent_id = purchase["client_secret"].partition("_secret_")[0]
        paid = self.persist(lambda: self._confirm(intent_id, purchase))
        if paid.json().get("status") == "succeeded" or _is_paid_already(paid):
            self.ledger.payments[purchase["id"]] = self.token or ""

    def _confirm(self, intent_id: str, purchase: Json) -> httpx.Response:
        return self.http.post(
            f"{self.settings['STRIPE_API_BASE']}/v1/payment_intents/{intent_id}/confirm",
            data={"payment_method": "pm_card_visa", "client_secret": purchase["client_secret"]},
            headers={"Authorization": f"Bearer {purchase['publishable_key']}"},
        )

    def peek(self, photo_id: str) -> None:
        """At a photo that is not theirs."""
        for path in (f"/photos/{photo_id}", f"/photos/{photo_id}/download"):
            answer = self.call("MAIN", "GET", path)
            if answer.status_code not in GONE:
                self.ledger.wrong_access.append(f"{self.name} {path}: {answer.status_code}")


def _is_paid_already(answer: httpx.Response) -> bool:
    return answer.status_code == 400 and "succeeded" in answer.text
