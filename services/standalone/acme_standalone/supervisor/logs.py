"""What the processes print: kept in files of bounded size, and shown when asked for."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from itertools import pairwise
from pathlib import Path
from typing import BinaryIO

FILE_LIMIT = 10_000_000
KEPT_FILES = 3
LONGEST_LINE = 64_000


class ProcessLog:
    """`<name>.log`, then `.log.1` to `.log.3`, the oldest last."""

    def __init__(
        self, path: Path, show: Callable[[str], None] | None = None, limit: int = FILE_LIMIT
    ) -> None:
        self.path = path
        self._show = show
        self._limit = limit
        self._shown = b""
        self._file: BinaryIO | None = None

    def write(self, data: bytes) -> None:
        """Never fails: a full disk must not stop a process that wants to say so."""
        with suppress(OSError):
            self._append(data)
        if self._show:
            self._print_lines(data, self._show)

    def close(self) -> None:
        if self._file:
            self._file.close()
            self._file = None

    def _append(self, data: bytes) -> None:
        if self._file is None:
            self._file = self.path.open("ab", buffering=0)
        self._file.write(data)
        if self._file.tell() > self._limit:
            self._rotate()

    def _rotate(self) -> None:
        self.close()
        files = [self.path, *(self.path.with_suffix(f".log.{n}") for n in range(1, KEPT_FILES + 1))]
        for newer, older in reversed(list(pairwise(files))):
            if newer.exists():
                newer.replace(older)

    def _print_lines(self, data: bytes, show: Callable[[str], None]) -> None:
        *lines, rest = (self._shown + data).split(b"\n")
        self._shown = rest[:LONGEST_LINE]
        for line in lines:
            show(line.decode(errors="replace"))


@asynccontextmanager
async def pumped_into(log: ProcessLog) -> AsyncIterator[int]:
    """Yields the descriptor that a child writes to; what it writes goes into the log.

    A pipe of our own rather than asyncio's: there the end of a process waits for the end of its pipe, which
    a grandchild may hold for ever.
    """
    reading, writing = os.pipe()
    reader = asyncio.StreamReader()
    transport, _ = await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(reading, "rb", buffering=0)
    )
    pump = asyncio.create_task(_pump(reader, log))
    try:
        yield writing
    finally:
        os.close(writing)
        # The last words are already in the pipe; a grandchild that keeps it open is not waited for.
        await asyncio.wait([pump], timeout=0.5)
        pump.cancel()
        transport.close()


async def _pump(reader: asyncio.StreamReader, log: ProcessLog) -> None:
    while data := await reader.read(65536):
        log.write(data)
