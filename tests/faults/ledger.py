"""What was asked, what was acknowledged, and what was done to the platform meanwhile."""

from collections import Counter
from dataclasses import dataclass, field
from threading import Lock


@dataclass
class Ledger:
    """Written by several threads. Only what the platform has acknowledged may be demanded of it."""

    requests: Counter[str] = field(default_factory=Counter)
    """By actor, each try counted."""
    lost_answers: Counter[str] = field(default_factory=Counter)
    """Tries that ended without an answer, or with a 5xx."""
    faults: Counter[str] = field(default_factory=Counter)
    uploads: dict[str, frozenset[str]] = field(default_factory=dict)
    """Acknowledged photos, and who is in them."""
    payments: dict[str, str] = field(default_factory=dict)
    """Purchases whose payment the provider has confirmed, and their buyer's token."""
    receipts: dict[str, str] = field(default_factory=dict)
    """Erasures that were promised, and whose they are."""
    decisions: dict[tuple[str, str], str] = field(default_factory=dict)
    """Photo and guest whom the operator has put together by hand, and the guest's token."""
    wrong_access: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    """Answers that no healthy or ailing platform gives."""
    _lock: Lock = field(default_factory=Lock)

    def count(self, kind: Counter[str], name: str) -> None:
        with self._lock:
            kind[name] += 1

    @property
    def acknowledged(self) -> int:
        return len(self.uploads) + len(self.payments) + len(self.receipts) + len(self.decisions)
