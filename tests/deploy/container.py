"""A target's process, without a container engine: its own command, from its own prefix, without any rights.

Where the tests run as root, it sees everything read-only but its /tmp, as Compose and the chart have it.
"""

import os
import shutil
import subprocess
import time
from functools import cache
from pathlib import Path

from tests.deploy.dockerfile import Stage

UID = 10001
ENCLOSED = f"""set -e
mount --make-rprivate /
mount --bind "$TMPDIR" "$TMPDIR"
mount -o remount,ro,bind "$1"
mount -o remount,ro,bind /
shift
exec setpriv --reuid {UID} --regid {UID} --clear-groups \\
    --no-new-privs --inh-caps=-all --bounding-set=-all "$@"
"""
"""`read_only`, `cap_drop` and `no-new-privileges`, in a mount namespace of its own."""


@cache
def can_enclose() -> bool:
    unshare, setpriv = shutil.which("unshare"), shutil.which("setpriv")
    if os.geteuid() != 0 or unshare is None or setpriv is None:
        return False
    return subprocess.run([unshare, "--mount", "true"], capture_output=True, check=False).returncode == 0


class Container:
    def __init__(self, stage: Stage, prefix: Path, settings: dict[str, str]) -> None:
        self._stage = stage
        self._environment = {**settings, "PATH": f"{prefix / 'bin'}:{os.defpath}"}
        self._bin = prefix / "bin"

    def run(self, command: list[str]) -> subprocess.Popen[str]:
        program, is_enclosed = str(self._bin / command[0]), can_enclose()
        rights = UID if os.geteuid() == 0 and not is_enclosed else None
        return subprocess.Popen(
            [*(self._enclosure() if is_enclosed else []), program, *command[1:]],
            cwd="/",
            env=self._environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            user=rights,
            group=rights,
            extra_groups=None if rights is None else [],
        )

    def _enclosure(self) -> list[str]:
        mounted = next(path for path in self._bin.parents if path.is_mount())
        return ["unshare", "--mount", "sh", "-c", ENCLOSED, "sh", str(mounted)]

    def become_healthy(self, process: subprocess.Popen[str]) -> None:
        """As Docker does: by the command of HEALTHCHECK, until it succeeds."""
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline and process.poll() is None:
            with self.run(self._stage.health) as probe:
                probe.communicate(timeout=60)
            if probe.returncode == 0:
                return
            time.sleep(0.5)
        process.kill()
        raise AssertionError(process.communicate()[0][-4000:])
