"""Each import contract is broken once on purpose: a pattern that matches nothing passes silently."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

BREACHES = {
    "Standalone starts services": ("libs/core/acme_core/breach.py", "import acme_web.app"),
    "Standalone knows services": ("services/standalone/acme_standalone/breach.py", "import acme_main.app"),
    "arq has one home": ("libs/web/acme_web/breach.py", "import arq.worker"),
    "stripe has one home": ("services/main/acme_main/breach.py", "import stripe"),
    "jwt has one home": ("libs/web/acme_web/breach.py", "import jwt"),
    "boto3 is known": ("services/main/acme_main/breach.py", "import boto3"),
    "httpcore and standardwebhooks": ("services/main/acme_main/breach.py", "import httpcore"),
    "Metrics, traces and error reports": ("libs/web/acme_web/breach.py", "import prometheus_client"),
    "Inside a feature": (
        "services/main/acme_main/gallery/schemas.py",
        "import acme_main.gallery.endpoints",
    ),
    "Faces and images": ("services/media/acme_media/faces/breach.py", "import acme_db.engine"),
}


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    copy = tmp_path_factory.mktemp("checkout")
    for name in ("libs", "services", "pyproject.toml"):
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, copy / name)
    return copy


def lint(checkout: Path) -> str:
    members = [str(path) for group in ("libs", "services") for path in (checkout / group).iterdir()]
    program = (
        f"import sys; sys.path[:0] = {members!r}; "
        "from importlinter.cli import lint_imports_command; lint_imports_command()"
    )
    command = [sys.executable, "-c", program, "--no-cache"]
    done = subprocess.run(command, cwd=checkout, capture_output=True, text=True, check=False)
    return " ".join(done.stdout.split())


def test_the_contracts_are_kept(checkout: Path) -> None:
    assert f"{len(BREACHES)} kept, 0 broken" in lint(checkout)


@pytest.mark.parametrize("contract", BREACHES)
def test_a_breach_is_noticed(checkout: Path, contract: str) -> None:
    name, line = BREACHES[contract]
    path = checkout / name
    before = path.read_text() if path.exists() else None
    path.write_text(f"{before or ''}\n{line}\n")
    try:
        said = lint(checkout)
    finally:
        path.unlink() if before is None else path.write_text(before)
    assert "1 broken" in said
    assert "BROKEN" in said.partition(contract)[2].partition("KEPT")[0]
