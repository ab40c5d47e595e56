"""Caddy, as the image of the web apps runs it, answers what the server of `acme up` answers."""

import gzip
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from acme_standalone.processes.ports import free_port
from acme_standalone.web.app import create_app
from acme_standalone.web.settings import Addresses, WebApp
from tools.caddyfile import FILE, text

CADDY = Path(sys.executable).with_name("caddy")

DEPLOYMENTS = {
    "apart": {
        "BACKOFFICE_API_URL": "https://back.example.com/",
        "MAIN_API_URL": "https://main.example.com",
        "MEDIA_API_URL": "https://user:word@media.example.com:8443/path/",
        "S3_ENDPOINT_URL": "https://account.store.example/bucket",
    },
    "shared": {
        "BACKOFFICE_API_URL": "https://api.example.com/backoffice",
        "MAIN_API_URL": "https://api.example.com/main/",
        "MEDIA_API_URL": "https://api.example.com/media",
        "S3_ENDPOINT_URL": "",
    },
}
PATHS = (
    *(
        "/",
        "/index.html",
        "/events/1",
        "/join/a-token",
        "/events/1/",
        "/assets/app-1.js",
        "/assets/app-1.css",
    ),
    *(
        "/assets/module-1.wasm",
        "/assets/none.js",
        "/assets",
        "/assets/",
        "/manifest.webmanifest",
        "/icon.svg",
    ),
    *(
        "/none.png",
        "/.vite/manifest.json",
        "/events/.hidden",
        "/config.json",
        "/-/health",
        "/-/none",
        "/theme.js",
    ),
)
COMPARED = ("content-type", "cache-control", "content-encoding", "vary", "server")


def make_app(folder: Path) -> None:
    files = {
        "index.html": b"<!doctype html><title>app</title>",
        "theme.js": b"document",
        "icon.svg": b"<svg/>",
        "manifest.webmanifest": b"{}",
        "assets/app-1.js": b"const app = 1;",
        "assets/app-1.css": b"body{}",
        "assets/module-1.wasm": b"\0asm",
        ".vite/manifest.json": b"{}",
    }
    for name, body in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body)
        if path.suffix in {".html", ".js"}:
            path.with_name(f"{path.name}.gz").write_bytes(gzip.compress(body))


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("srv")
    for app in WebApp:
        make_app(folder / app)
    return folder


@pytest.fixture(scope="module", params=DEPLOYMENTS)
def deployment(
    request: pytest.FixtureRequest, root: Path
) -> Iterator[dict[WebApp, tuple[str, httpx.AsyncClient]]]:
    """Each app's address behind Caddy, and what the platform's own server would answer."""
    if not CADDY.is_file():
        pytest.skip("no caddy for this machine")
    given = DEPLOYMENTS[request.param]
    ports = {app: free_port() for app in WebApp}
    named = {f"{app.upper()}_WEB_PORT": str(port) for app, port in ports.items()}
    environment = {"PATH": os.defpath, "HOME": str(root), "WEB_ROOT": str(root), **given, **named}
    command = [str(CADDY), "run", "--config", str(FILE), "--adapter", "caddyfile"]
    with (
        pytest.MonkeyPatch.context() as patch,
        subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL) as process,
    ):
        for name, value in given.items():
            patch.setenv(name, value)
        patch.delenv("STRIPE_API_BASE", raising=False)
        try:
            yield {app: (_answering(port), _own(app, root)) for app, port in ports.items()}
        finally:
            process.terminate()


def _own(app: WebApp, root: Path) -> httpx.AsyncClient:
    served = create_app(app, root / app, Addresses.configured(app))
    return httpx.AsyncClient(transport=httpx.ASGITransport(served), base_url="http://testserver")


def _answering(port: int) -> str:
    url = f"http://127.0.0.1:{port}"
    deadline = time.monotonic() + 20
    while True:
        try:
            httpx.get(f"{url}/-/health").raise_for_status()
        except httpx.HTTPError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        else:
            return url


def policies(answer: httpx.Response) -> dict[str, str]:
    names = ("content-security-policy", "x-content-type-options", "referrer-policy", "permissions-policy")
    return {name: answer.headers[name] for name in (*names, "cross-origin-opener-policy")}


@pytest.mark.parametrize("app", list(WebApp))
@pytest.mark.parametrize("encoding", ["gzip", "identity"])
async def test_every_kind_of_address_answers_the_same(
    deployment: dict[WebApp, tuple[str, httpx.AsyncClient]], app: WebApp, encoding: str
) -> None:
    url, own = deployment[app]
    for path in PATHS:
        asked = {"Accept-Encoding": encoding}
        caddys, ours = httpx.get(url + path, headers=asked), await own.get(path, headers=asked)
        assert (path, caddys.status_code) == (path, ours.status_code)
        assert (path, caddys.text) == (path, ours.text)
        for name in COMPARED:
            assert (path, name, caddys.headers.get(name)) == (path, name, ours.headers.get(name))
        assert policies(caddys) == policies(ours)


@pytest.mark.parametrize("app", list(WebApp))
def test_what_a_browser_has_is_not_sent_again(
    deployment: dict[WebApp, tuple[str, httpx.AsyncClient]], app: WebApp
) -> None:
    url, _ = deployment[app]
    first = httpx.get(f"{url}/index.html")
    again = httpx.get(f"{url}/index.html", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert policies(again) == policies(first)


def test_the_file_is_what_the_server_of_today_says() -> None:
    assert FILE.read_text() == text()
