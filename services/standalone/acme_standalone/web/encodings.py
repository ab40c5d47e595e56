"""Files that were compressed when the app was built, chosen by what the browser reads."""

from dataclasses import dataclass
from pathlib import Path

SUFFIXES = {"br": ".br", "gzip": ".gz"}
"""The smaller ones first."""


@dataclass(frozen=True)
class Variant:
    path: Path
    encoding: str | None = None


def best_variant(file: Path, accept_encoding: str) -> Variant:
    """The compressed neighbour that the browser reads, or the file itself.

    A neighbour older than the file belongs to another build.
    """
    accepted = accepted_encodings(accept_encoding)
    written = file.stat().st_mtime
    for encoding, suffix in SUFFIXES.items():
        neighbour = file.with_name(file.name + suffix)
        if encoding in accepted and neighbour.is_file() and neighbour.stat().st_mtime >= written:
            return Variant(neighbour, encoding)
    return Variant(file)


def accepted_encodings(header: str) -> set[str]:
    """Those that an Accept-Encoding header names with a weight above 0."""
    named = (part.partition(";") for part in header.lower().split(","))
    return {name.strip() for name, _, weight in named if not _is_zero(weight)}


def _is_zero(weight: str) -> bool:
    _, _, number = weight.replace(" ", "").partition("q=")
    return bool(number) and not number.strip("0.")
