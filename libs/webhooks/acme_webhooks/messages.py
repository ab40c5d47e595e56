"""What is sent: `type`, `timestamp` and `data`, as the specification recommends."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any


def told(event: str, at: datetime, data: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "type": event,
        "timestamp": at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        "data": dict(data),
    }


def body_of(event: str, at: datetime, data: Mapping[str, Any]) -> str:
    """The same text at every try: its signature is all that changes."""
    return json.dumps(told(event, at, data), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
