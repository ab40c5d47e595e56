"""What is wrong with this machine, and what to do about it."""

import os
import pwd
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import psutil

from acme_standalone.processes.binaries import ProgramMissingError, postgres_program, valkey_program
from acme_standalone.processes.command import Command, CommandFailedError
from acme_standalone.processes.identity import unprivileged_identity
from acme_standalone.processes.ports import holder_of, is_free
from acme_standalone.settings.ports import Ports
from acme_standalone.supervisor.state import DataDirectory
from acme_standalone.web.dist import dist_of, is_built
from acme_standalone.web.settings import WebApp

OLDEST_PYTHON = (3, 11)
LITTLE_DISK = 5_000_000_000
NO_DISK = 1_000_000_000
LITTLE_MEMORY = 2_000_000_000
NO_MEMORY = 1_000_000_000
WRITTEN_AT = 1_760_000_000
"""A clock before this code was written is wrong: tokens and signed URLs would be refused."""


class Level(StrEnum):
    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True)
class Finding:
    level: Level
    subject: str
    detail: str
    remedy: str = ""


def examine(data: DataDirectory, ports: Ports) -> Iterator[Finding]:
    yield _python()
    yield _size(
        "free disk", shutil.disk_usage(_existing(data.path)).free, (LITTLE_DISK, NO_DISK), "Free some space."
    )
    memory = psutil.virtual_memory().available
    yield _size("free memory", memory, (LITTLE_MEMORY, NO_MEMORY), "Close other programs.")
    yield _clock()
    yield _user()
    yield _writable(data)
    yield _program("PostgreSQL", postgres_program, data)
    yield _program("Valkey", valkey_program, data)
    yield _web_apps()
    holder = data.holder()
    yield _running(data, holder)
    if holder is None:
        yield from _ports(ports)


def _python() -> Finding:
    version = ".".join(str(part) for part in sys.version_info[:3])
    if sys.version_info < OLDEST_PYTHON:
        return Finding(Level.FAIL, "python", version, "Install Python 3.11 or newer.")
    return Finding(Level.OK, "python", f"{version} ({sys.executable})")


def _size(subject: str, free: int, limits: tuple[int, int], remedy: str) -> Finding:
    little, none = limits
    level = Level.OK if free >= little else Level.WARN if free >= none else Level.FAIL
    return Finding(level, subject, f"{free / 1e9:.1f} GB", "" if level is Level.OK else remedy)


def _clock() -> Finding:
    now = time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime())
    if time.time() < WRITTEN_AT:
        return Finding(Level.FAIL, "clock", now, "Set the clock; tokens and signed addresses depend on it.")
    return Finding(Level.OK, "clock", now)


def _user() -> Finding:
    """PostgreSQL looks its user up by name; a number alone, as in some containers, is not enough for it."""
    try:
        name = pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        return Finding(
            Level.FAIL,
            "user",
            f"user {os.geteuid()} has no entry in /etc/passwd",
            "Run as a user that has a name: PostgreSQL insists on it.",
        )
    return Finding(Level.OK, "user", name)


def _writable(data: DataDirectory) -> Finding:
    folder = _existing(data.path)
    if not os.access(folder, os.W_OK | os.X_OK):
        return Finding(
            Level.FAIL, "data", f"{folder} is not writable", "Choose another place with ACME_DATA_DIR."
        )
    return Finding(Level.OK, "data", str(data.path))


def _program(name: str, find: Callable[[], Path], data: DataDirectory) -> Finding:
    """Run as the user that it will run as, so that a missing library or a closed folder shows."""
    try:
        path = find()
        identity = (
            unprivileged_identity(data.path / "postgres" / "cluster") if find is postgres_program else None
        )
        reach = (path, _existing(data.path))
        version = Command((str(path), "--version"), {"PATH": os.defpath}, identity=identity, reach=reach).run(
            timeout_s=20
        )
    except (ProgramMissingError, CommandFailedError, subprocess.TimeoutExpired) as error:
        return Finding(
            Level.FAIL,
            name,
            str(error),
            "The wheels need Linux with glibc 2.28 or newer, or macOS; as root, "
            "they need the rights to change the user and to pass through the folders named.",
        )
    user = f", as user {identity.uid}" if identity else ""
    return Finding(Level.OK, name, f"{version.strip()}{user}")


def _web_apps() -> Finding:
    missing = [str(dist_of(app)) for app in WebApp if not is_built(app)]
    if missing:
        remedy = "The APIs run without them; `make web` builds them."
        return Finding(Level.WARN, "web apps", f"not built: {', '.join(missing)}", remedy)
    return Finding(Level.OK, "web apps", ", ".join(str(dist_of(app)) for app in WebApp))


def _running(data: DataDirectory, holder: str | None) -> Finding:
    if holder is not None:
        return Finding(Level.OK, "platform", f"runs here: {holder}")
    leftover = data.path / "postgres" / "cluster" / "postmaster.pid"
    if _is_visible(leftover):
        return Finding(
            Level.WARN, "platform", "was killed last time", "Nothing to do: the next start recovers."
        )
    return Finding(Level.OK, "platform", "not running")


def _is_visible(path: Path) -> bool:
    try:
        return path.exists()
    except PermissionError:
        return False


def _ports(ports: Ports) -> Iterator[Finding]:
    taken = {name: port for name, port in ports.by_name().items() if not is_free(port)}
    for name, port in taken.items():
        detail = f"{port} ({name}) is taken by {holder_of(port)}"
        yield Finding(Level.FAIL, "port", detail, f"Move it: acme up --port {name}=N, or --port-offset N.")
    if not taken:
        yield Finding(Level.OK, "ports", ", ".join(str(port) for port in ports.by_name().values()))


def _existing(path: Path) -> Path:
    """The folder itself, or the nearest one above it that is there."""
    return next(folder for folder in (path, *path.parents) if folder.exists())
