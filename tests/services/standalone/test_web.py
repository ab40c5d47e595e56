"""The web apps as a browser gets them."""

import gzip
import os
import subprocess
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import httpx
import pytest

from acme_standalone.processes.ports import free_port
from acme_standalone.web.app import create_app
from acme_standalone.web.dist import CHECKOUT, dist_of, is_built
from acme_standalone.web.encodings import accepted_encodings
from acme_standalone.web.settings import Addresses, WebApp

ADDRESSES = Addresses(
    own_api="http://localhost:3002",
    media_api="http://localhost:3003",
    object_store="http://127.0.0.1:9000",
    payments_stand_in="http://127.0.0.1:12111",
)
PAGE = "<!doctype html><title>the app</title>"
SCRIPT = "export const answer = 42;\n" * 40
IMMUTABLE = "public, max-age=31536000, immutable"
HEADERS = {
    "content-security-policy",
    "x-content-type-options",
    "referrer-policy",
    "permissions-policy",
    "cross-origin-opener-policy",
    "cache-control",
}


@pytest.fixture
def dist(tmp_path: Path) -> Path:
    folder = tmp_path / "dist"
    for name, text in {
        "index.html": PAGE,
        "sw.js": "self.skipWaiting();",
        "manifest.webmanifest": "{}",
        "icons/icon.svg": "<svg/>",
        "assets/index-a1b2c3.js": SCRIPT,
        "assets/font-a1b2c3.woff2": "wOF2",
        "models/hints.wasm": "asm",
        ".vite/manifest.json": "{}",
    }.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    (tmp_path / "secret.txt").write_text("outside")
    return folder


@pytest.fixture
async def browser(dist: Path) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(dist) as client:
        yield client


def client_of(dist: Path, app: WebApp = WebApp.MAIN) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(create_app(app, dist, ADDRESSES))
    return httpx.AsyncClient(
        transport=transport, base_url="http://localhost:4002", headers={"Accept-Encoding": "identity"}
    )


@pytest.mark.parametrize("path", ["/", "/index.html", "/join/Ab-_9", "/projects/1/photos", "/galleries/"])
async def test_what_is_no_file_is_a_page_that_is_asked_for_again(
    path: str, browser: httpx.AsyncClient
) -> None:
    page = await browser.get(path)
    assert page.status_code == 200
    assert page.text == PAGE
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert page.headers["cache-control"] == "no-cache"


@pytest.mark.parametrize(
    "path",
    [
        "/favicon.ico",
        "/assets/index-old.js",
        "/assets/none",
        "/assets",
        "/-/none",
        "/.vite/manifest.json",
        "/.env",
    ],
)
async def test_an_unknown_file_is_not_found_and_its_absence_is_not_kept(
    path: str, browser: httpx.AsyncClient
) -> None:
    missing = await browser.get(path)
    assert missing.status_code == 404
    assert missing.headers["cache-control"] == "no-store"
    assert PAGE not in missing.text


@pytest.mark.parametrize(
    ("path", "media_type", "caching"),
    [
        ("/assets/index-a1b2c3.js", "text/javascript; charset=utf-8", IMMUTABLE),
        ("/assets/font-a1b2c3.woff2", "font/woff2", IMMUTABLE),
        ("/sw.js", "text/javascript; charset=utf-8", "no-cache"),
        ("/manifest.webmanifest", "application/manifest+json", "no-cache"),
        ("/icons/icon.svg", "image/svg+xml", "no-cache"),
        ("/models/hints.wasm", "application/wasm", "no-cache"),
    ],
)
async def test_only_fingerprinted_files_are_kept_for_ever(
    path: str, media_type: str, caching: str, browser: httpx.AsyncClient
) -> None:
    answer = await browser.get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == media_type
    assert answer.headers["cache-control"] == caching


async def test_an_unchanged_page_is_not_sent_again(browser: httpx.AsyncClient, dist: Path) -> None:
    first = await browser.get("/")
    asked = {"If-None-Match": first.headers["etag"]}
    again = await browser.get("/join/x", headers=asked)
    assert again.status_code == 304
    assert again.headers.keys() >= HEADERS
    (dist / "index.html").write_text(PAGE + "<p>of a newer build")
    assert (await browser.get("/", headers=asked)).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "/..%2fsecret.txt",
        "/assets/..%2f..%2fsecret.txt",
        "/assets/%2e%2e/%2e%2e/secret.txt",
        "//secret.txt",
        "/%2fetc/passwd.txt",
        "/link.txt",
        "/a%00b.txt",
        "/" + "x" * 300 + ".txt",
    ],
)
async def test_no_path_leads_out_of_the_folder(path: str, browser: httpx.AsyncClient, dist: Path) -> None:
    (dist / "link.txt").symlink_to(dist.parent / "secret.txt")
    answer = await browser.get(httpx.URL("http://localhost:4002", raw_path=path.encode()))
    assert answer.status_code == 404
    assert "outside" not in answer.text


@pytest.mark.parametrize("path", ["/", "/config.json", "/assets/index-a1b2c3.js", "/join/x"])
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
async def test_nothing_is_written(method: str, path: str, browser: httpx.AsyncClient) -> None:
    refused = await browser.request(method, path)
    assert refused.status_code == 405
    assert set(refused.headers["allow"].split(", ")) == {"GET", "HEAD"}


@pytest.mark.parametrize("path", ["/", "/config.json", "/-/health", "/assets/index-a1b2c3.js"])
async def test_head_is_get_without_its_body(path: str, browser: httpx.AsyncClient) -> None:
    got, head = await browser.get(path), await browser.head(path)
    assert head.status_code == 200
    assert head.content == b""
    assert head.headers == got.headers


@pytest.mark.parametrize("path", ["/", "/none.js", "/assets/index-a1b2c3.js", "/config.json", "/-/health"])
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
async def test_every_answer_carries_the_security_headers(
    method: str, path: str, browser: httpx.AsyncClient
) -> None:
    answer = await browser.request(method, path)
    assert answer.headers.keys() >= HEADERS
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "strict-origin-when-cross-origin"
    assert answer.headers["cross-origin-opener-policy"] == "same-origin"


async def test_a_failure_carries_them_too(dist: Path) -> None:
    script = dist / "assets" / "index-a1b2c3.js"
    app = create_app(WebApp.MAIN, dist, ADDRESSES)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://app") as client:
        looped = script.with_name("loop.js")
        looped.symlink_to(looped)
        answer = await client.get("/assets/loop.js")
    assert answer.status_code == 500
    assert answer.headers.keys() >= HEADERS


def compress(file: Path) -> None:
    file.with_name(f"{file.name}.gz").write_bytes(gzip.compress(file.read_bytes()))
    file.with_name(f"{file.name}.br").write_bytes(b"as brotli writes it")


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip, br;q=0", "gzip"),
        ("GZIP;q=0.5", "gzip"),
        ("deflate", None),
        ("", None),
    ],
)
async def test_what_was_compressed_at_build_time_is_sent_as_the_browser_reads_it(
    accepted: str, encoding: str | None, browser: httpx.AsyncClient, dist: Path
) -> None:
    script = dist / "assets" / "index-a1b2c3.js"
    compress(script)
    asked = {"Accept-Encoding": accepted}
    async with browser.stream("GET", "/assets/index-a1b2c3.js", headers=asked) as answer:
        raw = b"".join([part async for part in answer.aiter_raw()])
    assert answer.headers.get("content-encoding") == encoding
    suffix = {"br": ".br", "gzip": ".gz", None: ""}[encoding]
    assert raw == script.with_name(script.name + suffix).read_bytes()
    assert answer.headers["content-length"] == str(len(raw))
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
    assert answer.headers["vary"] == "Accept-Encoding"
    assert answer.headers["cache-control"] == IMMUTABLE


async def test_each_encoding_has_its_own_etag(browser: httpx.AsyncClient, dist: Path) -> None:
    compress(dist / "index.html")
    plain = await browser.head("/")
    packed = await browser.head("/", headers={"Accept-Encoding": "gzip"})
    assert plain.headers["etag"] != packed.headers["etag"]


async def test_a_compressed_file_of_an_older_build_is_not_sent(
    browser: httpx.AsyncClient, dist: Path
) -> None:
    page = dist / "index.html"
    compress(page)
    built = page.stat().st_mtime
    os.utime(page, (built + 10, built + 10))
    answer = await browser.get("/", headers={"Accept-Encoding": "br, gzip"})
    assert "content-encoding" not in answer.headers
    assert answer.text == PAGE


def test_a_weight_of_zero_refuses_an_encoding() -> None:
    assert accepted_encodings("br;q=0, gzip; q=0.000 , deflate;q=0.1, zstd") == {"deflate", "zstd"}


async def test_an_app_that_is_not_built_says_how_to_build_it(tmp_path: Path) -> None:
    dist = tmp_path / "later"
    async with client_of(dist) as client:
        for path in ("/", "/join/x", "/assets/x.js"):
            answer = await client.get(path)
            assert answer.status_code == 503
            assert "make web" in answer.text
            assert answer.headers["content-type"].startswith("text/plain")
            assert answer.headers.keys() >= HEADERS
        assert (await client.get("/-/health")).status_code == 200
        assert (await client.get("/config.json")).status_code == 200
        dist.mkdir()
        (dist / "index.html").write_text(PAGE)
        assert (await client.get("/join/x")).text == PAGE, "a build is seen without a restart"


async def test_the_guests_app_is_told_whom_to_call(dist: Path) -> None:
    async with client_of(dist) as client:
        answer = await client.get("/config.json")
    assert answer.headers["cache-control"] == "no-store"
    assert answer.json() == {
        "main_api": "http://localhost:3002",
        "media_api": "http://localhost:3003",
        "payments": {"kind": "stand_in", "base_url": "http://127.0.0.1:12111"},
    }


async def test_the_backoffice_is_told_nothing_of_payments(dist: Path) -> None:
    async with client_of(dist, WebApp.BACKOFFICE) as client:
        answer = await client.get("/config.json")
    assert answer.json() == {
        "backoffice_api": "http://localhost:3002",
        "media_api": "http://localhost:3003",
    }


def test_the_built_apps_lie_in_the_checkout_unless_moved(tmp_path: Path) -> None:
    assert dist_of(WebApp.MAIN, {}) == CHECKOUT / "frontends" / "main" / "dist"
    assert (CHECKOUT / "uv.lock").exists()
    moved = {"ACME_WEB_DIST": str(tmp_path)}
    assert dist_of(WebApp.BACKOFFICE, moved) == tmp_path / "backoffice"
    assert not is_built(WebApp.BACKOFFICE, moved)
    (tmp_path / "backoffice").mkdir()
    (tmp_path / "backoffice" / "index.html").touch()
    assert is_built(WebApp.BACKOFFICE, moved)


def test_the_process_serves_what_its_environment_says(
    start_script: Callable[..., subprocess.Popen[str]],
    wait_for: Callable[[Callable[[], bool]], None],
    dist: Path,
) -> None:
    port = free_port()
    start_script(
        *("-m", "acme_standalone.web", "--app", "main", "--dist", str(dist), "--port", str(port)),
        MAIN_API_URL="https://api.photos.example/main/",
        S3_ENDPOINT_URL="https://store.example",
        STRIPE_API_BASE="",
    )

    def is_up() -> bool:
        try:
            return httpx.get(f"http://127.0.0.1:{port}/-/health").status_code == 200
        except httpx.TransportError:
            return False

    wait_for(is_up)
    config = httpx.get(f"http://127.0.0.1:{port}/config.json")
    assert config.json()["main_api"] == "https://api.photos.example/main"
    assert config.json()["payments"] == {"kind": "stripe"}
    policy = config.headers["content-security-policy"]
    assert "https://api.photos.example " in policy
    assert "https://store.example;" in policy
    assert "server" not in config.headers
    assert httpx.get(f"http://127.0.0.1:{port}/..%2fsecret.txt").status_code == 404
