"""What is seen while it runs: bars on a terminal, a line per file elsewhere."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Protocol

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)

from acme_standalone.upload.files import LocalFile
from acme_standalone.upload.report import Outcome, State

Advance = Callable[[int], None]


class Display(Protocol):
    def say(self, text: str) -> None: ...

    def expect(self, files: Sequence[LocalFile]) -> None:
        """These come next."""

    def sending(self, file: LocalFile) -> AbstractContextManager[Advance]:
        """While one attempt at the file lasts; called with the number of bytes that went out."""

    def ended(self, outcome: Outcome) -> None: ...

    def rejected(self, outcome: Outcome) -> None:
        """A file that had been sent is none that the server can use."""


class Lines:
    """For logs and pipes."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def say(self, text: str) -> None:
        self._console.print(text, markup=False, soft_wrap=True)

    def expect(self, files: Sequence[LocalFile]) -> None:
        total = sum(file.size_bytes for file in files)
        self.say(f"{len(files)} files, {total / 1e6:.1f} MB")

    def sending(self, file: LocalFile) -> AbstractContextManager[Advance]:  # noqa: ARG002 - only its end is told
        return nullcontext(lambda _: None)

    def ended(self, outcome: Outcome) -> None:
        self.say(line_of(outcome))

    rejected = ended


class Bars:
    """One for the folder, one for each file that is under way."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._all = progress.add_task("", start=False)
        self._expected = self._ended = 0

    def say(self, text: str) -> None:
        self._progress.console.print(text, markup=False)

    def expect(self, files: Sequence[LocalFile]) -> None:
        self._expected, self._ended = len(files), 0
        total = sum(file.size_bytes for file in files)
        self._progress.reset(self._all, total=total, description=self._counted())

    @contextmanager
    def sending(self, file: LocalFile) -> Iterator[Advance]:
        task = self._progress.add_task(file.shown, total=file.size_bytes)
        try:
            yield lambda count: self._progress.advance(task, count)
        finally:
            self._progress.remove_task(task)

    def ended(self, outcome: Outcome) -> None:
        self._ended += 1
        self._progress.update(self._all, advance=outcome.file.size_bytes, description=self._counted())
        if outcome.state is State.FAILED:
            self.rejected(outcome)

    def rejected(self, outcome: Outcome) -> None:
        self.say(line_of(outcome))

    def _counted(self) -> str:
        return f"{self._ended} of {self._expected} files"


@contextmanager
def display(console: Console) -> Iterator[Display]:
    if not console.is_terminal:
        yield Lines(console)
        return
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console) as progress:
        yield Bars(progress)


def line_of(outcome: Outcome) -> str:
    note = f" ({outcome.note})" if outcome.note else ""
    return f"{outcome.state}: {outcome.file.shown}{note}"
