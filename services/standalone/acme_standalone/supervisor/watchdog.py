"""Outlives the supervisor by a few seconds and ends what a killed one leaves: `watchdog RUN_ID`.

On Linux the kernel already signals each direct child; this catches what those had started, and does all
of the work on systems without such a signal. It waits for the end of its standard input, which the
supervisor holds.
"""

import signal
import sys

from acme_standalone.processes.leftovers import end_run

ROUNDS = 3
"""What is being started at this very moment shows in the next round."""


def main() -> None:
    for ignored in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ignored, signal.SIG_IGN)
    sys.stdin.buffer.read()
    for _ in range(ROUNDS):
        end_run(sys.argv[1])


if __name__ == "__main__":
    main()
