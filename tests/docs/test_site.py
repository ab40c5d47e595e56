"""The site is built strictly, asks nobody else for anything, and its written pages are what the code says."""

import os
import re
import shutil
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

from acme_config.jobs import JobName
from tests.docs.blocks import ROOT

BIN = Path(sys.executable).parent
LOADED = {"script": "src", "img": "src", "link": "href", "iframe": "src", "source": "src"}


class Loads(HTMLParser):
    """What a browser fetches by itself to show a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        address = dict(attrs).get(LOADED.get(tag, ""))
        if address and dict(attrs).get("rel") != "canonical":
            self.found.append(address)


def build(checkout: Path, site: Path) -> subprocess.CompletedProcess[str]:
    """Not with --quiet: what it does not say, it does not count either."""
    command = [str(BIN / "mkdocs"), "build", "--strict", "--site-dir", str(site)]
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    return subprocess.run(command, cwd=checkout, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    done = build(ROOT, folder)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of what the site is made of, to be spoilt."""
    for name in ("docs", "tools", "openapi"):
        shutil.copytree(ROOT / name, tmp_path / name)
    for name in ("benchmarks", "tests", "libs", "services"):
        (tmp_path / name).symlink_to(ROOT / name)
    for name in ("mkdocs.yml", ".env.example"):
        shutil.copy(ROOT / name, tmp_path)
    return tmp_path


def test_no_page_loads_anything_from_elsewhere(site: Path) -> None:
    pages = list(site.rglob("*.html"))
    assert len(pages) > 40
    loaded = {address for page in pages for address in Loads(page.read_text()).found}
    assert loaded
    assert not [address for address in loaded if "//" in address]
    sheets = "".join(sheet.read_text() for sheet in site.rglob("*.css"))
    assert not re.findall(r"url\([\"']?(?:https?:)?//", sheets)


def test_every_route_has_its_place_in_the_reference(site: Path) -> None:
    backoffice = (site / "reference" / "api-backoffice" / "index.html").read_text()
    assert "POST /v1/webhook-endpoints/{endpoint_id}/deliveries/{delivery_id}/replay" in backoffice
    assert "webhook_delivery_not_found" in backoffice


def test_every_decision_is_listed(site: Path) -> None:
    listed = (site / "decisions" / "index.html").read_text()
    for page in (ROOT / "docs" / "decisions").glob("*.md"):
        assert page.stem in listed


@pytest.mark.parametrize(
    "spoiled",
    [
        "[nowhere](not-there.md)",
        "[nowhere](errors.md#not-there)",
        "[nowhere](../benchmarks/not-there.txt)",
        "[nowhere](../../etc/passwd)",
    ],
)
def test_a_link_that_leads_nowhere_stops_the_build(checkout: Path, tmp_path: Path, spoiled: str) -> None:
    assert build(checkout, tmp_path / "site").returncode == 0
    page = checkout / "docs" / "index.md"
    page.write_text(f"{page.read_text()}\n{spoiled}\n")
    assert build(checkout, tmp_path / "site").returncode != 0


def test_a_page_that_others_write_finds_its_place(checkout: Path, tmp_path: Path) -> None:
    (checkout / "docs" / "metrics.md").write_text("# Metrics\n")
    assert build(checkout, tmp_path / "site").returncode == 0
    assert "metrics/" in (tmp_path / "site" / "index.html").read_text()


def test_written_pages_are_what_the_code_says() -> None:
    command = [sys.executable, "tools/reference.py", "--check"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_setting_and_every_job_is_told_of() -> None:
    settings = (ROOT / "docs" / "reference" / "settings.md").read_text()
    lines = (ROOT / ".env.example").read_text().splitlines()
    variables = {line.partition("=")[0] for line in lines if line and not line.startswith("#")}
    of_compose = (ROOT / "docs" / "scaling.md").read_text()
    assert {
        name for name in variables if f"| `{name}` |" not in settings and f"`{name}`" not in of_compose
    } == set()
    jobs = (ROOT / "docs" / "reference" / "jobs.md").read_text()
    assert {name for name in JobName if f"| `{name}` |" not in jobs} == set()


@pytest.mark.parametrize("name", ["settings.md", "cli.md", "jobs.md", "schema.svg"])
def test_a_written_page_that_is_behind_is_noticed(checkout: Path, name: str) -> None:
    page = checkout / "docs" / "reference" / name
    page.write_text(page.read_text().replace("a", "b", 1) + "\n")
    command = [sys.executable, "tools/reference.py", "--check"]
    environment = {**os.environ, "PYTHONPATH": str(checkout)}
    done = subprocess.run(command, cwd=checkout, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert name in done.stdout
