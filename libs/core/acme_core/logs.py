import json
import logging
import sys
from contextlib import suppress
from types import NoneType
from typing import Any, TextIO

import msgspec
import structlog

_PLAIN = frozenset({str, int, float, bool, NoneType})
_encode = msgspec.json.Encoder().encode


def configure_logging(*, level: str = "INFO", as_json: bool = True, stream: TextIO | None = None) -> None:
    """One line per event, on stderr, with the bound request or job id."""
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer(_as_json)
        if as_json
        else structlog.dev.ConsoleRenderer(colors=False)
    )
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    number = logging.getLevelNamesMapping().get(level.upper(), logging.INFO)
    target = stream or sys.stderr
    structlog.configure(
        processors=[*shared, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.WriteLoggerFactory(target),  # a line is one write: `print` makes two
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(target)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(processor=renderer, foreign_pre_chain=shared))
    logging.basicConfig(handlers=[handler], level=max(number, logging.WARNING), force=True)


def _as_json(event: dict[str, Any], **options: Any) -> str:
    """Each request has its line: `json` takes 7 us to write it, msgspec 1.

    What is not plain is left to `json`, which tells of an object no more than its `repr` does.
    """
    if all(type(value) in _PLAIN for value in event.values()):
        with suppress(ValueError, OverflowError):  # half of a surrogate pair, a number of hundreds of digits
            line = _encode(event)
            if line.isascii():  # among the other letters are some that end a line
                return line.decode()
    return json.dumps(event, separators=(",", ":"), **options)
