"""The files of one look, in batches: digested, announced, sent by several workers at once."""

import asyncio
from collections.abc import AsyncIterator, Sequence

from acme_standalone.upload.client import Held, MediaApi, Refusal, Ticket
from acme_standalone.upload.errors import FileChangedError, StoppedError, UnreachableError
from acme_standalone.upload.files import DigestedFile, LocalFile, digest
from acme_standalone.upload.progress import Display
from acme_standalone.upload.report import Outcome, Report, State
from acme_standalone.upload.transfer import Transfer

BATCH_FILES = 100
"""As many as the API takes."""
BATCH_BYTES = 250_000_000
"""URLs run out after 15 minutes: no more are asked for than a slow line can use in that time."""
HOPELESS = 10
"""So many files in a row without an answer, and the run ends."""

Waiting = asyncio.Queue[tuple[DigestedFile, Ticket] | None]
"""None tells one worker that nothing more comes."""


class Upload:
    def __init__(self, api: MediaApi, transfer: Transfer, display: Display, jobs: int) -> None:
        self._api = api
        self._transfer = transfer
        self._display = display
        self._jobs = jobs
        self._lost_in_a_row = 0

    async def run(self, files: Sequence[LocalFile], report: Report) -> None:
        """Raises `StoppedError` when it makes no sense to go on; `report` tells how far it came."""
        self._display.expect(files)
        self._lost_in_a_row = 0
        waiting: Waiting = asyncio.Queue(self._jobs)
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._announce(files, waiting, report))
                for _ in range(self._jobs):
                    group.create_task(self._work(waiting, report))
        except ExceptionGroup as errors:
            raise errors.exceptions[0] from None

    async def _announce(self, files: Sequence[LocalFile], waiting: Waiting, report: Report) -> None:
        async for batch in self._batches(files, report):
            try:
                answers = await self._api.issue(batch)
            except UnreachableError as error:
                raise StoppedError(f"The media API cannot be reached: {error}") from error
            for digested, issued in zip(batch, answers, strict=True):
                match issued:
                    case Ticket():
                        await waiting.put((digested, issued))
                    case Held(photo_id):
                        self._end(Outcome(digested.file, State.HELD, photo_id), report)
                    case Refusal(reason):
                        self._end(Outcome(digested.file, State.FAILED, note=reason), report)
        for _ in range(self._jobs):
            await waiting.put(None)

    async def _batches(self, files: Sequence[LocalFile], report: Report) -> AsyncIterator[list[DigestedFile]]:
        batch: list[DigestedFile] = []
        first_with: dict[str, LocalFile] = {}
        for file in files:
            digested = await self._digest(file, report)
            if digested is None:
                continue
            first = first_with.setdefault(digested.sha256, file)
            if first is not file:
                self._end(Outcome(file, State.SAME, note=first.shown), report)
                continue
            batch.append(digested)
            if len(batch) == BATCH_FILES or sum(item.file.size_bytes for item in batch) >= BATCH_BYTES:
                yield batch
                batch = []
        if batch:
            yield batch

    async def _digest(self, file: LocalFile, report: Report) -> DigestedFile | None:
        if not file.size_bytes:
            self._end(Outcome(file, State.FAILED, note="empty_file: there is nothing in it"), report)
            return None
        try:
            return await asyncio.to_thread(digest, file)
        except FileChangedError as error:
            self._end(Outcome(file, State.FAILED, note=str(error), is_passing=True), report)
        except OSError as error:
            self._end(Outcome(file, State.FAILED, note=f"unreadable: {error.strerror or error}"), report)
        return None

    async def _work(self, waiting: Waiting, report: Report) -> None:
        while (item := await waiting.get()) is not None:
            outcome = await self._transfer.send(*item)
            self._end(outcome, report)
            self._lost_in_a_row = self._lost_in_a_row + 1 if outcome.is_passing else 0
            if self._lost_in_a_row == HOPELESS:
                raise StoppedError(f"Nothing gets through: {outcome.note}")

    def _end(self, outcome: Outcome, report: Report) -> None:
        report.add(outcome)
        self._display.ended(outcome)
