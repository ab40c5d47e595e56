"""What a browser may do with our pages, by app and by who is paid."""

import dataclasses

import pytest
from pydantic import ValidationError

from acme_config.settings import AddressSettings
from acme_standalone.web.policy import content_security_policy, permissions_policy, security_headers
from acme_standalone.web.settings import Addresses, WebApp, origin_of

STAND_IN = Addresses(
    own_api="https://api.example/main",
    media_api="https://media.example",
    object_store="https://account.store.example/bucket",
    payments_stand_in="http://127.0.0.1:12111",
)
STRIPE = dataclasses.replace(STAND_IN, payments_stand_in=None)


def directives(app: WebApp, addresses: Addresses) -> dict[str, list[str]]:
    parts = (part.split() for part in content_security_policy(app, addresses).split("; "))
    return {name: sources for name, *sources in parts}


@pytest.mark.parametrize("app", list(WebApp))
@pytest.mark.parametrize("addresses", [STAND_IN, STRIPE], ids=["stand-in", "stripe"])
def test_nothing_is_allowed_that_is_not_named(app: WebApp, addresses: Addresses) -> None:
    policy = directives(app, addresses)
    assert policy["default-src"] == ["'none'"]
    assert policy["base-uri"] == policy["frame-ancestors"] == ["'none'"]
    assert policy["form-action"] == policy["font-src"] == policy["manifest-src"] == ["'self'"]
    assert policy["worker-src"] == policy["media-src"] == ["'self'", "blob:"]
    assert policy["img-src"] == ["'self'", "blob:", "data:", "https://account.store.example"]
    assert policy["style-src"] == ["'self'", "'unsafe-inline'"]


@pytest.mark.parametrize("app", list(WebApp))
@pytest.mark.parametrize("addresses", [STAND_IN, STRIPE], ids=["stand-in", "stripe"])
def test_no_script_is_inline_or_evaluated_or_from_anywhere(app: WebApp, addresses: Addresses) -> None:
    scripts = directives(app, addresses)["script-src"]
    assert not {"'unsafe-inline'", "'unsafe-eval'", "*", "https:", "http:", "data:", "blob:"} & set(scripts)


def test_the_backoffice_calls_its_own_apis_and_the_store_and_nobody_else() -> None:
    policy = directives(WebApp.BACKOFFICE, STRIPE)
    assert policy["script-src"] == ["'self'", "'wasm-unsafe-eval'"], "uploads are digested in WebAssembly"
    assert policy["connect-src"] == [
        *("'self'", "https://api.example", "https://media.example", "https://account.store.example")
    ]
    assert "frame-src" not in policy


def test_guests_pay_at_the_stand_in_without_its_scripts() -> None:
    policy = directives(WebApp.MAIN, STAND_IN)
    assert policy["script-src"] == ["'self'", "'wasm-unsafe-eval'"]
    assert policy["connect-src"][-1] == "http://127.0.0.1:12111"
    assert "frame-src" not in policy
    assert "stripe.com" not in content_security_policy(WebApp.MAIN, STAND_IN)


def test_guests_pay_at_stripe_in_its_own_frames() -> None:
    policy = directives(WebApp.MAIN, STRIPE)
    assert {"https://js.stripe.com", "'wasm-unsafe-eval'"} < set(policy["script-src"])
    assert {"https://js.stripe.com", "https://hooks.stripe.com"} < set(policy["frame-src"])
    assert policy["connect-src"][-1] == "https://api.stripe.com"


def test_only_where_stripe_is_paid_may_a_window_know_who_opened_it() -> None:
    opener = "Cross-Origin-Opener-Policy"
    assert security_headers(WebApp.MAIN, STRIPE)[opener] == "same-origin-allow-popups"
    assert security_headers(WebApp.MAIN, STAND_IN)[opener] == "same-origin"
    assert security_headers(WebApp.BACKOFFICE, STRIPE)[opener] == "same-origin"


def test_only_guests_are_asked_for_the_camera() -> None:
    assert permissions_policy(WebApp.MAIN).startswith("camera=(self), ")
    assert permissions_policy(WebApp.BACKOFFICE).startswith("camera=(), ")
    assert "microphone=()" in permissions_policy(WebApp.MAIN)


def test_one_address_for_two_apis_is_named_once() -> None:
    shared = dataclasses.replace(STRIPE, media_api="https://api.example/media", object_store=None)
    connect = directives(WebApp.BACKOFFICE, shared)["connect-src"]
    assert connect == ["'self'", "https://api.example"]


@pytest.mark.parametrize("app", list(WebApp))
def test_headers_are_one_line_of_ascii(app: WebApp) -> None:
    for value in security_headers(app, STAND_IN).values():
        assert value.isascii()
        assert value.isprintable()


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://api.example/main?x=1", "https://api.example"),
        ("http://localhost:3001", "http://localhost:3001"),
        ("https://user:word@api.example:8443/", "https://api.example:8443"),
        ("http://[::1]:3001/v1", "http://[::1]:3001"),
    ],
)
def test_an_origin_is_scheme_host_and_port(url: str, origin: str) -> None:
    assert origin_of(url) == origin


@pytest.mark.parametrize("text", ["localhost:3001", "ftp://api.example", "https://", "api"])
def test_an_address_that_no_browser_can_call_is_refused(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAIN_API_URL", text)
    with pytest.raises(ValidationError):
        AddressSettings()


def test_addresses_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BACKOFFICE_API_URL", "https://back.example/")
    monkeypatch.setenv("MEDIA_API_URL", "https://media.example")
    monkeypatch.setenv("S3_ENDPOINT_URL", "https://store.example/")
    monkeypatch.setenv("STRIPE_API_BASE", "http://127.0.0.1:1")
    monkeypatch.delenv("STRIPE_SECRET_KEY", raising=False)
    assert Addresses.configured(WebApp.BACKOFFICE) == Addresses(
        "https://back.example", "https://media.example", "https://store.example"
    )
    assert Addresses.configured(WebApp.MAIN).payments_stand_in == "http://127.0.0.1:1"
    monkeypatch.setenv("STRIPE_API_BASE", "https://api.stripe.com/")
    assert Addresses.configured(WebApp.MAIN).payments_stand_in is None
