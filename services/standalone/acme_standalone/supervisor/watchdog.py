"""Outlives the supervisor by a few seconds and ends what a killed one leaves: `watchdog RUN_ID`.

On Linux the kernel already signals each direct child; this catches what those had started, and does all
of the work on systems without such a signal. It waits for the end of its standard input, which the
supervisor holds.
"""

import signal
import sys

import psutil

from acme_standalone.processes.leftovers import RUN_MARK, end, marked

OWN_END_S = 4.0
"""PostgreSQL and Valkey end in order after their death signals."""
ROUNDS = 3


def main() -> None:
    for ignored in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ignored, signal.SIG_IGN)
    sys.stdin.buffer.read()
    for _ in range(ROUNDS):
        left = marked(RUN_MARK, sys.argv[1])
        _, alive = psutil.wait_procs(left, timeout=OWN_END_S if sys.platform == "linux" else 0)
        end(alive, signal.SIGTERM, OWN_END_S)
        if not left:
            break


if __name__ == "__main__":
    main()
