"""The files of one database cluster: made once, completely or not at all."""

import os
import shutil
import signal
from dataclasses import dataclass
from pathlib import Path

from acme_standalone.postgres.options import arguments
from acme_standalone.processes.binaries import postgres_program
from acme_standalone.processes.command import Command
from acme_standalone.processes.home import DataUnusableError, write_private
from acme_standalone.processes.identity import Identity, unprivileged_identity
from acme_standalone.processes.leftovers import DATA_MARK

ROLE = "acme"
"""Owns the databases; no superuser, so the extension is put into template1 for it."""
SUPERUSER = "postgres"


@dataclass(frozen=True)
class Cluster:
    home: Path
    """The launcher's own folder: the cluster's files, its passwords and its log lie in it."""

    @property
    def files(self) -> Path:
        return self.home / "cluster"

    @property
    def identity(self) -> Identity | None:
        return unprivileged_identity(self.files)

    def serve(self, port: int, *, is_durable: bool) -> Command:
        # SIGQUIT: PostgreSQL ends its own processes at once, and the next start replays the log.
        return self._command(
            "postgres", self.files, *arguments(port, is_durable=is_durable), death=signal.SIGQUIT
        )

    def exists(self) -> bool:
        try:
            return (self.files / "PG_VERSION").exists()
        except PermissionError:
            raise DataUnusableError(
                f"{self.files} belongs to another user. Run as that user, or: "
                f"sudo chown -R {os.getuid()} {self.home}"
            ) from None

    def create(self, password: str) -> None:
        """Made beside its place and renamed, so that an interrupted start leaves no half a cluster."""
        unfinished = self.home / "cluster.unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=0o700)
        self._give_away(unfinished)
        self._initdb(unfinished, password)
        self._single_user(
            unfinished,
            "CREATE EXTENSION vector",
            f"CREATE ROLE {ROLE} LOGIN PASSWORD '{_plain(password)}'",
            f"CREATE DATABASE {ROLE} OWNER {ROLE}",
        )
        unfinished.rename(self.files)

    def set_password(self, password: str) -> None:
        """For a stopped cluster whose password got lost."""
        self._single_user(
            self.files,
            *(f"ALTER ROLE {role} PASSWORD '{_plain(password)}'" for role in (SUPERUSER, ROLE)),
        )

    def _initdb(self, files: Path, password: str) -> None:
        # A file, as the pipe of a root's standard input cannot be opened by another user.
        password_file = self.home / "password.initdb"
        write_private(password_file, password)
        self._give_away(password_file)
        # The built-in provider sorts alike on every machine, whatever locales it has.
        locale = ("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C", "--encoding=UTF8")
        access = ("--auth=scram-sha-256", f"--username={SUPERUSER}", f"--pwfile={password_file}")
        try:
            self._command("initdb", files, *locale, *access).run()
        finally:
            password_file.unlink()

    def _give_away(self, path: Path) -> None:
        if identity := self.identity:
            os.chown(path, identity.uid, identity.gid)

    def _single_user(self, files: Path, *statements: str) -> None:
        """No server listens yet: there is no moment at which a half-made cluster can be reached."""
        options = ("-c", "exit_on_error=true", "-c", "log_min_messages=fatal")
        command = self._command("postgres", files, *options, "template1", before=("--single",))
        command.run("".join(f"{statement}\n" for statement in statements))

    def _command(
        self,
        program: str,
        files: Path,
        *options: str,
        before: tuple[str, ...] = (),
        death: signal.Signals = signal.SIGKILL,
    ) -> Command:
        path = postgres_program(program)
        environment = {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC", DATA_MARK: str(self.home)}
        argv = (str(path), *before, "-D", str(files), *options)
        return Command(argv, environment, death, self.identity, (path, files))


def _plain(password: str) -> str:
    if not password.replace("-", "").replace("_", "").isalnum():
        raise ValueError("A database password consists of letters, digits, - and _.")
    return password
