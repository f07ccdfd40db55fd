"""How a graph is opened: one thread, one order of operations; and whether this processor multiplies int8 exactly."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from onnxruntime import InferenceSession


def open_session(graph: Path | bytes) -> InferenceSession:
    """Open a graph for one thread.

    The fusion of skip connections with layer norms is left out: it is slower
    here than the two by themselves.

    Parameters
    ----------
    graph
        An ``.onnx`` file, or its bytes.
    """
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(
        graph, options, providers=["CPUExecutionProvider"], disabled_optimizers=["SkipLayerNormFusion"]
    )


@cache
def exact_products() -> bool:
    """Whether this processor adds up products of int8 without overflow, found by a product of the largest numbers.

    Without VNNI, x86 adds two products in 16 bits, which cuts off what is larger: scores would be others than those
    of the same graph elsewhere. Weights of 7 bits leave no sum so large.

    Examples
    --------
    >>> exact_products() in (True, False)
    True
    """
    from onnx import TensorProto, helper, numpy_helper

    depth = 32
    weights = numpy_helper.from_array(np.full((depth, 16), 127, np.int8), "weights")
    product = helper.make_node("MatMulInteger", ["x", "weights"], ["y"])
    x = helper.make_tensor_value_info("x", TensorProto.UINT8, [8, depth])
    y = helper.make_tensor_value_info("y", TensorProto.INT32, [8, 16])
    graph = helper.make_graph([product], "probe", [x], [y], [weights])
    # of the versions of a graph's format, one that every supported ONNX Runtime reads
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    (found,) = open_session(model.SerializeToString()).run(None, {"x": np.full((8, depth), 255, np.uint8)})
    return bool((found == depth * 255 * 127).all())
