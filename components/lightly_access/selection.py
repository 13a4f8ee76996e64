"""What a run of the Lightly Worker selects. Pure.

Source: lightly 1.5.26, `selection_config_v4.py`, and the example of https://docs.lightly.ai/docs/local-storage.
"""

from typing import Any

from lightly_core.fault import Fault, did_you_mean, one_of

STRATEGIES = {
    "diversity": ("EMBEDDINGS", "DIVERSITY"),
    "typicality": ("EMBEDDINGS", "TYPICALITY"),
}
"""The word of the command line -> input and strategy, the ones that need nothing but the images."""


def strategy_fault(value: str) -> Fault | None:
    """Whether it is one of ours; all others need predictions or metadata, and so Lightly's own client."""
    return None if value in STRATEGIES else Fault(one_of(STRATEGIES), did_you_mean(value, STRATEGIES))


def selection(samples: int, strategy: str) -> dict[str, Any]:
    """`selection` of a worker config: so many samples by one strategy. Raises ValueError for what it cannot be."""
    if fault := strategy_fault(strategy):
        raise ValueError(f"strategy: {fault.sentence(strategy)}")
    if samples < 1:
        raise ValueError(f"samples: got {samples}, expected at least 1")
    source, kind = STRATEGIES[strategy]
    return {"nSamples": samples, "strategies": [{"input": {"type": source}, "strategy": {"type": kind}}]}
