"""Tells what happens, and how long it took."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console


class DemoFailedError(Exception):
    """Something did not go as it must; the message is for the reader."""


class Narrator:
    def __init__(self) -> None:
        self._console = Console(highlight=False)
        self._started = time.monotonic()

    def chapter(self, title: str) -> None:
        self._console.print(f"\n[bold]{title}[/bold]")

    @contextmanager
    def step(self, text: str) -> Iterator[list[str]]:
        """Yields a list for what came of it; printed with the time once the step is done."""
        started = time.monotonic()
        results: list[str] = []
        yield results
        seconds = time.monotonic() - started
        outcome = f": [green]{'; '.join(results)}[/green]" if results else ""
        self._console.print(f"  [dim]{seconds:6.2f} s[/dim]  {text}{outcome}", soft_wrap=True)

    def look(self, what: str, where: str) -> None:
        self._console.print(f"             [dim]{what}:[/dim] {where}", soft_wrap=True)

    def end(self) -> None:
        total = time.monotonic() - self._started
        self._console.print(f"\n[bold green]All of it worked, in {total:.1f} s.[/bold green]")

    def fail(self, message: str) -> None:
        self._console.print(f"\n[bold red]The demo failed:[/bold red] {message}")
