"""Writes the OpenAPI documents under `openapi/`; with `--check` only says whether they are up to date."""

import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "openapi"

# The apps are built, never started: nothing connects to these.
PLACEHOLDERS = {
    "ACME_ENV": "test",
    "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/nothing",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "S3_ENDPOINT_URL": "http://127.0.0.1:1",
    "S3_ACCESS_KEY_ID": "placeholder",
    "S3_SECRET_ACCESS_KEY": "placeholder",
    "RECEIPT_SIGNING_KEY": "A" * 43,
    "JWT_SECRET": "a placeholder of more than thirty-two bytes",
    "TOTP_SECRET": "another placeholder of more than thirty-two bytes",
    "WEBHOOK_SECRET": "a third placeholder of more than thirty-two bytes",
    "STRIPE_SECRET_KEY": "placeholder",
    "STRIPE_PUBLISHABLE_KEY": "placeholder",
    "STRIPE_WEBHOOK_SECRET": "placeholder",
}


def documents() -> Mapping[str, str]:
    """JSON texts by service."""
    os.environ.update({name: value for name, value in PLACEHOLDERS.items() if name not in os.environ})
    from acme_backoffice.app import create_app as create_backoffice
    from acme_backoffice.settings import BackofficeSettings
    from acme_main.app import create_app as create_main
    from acme_main.settings import MainSettings
    from acme_media.app import create_app as create_media
    from acme_media.settings import MediaSettings

    apps = {
        "backoffice": create_backoffice(BackofficeSettings()),
        "main": create_main(MainSettings()),
        "media": create_media(MediaSettings()),
    }
    return {name: json.dumps(app.openapi(), indent=2) + "\n" for name, app in apps.items()}


def main() -> int:
    is_check = sys.argv[1:] == ["--check"]
    outdated = []
    for name, text in documents().items():
        path = FOLDER / f"{name}.json"
        if not path.is_file() or path.read_text() != text:
            outdated.append(path.name)
            if not is_check:
                FOLDER.mkdir(exist_ok=True)
                path.write_text(text)
    if is_check and outdated:
        print(f"Out of date: {', '.join(outdated)}. Run `make openapi`.")
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
