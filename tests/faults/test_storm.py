"""A running event, and everything that breaks: nothing acknowledged is lost, nothing doubled, nobody let in.

Half a minute in `make test`; `make soak MINUTES=10` for longer, with a table of what was done.
"""

import json
import os
import platform as machine
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.e2e.running import Running
from tests.faults.storm import Storm, client

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(7200)]

SECONDS = float(os.environ.get("SOAK_MINUTES") or 0.5) * 60
EVERY_S = 3.0


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    # Whoever did something is asked about it after the storm too, however long that was.
    platform = Running(tmp_path_factory.mktemp("storm") / "data")
    platform.settings()
    yield platform
    platform.stop()


@pytest.fixture(scope="module")
def storm(running: Running, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Storm]:
    """What is left when the storm is over and the platform has come to rest."""
    with client() as http:
        storm = Storm(running, tmp_path_factory.mktemp("selfies"), http)
        storm.set_up()
        storm.rage(SECONDS, EVERY_S)
        storm.settle()
        yield storm


def test_there_was_a_storm(storm: Storm) -> None:
    assert storm.ledger.faults.total() >= SECONDS / EVERY_S / 3
    assert storm.ledger.acknowledged > 5
    assert storm.ledger.complaints == []


def test_nothing_acknowledged_is_lost(storm: Storm) -> None:
    assert storm.lost() == []


def test_nothing_happened_twice(storm: Storm) -> None:
    assert storm.doubled() == []


def test_everybody_is_found_where_they_are_and_nowhere_else(storm: Storm) -> None:
    assert storm.wrong_matches() == []


def test_nobody_was_let_in(storm: Storm) -> None:
    assert storm.ledger.wrong_access == []


def test_every_promise_holds(storm: Storm) -> None:
    findings = verify(storm.running)
    assert [finding for finding in findings if finding["broken"]] == []


def test_what_was_done_is_told(storm: Storm, capsys: pytest.CaptureFixture[str]) -> None:
    """The table for the docs, with `make soak`."""
    table = table_of(storm)
    assert "| lost | 0 |" in table
    with capsys.disabled():
        if "SOAK_MINUTES" in os.environ:
            print(f"\n{table}")  # noqa: T201 - it was asked for
    if target := os.environ.get("SOAK_TABLE"):
        Path(target).write_text(table)


def verify(running: Running) -> list[dict[str, object]]:
    done = subprocess.run(
        [sys.executable, "-m", "acme_standalone", "verify", "--json", "--data-dir", str(running.data.path)],
        env={name: text for name, text in os.environ.items() if name in {"PATH", "HOME"}},
        capture_output=True,
        text=True,
        check=False,
    )
    findings: list[dict[str, object]] = json.loads(done.stdout or "[]")
    assert findings, done.stderr
    return findings


def table_of(storm: Storm) -> str:
    ledger = storm.ledger
    broken = sum(int(str(finding["broken"])) for finding in verify(storm.running))
    rows = {
        **{f"fault: {name}": count for name, count in sorted(ledger.faults.items())},
        "faults in all": ledger.faults.total(),
        "requests sent": ledger.requests.total(),
        "without an answer, or with a 5xx": ledger.lost_answers.total(),
        "uploads acknowledged": len(ledger.uploads),
        "payments confirmed": len(ledger.payments),
        "erasures promised": len(ledger.receipts),
        "lost": len(storm.lost()),
        "doubled": len(storm.doubled()),
        "promises broken": broken,
        "wrong matches": len(storm.wrong_matches()),
        "wrong access": len(ledger.wrong_access),
    }
    when = datetime.now(UTC).date()
    head = f"{when}, {SECONDS / 60:.1f} minutes, {machine.machine()}, {os.cpu_count()} cores, Python"
    lines = [f"{head} {machine.python_version()}", "", "| what | how many |", "|---|---|"]
    return "\n".join([*lines, *(f"| {name} | {count} |" for name, count in rows.items())]) + "\n"
