"""A platform of toys on the real database and queue.

`toy_platform.py DATA_DIR PORT... [--failing-step] [--verbose]`
Run as a process of its own by the supervisor's tests, which kill it in every way.
"""

import os
import sys
from pathlib import Path

from acme_standalone.settings.ports import Ports, PortsUnusableError
from acme_standalone.settings.secrets import Secrets
from acme_standalone.supervisor.plan import python_command, server_units
from acme_standalone.supervisor.state import AlreadyRunningError, DataDirectory
from acme_standalone.supervisor.unit import Unit, answers, lives_for
from acme_standalone.supervisor.up import up

# Ignores SIGTERM and has a child in its group: the worst kind of program to stop.
STUBBORN = """
import signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)  # toy-grandchild"])
print("stubborn toy speaks", flush=True)
time.sleep(600)  # toy-stubborn
"""
STEP = "import sys; print('toy step speaks'); sys.exit(int(sys.argv[1]))"


def toy_units(data: Path, ports: Ports, secrets: Secrets, environment: dict[str, str]) -> list[Unit]:
    inherited = {**os.environ, **environment, "PYTHONUNBUFFERED": "1"}
    web = ("-m", "http.server", str(ports.backoffice), "--bind", "127.0.0.1")
    step_status = "3" if "--failing-step" in sys.argv else "0"
    step = python_command(("-c", STEP, step_status), inherited)
    return [
        *server_units(data, ports, secrets),
        Unit("step", step, lives_for(0), ("postgres",), is_step=True),
        Unit(
            "web", python_command(web, inherited), answers(f"http://127.0.0.1:{ports.backoffice}/"), ("step",)
        ),
        Unit(
            "stubborn",
            python_command(("-c", STUBBORN), inherited),
            lives_for(0.3),
            ("valkey",),
            stop_grace_s=0.4,
        ),
    ]


def main() -> None:
    numbers = [int(text) for text in sys.argv[2 : 2 + len(Ports.names())]]
    try:
        data = DataDirectory.chosen(Path(sys.argv[1]))
        status = up(data, Ports(*numbers), {}, is_verbose="--verbose" in sys.argv, plan=toy_units)
    except (AlreadyRunningError, PortsUnusableError) as error:
        sys.exit(str(error))
    sys.exit(status)


if __name__ == "__main__":
    main()
