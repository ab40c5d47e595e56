"""How long to wait before a process that died is started again."""

from dataclasses import dataclass

FIRST_S = 0.2
LONGEST_S = 10.0
FORGIVEN_AFTER_S = 30.0


@dataclass
class Backoff:
    _next_s: float = FIRST_S

    def after(self, lived_s: float) -> float:
        """Doubles with each death, up to a limit; a process that lived long enough starts anew."""
        if lived_s >= FORGIVEN_AFTER_S:
            self._next_s = FIRST_S
        delay = self._next_s
        self._next_s = min(LONGEST_S, delay * 2)
        return delay
