"""The whole platform, started as its users start it, on free ports and with data of its own."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import psutil

from acme_standalone.settings.ports import Ports
from acme_standalone.supervisor.state import DataDirectory, NotRunningError

FOREIGN = {
    "DATABASE_URL",
    "REDIS_URL",
    "S3_ENDPOINT_URL",
    "S3_ACCESS_KEY_ID",
    "S3_SECRET_ACCESS_KEY",
    "S3_BUCKET",
    "REKOGNITION_ENDPOINT_URL",
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "JWT_SECRET",
    "RECEIPT_SIGNING_KEY",
    "STRIPE_API_BASE",
    "STRIPE_SECRET_KEY",
    "STRIPE_PUBLISHABLE_KEY",
    "STRIPE_WEBHOOK_SECRET",
    "MAILBOX_DIR",
}
"""What the other tests have set for themselves."""


class Running:
    def __init__(self, folder: Path, *arguments: str, knobs: Mapping[str, str] | None = None) -> None:
        self.data = DataDirectory(folder)
        moves = [part for name in Ports.names() for part in ("--port", f"{name}=0")]
        command = [
            sys.executable,
            "-m",
            "acme_standalone",
            "up",
            "--data-dir",
            str(folder),
            *moves,
            *arguments,
        ]
        own = {"ACME_ENV", "BCRYPT_ROUNDS", "LOG_LEVEL"}
        environment = {name: value for name, value in os.environ.items() if name not in FOREIGN - own}
        environment |= {
            "ACME_ENV": "standalone",
            "WORKER_CONCURRENCY": "1",
            "REGISTRATIONS_PER_ADDRESS": "off",
            "JWT_ACCESS_TTL_S": "14400",  # who signed in first is still signed in when a long run asks last
            **(knobs or {}),
        }
        self.log = folder.parent / "up.log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log, env=environment)

    def settings(self) -> Mapping[str, str]:
        deadline = time.monotonic() + 180
        while time.monotonic() < deadline:
            try:
                return self.data.running_environment()
            except NotRunningError:
                assert self.process.poll() is None, self.log.read_text()
                time.sleep(0.1)
        raise AssertionError(self.log.read_text())

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(60) == 0

    def children(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children(recursive=True)

    def kill(self, what: str) -> bool:
        """kill -9 of the child whose command ends with `-m what`; by its own id."""
        for child in self.children():
            try:
                line = " ".join(child.cmdline())
            except psutil.Error:
                continue
            if line.endswith(f"-m {what}"):
                child.kill()
                return True
        return False
