"""The folder of one embedded server: its password and log lie beside its data."""

import os
import secrets
from pathlib import Path

LOG_LIMIT = 5_000_000
TAIL_BYTES = 2000


class DataUnusableError(RuntimeError):
    """The files cannot be used by this user, or now; the message says what to do."""


def make_home(home: Path) -> None:
    """Makes the folder and its parents; those that exist keep their modes and owners.

    Raises DataUnusableError when it cannot be written to.
    """
    try:
        home.parent.mkdir(parents=True, exist_ok=True)
        # Root's servers run as another user, who must be able to pass through.
        home.mkdir(mode=0o711 if os.geteuid() == 0 else 0o700, exist_ok=True)
    except PermissionError:
        raise DataUnusableError(
            f"No right to make {home}. Choose another place with ACME_DATA_DIR."
        ) from None
    if not os.access(home, os.W_OK | os.X_OK):
        raise DataUnusableError(
            f"{home} belongs to another user (probably root, at an earlier start). Run as that "
            f"user, choose another place with ACME_DATA_DIR, or: sudo chown -R {os.getuid()} {home}"
        )


def kept_password(home: Path, password: str | None = None) -> str:
    """The password kept in `home`; given one it is kept, without one the first call makes it."""
    path = home / "password"
    if password is None:
        if path.exists():
            return path.read_text().strip()
        password = secrets.token_hex(24)
    write_private(path, password)
    return password


def write_private(path: Path, text: str) -> None:
    """Readable for its owner only from the first byte on, and never half-written."""
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(descriptor)
    unfinished.rename(path)


def trim_log(log: Path) -> None:
    """Keeps one older log, so that a server which is started for years does not fill the disk."""
    if log.exists() and log.stat().st_size > LOG_LIMIT:
        log.rename(log.with_suffix(".log.1"))


def tail(log: Path) -> str:
    if not log.exists():
        return "(nothing)"
    with log.open("rb") as file:
        file.seek(max(0, log.stat().st_size - TAIL_BYTES))
        return file.read().decode(errors="replace").strip()
