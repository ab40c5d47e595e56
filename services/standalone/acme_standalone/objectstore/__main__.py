"""`python -m acme_standalone.objectstore --data-dir DIR [--host HOST] --port PORT`

The credentials come from OBJECTSTORE_ACCESS_KEY_ID and OBJECTSTORE_SECRET_ACCESS_KEY, or from
S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY.
"""

import argparse
import logging
import sys
from pathlib import Path

import structlog
import uvicorn
from pydantic import AliasChoices, Field, SecretStr, ValidationError

from acme_config.settings import PlatformSettings, SettingsGroup
from acme_standalone.objectstore.app import create_app
from acme_standalone.objectstore.settings import ObjectStoreSettings, StandInRefusedError

EXIT_REFUSED = 2
KEEP_ALIVE_S = 75  # longer than SDKs keep an idle connection in their pools


class CredentialSettings(SettingsGroup):
    access_key_id: str = Field(
        validation_alias=AliasChoices("OBJECTSTORE_ACCESS_KEY_ID", "S3_ACCESS_KEY_ID"), min_length=1
    )
    secret_access_key: SecretStr = Field(
        validation_alias=AliasChoices("OBJECTSTORE_SECRET_ACCESS_KEY", "S3_SECRET_ACCESS_KEY"), min_length=8
    )


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m acme_standalone.objectstore", description="An S3 endpoint."
    )
    parser.add_argument("--data-dir", type=Path, required=True)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, required=True)
    return parser.parse_args()


def read_settings(data_dir: Path, platform: PlatformSettings) -> ObjectStoreSettings:
    credentials = CredentialSettings()
    return ObjectStoreSettings(
        data_dir=data_dir,
        access_key_id=credentials.access_key_id,
        secret_access_key=credentials.secret_access_key,
        environment=platform.environment,
    )


def configure_logging(level: str) -> None:
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr)
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
    )


def _without_values(error: ValidationError) -> str:
    """The default text quotes the input, which may be a secret."""
    details = error.errors(include_input=False, include_url=False)
    return "\n".join(f"{'.'.join(map(str, detail['loc']))}: {detail['msg']}" for detail in details)


def main() -> int:
    arguments = read_arguments()
    try:
        platform = PlatformSettings()
        settings = read_settings(arguments.data_dir, platform)
    except StandInRefusedError as error:
        print(error, file=sys.stderr)
        return EXIT_REFUSED
    except ValidationError as error:
        print(_without_values(error), file=sys.stderr)
        return EXIT_REFUSED
    configure_logging(platform.log_level)
    uvicorn.run(
        create_app(settings),
        host=arguments.host,
        port=arguments.port,
        access_log=False,  # it would log query strings, and with them signatures
        log_config=None,
        server_header=False,
        ws="none",
        timeout_keep_alive=KEEP_ALIVE_S,
        timeout_graceful_shutdown=5,
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
