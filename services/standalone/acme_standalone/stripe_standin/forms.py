"""Stripe's bodies are forms with brackets: `metadata[purchase_id]=1&expand[]=latest_charge`."""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from acme_standalone.stripe_standin.errors import invalid

_NAME = re.compile(r"[^\[\]]+(\[[^\[\]]*\])*")
_PART = re.compile(r"\[([^\]]*)\]")
MAX_DEPTH, MAX_FIELDS = 8, 1000

Form = Mapping[str, Any]


def parse_form(raw: bytes) -> dict[str, Any]:
    """Nested dicts of strings; `x[]` comes as a list. Raises StripeError for what Stripe would not read."""
    try:
        pairs = parse_qsl(raw.decode(), keep_blank_values=True, errors="strict", max_num_fields=MAX_FIELDS)
    except UnicodeDecodeError as error:
        raise invalid("Invalid request: the parameters are not UTF-8.") from error
    except ValueError as error:
        raise invalid("Invalid request: too many parameters.") from error
    result: dict[str, Any] = {}
    for name, value in pairs:
        _put(result, _path(name, value), value, name)
    return result


def text_of(form: Form, name: str) -> str | None:
    value = form.get(name)
    if value is not None and not isinstance(value, str):
        raise invalid(f"Invalid string: {name}", param=name)
    return value


def object_of(form: Form, name: str) -> dict[str, str]:
    """Empty when absent or blank, which is how Stripe's clients unset one."""
    value = form.get(name) or {}
    if not isinstance(value, dict):
        raise invalid("Invalid object", param=name)
    for key, item in value.items():
        if not isinstance(item, str):
            raise invalid(f"Invalid string: {key}", param=f"{name}[{key}]")
    return value


def strings_of(form: Form, name: str) -> list[str]:
    """A list comes as `x[]` or, from the SDK, as `x[0]`."""
    value = form.get(name, [])
    if isinstance(value, dict):
        value = list(value.values())
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise invalid("Invalid array", param=name)
    return value


def _path(name: str, value: str) -> list[str]:
    if "\0" in name or "\0" in value:
        raise invalid("Invalid request: a parameter contains NUL.", param=name.replace("\0", ""))
    head, bracket, _ = name.partition("[")
    if name.count("[") > MAX_DEPTH:
        raise invalid("Invalid request: parameters are nested too deeply.", param=head)
    if not _NAME.fullmatch(name):
        raise invalid(f"Invalid parameter name: {name}", param=head or name)
    return [head, *(_PART.findall(name) if bracket else [])]


def _put(target: dict[str, Any], path: list[str], value: str, name: str) -> None:
    first, *rest = path
    kind = str if not rest else list if rest == [""] else dict
    if "" in rest[:-1] or not isinstance(target.get(first, kind()), kind):
        raise invalid(f"Invalid parameter: {name} conflicts with another.", param=path[0])
    if kind is str:
        target[first] = value
    elif kind is list:
        target.setdefault(first, []).append(value)
    else:
        _put(target.setdefault(first, {}), rest, value, name)
