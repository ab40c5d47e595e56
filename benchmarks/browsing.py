"""A platform with one event, and a browser to look at it with."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
from playwright.sync_api import Browser, sync_playwright

from acme_standalone.demo.scenes import Person
from tests.e2e.running import Running
from tests.web.chromium import launch, write_film
from tests.web.world import World


@contextmanager
def event_and_browser(name: str, *, photos: int | None = None) -> Iterator[tuple[World, Browser, Path]]:
    """And a folder for what is made on the way. All of it is gone afterwards."""
    with tempfile.TemporaryDirectory() as place, httpx.Client(timeout=60) as http:
        folder = Path(place)
        running = Running(folder / "data")
        try:
            world = World.made(running.settings(), http, folder, name, photos)
            with sync_playwright() as playwright:
                browser = launch(playwright, write_film(folder, Person.EILEEN))
                print(f"Chromium {browser.version}")
                yield world, browser, folder
                browser.close()
        finally:
            running.stop()
