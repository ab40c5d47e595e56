from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Playwright, expect, sync_playwright

from acme_standalone.demo.scenes import Person
from tests.e2e.running import Running
from tests.web.chromium import launch, write_film
from tests.web.world import PATIENCE_MS, Watched, World

NewWindow = Callable[..., Watched]


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mapping[str, str]]:
    running = Running(tmp_path_factory.mktemp("web") / "data")
    yield running.settings()
    running.stop()


@pytest.fixture(scope="session")
def world(settings: Mapping[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with httpx.Client(timeout=60) as http:
        yield World.made(settings, http, tmp_path_factory.mktemp("scenes"), "web")


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def browser(playwright: Playwright, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    browser = launch(playwright, write_film(tmp_path_factory.mktemp("film"), Person.EILEEN))
    yield browser
    browser.close()


@pytest.fixture
def window(browser: Browser) -> Iterator[NewWindow]:
    """Opens windows; at the end none of them has complained."""
    opened: list[Watched] = []

    def open_window(**options: object) -> Watched:
        opened.append(Watched(browser, **options))
        return opened[-1]

    yield open_window
    for each in opened:
        each.close()
    assert [complaint for each in opened for complaint in each.complaints] == []


@pytest.fixture(scope="session")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("scratch")
