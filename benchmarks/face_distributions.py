"""Distances between faces of the same and of different people, held against the mapping in use.

    python benchmarks/face_distributions.py [FOLDER] [--plot FILE.svg]

FOLDER holds one folder of photos per person; a folder beside it named `groups` holds photos of strangers.
Exits with 1 when what is measured does not agree with the mapping that the platform uses.
"""

import argparse
import platform
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from itertools import combinations, product
from pathlib import Path

import matplotlib
import numpy as np
from matplotlib import pyplot
from numpy.typing import NDArray
from PIL import Image, ImageOps

from acme_core.selfies import Rejection
from acme_media.faces.local_engine import LocalEngine, embed_crops
from acme_media.faces.matching import Band, Bands, confidence
from acme_media.faces.selfie_gate import judge
from acme_media.faces.values import FoundFace, Vectors

DEFAULT = Path(__file__).resolve().parents[2] / "shared" / "data" / "johns"
THRESHOLDS = (0.40, 0.44, 0.47, 0.52, 0.55, 0.60)
BANDS = Bands(confirm=75.0, review=55.0)
SMALL_EVENT = 100
# What the mapping promises (docs/decisions/0005): shares of pairs.
GENUINE_CONFIRMED_AT_LEAST = 0.85
GENUINE_FOUND_AT_LEAST = 0.95
IMPOSTORS_CONFIRMED_AT_MOST = 0.001
IMPOSTORS_REVIEWED_AT_MOST = 0.005

Distances = NDArray[np.float64]


@dataclass(frozen=True)
class Person:
    name: str
    photos: int
    vectors: Vectors
    rejections: Sequence[tuple[str, Rejection]]


class NoTemplates:
    """The engine is asked for faces and vectors only."""

    async def count(self, *_: object) -> int:
        return 0

    async def nearest(self, *_: object) -> list[list[tuple[object, float]]]:
        return []


def find(engine: LocalEngine, path: Path) -> list[FoundFace]:
    with Image.open(path) as picture:
        return engine.find_faces_now(ImageOps.exif_transpose(picture).convert("RGB"))


def read_person(engine: LocalEngine, folder: Path) -> Person:
    crops, rejections = [], []
    paths = sorted(folder.glob("*.jpg"))
    for path in paths:
        judged = judge(find(engine, path))
        if isinstance(judged, Rejection):
            rejections.append((path.name, judged))
        else:
            crops.append(judged.crop)
    return Person(folder.name, len(paths), embed_crops(crops), rejections)


def read_strangers(engine: LocalEngine, folder: Path) -> Vectors:
    crops = [face.crop for path in sorted(folder.glob("*.jpg")) for face in find(engine, path)]
    return embed_crops(crops)


def distances(pairs: Iterator[tuple[Vectors, Vectors]]) -> Distances:
    return np.array([np.linalg.norm(left - right) for left, right in pairs], np.float64)


def genuine_pairs(people: Sequence[Person]) -> Distances:
    return distances(pair for person in people for pair in combinations(person.vectors, 2))


def impostor_pairs(people: Sequence[Person], strangers: Vectors) -> Distances:
    among = (pair for left, right in combinations(people, 2) for pair in product(left.vectors, right.vectors))
    against = (pair for person in people for pair in product(person.vectors, strangers))
    return np.concatenate([distances(among), distances(against)])


def shares(found: Distances) -> Mapping[str, float]:
    bands = [BANDS.of(confidence(distance, SMALL_EVENT), is_capped=False) for distance in found]
    return {
        "confirmed": bands.count(Band.CONFIRMED) / len(bands),
        "to review": bands.count(Band.PENDING) / len(bands),
        "no tag": bands.count(None) / len(bands),
    }


def print_distribution(name: str, found: Distances) -> None:
    quantiles = np.percentile(found, [0, 1, 5, 50, 95, 99, 100])
    print(f"\n{name}: {len(found)} pairs")
    print("  least, p1, p5, median, p95, p99, most: " + ", ".join(f"{value:.3f}" for value in quantiles))
    for threshold in THRESHOLDS:
        share = float((found <= threshold).mean())
        mapped = confidence(threshold, SMALL_EVENT)
        print(f"  distance <= {threshold:.2f} (confidence {mapped:5.1f}): {share:8.3%}")
    for band, share in shares(found).items():
        print(f"  {band:10} {share:8.3%}")


def plot(path: Path, genuine: Distances, impostor: Distances) -> None:
    """Curves only. The same numbers draw the same file."""
    matplotlib.use("svg")
    matplotlib.rcParams.update({"svg.hashsalt": "faces", "svg.fonttype": "none"})
    figure, axes = pyplot.subplots(figsize=(8, 4.5))
    at = np.linspace(0.2, 0.9, 281)
    for found, name, colour in (
        (genuine, "same person", "#0b7a4b"),
        (impostor, "different people", "#b3261e"),
    ):
        share = [100 * float((found <= distance).mean()) for distance in at]
        axes.plot(at, share, colour, label=f"{name}: pairs as near or nearer, % of {len(found)}")
    for members, style in ((SMALL_EVENT, "-"), (1500, "--")):
        mapped = [confidence(float(distance), members) for distance in at]
        axes.plot(at, mapped, style, color="#1d2b53", label=f"confidence among {members} members")
    for bound in (BANDS.confirm, BANDS.review):
        axes.axhline(bound, color="#888", linewidth=0.7, linestyle=":")
    axes.set_xlabel("Euclidean distance of two embeddings")
    axes.set_ylabel("%")
    axes.legend(fontsize=8)
    figure.savefig(path, metadata={"Date": None})


def disagreements(genuine: Distances, impostor: Distances) -> list[str]:
    of_same, of_others = shares(genuine), shares(impostor)
    checks = {
        "genuine pairs confirmed": of_same["confirmed"] >= GENUINE_CONFIRMED_AT_LEAST,
        "genuine pairs found at all": 1 - of_same["no tag"] >= GENUINE_FOUND_AT_LEAST,
        "impostors confirmed": of_others["confirmed"] <= IMPOSTORS_CONFIRMED_AT_MOST,
        "impostors sent to review": of_others["to review"] <= IMPOSTORS_REVIEWED_AT_MOST,
    }
    return [name for name, holds in checks.items() if not holds]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", default=DEFAULT)
    parser.add_argument("--plot", type=Path, help="where to draw the curves, as SVG")
    options = parser.parse_args()
    folder: Path = options.folder
    if not folder.is_dir():
        print(f"skipped: there are no labelled portraits in {folder}")
        return 0
    engine = LocalEngine(NoTemplates())  # type: ignore[arg-type] # it is never searched
    people = [read_person(engine, path) for path in sorted(folder.iterdir()) if path.is_dir()]
    strangers = read_strangers(engine, folder.parent / "groups")
    versions = ", ".join(f"{name} {version(name)}" for name in ("dlib-bin", "onnxruntime", "numpy", "pillow"))
    print(f"{platform.machine()}, Python {platform.python_version()}, {versions}")
    for person in people:
        print(f"{person.name}: {person.photos} photos, {len(person.vectors)} pass the selfie gate")
        for name, reason in person.rejections:
            print(f"  {name}: {reason}")
    print(f"strangers in group photos: {len(strangers)} faces")
    genuine, impostor = genuine_pairs(people), impostor_pairs(people, strangers)
    print_distribution("same person", genuine)
    print_distribution("different people", impostor)
    if options.plot is not None:
        plot(options.plot, genuine, impostor)
    wrong = disagreements(genuine, impostor)
    verdict = f"disagrees with the mapping: {', '.join(wrong)}" if wrong else "agrees with the mapping in use"
    print(f"\n{verdict}")
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
