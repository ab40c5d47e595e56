"""docker-compose.yml, read by Compose itself, and held against the settings."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from acme_config.settings import DatabaseSettings, StorageSettings
from acme_standalone.settings.environment import settings_defaults
from tests.deploy.dockerfile import ROOT, stages, targets
from tests.deploy.read_by import PROCESSES

COMPOSE = Path(sys.executable).with_name("docker-compose")
GIVEN = {
    "POSTGRES_PASSWORD": "database-password",
    "VALKEY_PASSWORD": "queue-password",
    "S3_ACCESS_KEY_ID": "store-key",
    "S3_SECRET_ACCESS_KEY": "store-secret",
    "JWT_SECRET": "a secret of more than thirty-two bytes",
    "TOTP_SECRET": "another secret of more than thirty-two bytes",
    "RECEIPT_SIGNING_KEY": "A" * 43,
    "WEBHOOK_SECRET": "one more secret of more than thirty-two bytes",
    "STRIPE_SECRET_KEY": "sk_test_x",
    "STRIPE_PUBLISHABLE_KEY": "pk_test_x",
    "STRIPE_WEBHOOK_SECRET": "whsec_x_x",
}
"""What docs/scaling.md asks for."""
READ_BY = PROCESSES | {"migrate": (DatabaseSettings,), "bucket": (StorageSettings,)}
Document = dict[str, Any]


def compose(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    if not COMPOSE.is_file():
        pytest.skip("no docker-compose for this machine")
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(folder)}
    return subprocess.run(
        [COMPOSE, *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


def folder_with(folder: Path, given: dict[str, str]) -> Path:
    """The files as an operator has them: `.env` is the example with what is asked for filled in."""
    shutil.copy(ROOT / "docker-compose.yml", folder)
    text = (ROOT / ".env.example").read_text()
    for name, value in given.items():
        text = re.sub(rf"^{name}=$", f"{name}={value}", text, flags=re.MULTILINE)
    (folder / ".env").write_text(text)
    return folder


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> Document:
    folder = folder_with(tmp_path_factory.mktemp("compose"), GIVEN)
    done = compose(folder, "--profile", "*", "config", "--format", "json")
    assert (done.returncode, done.stderr) == (0, "")
    document: Document = json.loads(done.stdout)
    return document


def test_every_target_has_its_service(read: Document) -> None:
    built = {
        service["build"]["target"]: service for service in read["services"].values() if "build" in service
    }
    assert set(built) == set(targets())
    assert {service["build"]["dockerfile"] for service in built.values()} == {"deploy/Dockerfile"}


@pytest.mark.parametrize("name", READ_BY)
def test_a_service_starts_with_the_environment_that_it_is_given(
    read: Document, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable, _ in settings_defaults():
        monkeypatch.delenv(variable, raising=False)
    for variable, value in read["services"][name]["environment"].items():
        monkeypatch.setenv(variable, value)
    for group in READ_BY[name]:
        group()


def test_what_is_ours_runs_without_rights_on_a_read_only_root(read: Document) -> None:
    for name, service in read["services"].items():
        if "build" in service:
            assert (name, service.get("read_only"), service.get("cap_drop")) == (name, True, ["ALL"])
            assert service["security_opt"] == ["no-new-privileges:true"]
            is_web = name == "web"
            assert is_web or service["tmpfs"] == ["/tmp:mode=1777,size=512m"]  # noqa: S108 - in a container


def test_nothing_listens_beyond_this_machine(read: Document) -> None:
    ports = [port for service in read["services"].values() for port in service.get("ports", ())]
    assert ports
    assert {port["host_ip"] for port in ports} == {"127.0.0.1"}


def test_every_image_has_a_version(read: Document) -> None:
    foreign = [service["image"] for service in read["services"].values() if "build" not in service]
    assert len(foreign) == 8
    for image in foreign:
        assert re.search(r":v?\d", image), image
        assert "." not in image.partition("/")[0], "no registry is named"


def test_services_wait_for_the_schema_and_the_bucket(read: Document) -> None:
    for name in READ_BY:
        waits = {
            other: need["condition"] for other, need in read["services"][name].get("depends_on", {}).items()
        }
        if name not in {"migrate", "bucket"}:
            assert waits["migrate"] == waits["bucket"] == "service_completed_successfully"


@pytest.mark.parametrize("left_out", ["POSTGRES_PASSWORD", "VALKEY_PASSWORD", "S3_SECRET_ACCESS_KEY"])
def test_an_empty_password_is_refused_before_anything_starts(tmp_path: Path, left_out: str) -> None:
    folder = folder_with(tmp_path, {name: value for name, value in GIVEN.items() if name != left_out})
    done = compose(folder, "config", "--quiet")
    assert done.returncode != 0
    assert f"set {left_out} in .env" in done.stderr


def test_no_setting_of_a_container_is_misspelt() -> None:
    """What a container is told are settings; what is left is the image's own."""
    known = {name for name, _ in settings_defaults()}
    text = (ROOT / "docker-compose.yml").read_text()
    wiring = text.partition("x-wiring:")[2].partition("x-after-migration:")[0]
    assert set(re.findall(r"^  ([A-Z0-9_]+):", wiring, flags=re.MULTILINE)) <= known
    image = set(stages()["runtime"].variables)
    assert image - known == {"PATH", "PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE", "ACME_MIGRATIONS_DIR"}
