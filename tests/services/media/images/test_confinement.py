"""What is no plain JPEG is decoded by a process that has bounds, and takes nobody with it."""

import resource
from pathlib import Path

import pytest
from PIL import Image

from acme_core.photos import FailureCode
from acme_media.images import confined
from acme_media.images.decode import load_pixels
from acme_media.images.rejection import ImageRejectedError
from tests.services.media.images.test_inputs import LIMIT, plain


def test_a_bomb_takes_the_confined_process_and_no_more(tmp_path: Path) -> None:
    """Two hundred kilobytes that are 4.8 GB of pixels, with the limit by header out of the way."""
    path = tmp_path / "bomb"
    Image.new("1", (40_000, 40_000)).save(path, "PNG")
    assert path.stat().st_size < 1_000_000
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(ImageRejectedError) as refused:
        load_pixels(path, max_pixels=10**10)
    assert refused.value.code is FailureCode.TOO_COSTLY
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200_000, "kilobytes"
    assert [item.name for item in tmp_path.iterdir() if "pixels" in item.name] == []


def test_only_what_is_no_plain_jpeg_costs_a_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[str] = []
    run = confined._run

    def noted(kind: str, path: Path, made: Path, max_pixels: int) -> None:
        started.append(kind)
        run(kind, path, made, max_pixels)

    monkeypatch.setattr(confined, "_run", noted)
    for name, body in (("plain", plain("RGB", "#00ff00")), ("other", plain("RGB", "#00ff00", "PNG"))):
        (tmp_path / name).write_bytes(body)
        assert load_pixels(tmp_path / name, max_pixels=LIMIT).shape == (200, 300, 3)
    assert started == ["pixels"]
