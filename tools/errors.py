"""Writes docs/errors.md, every code that a problem may carry; `--check` says whether it is up to date."""

import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

from acme_core.errors import AppError

PAGE = Path(__file__).resolve().parent.parent / "docs" / "errors.md"
PACKAGES = (
    "acme_core",
    "acme_db",
    "acme_auth",
    "acme_web",
    "acme_webhooks",
    "acme_backoffice",
    "acme_main",
    "acme_media",
)
HEAD = """# Errors

Every error is `application/problem+json` (RFC 9457) with a stable `code`.
This page is written by `make openapi`.

| Code | Status | Meaning |
|---|---|---|
"""


def page() -> str:
    for name in PACKAGES:
        package = import_module(name)
        for module in walk_packages(package.__path__, f"{name}."):
            if not module.name.endswith("__main__"):
                import_module(module.name)
    lines = sorted({f"| `{error.code}` | {error.status} | {error.title} |\n" for error in _leaves(AppError)})
    return HEAD + "".join(lines)


def _leaves(error: type[AppError]) -> Iterator[type[AppError]]:
    """Errors with a code of their own; the bare kinds, such as a conflict, are never raised."""
    for child in error.__subclasses__():
        if child.__module__ != AppError.__module__:
            yield child
        yield from _leaves(child)


def main() -> int:
    text = page()
    is_current = PAGE.is_file() and PAGE.read_text() == text
    if sys.argv[1:] == ["--check"]:
        if not is_current:
            print("Out of date: docs/errors.md. Run `make openapi`.")
        return int(not is_current)
    PAGE.write_text(text)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
