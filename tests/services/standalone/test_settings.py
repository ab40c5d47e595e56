import json
import socket
from inspect import signature
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from acme_config import settings
from acme_config.settings import AddressSettings, SettingsGroup
from acme_standalone.processes.ports import LOOPBACK, PORTS_OF_PROCESS, free_port
from acme_standalone.settings.environment import as_lines, compose_environment, from_lines
from acme_standalone.settings.ports import Ports, PortsUnusableError
from acme_standalone.settings.secrets import Secrets
from acme_standalone.upload.command import upload

GROUPS = [
    group
    for group in vars(settings).values()
    if isinstance(group, type) and issubclass(group, SettingsGroup) and group is not SettingsGroup
]
SECRETS = Secrets()
PUBLISHED = {
    "DATABASE_URL",
    "REDIS_URL",
    "S3_ENDPOINT_URL",
    "STRIPE_API_BASE",
    "STRIPE_SECRET_KEY",
    "STRIPE_WEBHOOK_SECRET",
    "BACKOFFICE_API_URL",
    "MAIN_API_URL",
    "MEDIA_API_URL",
    "MAILBOX_URL",
}


def environment(**knobs: str) -> dict[str, str]:
    return compose_environment(Path("/data"), Ports(), SECRETS, knobs)


@pytest.mark.parametrize("group", GROUPS, ids=lambda group: group.__name__)
def test_every_settings_group_loads_from_the_environment(
    group: type[SettingsGroup], monkeypatch: pytest.MonkeyPatch
) -> None:
    composed = environment()
    aliases = {str(field.validation_alias) for field in group.model_fields.values()}
    assert aliases <= composed.keys()
    for name in aliases:
        monkeypatch.setenv(name, composed[name])
    loaded = group()
    for name, field in group.model_fields.items():
        if not field.is_required() and str(field.validation_alias) not in (
            "MAILBOX_DIR",
            "STRIPE_API_BASE",
            "ACME_ENV",
        ):
            assert getattr(loaded, name) == field.get_default(call_default_factory=True, validated_data={})


def test_all_groups_are_seen() -> None:
    assert len(GROUPS) >= 11


def test_the_addresses_follow_the_ports() -> None:
    moved = compose_environment(Path("/data"), Ports.chosen({}, offset=100), SECRETS)
    assert moved["MAIN_API_URL"] == "http://localhost:3102"
    assert moved["MAIN_WEB_URL"] == "http://localhost:4102/"
    assert moved["BACKOFFICE_WEB_URL"] == "http://localhost:4101/"
    assert json.loads(moved["CORS_ORIGINS"]) == [
        *("http://localhost:4101", "http://localhost:4102"),
        *("http://127.0.0.1:4101", "http://127.0.0.1:4102"),
    ]
    assert moved["MAIN_PORT"] == "3102"
    assert ":5533/" in moved["DATABASE_URL"]
    assert moved.keys() >= PUBLISHED


def test_the_user_turns_knobs_but_does_not_rewire() -> None:
    composed = environment(
        LOG_LEVEL="DEBUG", FACE_ENGINE="", DATABASE_URL="postgresql://elsewhere", OTHER="x"
    )
    assert composed["LOG_LEVEL"] == "DEBUG"
    assert composed["FACE_ENGINE"] == "local"
    assert composed["DATABASE_URL"] == environment()["DATABASE_URL"]
    assert "OTHER" not in composed


def test_apps_and_apis_are_one_site_to_a_browser() -> None:
    composed = environment()
    apps_and_apis = [name for name in composed if name.endswith(("_WEB_URL", "_API_URL"))]
    assert {urlsplit(composed[name]).hostname for name in apps_and_apis} == {"localhost"}
    assert len(apps_and_apis) == 5


def test_a_development_server_may_take_the_place_of_an_app() -> None:
    composed = environment(MAIN_WEB_URL="http://localhost:5173", CORS_ORIGINS='["http://localhost:5173"]')
    assert composed["MAIN_WEB_URL"] == "http://localhost:5173"
    assert composed["CORS_ORIGINS"] == '["http://localhost:5173"]'
    assert composed["BACKOFFICE_WEB_URL"] == "http://localhost:4001/"


def test_acme_upload_calls_where_the_settings_say() -> None:
    options, addresses = signature(upload).parameters, AddressSettings.model_fields
    assert options["backoffice_url"].default == addresses["backoffice_api_url"].default
    assert options["media_url"].default == addresses["media_api_url"].default


def test_lines_are_read_back_as_they_were() -> None:
    odd = environment() | {"ODD": "a 'b' \"c\" $d `e` \\f #g"}
    assert from_lines(as_lines(odd)) == odd
    assert f"DATABASE_URL={odd['DATABASE_URL']}\n" in as_lines(odd), "an ordinary value needs no quotes"


def test_secrets_are_made_once_private_and_completed(tmp_path: Path) -> None:
    first = Secrets.kept_in(tmp_path)
    path = tmp_path / "secrets.json"
    assert path.stat().st_mode & 0o777 == 0o600
    assert Secrets.kept_in(tmp_path) == first
    kept = json.loads(path.read_text())
    del kept["jwt_secret"]
    path.write_text(json.dumps(kept))
    completed = Secrets.kept_in(tmp_path)
    assert completed.s3_secret_access_key == first.s3_secret_access_key
    assert len(completed.jwt_secret) >= 32
    assert completed.jwt_secret != first.jwt_secret
    assert Secrets.kept_in(tmp_path) == completed


def test_a_port_named_is_not_moved_by_the_offset() -> None:
    ports = Ports.chosen({"ACME_MAIN_PORT": "4000", "ACME_S3_PORT": "4001"}, ["s3=4002"], offset=10)
    assert (ports.main, ports.s3, ports.backoffice) == (4000, 4002, 3011)


def test_port_0_is_any_free_port() -> None:
    assert Ports.chosen({}, ["redis=0"]).redis > 1023


def test_a_free_port_is_another_one_each_time_and_none_that_an_outgoing_connection_may_take() -> None:
    taken = free_port()
    with socket.create_server((LOOPBACK, taken)):
        found = [free_port() for _ in range(PORTS_OF_PROCESS)]
    assert taken not in found
    assert len({*found[:50]}) == 50
    assert 1024 <= min(found) <= max(found) < 32_768


@pytest.mark.parametrize("move", ["main", "main=x", "main=-1", "main=70000", "nothing=1"])
def test_a_port_that_is_none_is_refused(move: str) -> None:
    with pytest.raises(PortsUnusableError):
        Ports.chosen({}, [move])


def test_an_offset_beyond_the_last_port_is_refused() -> None:
    with pytest.raises(PortsUnusableError):
        Ports.chosen({}, offset=60000)
