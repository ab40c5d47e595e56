"""Reads the operations and weights out of a TensorFlow Lite file: the few kinds that a BlazeFace is made of.

The file is a FlatBuffer; tables and fields are numbered as in TensorFlow Lite's schema.fbs. Weights kept in
half precision are widened here.
"""

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from acme_media.faces.weights import WeightsError

Constant = NDArray[np.float32] | NDArray[np.int32]


class Kind(IntEnum):
    """Numbers of BuiltinOperator."""

    ADD = 0
    CONV_2D = 3
    DEPTHWISE_CONV_2D = 4
    DEQUANTIZE = 6
    MAX_POOL_2D = 17
    RELU = 19
    RESHAPE = 22
    RESIZE_BILINEAR = 23
    PAD = 34


@dataclass(frozen=True)
class Operation:
    kind: Kind
    inputs: Sequence[int]
    output: int
    stride: int = 1
    window: int = 1
    """Of a pool."""
    is_padded: bool = True
    """Whether the output covers the edges."""
    is_half_pixel: bool = False
    """How a resize places its samples."""


@dataclass(frozen=True)
class Network:
    operations: Sequence[Operation]
    constants: dict[int, Constant]
    """By the number of the tensor."""
    input: int
    outputs: Sequence[int]


_DTYPES: dict[int, str] = {0: "<f4", 1: "<f2", 2: "<i4"}
_SAME_PADDING, _NO_ACTIVATION = 0, 0
# The fields of an operation's options: its fused activation, which no operation here may have.
_ACTIVATION_FIELD = {Kind.ADD: 0, Kind.CONV_2D: 3, Kind.DEPTHWISE_CONV_2D: 4, Kind.MAX_POOL_2D: 5}
_STRIDED = (Kind.CONV_2D, Kind.DEPTHWISE_CONV_2D, Kind.MAX_POOL_2D)


class _Table:
    """A table of a FlatBuffer: its fields are found through the offsets that it points at."""

    def __init__(self, data: bytes, at: int) -> None:
        self._data = data
        self._at = at
        self._offsets = at - self._read("<i", at)
        self._count = (self._read("<H", self._offsets) - 4) // 2

    @classmethod
    def root(cls, data: bytes) -> "_Table":
        return cls(data, struct.unpack_from("<I", data, 0)[0])

    def _read(self, form: str, at: int) -> int:
        return int(struct.unpack_from(form, self._data, at)[0])

    def _field(self, number: int) -> int:
        """Where the field stands; 0 when it has its default."""
        if number >= self._count:
            return 0
        offset = self._read("<H", self._offsets + 4 + 2 * number)
        return self._at + offset if offset else 0

    def number(self, field: int, form: str = "<i") -> int:
        at = self._field(field)
        return self._read(form, at) if at else 0

    def table(self, field: int) -> "_Table | None":
        at = self._field(field)
        return _Table(self._data, at + self._read("<I", at)) if at else None

    def tables(self, field: int) -> "list[_Table]":
        start, count = self._vector(field)
        places = (start + 4 * index for index in range(count))
        return [_Table(self._data, at + self._read("<I", at)) for at in places]

    def numbers(self, field: int) -> list[int]:
        start, count = self._vector(field)
        return list(struct.unpack_from(f"<{count}i", self._data, start))

    def raw(self, field: int) -> bytes:
        start, count = self._vector(field)
        return self._data[start : start + count]

    def _vector(self, field: int) -> tuple[int, int]:
        at = self._field(field)
        if not at:
            return 0, 0
        start = at + self._read("<I", at)
        return start + 4, self._read("<I", start)


def read_tflite(path: Path) -> Network:
    model = _Table.root(path.read_bytes())
    graph = model.tables(2)[0]
    constants = dict(_constants(graph.tables(0), model.tables(4)))
    kinds = [_kind(code) for code in model.tables(1)]
    operations = []
    for table in graph.tables(3):
        operation = _operation(kinds[table.number(0, "<I")], table)
        if operation.kind is Kind.DEQUANTIZE:
            constants[operation.output] = constants[operation.inputs[0]]
        else:
            operations.append(operation)
    return Network(operations, constants, graph.numbers(1)[0], graph.numbers(2))


def _constants(tensors: Sequence[_Table], buffers: Sequence[_Table]) -> Iterator[tuple[int, Constant]]:
    for index, tensor in enumerate(tensors):
        raw = buffers[tensor.number(2, "<I")].raw(0)
        if not raw:
            continue
        dtype = _DTYPES.get(tensor.number(1, "<b"))
        if dtype is None:
            raise WeightsError("a tensor of a type that this reader does not know")
        values = np.frombuffer(raw, dtype).reshape(tensor.numbers(0))
        yield index, values if dtype == "<i4" else values.astype(np.float32)


def _kind(code: _Table) -> Kind:
    number = max(code.number(0, "<b"), code.number(3))
    try:
        return Kind(number)
    except ValueError as error:
        raise WeightsError(f"an operation of a kind that this reader does not know: {number}") from error


def _operation(kind: Kind, table: _Table) -> Operation:
    inputs, output = table.numbers(1), table.numbers(2)[0]
    options = table.table(4)
    if options is None:
        return Operation(kind, inputs, output)
    _refuse_unknown(kind, options)
    return Operation(
        kind,
        inputs,
        output,
        stride=options.number(1) if kind in _STRIDED else 1,
        window=options.number(3) if kind is Kind.MAX_POOL_2D else 1,
        is_padded=kind not in _STRIDED or options.number(0, "<b") == _SAME_PADDING,
        is_half_pixel=kind is Kind.RESIZE_BILINEAR and bool(options.number(3, "<b")),
    )


def _refuse_unknown(kind: Kind, options: _Table) -> None:
    activation = _ACTIVATION_FIELD.get(kind)
    if activation is not None and options.number(activation, "<b") != _NO_ACTIVATION:
        raise WeightsError("an operation with an activation of its own")
