"""`python -m acme_standalone.web --app backoffice|main --dist DIR --host HOST --port PORT`"""

import argparse
from pathlib import Path

import uvicorn

from acme_standalone.web.app import create_app
from acme_standalone.web.dist import dist_of
from acme_standalone.web.settings import Addresses, WebApp
from acme_web.slow_clients import BoundedProtocol

DEFAULT_PORTS = {WebApp.BACKOFFICE: 4001, WebApp.MAIN: 4002}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m acme_standalone.web", description="Serves a web app.")
    parser.add_argument("--app", type=WebApp, choices=list(WebApp), required=True)
    parser.add_argument("--dist", type=Path, help="The built app; by default the checkout's own.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int)
    given = parser.parse_args()
    app: WebApp = given.app
    uvicorn.run(
        create_app(app, given.dist or dist_of(app), Addresses.configured(app)),
        host=given.host,
        port=DEFAULT_PORTS[app] if given.port is None else given.port,
        log_level="warning",
        access_log=False,  # invitations stand in the paths of pages
        server_header=False,
        http=BoundedProtocol,
        ws="none",
    )


if __name__ == "__main__":
    main()
