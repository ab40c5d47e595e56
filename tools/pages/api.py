"""reference/api-*.md, from the OpenAPI documents."""

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

Json = Mapping[str, Any]

TITLES = {"backoffice": "The backoffice API", "main": "The guests' API", "media": "The media API"}
_CODE = re.compile(r"`([a-z_]+)`: ([^;]+)")
_METHODS = ("get", "post", "put", "patch", "delete")


def pages(folder: Path) -> Mapping[str, str]:
    """Texts by the name of their file."""
    return {
        f"api-{name}.md": "".join(_page(title, name, json.loads((folder / f"{name}.json").read_text())))
        for name, title in TITLES.items()
    }


def _page(title: str, name: str, document: Json) -> Iterator[str]:
    yield f"# {title}\n\n"
    yield f"Made from `openapi/{name}.json`, which the service also answers at `GET /openapi.json`.\n"
    yield "What every call has in common is told [in one place](api.md).\n"
    by_tag: dict[str, list[tuple[str, str, Json]]] = defaultdict(list)
    for path, item in document["paths"].items():
        for method in (each for each in _METHODS if each in item):
            by_tag[item[method].get("tags", ["the service itself"])[0]].append((method, path, item[method]))
    for tag, calls in by_tag.items():
        yield f"\n## {tag.capitalize()}\n"
        for call in calls:
            yield from _call(*call)
    yield "\n## What is sent and answered\n"
    for schema_name, schema in sorted(document["components"]["schemas"].items()):
        yield from _schema(schema_name, schema)


def _call(method: str, path: str, call: Json) -> Iterator[str]:
    yield f"\n### {method.upper()} {path}\n\n"
    if said := call.get("description"):
        yield f"{_flat(said)}\n\n"
    if parameters := [each for each in call.get("parameters", ()) if each["in"] != "path"]:
        yield "| Parameter | In | Kind |\n|---|---|---|\n"
        yield from (f"| `{each['name']}` | {each['in']} | {_kind(each['schema'])} |\n" for each in parameters)
        yield "\n"
    if body := call.get("requestBody"):
        yield f"Sends {_content(body)}. "
    answers = [(status, each) for status, each in call["responses"].items() if status < "400"]
    yield "Answers " + ", or ".join(f"{status} {_content(each)}".strip() for status, each in answers) + ".\n"
    codes = sorted(set(_codes(call["responses"])))
    if codes:
        yield "\nProblems: " + ", ".join(f"[`{code}`](../errors.md)" for code in codes) + ".\n"


def _codes(responses: Json) -> Iterator[str]:
    for status, answer in responses.items():
        if status >= "400":
            yield from (code for code, _ in _CODE.findall(answer["description"]))


def _content(part: Json) -> str:
    kinds = part.get("content", {})
    if "application/json" in kinds:
        return _kind(kinds["application/json"].get("schema", {}))
    return " or ".join(f"`{kind}`" for kind in kinds)


def _schema(name: str, schema: Json) -> Iterator[str]:
    yield f"\n### {name}\n\n"
    if said := schema.get("description"):
        yield f"{_flat(said)}\n\n"
    if values := schema.get("enum"):
        yield "One of " + ", ".join(f"`{value}`" for value in values) + ".\n"
        return
    required: Sequence[str] = schema.get("required", ())
    yield "| Field | Kind | |\n|---|---|---|\n"
    for field, kind in schema.get("properties", {}).items():
        yield f"| `{field}` | {_kind(kind)} | {'' if field in required else 'may be left out'} |\n"


def _kind(schema: Json) -> str:
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
    if "anyOf" in schema:
        return " or ".join(_kind(each) for each in schema["anyOf"])
    if "enum" in schema or "const" in schema:
        return " or ".join(f"`{value}`" for value in schema.get("enum", [schema.get("const")]))
    if schema.get("type") == "array":
        return f"list of {_kind(schema.get('items', {}))}"
    plain = schema.get("format") or schema.get("type", "anything")
    return " ".join(chain([plain], _bounds(schema)))


def _bounds(schema: Json) -> Iterator[str]:
    words = {"minimum": "from {}", "maximum": "to {}", "minLength": "of {}", "maxLength": "to {} characters"}
    found = [text.format(schema[name]) for name, text in words.items() if name in schema]
    if found:
        yield f"({' '.join(found)})"


def _flat(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
