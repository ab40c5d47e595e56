"""A line of the log is JSON, whatever is told."""

import io
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
import structlog
from pydantic import SecretStr

from acme_core.logs import configure_logging


class Counted(io.StringIO):
    writes = 0

    def write(self, text: str) -> int:
        self.writes += 1
        return super().write(text)


@dataclass
class Account:
    name: str
    password: str = field(repr=False)


@pytest.fixture
def log() -> Iterator[Counted]:
    before = structlog.get_config()
    stream = Counted()
    configure_logging(stream=stream)
    yield stream
    structlog.configure(**before)


def told(log: Counted, **fields: object) -> dict[str, Any]:
    log.truncate(log.seek(0))
    structlog.get_logger().info("told", **fields)
    (line,) = log.getvalue().splitlines()
    found: dict[str, Any] = json.loads(line)
    return found


@pytest.mark.parametrize(
    "value",
    [
        "",
        '\u00dc\n"\\\u2028\U0001f98a',
        "\ud800",
        "\x00",
        1,
        -(2**63),
        2**64,
        10**400,
        0.1,
        1e300,
        True,
        None,
        [1],
    ],
)
def test_what_is_told_is_read_again(log: Counted, value: object) -> None:
    assert told(log, value=value)["value"] == value


def test_a_line_is_written_at_once(log: Counted) -> None:
    structlog.get_logger().info("told", value=1)
    assert log.writes == 1


def test_objects_are_told_by_their_repr(log: Counted) -> None:
    account = Account("Ann", "not to be told")
    found = told(log, account=account, secret=SecretStr("nor this"))
    assert found["account"] == repr(account)
    assert "told" not in found["account"]
    assert "nor this" not in json.dumps(found)
