"""What to run, as whom, and how it ends when its launcher does."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from acme_standalone.processes.identity import Identity

LAUNCH = Path(__file__).with_name("launch.py")


@dataclass(frozen=True)
class Command:
    argv: tuple[str, ...]
    environment: Mapping[str, str]
    death_signal: signal.Signals = signal.SIGKILL
    """What the kernel sends to the program when its launcher dies (Linux)."""
    identity: Identity | None = None
    reach: tuple[Path, ...] = field(default=())
    """Files that the program opens by name: they must be reachable for `identity`."""

    def argv_under(self, parent: int) -> list[str]:
        plan = {
            "parent": parent,
            "death_signal": int(self.death_signal),
            "uid": self.identity.uid if self.identity else None,
            "gid": self.identity.gid if self.identity else None,
            "reach": [str(path) for path in self.reach],
        }
        return [sys.executable, "-I", "-S", str(LAUNCH), json.dumps(plan), *self.argv]

    def spawn(self, log: Path) -> subprocess.Popen[bytes]:
        """Starts it in a session of its own; call from the main thread (see launch.py)."""
        with log.open("ab") as output:
            return subprocess.Popen(  # noqa: S603 - argv is composed by the launchers
                self.argv_under(os.getpid()),
                env=dict(self.environment),
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def run(self, text: str = "", *, timeout_s: float = 120) -> str:
        """Runs it to its end; returns what it printed. Raises CommandFailedError unless the status is 0."""
        done = subprocess.run(  # noqa: S603 - argv is composed by the launchers
            self.argv_under(os.getpid()),
            env=dict(self.environment),
            cwd="/",
            input=text,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=timeout_s,
            check=False,
        )
        if done.returncode != 0:
            raise CommandFailedError(
                f"{Path(self.argv[0]).name} ended with status {done.returncode}: {done.stdout.strip()}"
            )
        return done.stdout


class CommandFailedError(RuntimeError):
    """A program that must succeed did not; the message carries its output."""
