"""Event scenes composed from two public-domain portraits that ship in wheels."""

import io
import random
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from PIL import ExifTags, Image, ImageDraw, ImageEnhance, ImageFilter

SIZE = (3000, 2000)
SEED = 1969
_BACKDROPS = [("#1d2b53", "#7e2553"), ("#0b3d2e", "#d9a441"), ("#33272a", "#e16162"), ("#16213e", "#0f9b8e")]


class Person(StrEnum):
    EILEEN = "eileen"
    """Eileen Collins, as in scikit-image's `astronaut`."""
    GRACE = "grace"
    """Grace Hopper, as in matplotlib's sample data."""


_CAST: Sequence[Sequence[Person]] = [
    [Person.EILEEN],
    [Person.GRACE],
    [Person.EILEEN, Person.GRACE],
    [Person.EILEEN],
    [],
    [Person.GRACE],
    [Person.GRACE, Person.EILEEN],
    [Person.EILEEN],
    [Person.GRACE],
    [],
]


@dataclass(frozen=True)
class Scene:
    path: Path
    people: frozenset[Person]


@cache
def portrait_of(person: Person) -> Image.Image:
    match person:
        case Person.EILEEN:
            from skimage.data import astronaut

            return Image.fromarray(astronaut()).crop((60, 0, 410, 420))  # type: ignore[no-untyped-call] # it ships no types
        case Person.GRACE:
            from matplotlib.cbook import get_sample_data

            with Image.open(get_sample_data("grace_hopper.jpg", asfileobj=False)) as picture:
                return picture.convert("RGB").crop((70, 20, 460, 488))


def write_scenes(folder: Path) -> list[Scene]:
    """The same files every time, named as a camera would."""
    folder.mkdir(parents=True, exist_ok=True)
    return [_write_scene(folder, number, people) for number, people in enumerate(_CAST, start=1)]


def write_selfie(folder: Path, person: Person) -> Path:
    """Another crop and another light than in the scenes."""
    portrait = portrait_of(person)
    inset = portrait.width // 12
    face = portrait.crop((inset, 0, portrait.width - inset, round(portrait.height * 0.8)))
    face = face.resize((face.width * 2, face.height * 2), Image.Resampling.LANCZOS)
    path = folder / f"selfie-{person}.jpg"
    ImageEnhance.Brightness(face).enhance(1.12).save(path, "JPEG", quality=90)
    return path


def _write_scene(folder: Path, number: int, people: Sequence[Person]) -> Scene:
    dice = random.Random(SEED + number)  # noqa: S311 - the same scene every time, not a secret
    scene = _backdrop(dice)
    slots = [SIZE[0] * (2 * index + 1) // (2 * max(1, len(people))) for index in range(len(people))]
    for slot, person in zip(slots, people, strict=True):
        print_ = _print(portrait_of(person), dice)
        left = slot - print_.width // 2 + dice.randint(-80, 80)
        top = (SIZE[1] - print_.height) // 2 + dice.randint(-60, 60)
        scene.paste(_shadow(print_), (left + 18, top + 24), _shadow(print_).getchannel("A"))
        scene.paste(print_, (left, top), print_)
    path = folder / f"DSC_{4200 + number:04}.jpg"
    path.write_bytes(_jpeg(scene, number))
    return Scene(path, frozenset(people))


def _backdrop(dice: random.Random) -> Image.Image:
    """A stage in coloured light, out of focus."""
    dark, bright = dice.choice(_BACKDROPS)
    gradient = Image.linear_gradient("L").resize((SIZE[0] // 4, SIZE[1] // 4))
    stage = Image.composite(
        Image.new("RGB", gradient.size, bright), Image.new("RGB", gradient.size, dark), gradient
    )
    lights = Image.new("RGBA", stage.size)
    draw = ImageDraw.Draw(lights)
    for _ in range(45):
        x, y, radius = dice.randrange(stage.width), dice.randrange(stage.height), dice.randint(6, 34)
        warm = (255, dice.randint(190, 240), dice.randint(120, 200), dice.randint(30, 110))
        draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=warm)
    stage.paste(lights, (0, 0), lights.filter(ImageFilter.GaussianBlur(2)).getchannel("A"))
    return stage.resize(SIZE, Image.Resampling.BICUBIC)


def _print(portrait: Image.Image, dice: random.Random) -> Image.Image:
    """The portrait as a print with a white border, a little turned."""
    height = dice.randint(1150, 1500)
    width = round(portrait.width * height / portrait.height)
    picture = portrait.resize((width, height), Image.Resampling.LANCZOS)
    picture = ImageEnhance.Brightness(picture).enhance(dice.uniform(0.9, 1.08))
    border = height // 28
    card = Image.new("RGBA", (width + 2 * border, height + 4 * border), "#fbf9f4")
    card.paste(picture, (border, border))
    return card.rotate(dice.uniform(-7, 7), Image.Resampling.BICUBIC, expand=True)


def _shadow(card: Image.Image) -> Image.Image:
    veil = Image.new("RGBA", card.size, (0, 0, 0, 0))
    alpha = card.getchannel("A").point(lambda value: value * 0.45)
    veil.putalpha(alpha.filter(ImageFilter.GaussianBlur(12)))
    return veil


def _jpeg(scene: Image.Image, number: int) -> bytes:
    exif = Image.Exif()
    exif[ExifTags.Base.Make], exif[ExifTags.Base.Model] = "Acme", "Demo Camera"
    fields = exif.get_ifd(ExifTags.IFD.Exif)
    fields[ExifTags.Base.DateTimeOriginal] = f"2026:06:20 19:{number:02}:00"
    fields[ExifTags.Base.OffsetTimeOriginal] = "+02:00"
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitudeRef] = "N"
    buffer = io.BytesIO()
    scene.save(buffer, "JPEG", quality=88, exif=exif.tobytes())
    return buffer.getvalue()
