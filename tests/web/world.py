"""The platform with one event on it, and ways into it by browser."""

import asyncio
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
import httpx
from playwright.sync_api import Browser, BrowserContext, Page

from acme_standalone.demo.client import Caller
from acme_standalone.demo.narrator import Narrator
from acme_standalone.demo.scenes import Person, Scene, write_scenes, write_selfie
from acme_standalone.demo.story import PASSWORD, Event, Guest, Story

PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1440, "height": 900}
PATIENCE_MS = 20_000
"""With a machine that has other work to do."""


@dataclass(frozen=True)
class World:
    settings: Mapping[str, str]
    http: httpx.Client
    story: Story
    event: Event
    scenes: list[Scene]

    @classmethod
    def made(
        cls,
        settings: Mapping[str, str],
        http: httpx.Client,
        folder: Path,
        run: str,
        photos: int | None = None,
    ) -> "World":
        """An event whose photos are there already; nobody has joined.

        One account for each face: of two that are the same person, none is found without a review.
        """
        scenes = write_scenes(folder)[:photos]
        story = Story(Narrator(), http, settings, run=run)
        event = story.set_up_event()
        story.upload(event, [scene.path for scene in scenes])
        story.wait_processed(event, len(scenes))
        return cls(settings, http, story, event, scenes)

    def new_guest(self, name: str, folder: Path, person: Person) -> Guest:
        """With consent, an approved selfie, and all of their photos found."""
        guest = self.story.join(self.event, name)
        self.story.enrol(guest, write_selfie(folder, person))
        self.story.found_photos(self.event, guest, None)
        return guest

    def new_consenting_guest(self, name: str) -> Guest:
        """Who is about to take a selfie."""
        guest = self.story.join(self.event, name)
        document = guest.main.get("/consents/documents/biometric_processing")
        wish = {"consent_type": "biometric_processing", "consent_version": document["version"]}
        guest.main.create("/consents", wish)
        return guest

    def new_operator(self, name: str) -> Caller:
        account = {"name": name, "email": self.address(name), "password": PASSWORD, "currency": "EUR"}
        backoffice = Caller(self.http, self.settings["BACKOFFICE_API_URL"])
        return backoffice.signed_in(backoffice.create("/auth/register", account)["access_token"])

    def execute(self, statement: str, *values: object) -> None:
        """What no API does: time that has passed, ten thousand photos.

        In a thread of its own, since Playwright has an event loop in this one.
        """
        url = self.settings["DATABASE_URL"]
        with ThreadPoolExecutor(1) as pool:
            pool.submit(lambda: asyncio.run(_execute(url, statement, *values))).result()

    def address(self, name: str) -> str:
        return f"{name.lower()}-{self.story.run}@example.com"

    def guest_url(self, path: str = "/") -> str:
        return self.settings["MAIN_WEB_URL"].rstrip("/") + path

    def staff_url(self, path: str = "/") -> str:
        return self.settings["BACKOFFICE_WEB_URL"].rstrip("/") + path

    def mails_to(self, address: str) -> list[dict[str, Any]]:
        answer = self.http.get(f"{self.settings['MAILBOX_URL']}/api/messages", params={"to": address})
        items: list[dict[str, Any]] = answer.json()["items"]
        return items


async def _execute(url: str, statement: str, *values: object) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(statement, *values)
    finally:
        await connection.close()


class Watched:
    """A browser window whose every complaint is kept."""

    def __init__(self, browser: Browser, **options: Any) -> None:
        self.context: BrowserContext = browser.new_context(permissions=["camera"], **options)
        self.context.set_default_timeout(PATIENCE_MS)
        self.page: Page = self.context.new_page()
        self.complaints: list[str] = []
        self.page.on("pageerror", lambda error: self.complaints.append(f"uncaught: {error}"))
        self.page.on("console", lambda message: self._hear(message.type, message.text))

    def _hear(self, kind: str, text: str) -> None:
        """An answer of 4xx is no fault of the page's, but a browser calls it an error."""
        if kind == "error" and "Failed to load resource" not in text:
            self.complaints.append(text)

    def sign_in(self, api: str, email: str, **more: str) -> None:
        """The cookie that signing in by hand would leave."""
        answer = self.context.request.post(
            f"{api}/v1/auth/login",
            data={"email": email, "password": PASSWORD, **more},
            headers={"X-Session": "cookie"},
        )
        assert answer.ok, answer.text()

    def close(self) -> None:
        self.context.close()
