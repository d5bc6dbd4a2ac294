"""Rewrites a BERT graph's attention into ONNX Runtime's one fused operator before it is loaded.

The exported graphs spell attention out in some forty small nodes a layer, which take half of the time and whose
pattern ONNX Runtime's own optimiser does not know once the weights are int8. The fused operator computes the same:
softmax(Q Kᵀ / √d) V per head. It gets no mask, so it is for inputs without padding (see `core.models.onnx`).

The file is edited on the level of the protobuf wire format: a graph's nodes are taken out and put in; weights are
copied through untouched. Field numbers are those of the ONNX schema (onnx.proto, stable since IR version 3).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

GRAPH: Final = 7
OPSETS: Final = 8
NODE: Final = 1
INITIALIZER: Final = 5
GRAPH_OUTPUT: Final = 12
PROJECTION = re.compile(r"(?P<at>.*/attention/self)/(?P<which>query|key|value)/Add_output_0")

Field = tuple[int, int, memoryview]
"""Field number, wire type, and the bytes: of the value for wire type 2, of the whole field else."""


@dataclass(frozen=True, slots=True)
class Node:
    """What the rewriting needs to know of a graph's node."""

    op: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    raw: memoryview


def fuse_attention(model: bytes, heads: int) -> bytes | None:
    """The same model with fused attention, `heads` heads a layer; None where the graph is not as expected.

    Expected: in each layer the outputs of the query, key and value projections meet in exactly one softmax, whose
    product with the values is transposed and reshaped back to (batch, tokens, width).
    """
    fields = list(_fields(memoryview(model)))
    graph = next((value for number, _, value in fields if number == GRAPH), None)
    if graph is None:
        return None
    parts = list(_fields(graph))
    nodes = [_node(value) for number, _, value in parts if number == NODE]
    fused = _layers(nodes, heads)
    if not fused:
        return None
    kept = _alive(nodes, set(fused), (_name(v) for n, _, v in parts if n == GRAPH_OUTPUT))
    ordered = _sorted(kept, fused)
    body = b"".join([*(_message(NODE, raw) for raw in ordered), *(_copy(f) for f in parts if f[0] != NODE)])
    microsoft = _message(OPSETS, _message(1, b"com.microsoft") + _varint(2 << 3) + _varint(1))
    return b"".join([*(_copy(f) for f in fields if f[0] != GRAPH), microsoft, _message(GRAPH, body)])


def _layers(nodes: list[Node], heads: int) -> dict[str, tuple[bytes, tuple[str, ...]]]:
    """For each layer: the tensor that attention ends in → the fused node that makes it, and its inputs."""
    users: dict[str, list[Node]] = {}
    for node in nodes:
        for name in node.inputs:
            users.setdefault(name, []).append(node)
    projections: dict[str, dict[str, str]] = {}
    for node in nodes:
        for name in node.outputs:
            if found := PROJECTION.fullmatch(name):
                projections.setdefault(found["at"], {})[found["which"]] = name
    softmaxes = [n for n in nodes if n.op == "Softmax"]
    out: dict[str, tuple[bytes, tuple[str, ...]]] = {}
    for softmax in softmaxes:
        at = softmax.outputs[0].rpartition("/")[0]
        found_here = projections.get(at, {})
        node = softmax
        ops: list[str] = []
        while len(ops) < 3:
            following = [n for n in users.get(node.outputs[0], ()) if n.op in ("MatMul", "Transpose", "Reshape")]
            if len(following) != 1:
                return {}
            node = following[0]
            ops.append(node.op)
        if ops != ["MatMul", "Transpose", "Reshape"] or len(found_here) != 3:
            return {}
        inputs = (found_here["query"], found_here["key"], found_here["value"])
        out[node.outputs[0]] = (_attention(inputs, node.outputs[0], heads), inputs)
    return out if len(out) == len(projections) else {}


def _attention(inputs: Iterable[str], output: str, heads: int) -> bytes:
    """A com.microsoft MultiHeadAttention node."""
    attribute = _message(1, b"num_heads") + _varint(3 << 3) + _varint(heads) + _varint(20 << 3) + _varint(2)
    return b"".join(
        [
            *(_message(1, name.encode()) for name in inputs),
            _message(2, output.encode()),
            _message(3, f"{output}/fused".encode()),
            _message(4, b"MultiHeadAttention"),
            _message(5, attribute),
            _message(7, b"com.microsoft"),
        ]
    )


def _alive(nodes: list[Node], fused: set[str], outputs: Iterable[str]) -> list[Node]:
    """The nodes that an output still depends on, when the tensors `fused` are made by other nodes."""
    maker = {name: node for node in nodes for name in node.outputs}
    wanted = list(outputs)
    seen: set[str] = set()
    # The projections are inputs of the fused nodes: all of them stay.
    wanted += [name for name in maker if PROJECTION.fullmatch(name)]
    while wanted:
        name = wanted.pop()
        if name in seen or name not in maker or name in fused:
            continue
        seen.update(maker[name].outputs)
        wanted += maker[name].inputs
    return [n for n in nodes if seen & set(n.outputs)]


def _sorted(nodes: list[Node], fused: dict[str, tuple[bytes, tuple[str, ...]]]) -> list[bytes | memoryview]:
    """Nodes in their old order, each fused one as soon as all that it reads has been made (the order ONNX demands)."""
    waiting = dict(fused)
    made: set[str] = set()
    out: list[bytes | memoryview] = []
    for node in nodes:
        out.append(node.raw)
        made.update(node.outputs)
        for name, (raw, inputs) in list(waiting.items()):
            if made.issuperset(inputs):
                out.append(raw)
                del waiting[name]
    return out


def _node(raw: memoryview) -> Node:
    inputs, outputs, op = [], [], ""
    for number, _, value in _fields(raw):
        if number == 1:
            inputs.append(bytes(value).decode())
        elif number == 2:
            outputs.append(bytes(value).decode())
        elif number == 4:
            op = bytes(value).decode()
    return Node(op, tuple(inputs), tuple(outputs), raw)


def _name(value_info: memoryview) -> str:
    return next(bytes(value).decode() for number, _, value in _fields(value_info) if number == 1)


def _fields(message: memoryview) -> Iterator[Field]:
    """The fields of a protobuf message in order."""
    at = 0
    while at < len(message):
        start = at
        key, at = _read(message, at)
        kind = key & 7
        if kind == 2:
            size, at = _read(message, at)
            yield key >> 3, kind, message[at : at + size]
            at += size
            continue
        if kind == 0:
            _, at = _read(message, at)
        elif kind in (1, 5):
            at += 8 if kind == 1 else 4
        else:
            msg = f"wire type {kind} is not used by ONNX"
            raise ValueError(msg)
        yield key >> 3, kind, message[start:at]


def _read(message: memoryview, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = message[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
        shift += 7


def _varint(value: int) -> bytes:
    out = bytearray()
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def _message(number: int, value: bytes | memoryview) -> bytes:
    return _varint(number << 3 | 2) + _varint(len(value)) + value


def _copy(field: Field) -> bytes:
    number, kind, value = field
    return _message(number, value) if kind == 2 else bytes(value)
