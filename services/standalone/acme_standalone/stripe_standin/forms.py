"""Stripe's bodies are forms with brackets: `metadata[purchase_id]=1&expand[]=latest_charge`."""

import re
from typing import Any
from urllib.parse import parse_qsl

_PART = re.compile(r"\[([^\]]*)\]")


def parse_form(text: str) -> dict[str, Any]:
    """Nested dicts of strings; a list of `x[]` or `x[0]` comes as a list."""
    result: dict[str, Any] = {}
    for name, value in parse_qsl(text, keep_blank_values=True):
        head, _, tail = name.partition("[")
        parts = _PART.findall(f"[{tail}") if tail else []
        _put(result, [head, *parts], value)
    return result


def _put(target: dict[str, Any], path: list[str], value: str) -> None:
    first, *rest = path
    if not rest:
        target[first] = value
    elif rest[0] == "" or rest[0].isdigit():
        target.setdefault(first, []).append(value)
    else:
        _put(target.setdefault(first, {}), rest, value)
