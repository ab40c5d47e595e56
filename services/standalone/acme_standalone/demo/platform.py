"""The platform that the demo talks to: the running one, else one started for it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from acme_config.settings import FaceEngineName
from acme_standalone.demo.narrator import DemoFailedError, Narrator
from acme_standalone.supervisor.state import DataDirectory, NotRunningError

START_TIMEOUT_S = 180.0
STOP_TIMEOUT_S = 60.0


@contextmanager
def running_platform(
    narrator: Narrator, faces: FaceEngineName | None, *, keep: bool
) -> Iterator[Mapping[str, str]]:
    """Yields the platform's settings. One that was running before, or is to be kept, stays up."""
    data = DataDirectory.chosen(None)
    try:
        settings = data.running_environment()
    except NotRunningError:
        pass
    else:
        if faces and settings["FACE_ENGINE"] != faces:
            raise DemoFailedError(
                f"the running platform finds faces with {settings['FACE_ENGINE']}: stop it first"
            )
        narrator.look("using the running platform", str(data.path))
        yield settings
        return
    process = _start(narrator, data, faces)
    try:
        yield data.running_environment()
        if keep:
            narrator.look("the platform stays up", "Ctrl-C stops it")
            process.wait()
    finally:
        _stop(process)


def _start(
    narrator: Narrator, data: DataDirectory, faces: FaceEngineName | None
) -> "subprocess.Popen[bytes]":
    data.create()
    log_path = data.path / "demo-platform.log"
    with narrator.step("started the platform") as results, log_path.open("wb") as log:
        command = [sys.executable, "-m", "acme_standalone", "up", *(("--faces", faces) if faces else ())]
        process = subprocess.Popen(command, stdout=log, stderr=log, env=_environment())  # noqa: S603 - ourselves
        deadline = time.monotonic() + START_TIMEOUT_S
        while not _is_ready(data):
            if process.poll() is not None or time.monotonic() > deadline:
                _stop(process)
                raise DemoFailedError(f"the platform did not start:\n{log_path.read_text()}")
            time.sleep(0.1)
        results.append(f"data in {data.path}")
    return process


def _is_ready(data: DataDirectory) -> bool:
    try:
        return bool(data.running_environment())
    except NotRunningError:
        return False


def _stop(process: "subprocess.Popen[bytes]") -> None:
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
    try:
        process.wait(STOP_TIMEOUT_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONUNBUFFERED": "1"}
