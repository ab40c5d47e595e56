"""docs/reference/settings.md, from the settings classes."""

import ast
import inspect
import json
from collections.abc import Iterator, Mapping, Sequence
from enum import Enum
from itertools import pairwise
from pathlib import Path
from textwrap import dedent
from typing import Any, get_type_hints

from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined, to_jsonable_python

from acme_backoffice.settings import BackofficeSettings
from acme_config import settings as groups
from acme_config.settings import SettingsGroup
from acme_main.settings import MainSettings, MainWorkerSettings, WebhookWorkerSettings
from acme_media.settings import MediaSettings, MediaWorkerSettings

EXAMPLE = Path(__file__).resolve().parents[2] / ".env.example"
READERS: Mapping[str, type] = {
    "backoffice": BackofficeSettings,
    "main": MainSettings,
    "media": MediaSettings,
    "main worker": MainWorkerSettings,
    "webhooks worker": WebhookWorkerSettings,
    "image and face workers": MediaWorkerSettings,
}
HEAD = """Each process reads its settings from the environment, and refuses to start when one is missing or
wrong. `.env.example` has them all, in the order of a file to fill in. A list is JSON. What is empty counts as
not set.
"""


def page(written: str) -> str:
    found = [group for group in vars(groups).values() if _is_group(group)]
    return "# Settings\n\n" + written + "\n" + HEAD + "".join(_section(group) for group in found)


def _is_group(value: object) -> bool:
    return isinstance(value, type) and issubclass(value, SettingsGroup) and value is not SettingsGroup


def _section(group: type[SettingsGroup]) -> str:
    said, commented = _said(group), _commented()
    title = group.__name__.removesuffix("Settings")
    readers = [name for name, settings in READERS.items() if group in get_type_hints(settings).values()]
    lines = [f"\n## {_words(title)}\n\n"]
    if own := inspect.getdoc(group):
        lines.append(f"{_flat(own)}\n\n" if own != inspect.getdoc(SettingsGroup) else "")
    lines.append(f"Read by: {', '.join(readers) or 'the command line'}.\n\n")
    lines.append("| Variable | Default | What it is |\n|---|---|---|\n")
    for name, info in group.model_fields.items():
        variable = str(info.validation_alias)
        what = said.get(name) or commented.get(variable, "")
        lines.append(f"| `{variable}` | {_default(info)} | {_cell(what, info)} |\n")
    return "".join(lines)


def _words(title: str) -> str:
    text = "".join(f" {char.lower()}" if char.isupper() else char for char in title).strip()
    return text[0].upper() + text[1:]


def _flat(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def _default(info: FieldInfo) -> str:
    if info.default is PydanticUndefined:
        return "must be set"
    value = info.default.value if isinstance(info.default, Enum) else info.default
    plain = to_jsonable_python(value)
    if plain in (None, ""):
        return "none"
    text = plain if isinstance(plain, str) else json.dumps(plain)
    return f"`{text}`"


def _cell(said: str, info: FieldInfo) -> str:
    parts = [_flat(said), ", ".join(_bounds(info)), "" if said else _choices(info.annotation)]
    return " ".join(f"{part[0].upper()}{part[1:].rstrip('.')}." for part in parts if part)


def _bounds(info: FieldInfo) -> Iterator[str]:
    words = {
        "ge": "at least {}",
        "gt": "above {}",
        "le": "at most {}",
        "min_length": "at least {} characters",
    }
    for rule in info.metadata:
        for name, text in words.items():
            if (bound := getattr(rule, name, None)) is not None:
                yield text.format(bound)


def _choices(annotation: Any) -> str:
    kinds: Sequence[Any] = [annotation, *getattr(annotation, "__args__", ())]
    for kind in kinds:
        if isinstance(kind, type) and issubclass(kind, Enum):
            return " or ".join(f"`{member.value}`" for member in kind)
    return ""


def _commented() -> dict[str, str]:
    """What stands right above a variable in .env.example."""
    found: dict[str, str] = {}
    said: list[str] = []
    for line in EXAMPLE.read_text().splitlines():
        if line.startswith("# ---") or not line:
            said = []
        elif line.startswith("#"):
            said.append(line.removeprefix("#").strip())
        else:
            found[line.partition("=")[0]] = " ".join(said)
            said = []
    return found


def _said(group: type[SettingsGroup]) -> dict[str, str]:
    """The docstring under each field."""
    found = {}
    module = ast.parse(dedent(inspect.getsource(group)))
    lines = [line for item in module.body if isinstance(item, ast.ClassDef) for line in item.body]
    for field, below in pairwise(lines):
        match field, below:
            case (
                ast.AnnAssign(target=ast.Name(id=name)),
                ast.Expr(value=ast.Constant(value=str(text))),
            ):
                found[name] = text
    return found
