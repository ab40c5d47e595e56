"""The committed OpenAPI documents have every path of the specification, each with its problems.

The specification is not part of the project: without it this is skipped.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
SPECIFICATION = ROOT.parent / "shared" / "API.md"
DOCUMENTS = {
    name: json.loads((ROOT / "openapi" / f"{name}.json").read_text())
    for name in ("backoffice", "main", "media")
}
SERVICES = {"backoffice": "3001", "main": "3002", "media": "3003"}
Operation = tuple[str, str, str]
"""Service, method, and path with its parameters unnamed."""


def unnamed(path: str) -> str:
    return re.sub(r"{[^}]*}", "{}", path.partition("?")[0])


def specified(text: str) -> Iterator[Operation]:
    """From the tables, whose cells shorten: `POST /v1/auth/login · /refresh`, `DELETE .../{id}`."""
    service = ""
    for line in text.splitlines():
        if line.startswith("#"):
            service = next((name for name, port in SERVICES.items() if port in line), service)
        first_cell = line.removeprefix("|").partition(" | ")[0]
        if line.startswith("|") and "/v1/" in first_cell:
            yield from (
                (service, *operation) for operation in _operations(re.sub(r"`[^`]*`", "", first_cell))
            )


def _operations(cell: str) -> Iterator[tuple[str, str]]:
    methods: list[str] = []
    first = previous = ""
    for part in cell.split("·"):
        methods = re.findall(r"\b[A-Z]{3,6}\b", part) or methods
        written = part.split()[-1]
        if written.startswith("/v1/"):
            first = path = written.partition("?")[0]
        elif written.startswith("..."):
            rest = written.removeprefix("...")
            path = previous if previous.endswith(rest) else previous + rest
        else:
            path = f"{first.rpartition('/')[0]}/{written.lstrip('/')}"
        previous = previous if written.startswith("...") else path
        yield from ((method, unnamed(path)) for method in methods)


def documented() -> dict[Operation, Any]:
    return {
        (service, method.upper(), unnamed(path)): operation
        for service, document in DOCUMENTS.items()
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
    }


@pytest.mark.skipif(not SPECIFICATION.exists(), reason="the specification is not beside this checkout")
def test_every_path_of_the_specification_is_documented_with_its_problems() -> None:
    wanted, found = set(specified(SPECIFICATION.read_text())), documented()
    assert len(wanted) > 90, "the tables are read"
    assert sorted(wanted - found.keys()) == []
    without_problems = [
        operation
        for operation in wanted
        if not any(
            "application/problem+json" in answer.get("content", ())
            for answer in found[operation]["responses"].values()
        )
    ]
    assert without_problems == []
