"""The two endpoints that the conformance suite runs against, as real processes."""

import os
import secrets
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import boto3
import httpx
from botocore.config import Config
from mypy_boto3_s3 import S3Client

from acme_standalone.processes.ports import free_port

ACCESS_KEY_ID = "conformance-key"
SECRET_ACCESS_KEY = "conformance-secret"
READY_WITHIN_S = 20
Checksums = Literal["when_required", "when_supported"]


@dataclass
class Endpoint:
    name: str
    command: list[str]
    port: int
    data_dir: Path
    process: subprocess.Popen[bytes] | None = field(default=None)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        environment = os.environ | {
            "ACME_ENV": "test",
            "OBJECTSTORE_ACCESS_KEY_ID": ACCESS_KEY_ID,
            "OBJECTSTORE_SECRET_ACCESS_KEY": SECRET_ACCESS_KEY,
        }
        with (self.data_dir.parent / f"{self.name}.log").open("ab") as log:
            self.process = subprocess.Popen(self.command, env=environment, stdout=log, stderr=log)
        self._wait_until_ready()

    def _wait_until_ready(self) -> None:
        assert self.process is not None
        deadline = time.monotonic() + READY_WITHIN_S
        while time.monotonic() < deadline:
            assert self.process.poll() is None, f"{self.name} ended with {self.process.returncode}"
            try:
                httpx.get(f"{self.url}/-/health")
            except httpx.TransportError:
                time.sleep(0.05)
            else:
                return
        raise AssertionError(f"{self.name} did not answer within {READY_WITHIN_S} s")

    def stop(self, number: signal.Signals = signal.SIGTERM) -> None:
        assert self.process is not None
        self.process.send_signal(number)
        self.process.wait(timeout=READY_WITHIN_S)

    def kill(self) -> None:
        self.stop(signal.SIGKILL)

    @property
    def log(self) -> str:
        return (self.data_dir.parent / f"{self.name}.log").read_text()

    def client(self, checksums: Checksums = "when_required", secret: str = SECRET_ACCESS_KEY) -> S3Client:
        return boto3.client(
            "s3",
            endpoint_url=self.url,
            region_name="auto",
            aws_access_key_id=ACCESS_KEY_ID,
            aws_secret_access_key=secret,
            config=Config(
                signature_version="s3v4",
                s3={"addressing_style": "path"},
                request_checksum_calculation=checksums,
                response_checksum_validation=checksums,
                retries={"total_max_attempts": 1},
                max_pool_connections=20,
            ),
        )


def ours_at(data_dir: Path) -> Endpoint:
    port = free_port()
    module = ["-m", "acme_standalone.objectstore", "--data-dir", str(data_dir), "--port", str(port)]
    return Endpoint("ours", [sys.executable, *module], port, data_dir)


def rclone_at(data_dir: Path) -> Endpoint:
    rclone = shutil.which("rclone", path=str(Path(sys.executable).parent))
    assert rclone, "rclone comes with the dev dependency group"
    data_dir.mkdir()
    port = free_port()
    options = ["--addr", f"127.0.0.1:{port}", "--auth-key", f"{ACCESS_KEY_ID},{SECRET_ACCESS_KEY}"]
    isolated = ["--config", os.devnull, "--cache-dir", str(data_dir.parent / "rclone-cache")]
    return Endpoint("rclone", [rclone, "serve", "s3", *options, *isolated, str(data_dir)], port, data_dir)


def new_bucket_name() -> str:
    return f"test-{secrets.token_hex(6)}"
