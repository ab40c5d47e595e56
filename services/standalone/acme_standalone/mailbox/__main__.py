"""`python -m acme_standalone.mailbox --dir DIR --host HOST --port PORT`."""

import argparse
from pathlib import Path

import uvicorn

from acme_standalone.guard import refuse_production
from acme_standalone.mailbox.app import create_app


def main() -> None:
    refuse_production()
    parser = argparse.ArgumentParser(prog="mailbox", description="An inbox page over a folder of .eml files.")
    parser.add_argument("--dir", type=Path, required=True)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8025)
    options = parser.parse_args()
    folder: Path = options.dir.resolve()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    uvicorn.run(
        create_app(folder), host=options.host, port=options.port, log_level="warning", server_header=False
    )


if __name__ == "__main__":
    main()
