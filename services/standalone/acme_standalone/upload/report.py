"""What became of each file."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from acme_standalone.upload.files import LocalFile

LISTED = 20
"""Names of skipped files; a folder may hold a raw file beside each photo."""


class State(StrEnum):
    SENT = "sent"
    HELD = "already there"
    SAME = "same as another file"
    FAILED = "failed"


@dataclass(frozen=True)
class Outcome:
    file: LocalFile
    state: State
    photo_id: str | None = None
    note: str = ""
    """Why it failed, or which file it equals."""
    is_passing: bool = False
    """It failed for a reason that may be gone at the next try."""


@dataclass
class Report:
    """Grows while the upload runs, so that a run that is cut off can say how far it came."""

    outcomes: dict[Path, Outcome] = field(default_factory=dict)
    """The newest of each file."""
    unreadable: list[tuple[str, str]] = field(default_factory=list)
    """Path and reason."""
    skipped: list[str] = field(default_factory=list)

    def add(self, outcome: Outcome) -> None:
        self.outcomes[outcome.file.path] = outcome

    def failures(self) -> Iterator[tuple[str, str]]:
        """Path and reason."""
        yield from self.unreadable
        for outcome in self.outcomes.values():
            if outcome.state is State.FAILED:
                yield outcome.file.shown, outcome.note

    def lines(self) -> Iterator[str]:
        if self.skipped:
            yield "Skipped, as no files that the platform takes:"
            yield from (f"  {shown}" for shown in self.skipped[:LISTED])
        if len(self.skipped) > LISTED:
            yield f"  and {len(self.skipped) - LISTED} more"
        if failures := list(self.failures()):
            yield "Failed:"
            yield from (f"  {shown} - {reason}" for shown, reason in failures)
        yield ", ".join(self._totals()) or "There is nothing to send"

    def _totals(self) -> Iterator[str]:
        counts = Counter(outcome.state for outcome in self.outcomes.values())
        counts[State.FAILED] += len(self.unreadable)
        yield from (f"{counts[state]} {state}" for state in State if counts[state])
