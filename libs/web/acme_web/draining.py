"""Before an idle connection is closed, whoever is about to use it hears that this was its last answer.

A request that meets a closing connection fails, and a client may not know whether it was heard.
"""

from typing import Final

from acme_web.slow_clients import BoundedProtocol

DRAIN_S: Final = 1.0
LAST_ANSWER: Final = (b"connection", b"close")


class DrainingProtocol(BoundedProtocol):
    def shutdown(self) -> None:
        """By uvicorn, of each connection, when nobody is let in any more; it waits until all are closed."""
        state = self.server_state
        if LAST_ANSWER not in state.default_headers:
            state.default_headers = [*state.default_headers, LAST_ANSWER]
        self.loop.call_later(DRAIN_S, super().shutdown)
