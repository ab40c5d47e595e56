"""Every variable of the settings library, as the embedded platform needs them."""

import json
import shlex
from collections.abc import Iterator, Mapping
from enum import Enum
from pathlib import Path

from pydantic_core import PydanticUndefined, to_jsonable_python

from acme_config.settings import Environment, FaceEngineName, MailTransport, SettingsGroup
from acme_standalone.postgres.cluster import ROLE
from acme_standalone.processes.ports import LOOPBACK
from acme_standalone.settings.ports import Ports
from acme_standalone.settings.secrets import Secrets

PUBLIC_HOST = "localhost"
"""Of apps and APIs alike: to a browser 127.0.0.1 is another site, and the cookies are SameSite=Strict."""


def compose_environment(
    data_dir: Path, ports: Ports, secrets: Secrets, knobs: Mapping[str, str] | None = None
) -> dict[str, str]:
    """`knobs` (the user's own environment) may change what is no wiring: log level, face bands..."""
    given = {name: text for name, text in (knobs or {}).items() if text}
    defaults = dict(settings_defaults()) | _web_apps(ports)
    chosen = {name: given.get(name, text) for name, text in defaults.items()}
    return chosen | _faces(chosen, ports, secrets) | _wiring(data_dir, ports, secrets) | _addresses(ports)


def rekognition_stand_in(ports: Ports) -> str:
    return f"http://{LOOPBACK}:{ports.rekognition}"


def settings_defaults() -> Iterator[tuple[str, str]]:
    """Each variable of each settings group with its default; empty where there is none."""
    for group in SettingsGroup.__subclasses__():
        for field in group.model_fields.values():
            default = field.get_default(call_default_factory=True, validated_data={})
            yield str(field.validation_alias), "" if default is PydanticUndefined else as_text(default)


def as_text(value: object) -> str:
    """As pydantic-settings reads it back: collections in JSON, nothing as an empty string."""
    match value:
        case None:
            return ""
        case Enum():
            return str(value.value)
        case list() | dict() | tuple():
            return json.dumps(to_jsonable_python(value))
        case bool():
            return str(value).lower()
        case _:
            return str(value)


def as_lines(environment: Mapping[str, str]) -> str:
    """KEY=value lines that a shell can read; quoted only where a shell would need it."""
    return "".join(
        f"{name}={shlex.quote(text) if text else ''}\n" for name, text in sorted(environment.items())
    )


def from_lines(text: str) -> dict[str, str]:
    pairs = (shlex.split(line)[0].partition("=") for line in text.splitlines() if line)
    return {name: value for name, _, value in pairs}


def _wiring(data_dir: Path, ports: Ports, secrets: Secrets) -> dict[str, str]:
    return {
        "ACME_ENV": Environment.STANDALONE.value,
        "ACME_DATA_DIR": str(data_dir),
        "HOST": LOOPBACK,
        "BACKOFFICE_PORT": str(ports.backoffice),
        "MAIN_PORT": str(ports.main),
        "MEDIA_PORT": str(ports.media),
        "DATABASE_URL": f"postgresql://{ROLE}:{secrets.database_password}@{LOOPBACK}:{ports.database}/{ROLE}",
        "REDIS_URL": f"redis://:{secrets.redis_password}@{LOOPBACK}:{ports.redis}/0",
        "S3_ENDPOINT_URL": f"http://{LOOPBACK}:{ports.s3}",
        "S3_ACCESS_KEY_ID": secrets.s3_access_key_id,
        "S3_SECRET_ACCESS_KEY": secrets.s3_secret_access_key,
        "JWT_SECRET": secrets.jwt_secret,
        "TOTP_SECRET": secrets.totp_secret,
        "WEBHOOK_SECRET": secrets.webhook_secret,
        "RECEIPT_SIGNING_KEY": secrets.receipt_signing_key,
        "STRIPE_API_BASE": f"http://{LOOPBACK}:{ports.stripe}",
        "STRIPE_SECRET_KEY": secrets.stripe_secret_key,
        "STRIPE_PUBLISHABLE_KEY": secrets.stripe_publishable_key,
        "STRIPE_WEBHOOK_SECRET": secrets.stripe_webhook_secret,
        "MAIL_TRANSPORT": MailTransport.MAILBOX.value,
        "MAILBOX_DIR": str(data_dir / "mailbox"),
    }


def _faces(chosen: Mapping[str, str], ports: Ports, secrets: Secrets) -> dict[str, str]:
    """Who names another endpoint means AWS itself, with credentials of their own."""
    engines = (chosen["FACE_ENGINE"], chosen["FACE_SHADOW_ENGINE"])
    if FaceEngineName.REKOGNITION.value not in engines or chosen["REKOGNITION_ENDPOINT_URL"]:
        return {}
    return {
        "REKOGNITION_ENDPOINT_URL": rekognition_stand_in(ports),
        "AWS_ACCESS_KEY_ID": secrets.rekognition_access_key_id,
        "AWS_SECRET_ACCESS_KEY": secrets.rekognition_secret_access_key,
    }


def _web_apps(ports: Ports) -> dict[str, str]:
    """Knobs, as a development server or a tunnel may take the place of what is served here."""
    numbers = (ports.backoffice_web, ports.main_web)
    origins = [f"http://{host}:{number}" for host in (PUBLIC_HOST, LOOPBACK) for number in numbers]
    return {
        "BACKOFFICE_WEB_URL": f"http://{PUBLIC_HOST}:{ports.backoffice_web}/",
        "MAIN_WEB_URL": f"http://{PUBLIC_HOST}:{ports.main_web}/",
        "CORS_ORIGINS": as_text(origins),
    }


def _addresses(ports: Ports) -> dict[str, str]:
    """For browsers, people and programs outside the platform."""
    return {
        "BACKOFFICE_API_URL": f"http://{PUBLIC_HOST}:{ports.backoffice}",
        "MAIN_API_URL": f"http://{PUBLIC_HOST}:{ports.main}",
        "MEDIA_API_URL": f"http://{PUBLIC_HOST}:{ports.media}",
        "MAILBOX_URL": f"http://{LOOPBACK}:{ports.mailbox}",
        "RELAY_METRICS_URL": f"http://{LOOPBACK}:{ports.relay_metrics}/metrics",
        "MAIN_WORKER_METRICS_URL": f"http://{LOOPBACK}:{ports.main_worker_metrics}/metrics",
        "IMAGES_WORKER_METRICS_URL": f"http://{LOOPBACK}:{ports.images_worker_metrics}/metrics",
        "FACES_WORKER_METRICS_URL": f"http://{LOOPBACK}:{ports.faces_worker_metrics}/metrics",
        "WEBHOOKS_WORKER_METRICS_URL": f"http://{LOOPBACK}:{ports.webhooks_worker_metrics}/metrics",
    }
