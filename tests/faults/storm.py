"""An event that goes on while its platform is tormented, and the questions that are asked afterwards."""

import io
import math
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from threading import Event as Flag

import httpx
from PIL import Image

from acme_jobs.relay import LOST_AFTER
from acme_standalone.demo.scenes import Person, portrait_of, write_selfie
from tests.e2e.running import Running
from tests.faults.actors import Actor, Guest, Json, Photographer, TiredError
from tests.faults.faults import select, torment, unfinished
from tests.faults.ledger import Ledger

MAILED_TWICE = """
    SELECT payload ->> 'template', payload ->> 'subject_id' FROM outbox_jobs
    WHERE name = 'send_email' AND payload ->> 'template' IN ('receipt', 'erasure_receipt')
    GROUP BY 1, 2 HAVING count(*) > 1
"""
SHUTTER_S = (0.2, 1.0)
"""Between two photos: the workers share the machine with everybody else."""
STRANGER = "a stranger"
QUIET_S = LOST_AFTER.total_seconds() + 100
"""Whatever becomes of a push, the relay makes it again by then."""
OK = 200


@dataclass
class Storm:
    """Two people are in the photos, and join as guests: one stays found, one comes and goes. Others buy."""

    running: Running
    folder: Path
    http: httpx.Client
    ledger: Ledger = field(default_factory=Ledger)
    over: Flag = field(default_factory=Flag)
    dice: random.Random = field(default_factory=lambda: random.Random(1969))  # noqa: S311 - the same storm again
    operator: Actor = field(init=False)
    photographers: list[Photographer] = field(init=False)
    guests: dict[str, Guest] = field(init=False)
    join_token: str = field(init=False)
    project_id: str = field(init=False)
    package_id: str = field(init=False)

    def set_up(self) -> None:
        self.operator = self._actor("operator")
        self.operator.sign_up("BACKOFFICE")
        project = self._made("/projects", {"name": "Storm"})
        self.project_id = project["id"]
        package = self._made("/packages", {"name": "Two", "price": 900, "photo_count": 2})
        self.package_id = package["id"]
        self._put(f"/projects/{self.project_id}/packages/{self.package_id}")
        token = self._made(
            f"/projects/{self.project_id}/qr-tokens", {"kind": "poster", "expires_in_s": 86400}
        )
        self.join_token = token["token"]
        self.photographers = [self._photographer(number) for number in (1, 2)]
        self.guests = {
            person: Guest(
                **vars(self._actor(f"guest {person}")),
                project_id=self.project_id,
                join_token=self.join_token,
                face=person,
                selfie=write_selfie(self.folder, person).read_bytes(),
            )
            for person in Person
        }
        for guest in self.guests.values():
            guest.arrive()
            guest.enrol()

    def rage(self, seconds: float, every_s: float) -> None:
        """Returns when everybody has gone home."""
        with self.going_on():
            tormentor = threading.Thread(
                target=torment, args=(self.running, self.ledger, self.over, self.dice, every_s)
            )
            tormentor.start()
            self.over.wait(seconds)
            self.over.set()
            tormentor.join(180)
            assert not tormentor.is_alive()

    @contextmanager
    def going_on(self) -> Iterator[None]:
        """The event, for as long as the block lasts; afterwards everybody finishes what they are at."""
        jobs: list[Callable[[], None]] = [
            *(partial(self._shoot, who) for who in self.photographers),
            self._come_and_go,
            self._buy,
            self._intrude,
        ]
        threads = [threading.Thread(target=self._doing(job)) for job in jobs]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self.over.set()
        for thread in threads:
            thread.join(180)
        assert not any(thread.is_alive() for thread in threads)

    def settle(self) -> None:
        """Until nothing is left to do: whatever was handed back, delivered late or reconciled is done.

        However long that takes, on a busy machine; but it has to go on.
        """
        deadline, least = time.monotonic() + QUIET_S, math.inf
        while (left := self._left()) > 0:
            if left < least:
                deadline, least = time.monotonic() + QUIET_S, left
            assert time.monotonic() < deadline, f"does not come to an end: {self._unended()}"
            time.sleep(1.0)

    def lost(self) -> list[str]:
        """What was acknowledged and is not so."""
        photos = {photo["id"]: photo for photo in self._photos()}
        gone = [
            f"photo {photo_id}" for photo_id in self.ledger.uploads if not _is_settled(photos.get(photo_id))
        ]
        erased = [
            f"receipt {receipt}"
            for receipt, token in self.ledger.receipts.items()
            if self._as(token).call("MAIN", "GET", f"/consents/receipts/{receipt}").json().get("state")
            != "completed"
        ]
        decided = [
            f"decision on {photo}"
            for (photo, _), token in self.ledger.decisions.items()
            if self._as(token).call("MAIN", "GET", f"/photos/{photo}").status_code != OK
        ]
        return [*gone, *erased, *decided, *(f"payment {purchase}" for purchase in self._unpaid())]

    def doubled(self) -> list[str]:
        """What happened twice, and must happen once: payments of a purchase, and mails about one thing."""
        settings = self.running.settings()
        twice = select(settings["DATABASE_URL"], MAILED_TWICE)
        paid = Counter(
            intent["metadata"].get("purchase_id")
            for intent in self._intents(settings)
            if intent["status"] == "succeeded"
        )
        return [
            *(f"mail {template} of {subject}" for template, subject in twice),
            *(f"payment of {purchase}" for purchase, count in paid.items() if count > 1),
        ]

    def _intents(self, settings: Mapping[str, str]) -> Iterator[Json]:
        headers = {"Authorization": f"Bearer {settings['STRIPE_SECRET_KEY']}"}
        query = {"limit": "100"}
        while True:
            url = f"{settings['STRIPE_API_BASE']}/v1/payment_intents"
            page = self.http.get(url, params=query, headers=headers).raise_for_status().json()
            yield from page["data"]
            if not page["has_more"]:
                return
            query["starting_after"] = page["data"][-1]["id"]

    def wrong_matches(self) -> list[str]:
        """Of the guest who stayed: exactly the photos that show them."""
        guest = self.guests[Person.EILEEN]
        guest.sign_in("MAIN")
        seen = {photo["id"] for photo in self._pages(guest, "MAIN", f"/projects/{self.project_id}/photos")}
        meant = {photo_id for photo_id, people in self.ledger.uploads.items() if guest.face in people}
        return sorted(f"missing {item}" for item in meant - seen) + sorted(
            f"wrong {item}" for item in seen - meant
        )

    def _shoot(self, who: Photographer) -> None:
        while not self.over.wait(self.dice.uniform(*SHUTTER_S)):
            people = frozenset(self.dice.choice([(), (Person.EILEEN,), (Person.GRACE,)]))
            who.upload(photo_of(people, self.dice), people)

    def _come_and_go(self) -> None:
        guest = self.guests[Person.GRACE]
        while not self.over.wait(self.dice.uniform(2, 5)):
            guest.withdraw()
            guest.enrol()

    def _buy(self) -> None:
        while not self.over.wait(self.dice.uniform(0.2, 1.0)):
            known = vars(self._actor("buyer"))
            guest = Guest(**known, project_id=self.project_id, join_token=self.join_token)
            guest.arrive()
            guest.buy(self.package_id)
            self._tag(guest)

    def _tag(self, guest: Guest) -> None:
        """A decision of a person: no job may undo it."""
        if not self.ledger.uploads:
            return
        photo_id = self.dice.choice(list(self.ledger.uploads))
        wish = {"user_id": guest.account["id"]}
        made = self.operator.call("BACKOFFICE", "POST", f"/photos/{photo_id}/tags", wish)
        if self.operator.expect(made, 200, 201):
            self.ledger.decisions[(photo_id, guest.account["id"])] = guest.token or ""

    def _intrude(self) -> None:
        stranger = self._actor(STRANGER)
        stranger.sign_up("MAIN")
        guest = Guest(**vars(stranger))
        while not self.over.wait(0.5):
            for photo_id in list(self.ledger.uploads)[-3:]:
                guest.peek(photo_id)

    def _doing(self, job: Callable[[], None]) -> Callable[[], None]:
        def run() -> None:
            try:
                job()
            except (TiredError, KeyError) as error:
                self.ledger.complaints.append(repr(error))

        return run

    def _left(self) -> float:
        try:
            return len(self._unended())
        except OSError:
            return math.inf

    def _unended(self) -> list[str]:
        jobs = unfinished(self.running.settings()["DATABASE_URL"])
        return [*jobs, *(f"purchase {purchase_id} is not paid" for purchase_id in self._unpaid())]

    def _unpaid(self) -> list[str]:
        found = []
        for purchase_id, token in self.ledger.payments.items():
            answer = self._as(token).call("MAIN", "GET", f"/purchases/{purchase_id}")
            if answer.json().get("status") != "paid":
                found.append(purchase_id)
        return found

    def _photos(self) -> list[Json]:
        return list(self._pages(self.operator, "BACKOFFICE", f"/projects/{self.project_id}/photos"))

    def _pages(self, who: Actor, service: str, path: str) -> Iterator[Json]:
        who.sign_in(service)
        cursor: str | None = ""
        while cursor is not None:
            page = who.expect(who.call(service, "GET", f"{path}?limit=200{cursor}"), 200)
            yield from page["items"]
            cursor = f"&cursor={page['next_cursor']}" if page["next_cursor"] else None

    def _as(self, token: str) -> Actor:
        return Actor("auditor", self.http, self.running.settings(), self.ledger, self.over, token)

    def _actor(self, name: str) -> Actor:
        return Actor(name, self.http, self.running.settings(), self.ledger, self.over)

    def _made(self, path: str, body: Json) -> Json:
        return self.operator.expect(self.operator.call("BACKOFFICE", "POST", path, body), 201)

    def _put(self, path: str) -> None:
        self.operator.expect(self.operator.call("BACKOFFICE", "PUT", path), 204)

    def _photographer(self, number: int) -> Photographer:
        who = Photographer(**vars(self._actor(f"photographer {number}")), project_id=self.project_id)
        made = self._made(
            "/photographers", {"name": who.name, "email": who.email, "password": "correct horse battery"}
        )
        self._put(f"/projects/{self.project_id}/photographers/{made['id']}")
        who.sign_in("BACKOFFICE")
        return who


def photo_of(people: frozenset[str], dice: random.Random) -> bytes:
    """Small, and no two of them alike."""
    noise: Image.Image = Image.effect_noise((160, 120), dice.uniform(20, 90)).resize((800, 600))
    noise = noise.convert("RGB")
    for person in people:
        face = portrait_of(Person(person)).resize((330, 400))
        noise.paste(face, (dice.randint(10, 450), dice.randint(10, 190)))
    buffer = io.BytesIO()
    noise.save(buffer, "JPEG", quality=88)
    return buffer.getvalue()


def _is_settled(photo: Json | None) -> bool:
    return photo is not None and (photo["status"] == "ready" or bool(photo.get("failure_code")))


@contextmanager
def client(timeout_s: float = 20.0) -> Iterator[httpx.Client]:
    with httpx.Client(timeout=timeout_s, limits=httpx.Limits(max_connections=50)) as http:
        yield http
