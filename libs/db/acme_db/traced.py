"""A span for each statement, with its text: parameters are people's data, and stand apart from it."""

from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.engine import ExceptionContext

from acme_telemetry.spans import Attributes, Kind, Unfinished, begun

_SPAN = "acme_span"


def trace_statements(engine: Engine) -> None:
    event.listen(engine, "before_cursor_execute", _begin)
    event.listen(engine, "after_cursor_execute", _end)
    event.listen(engine, "handle_error", _fail)


def described(sql: str) -> tuple[str, Kind, Attributes]:
    operation = sql.split(None, 1)[0].upper() if sql else "?"
    return f"db {operation}", Kind.CLIENT, {"db.system.name": "postgresql", "db.query.text": sql}


def _begin(_connection: Any, _cursor: Any, statement: str, _parameters: Any, context: Any, *_: Any) -> None:
    setattr(context, _SPAN, begun(*described(statement)))


def _end(_connection: Any, _cursor: Any, _statement: str, _parameters: Any, context: Any, *_: Any) -> None:
    _ended(context, None)


def _fail(error: ExceptionContext) -> None:
    _ended(error.execution_context, error.original_exception)


def _ended(context: Any, error: BaseException | None) -> None:
    span: Unfinished | None = getattr(context, _SPAN, None)
    if span is not None:
        setattr(context, _SPAN, None)
        span.end(error)
