"""The install step of each image into an empty place, and its process started from there, without any rights.

What is not the image's is the base: the interpreter and the C library that the Dockerfile names are this
machine's own, when it is Debian 12.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from secrets import token_urlsafe

import httpx
import pytest

from acme_standalone.postgres import EmbeddedPostgres
from acme_standalone.processes.ports import free_port
from tests.deploy.container import UID, Container, can_enclose
from tests.deploy.dockerfile import ROOT, Stage, stages

APIS = {"api-backoffice": "BACKOFFICE_PORT", "api-main": "MAIN_PORT", "api-media": "MEDIA_PORT"}
WORKERS = ("worker-main", "worker-webhooks", "worker-relay", "worker-images", "worker-faces")
WANTED_TOO = {"opentelemetry-proto", "sentry-sdk"}
"""Traces are sent in the one, crashes by the other; tests read them."""
BASE_LIBRARIES = {
    *("libc.so.6", "libm.so.6", "libpthread.so.0", "libdl.so.2", "librt.so.1", "linux-vdso.so.1"),
    *("libgcc_s.so.1", "libstdc++.so.6", "libz.so.1"),
}
"""What a slim Debian with Python has; the loader is named by its path."""


@pytest.fixture(scope="module")
def place() -> Iterator[Path]:
    """Where any user may read, unlike pytest's own folders."""
    folder = Path(tempfile.mkdtemp(prefix="acme-images-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def source(place: Path) -> Path:
    """What the stage `source` copies."""
    folder = place / "src"
    folder.mkdir()
    for text in stages()["source"].all("COPY"):
        if "--from" in text:
            continue
        *names, _ = text.split()
        for name in names:
            path = ROOT / name
            ignored = shutil.ignore_patterns("__pycache__")
            shutil.copytree(path, folder / name, ignore=ignored) if path.is_dir() else shutil.copy(
                path, folder
            )
    return folder


class Prefixes:
    def __init__(self, place: Path, source: Path) -> None:
        self._place = place
        self._source = source
        self.of = cache(self._install)

    def _install(self, stage: str) -> Path:
        """Runs the stage's own command; only its cache is this machine's, for speed."""
        (step,) = stages()[stage].all("RUN")
        command = step.partition("uv sync")[2].split()
        prefix = self._place / stage
        uv = subprocess.run([ROOT / "tools" / "find-uv"], capture_output=True, text=True, check=True)
        given = stages()["source"].variables
        environment = {
            **{name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"},
            "UV_PYTHON_DOWNLOADS": given["UV_PYTHON_DOWNLOADS"],
            "UV_PYTHON": "/usr/bin/python3.11" if _is_runnable("/usr/bin/python3.11") else "python3",
            "UV_PROJECT_ENVIRONMENT": str(prefix),
        }
        subprocess.run(
            [uv.stdout.strip(), "sync", "--quiet", *command], cwd=self._source, env=environment, check=True
        )
        return prefix


def _is_runnable(program: str) -> bool:
    return shutil.which(program) is not None


@pytest.fixture(scope="module")
def prefixes(place: Path, source: Path) -> Prefixes:
    return Prefixes(place, source)


@pytest.fixture
def settings(
    database_url: str, redis_url: str, object_store_url: str, stripe_url: str, place: Path
) -> dict[str, str]:
    """What a deployment tells, on the tests' own parts; everything else as the image says."""
    bucket = {**os.environ, "S3_ENDPOINT_URL": object_store_url}
    subprocess.run([sys.executable, "-m", "acme_storage"], env=bucket, check=True)
    scratch = Path(tempfile.mkdtemp(dir=place))
    scratch.chmod(0o777)
    store = ("S3_ACCESS_KEY_ID", "S3_SECRET_ACCESS_KEY")
    stripe = ("STRIPE_SECRET_KEY", "STRIPE_PUBLISHABLE_KEY", "STRIPE_WEBHOOK_SECRET")
    made_up = ("JWT_SECRET", "TOTP_SECRET", "RECEIPT_SIGNING_KEY", "WEBHOOK_SECRET", *stripe)
    return {
        **stages()["runtime"].variables,
        **{name: os.environ[name] for name in store},
        **{name: token_urlsafe(32) for name in made_up},
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "S3_ENDPOINT_URL": object_store_url,
        "STRIPE_API_BASE": stripe_url,
        "MAIL_TRANSPORT": "smtp",
        "SMTP_HOST": "127.0.0.1",
        "AWS_EC2_METADATA_DISABLED": "true",
        "SENTRY_DSN": "http://key@127.0.0.1:9/1",
        "ACME_ENV": "test",  # the tests' object store has a key that production refuses
        "HOST": "127.0.0.1",
        "ACME_MIGRATIONS_DIR": str(_readable_migrations(place)),
        "WORKER_ALIVE_FILE": str(scratch / "alive"),
        "TMPDIR": str(scratch),
        "HOME": "/nonexistent",
    }


def _readable_migrations(place: Path) -> Path:
    target = place / "alembic"
    if not target.exists():
        shutil.copytree(ROOT / "alembic", target, ignore=shutil.ignore_patterns("__pycache__"))
    return target


def _installed_in(stage: Stage) -> str:
    return stage.copied_stages[0]


def test_a_process_can_write_to_its_tmp_and_nowhere_else(
    prefixes: Prefixes, settings: dict[str, str]
) -> None:
    if not can_enclose():
        pytest.skip("only root can give a process a root of its own")
    prefix = prefixes.of("install-main")
    folders = f"{prefix} / /var/tmp /run $TMPDIR"
    tried = f"for folder in {folders}; do touch $folder/x && echo $folder; done; id -u"
    with Container(stages()["api-main"], prefix, settings).run(["/bin/sh", "-c", tried]) as process:
        said, _ = process.communicate(timeout=60)
    assert [line for line in said.splitlines() if "touch:" not in line] == [settings["TMPDIR"], str(UID)]
    assert "Read-only file system" in said


@pytest.mark.parametrize("name", APIS)
def test_an_api_starts_and_is_ready(name: str, prefixes: Prefixes, settings: dict[str, str]) -> None:
    stage, port = stages()[name], free_port()
    container = Container(stage, prefixes.of(_installed_in(stage)), {**settings, APIS[name]: str(port)})
    with container.run(stage.command()) as process:
        container.become_healthy(process)
        ready = httpx.get(f"http://127.0.0.1:{port}/health/ready")
        process.terminate()
        process.communicate(timeout=60)
    assert (ready.status_code, ready.json()["status"]) == (200, "up")


@pytest.mark.parametrize("name", WORKERS)
def test_a_worker_starts_and_lives(name: str, prefixes: Prefixes, settings: dict[str, str]) -> None:
    stage = stages()[name]
    container = Container(stage, prefixes.of(_installed_in(stage)), settings)
    with container.run(stage.command()) as process:
        container.become_healthy(process)
        process.terminate()
        said, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    assert "worker_stopped" in said


def test_the_image_of_the_command_migrates_verifies_and_makes_the_first_account(
    prefixes: Prefixes, settings: dict[str, str], postgres: EmbeddedPostgres
) -> None:
    stage = stages()["migrate"]
    url = postgres.create_database("migrated_by_image")
    own = {"DATABASE_URL": url, "STRIPE_SECRET_KEY": os.environ["STRIPE_SECRET_KEY"]}
    container = Container(stage, prefixes.of(_installed_in(stage)), {**settings, **own})
    command = stage.command("ENTRYPOINT") + stage.command()
    statuses = []
    for arguments in ([*command, "--check"], command, [*command, "--check"]):
        with container.run(arguments) as process:
            said, _ = process.communicate(timeout=120)
        statuses.append(process.returncode)
    assert statuses == [1, 0, 0], said
    first = "echo correct-horse-7 | acme createsuperadmin --email a@example.com --name A --password-stdin"
    with container.run(["/bin/sh", "-c", first]) as process:
        said, _ = process.communicate(timeout=120)
    assert process.returncode == 0, said
    with container.run(["/bin/sh", "-c", "acme verify --json >$TMPDIR/verify.json"]) as process:
        said, _ = process.communicate(timeout=120)
    postgres.drop_database("migrated_by_image")
    assert process.returncode in {0, 1}, said
    promises = json.loads((Path(settings["TMPDIR"]) / "verify.json").read_text())
    assert len(promises) > 10, "kept or not: the stand-in for Stripe has others' payments too"


@pytest.mark.parametrize(
    "install", ["install-backoffice", "install-main", "install-media", "install-migrate"]
)
def test_nothing_of_tests_or_of_one_machine_is_in_it(install: str, prefixes: Prefixes) -> None:
    prefix = prefixes.of(install)
    (packages,) = prefix.glob("lib/python3*/site-packages")
    present = {path.name.partition("-")[0].lower().replace("_", "-") for path in packages.glob("*.dist-info")}
    assert "sqlalchemy" in present
    assert present & _unwanted() - WANTED_TOO == set()
    assert not list(packages.glob("__editable__*"))
    assert not list(packages.glob("acme*.pth"))


def _unwanted() -> set[str]:
    """What the groups of the workspace name, and the extra that runs everything on one machine."""
    root = tomllib.loads((ROOT / "pyproject.toml").read_text())
    standalone = tomllib.loads((ROOT / "services/standalone/pyproject.toml").read_text())
    named = [item for group in root["dependency-groups"].values() for item in group if isinstance(item, str)]
    embedded = standalone["project"]["optional-dependencies"]["embedded"]
    servers = [item for item in embedded if not item.startswith("acme-")]
    return {
        item.split(";")[0].split("[")[0].split(">")[0].split("=")[0].strip().lower()
        for item in named + servers
    }


def test_the_bases_libraries_are_enough(prefixes: Prefixes) -> None:
    """No image installs one of Debian's packages: what wheels need they bring, or the base has."""
    ldd = shutil.which("ldd")
    if ldd is None:
        pytest.skip("no ldd here")
    (packages,) = prefixes.of("install-media").glob("lib/python3*/site-packages")
    brought = {path.name for path in packages.rglob("*.so*")}
    missing: dict[str, str] = {}
    for path in packages.rglob("*.so*"):
        said = subprocess.run([ldd, path], capture_output=True, text=True, check=False).stdout
        for name in (line.split()[0] for line in said.splitlines()):
            if name not in brought | BASE_LIBRARIES and "ld-linux" not in name and name != "statically":
                missing[str(path.relative_to(packages))] = name
    assert missing == {}
