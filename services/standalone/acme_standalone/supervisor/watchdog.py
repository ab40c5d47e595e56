"""Outlives the supervisor by a few seconds and ends what a killed one leaves: `watchdog RUN_ID`.

On Linux the kernel already signals each direct child; this catches what those had started, and does all
of the work on systems without such a signal. It waits for the end of its standard input, which the
supervisor holds.
"""

import signal
import sys

from acme_standalone.processes.leftovers import DATA_MARK, RUN_MARK, end, has_any, marked

OWN_END_S = 5.0
"""What the database and the queue get to end in order."""
ROUNDS = 3


def main() -> None:
    for ignored in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ignored, signal.SIG_IGN)
    sys.stdin.buffer.read()
    for _ in range(ROUNDS):
        left = marked(RUN_MARK, sys.argv[1])
        servers = [process for process in left if has_any(process, DATA_MARK)]
        end((process for process in left if process not in servers), signal.SIGKILL, OWN_END_S)
        # They have had their death signals on Linux; a second one would cut their good end short.
        end(servers, None if sys.platform == "linux" else signal.SIGTERM, OWN_END_S)


if __name__ == "__main__":
    main()
