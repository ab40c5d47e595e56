"""Where the built apps are."""

import os
from collections.abc import Mapping
from pathlib import Path

from acme_standalone.web.settings import WebApp

CHECKOUT = Path(__file__).resolve().parents[4]


def dist_of(app: WebApp, environ: Mapping[str, str] = os.environ) -> Path:
    """`frontends/<app>/dist` of the checkout, or `<app>` in the folder that ACME_WEB_DIST names."""
    built = environ.get("ACME_WEB_DIST")
    return Path(built).resolve() / app if built else CHECKOUT / "frontends" / app / "dist"


def is_built(app: WebApp, environ: Mapping[str, str] = os.environ) -> bool:
    return (dist_of(app, environ) / "index.html").is_file()
