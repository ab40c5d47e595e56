"""A hot folder: what a camera or a card reader puts there is sent when it is complete."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from acme_standalone.upload.client import MediaApi
from acme_standalone.upload.errors import NotAcceptedError, RefusedError, StoppedError, UnreachableError
from acme_standalone.upload.files import LocalFile, look
from acme_standalone.upload.progress import Display
from acme_standalone.upload.report import Report
from acme_standalone.upload.run import Upload
from acme_standalone.upload.verdicts import wait_for_verdicts

Versions = dict[Path, tuple[int, int]]


class HotFolder:
    def __init__(self, folder: Path, *, is_recursive: bool) -> None:
        self._folder = folder
        self._is_recursive = is_recursive
        self._seen: Versions = {}
        self._done: Versions = {}

    def look(self, report: Report) -> list[LocalFile]:
        """Files to send: not dealt with yet, and the same as at the look before."""
        found = look(self._folder, is_recursive=self._is_recursive)
        report.skipped, report.unreadable = found.skipped, found.unreadable
        ready = [file for file in found.files if self._is_ready(file)]
        self._seen = {file.path: file.version for file in found.files}
        return ready

    def settle(self, files: Sequence[LocalFile], report: Report) -> None:
        """What failed for a passing reason is tried again, all else only when it is another file."""
        for file in files:
            outcome = report.outcomes.get(file.path)
            if outcome is not None and outcome.file is file and not outcome.is_passing:
                self._done[file.path] = file.version

    def _is_ready(self, file: LocalFile) -> bool:
        return self._seen.get(file.path) == file.version != self._done.get(file.path)


class Watch:
    def __init__(self, folder: HotFolder, upload: Upload, api: MediaApi, display: Display) -> None:
        self._folder = folder
        self._upload = upload
        self._api = api
        self._display = display
        self._awaits_verdicts = False

    async def run(self, report: Report, interval_s: float) -> NoReturn:
        """Until it is cancelled. An API that is away is waited for. Raises `NotAcceptedError`."""
        while True:
            try:
                await self._round(report)
            except NotAcceptedError:
                raise
            except (StoppedError, RefusedError, UnreachableError) as error:
                self._display.say(f"{error}; trying again")
            await asyncio.sleep(interval_s)

    async def _round(self, report: Report) -> None:
        files = await asyncio.to_thread(self._folder.look, report)
        if files:
            self._awaits_verdicts = True
            try:
                await self._upload.run(files, report)
            finally:
                self._folder.settle(files, report)
        if self._awaits_verdicts:
            is_settled = await wait_for_verdicts(self._api, report, self._display.rejected, 0)
            self._awaits_verdicts = not is_settled
