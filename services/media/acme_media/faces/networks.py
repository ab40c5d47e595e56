"""dlib's face networks as ONNX graphs. onnxruntime runs them 20 times faster and without the GIL."""

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

from acme_media.faces.values import Pixels, Vectors
from acme_media.faces.weights import Convolution, WeightsError, model_path, read_network

RESNET_FILE = "dlib_face_recognition_resnet_model_v1.dat"
CHIP_SIDE = 150
EMBEDDING_SIZE = 128
_MEAN_RGB = np.array([122.782, 117.001, 104.298], np.float32)
_SCALE = 256.0
_OPSET, _IR_VERSION = 13, 8
# dlib's anet_type (face_recognition_ex.cpp), read from the input: blocks that keep the size, and those that
# halve it first, as (filters, further blocks).
_FIRST_BLOCKS = 3
_STAGES = ((64, 3), (128, 2), (256, 2), (256, 0))


class _Graph:
    def __init__(self, convolutions: Sequence[Convolution]) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []
        self._convolutions: Iterator[Convolution] = iter(convolutions)

    def node(self, kind: str, inputs: list[str], output: str | None = None, **attributes: Any) -> str:
        name = output or f"t{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, inputs, [name], **attributes))
        return name

    def constant(self, values: "np.ndarray[tuple[int, ...], np.dtype[np.generic]]") -> str:
        name = f"c{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def convolution(self, source: str) -> str:
        layer = next(self._convolutions)
        return self.node(
            "Conv",
            [source, self.constant(layer.weights), self.constant(layer.bias)],
            kernel_shape=layer.weights.shape[2:],
            strides=[layer.stride] * 2,
            pads=[layer.padding] * 4,
        )

    def two_convolutions(self, source: str) -> str:
        return self.convolution(self.node("Relu", [self.convolution(source)]))

    def add_relu(self, left: str, right: str) -> str:
        return self.node("Relu", [self.node("Add", [left, right])])

    def padded(self, source: str, channels: int, side: int) -> str:
        if channels == 0 and side == 0:
            return source
        amounts = np.array([0, 0, 0, 0, 0, channels, side, side], np.int64)
        return self.node("Pad", [source, self.constant(amounts)], mode="constant")

    def is_spent(self) -> bool:
        return next(self._convolutions, None) is None


def build_embedder() -> bytes:
    """The ONNX model: n x 3 x 150 x 150 normalised pixels to n x 128."""
    convolutions, head = read_network(model_path(RESNET_FILE))
    if head is None:
        raise WeightsError(f"{RESNET_FILE} has no last layer")
    graph = _Graph(convolutions)
    flow = graph.node("Relu", [graph.convolution("pixels")])
    flow = graph.node("MaxPool", [flow], kernel_shape=[3, 3], strides=[2, 2])
    side, channels = 35, 32
    for _ in range(_FIRST_BLOCKS):
        flow = graph.add_relu(graph.two_convolutions(flow), flow)
    for filters, blocks in _STAGES:
        flow, side = _halving_block(graph, flow, side, filters - channels)
        channels = filters
        for _ in range(blocks):
            flow = graph.add_relu(graph.two_convolutions(flow), flow)
    flow = graph.node("Flatten", [graph.node("GlobalAveragePool", [flow])])
    graph.node("MatMul", [flow, graph.constant(head.weights)], "embedding")
    if not graph.is_spent():
        raise WeightsError(f"{RESNET_FILE} has more layers than the network")
    return _serialised(graph)


def _halving_block(graph: _Graph, source: str, side: int, new_channels: int) -> tuple[str, int]:
    """dlib adds tensors of unequal size by padding the smaller with zeros."""
    convolved = graph.two_convolutions(source)
    pooled = graph.node("AveragePool", [source], kernel_shape=[2, 2], strides=[2, 2])
    convolved_side, pooled_side = (side - 3) // 2 + 1, (side - 2) // 2 + 1
    target = max(convolved_side, pooled_side)
    pooled = graph.padded(pooled, new_channels, target - pooled_side)
    return graph.add_relu(graph.padded(convolved, 0, target - convolved_side), pooled), target


def _serialised(graph: _Graph) -> bytes:
    pixels = helper.make_tensor_value_info("pixels", TensorProto.FLOAT, ["n", 3, CHIP_SIDE, CHIP_SIDE])
    embedding = helper.make_tensor_value_info("embedding", TensorProto.FLOAT, ["n", EMBEDDING_SIZE])
    body = helper.make_graph(graph.nodes, "face_embedding", [pixels], [embedding], graph.constants)
    model = helper.make_model(body, opset_imports=[helper.make_opsetid("", _OPSET)])
    model.ir_version = _IR_VERSION
    return bytes(model.SerializeToString())


class Embedder:
    """Aligned 150 px chips to 128 floats each."""

    def __init__(self, *, threads: int = 1) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(
            build_embedder(), options, providers=["CPUExecutionProvider"]
        )

    def embed(self, chips: Sequence[Pixels]) -> Vectors:
        if not chips:
            return np.empty((0, EMBEDDING_SIZE), np.float32)
        pixels = (np.stack(chips).astype(np.float32) - _MEAN_RGB) / _SCALE
        batch = np.ascontiguousarray(pixels.transpose(0, 3, 1, 2))
        (vectors,) = self._session.run(None, {"pixels": batch})
        result: Vectors = vectors
        return result


@cache
def shared_embedder() -> Embedder:
    """One per process: building takes half a second and 25 MB."""
    return Embedder()
