"""Writes the tables of docs/capacity.md from the committed output of the benchmarks, and nothing else."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from acme_config.settings import FaceSettings
from tools.tables import keep, markdown

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "benchmarks" / "results"
PAGE = ROOT / "docs" / "capacity.md"

VCPU_HOUR = Decimal("0.05")
"""US dollars for an hour of a virtual core of a general-purpose machine, on demand; as of November 2025."""
CALLS_PER_PHOTO = 1
CALLS_PER_FACE = 1
"""DetectFaces for the photo, SearchFacesByImage for each face in it: `acme_media.faces.rekognition`."""
PHOTOS = 1000
BUSY = 4
"""Load of the machine with two cores, from where on figures are of little worth."""


@dataclass(frozen=True)
class Figure:
    """A number in the newest output of one benchmark, and what it says of a machine."""

    says: str
    benchmark: str
    pattern: str
    means: Callable[[float], str]

    def row(self) -> tuple[str, ...]:
        output = newest(self.benchmark)
        measured = found(self.pattern, output.read_text())
        return self.says, f"{measured:,g}", self.means(measured), f"`{output.name}`"


FIGURES = (
    Figure(
        "A photo of 24 MP: thumbnail, preview, deliverable and screens, ms of one worker",
        "images",
        r"^24 MP +ours +([\d.]+)ms",
        lambda ms: f"{60_000 / ms:,.0f} photos a minute",
    ),
    Figure(
        "Memory of a worker of images at 24 MP, MB",
        "images",
        r"^24 MP +peak memory of a worker: ([\d.]+) MB",
        lambda mb: f"{4096 / mb:,.0f} in 4 GiB",
    ),
    Figure(
        "The faces of a photo of 12 MP with five of them, seconds of one core",
        "faces",
        r"^  ours +([\d.]+) +[\d.]+x",
        lambda seconds: f"{60 / seconds:,.0f} photos a minute and core",
    ),
    Figure(
        "From the end of an upload to its thumbnail on screen, s (median of a burst of 30)",
        "upload_latency",
        r"median ([\d.]+) s",
        lambda seconds: f"{seconds:,.1f} s",
    ),
    Figure(
        "A guest's list of 50 photos, µs of CPU in the API",
        "api",
        r"^  ours +[\d.]+ +[\d.]+ +[\d.]+ +([\d.]+) ",
        lambda us: f"{1e6 / us:,.0f} lists a second and core",
    ),
    Figure(
        "An upload address with its row, µs of CPU in the API",
        "api",
        r"Upload URLs.*?\n  ours +[\d.]+ +[\d.]+ +[\d.]+ +([\d.]+) ",
        lambda us: f"{1e6 / us:,.0f} addresses a second and core",
    ),
    Figure(
        "Empty jobs through queue and outbox, a second",
        "queue",
        r"^ours, with outbox +([\d.]+)",
        lambda rate: f"{rate * 3600:,.0f} jobs an hour",
    ),
    Figure(
        "Memory of one open page of live events, kB",
        "scale-streams",
        r"with them: ([\d.]+) kB each",
        lambda kb: f"{1024 * 1024 / kb:,.0f} pages in 1 GiB",
    ),
    Figure(
        "A late guest's selfie against 50,000 indexed faces, in PostgreSQL, ms",
        "face_event",
        r"^in PostgreSQL +([\d.]+) ms",
        lambda ms: f"{1000 / ms:,.0f} guests a second",
    ),
)


def newest(benchmark: str) -> Path:
    dated = re.compile(rf"{re.escape(benchmark)}-\d{{4}}-\d\d-\d\d\.txt")
    return max(path for path in RESULTS.glob("*.txt") if dated.fullmatch(path.name))


def found(pattern: str, output: str) -> float:
    """Raises ValueError where a benchmark does not print any more what the page tells."""
    match = re.search(pattern, output, flags=re.MULTILINE | re.DOTALL)
    if match is None:
        raise ValueError(f"no {pattern!r} in the benchmark's output")
    return float(match[1])


def machine() -> str:
    texts = [newest(figure.benchmark).read_text() for figure in FIGURES]
    busy = sorted({figure.benchmark for figure, text in zip(FIGURES, texts, strict=True) if is_busy(text)})
    note = (
        f" Taken while the machine was busy with other work, and so too low: {', '.join(busy)}."
        if busy
        else ""
    )
    return f"Of one machine with two virtual cores.{note}\n"


def is_busy(output: str) -> bool:
    """Where the load, or the benchmark's own words, say so."""
    loads = re.findall(r"load(?: average)?[^\d\n]{0,20}(\d+\.\d)", output)
    return "busy machine" in output or any(float(load) > BUSY for load in loads)


def measured() -> str:
    head = ("What", "Measured", "So one machine does", "From")
    return f"{machine()}\n{markdown(head, [figure.row() for figure in FIGURES])}"


def rekognition_cost(faces_per_photo: int, price: Decimal) -> Decimal:
    """US dollars for a thousand photos."""
    return PHOTOS * (CALLS_PER_PHOTO + CALLS_PER_FACE * faces_per_photo) * price


def own_cost(cpu_seconds: float, price: Decimal) -> Decimal:
    return PHOTOS * Decimal(str(cpu_seconds)) / 3600 * price


def costs() -> str:
    price = Decimal(str(FaceSettings.model_fields["rekognition_call_price"].default))
    faces = found(FIGURES[2].pattern, newest("faces").read_text())
    return markdown(
        ("Faces in a photo", "Rekognition, US$", "dlib on machines of one's own, US$"),
        list(_cost_rows(price, faces)),
    )


def _cost_rows(price: Decimal, cpu_seconds: float) -> Iterator[tuple[str, ...]]:
    own = own_cost(cpu_seconds, VCPU_HOUR)
    for count in (1, 3, 5, 10):
        yield str(count), f"{rekognition_cost(count, price):.2f}", f"{own:.4f}"


def main() -> int:
    return keep(PAGE, {"measured": measured(), "costs": costs()})


if __name__ == "__main__":
    raise SystemExit(main())
