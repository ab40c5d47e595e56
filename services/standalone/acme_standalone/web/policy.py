"""What a browser may do with a page of ours. Read it from here, not from the wire."""

from collections.abc import Mapping
from typing import Final

from acme_standalone.web.settings import Addresses, WebApp, origin_of

Directives = dict[str, list[str]]

STRIPE_SCRIPTS: Final = ["https://js.stripe.com", "https://*.js.stripe.com"]
STRIPE_FRAMES: Final = [*STRIPE_SCRIPTS, "https://hooks.stripe.com"]
STRIPE_API: Final = "https://api.stripe.com"


def security_headers(app: WebApp, addresses: Addresses) -> dict[str, str]:
    return {
        "Content-Security-Policy": content_security_policy(app, addresses),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "strict-origin-when-cross-origin",
        "Permissions-Policy": permissions_policy(app),
        "Cross-Origin-Opener-Policy": opener_policy(app, addresses),
    }


def content_security_policy(app: WebApp, addresses: Addresses) -> str:
    directives = _every_app(addresses)
    if app is WebApp.MAIN:
        _pay(directives, addresses)
    return "; ".join(f"{name} {' '.join(sources)}" for name, sources in directives.items())


def permissions_policy(app: WebApp) -> str:
    """Guests take a selfie; nothing else is asked of any device."""
    allowed: Mapping[str, str] = {"camera": "(self)"} if app is WebApp.MAIN else {}
    features = ("camera", "display-capture", "geolocation", "microphone", "usb")
    return ", ".join(f"{feature}={allowed.get(feature, '()')}" for feature in features)


def opener_policy(app: WebApp, addresses: Addresses) -> str:
    """The wallets in Stripe's frames open windows, which have to find back to their frame."""
    pays_at_stripe = app is WebApp.MAIN and addresses.payments_stand_in is None
    return "same-origin-allow-popups" if pays_at_stripe else "same-origin"


def _every_app(addresses: Addresses) -> Directives:
    objects = [origin_of(addresses.object_store)] if addresses.object_store else []
    apis = list(dict.fromkeys(map(origin_of, (addresses.own_api, addresses.media_api))))
    return {
        "default-src": ["'none'"],
        # The camera's hints and the digests of uploads are WebAssembly; this allows it without allowing eval.
        "script-src": ["'self'", "'wasm-unsafe-eval'"],
        # Radix writes style elements at run time. No script is inline.
        "style-src": ["'self'", "'unsafe-inline'"],
        "img-src": ["'self'", "blob:", "data:", *objects],
        "connect-src": ["'self'", *apis, *objects],
        "font-src": ["'self'"],
        "worker-src": ["'self'", "blob:"],
        "manifest-src": ["'self'"],
        "media-src": ["'self'", "blob:"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }


def _pay(directives: Directives, addresses: Addresses) -> None:
    if addresses.payments_stand_in is not None:
        directives["connect-src"].append(origin_of(addresses.payments_stand_in))
        return
    directives["script-src"] += STRIPE_SCRIPTS
    directives["frame-src"] = STRIPE_FRAMES
    directives["connect-src"].append(STRIPE_API)
