"""`python -m acme_standalone.stripe_standin --data-dir DIR --port N --webhook-url URL`"""

import argparse
import os
from pathlib import Path

import uvicorn

from acme_core.logs import configure_logging
from acme_standalone.guard import refuse_production
from acme_standalone.stripe_standin.app import StandInSettings, create_app


def main() -> None:
    refuse_production()
    parser = argparse.ArgumentParser(description="The Stripe stand-in.")
    parser.add_argument("--data-dir", type=Path, required=True)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--webhook-url", required=True)
    given = parser.parse_args()
    configure_logging(level=os.environ.get("LOG_LEVEL") or "INFO")
    settings = StandInSettings(
        data_dir=given.data_dir,
        secret_key=os.environ["STRIPE_SECRET_KEY"],
        publishable_key=os.environ["STRIPE_PUBLISHABLE_KEY"],
        webhook_secret=os.environ["STRIPE_WEBHOOK_SECRET"],
        webhook_url=given.webhook_url,
    )
    uvicorn.run(create_app(settings), host=given.host, port=given.port, log_config=None, access_log=False)


if __name__ == "__main__":
    main()
