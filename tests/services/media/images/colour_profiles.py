"""Small ICC profiles: the primaries of a few colour spaces, a grey curve, a table for inks."""

import struct
from typing import Final

import numpy as np
from numpy.typing import NDArray

SRGB: Final = ((0.64, 0.33), (0.30, 0.60), (0.15, 0.06))
ADOBE_RGB: Final = ((0.64, 0.33), (0.21, 0.71), (0.15, 0.06))
DISPLAY_P3: Final = ((0.68, 0.32), (0.265, 0.69), (0.15, 0.06))
Primaries = tuple[tuple[float, float], tuple[float, float], tuple[float, float]]
GAMMA: Final = 2.2
_D65: Final = np.array([0.95047, 1.0, 1.08883])
_D50: Final = np.array([0.96422, 1.0, 0.82521])
_BRADFORD: Final = np.array([[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]])


def to_xyz(primaries: Primaries) -> NDArray[np.float64]:
    """The matrix to XYZ at D50, from a white of D65."""
    columns = np.array([[x / y, 1.0, (1 - x - y) / y] for x, y in primaries]).T
    scaled = columns * np.linalg.solve(columns, _D65)
    adapt = np.diag((_BRADFORD @ _D50) / (_BRADFORD @ _D65))
    matrix: NDArray[np.float64] = np.linalg.inv(_BRADFORD) @ adapt @ _BRADFORD @ scaled
    return matrix


def in_srgb(colour: tuple[int, int, int], primaries: Primaries) -> tuple[int, ...]:
    """What a colour of that space is in sRGB, by the formulas of both."""
    linear = (np.array(colour) / 255) ** GAMMA
    found = np.clip(np.linalg.solve(to_xyz(SRGB), to_xyz(primaries) @ linear), 0, 1)
    curved = np.where(found <= 0.0031308, 12.92 * found, 1.055 * found ** (1 / 2.4) - 0.055)
    return tuple(int(value) for value in np.rint(curved * 255))


def rgb_profile(name: str, primaries: Primaries) -> bytes:
    columns = to_xyz(primaries).T
    tags = {b"wtpt": _xyz(_D50)}
    for channel, column in zip((b"r", b"g", b"b"), columns, strict=True):
        tags[channel + b"XYZ"], tags[channel + b"TRC"] = _xyz(column), _curve()
    return _profile(name, b"RGB ", b"XYZ ", tags)


def grey_profile() -> bytes:
    return _profile("A grey of gamma 1", b"GRAY", b"XYZ ", {b"wtpt": _xyz(_D50), b"kTRC": _curve(1.0)})


def ink_profile() -> bytes:
    """All inks are equally dark, the darkest there is: it shows whether the table was used."""
    table = bytes([255, 128, 128]) + bytes([128, 128, 128]) * 15
    ramp = bytes(range(256))
    unit = struct.pack(">9i", 65536, 0, 0, 0, 65536, 0, 0, 0, 65536)
    lut = b"mft1" + bytes(4) + bytes([4, 3, 2, 0]) + unit + ramp * 4 + table + ramp * 3
    return _profile("Inks", b"CMYK", b"Lab ", {b"wtpt": _xyz(_D50), b"A2B0": lut}, kind=b"prtr")


def _profile(
    name: str, space: bytes, between: bytes, tags: dict[bytes, bytes], kind: bytes = b"mntr"
) -> bytes:
    text = name.encode()
    described = b"desc" + bytes(4) + struct.pack(">I", len(text) + 1) + text + b"\0" + bytes(12 + 67)
    tags = {b"desc": described, b"cprt": b"text" + bytes(4) + b"none\0", **tags}
    index, body = struct.pack(">I", len(tags)), b""
    start = 128 + 4 + 12 * len(tags)
    for tag, data in tags.items():
        index += tag + struct.pack(">II", start + len(body), len(data))
        body += data + bytes(-len(data) % 4)
    size = start + len(body)
    head = struct.pack(">I4sI4s4s4s", size, b"lcms", 0x02400000, kind, space, between)
    head += struct.pack(">6H", 2026, 1, 1, 0, 0, 0) + b"acsp" + bytes(28) + _fixed(_D50) + bytes(48)
    return head + index + body


def _fixed(values: NDArray[np.float64]) -> bytes:
    return struct.pack(">3i", *(round(value * 65536) for value in values))


def _xyz(values: NDArray[np.float64]) -> bytes:
    return b"XYZ " + bytes(4) + _fixed(values)


def _curve(gamma: float = GAMMA) -> bytes:
    return b"curv" + bytes(4) + struct.pack(">IH", 1, round(gamma * 256)) + bytes(2)
