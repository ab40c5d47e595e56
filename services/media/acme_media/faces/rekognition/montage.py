"""Many kept faces on one picture, so that one comparison asks of all of them."""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from PIL import Image

from acme_media.faces.rekognition.pictures import jpeg
from acme_media.faces.values import Box

COLUMNS = 9
"""81 faces: of the 100 that AWS compares, some are neighbours whom a crop shows as well."""
CELL = 176
GAP = 16
"""Apart, so that no face seems to grow out of the next."""
QUALITY = 92
_STEP = CELL + GAP
PER_SHEET = COLUMNS * COLUMNS


@dataclass(frozen=True)
class Montage:
    """At most 1744 px square, less than Full HD: a face may be as small as 40 px there, and is some 100."""

    picture: bytes
    side: int
    count: int

    def crop_at(self, box: Box) -> int | None:
        """Which crop a face of the montage is of, by its centre; none on a border."""
        column, x = divmod((box.left + box.width / 2) * self.side, _STEP)
        row, y = divmod((box.top + box.height / 2) * self.side, _STEP)
        if min(x, y) < GAP or not (0 <= column < COLUMNS and 0 <= row < COLUMNS):
            return None
        number = int(row) * COLUMNS + int(column)
        return number if number < self.count else None


def montages(crops: Sequence[bytes]) -> Iterator[tuple[range, Montage]]:
    """Each with the places of its crops in the sequence. Blocks."""
    for start in range(0, len(crops), PER_SHEET):
        places = range(start, min(start + PER_SHEET, len(crops)))
        yield places, _montage([crops[place] for place in places])


def _montage(crops: Sequence[bytes]) -> Montage:
    """Always as large as a full one: a sheet that is smaller would have to keep to AWS's least size."""
    side = COLUMNS * _STEP + GAP
    sheet = Image.new("RGB", (side, side), "gray")
    for number, crop in enumerate(crops):
        row, column = divmod(number, COLUMNS)
        face = _fitted(crop)
        left = GAP + column * _STEP + (CELL - face.width) // 2
        top = GAP + row * _STEP + (CELL - face.height) // 2
        sheet.paste(face, (left, top))
    return Montage(jpeg(sheet, QUALITY), side, len(crops))


def _fitted(crop: bytes) -> Image.Image:
    with Image.open(io.BytesIO(crop)) as opened:
        picture = opened.convert("RGB")
    zoom = CELL / max(picture.size)
    size = (max(1, round(picture.width * zoom)), max(1, round(picture.height * zoom)))
    return picture.resize(size, Image.Resampling.LANCZOS)
