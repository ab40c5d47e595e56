"""`python -m acme_standalone.rekognition_standin --data-dir DIR --port N`

The credentials are AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, as its callers have them.
"""

import argparse
import os
from pathlib import Path

import uvicorn

from acme_config.settings import FaceSettings
from acme_core.logs import configure_logging
from acme_standalone.guard import refuse_production
from acme_standalone.rekognition_standin.app import StandInSettings, create_app

KEEP_ALIVE_S = 75  # longer than SDKs keep an idle connection in their pools


def main() -> None:
    refuse_production()
    parser = argparse.ArgumentParser(description="The Rekognition stand-in.")
    parser.add_argument("--data-dir", type=Path, required=True)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, required=True)
    given = parser.parse_args()
    configure_logging(level=os.environ.get("LOG_LEVEL") or "INFO")
    settings = StandInSettings(
        data_dir=given.data_dir,
        access_key_id=os.environ["AWS_ACCESS_KEY_ID"],
        secret_access_key=os.environ["AWS_SECRET_ACCESS_KEY"],
        region=FaceSettings().aws_region,
    )
    uvicorn.run(
        create_app(settings),
        host=given.host,
        port=given.port,
        log_config=None,
        access_log=False,
        timeout_keep_alive=KEEP_ALIVE_S,
    )


if __name__ == "__main__":
    main()
