"""A stack of N datasets: INPUT delegated on a shared adopted bucket, LIGHTLY by user key on a created one."""

from typing import Any

STORES: dict[str, Any] = {
    "lake": {"kind": "s3", "bucket": "acme-datalake", "region": "eu-central-1"},
    "results": {
        "kind": "s3",
        "bucket": "acme-lightly-results",
        "region": "eu-central-1",
        "create": True,
        "force_destroy": True,
    },
}


def name(number: int) -> str:
    """The name of dataset `number`."""
    return f"fleet-{number:03}"


def input_path(number: int) -> str:
    """Where dataset `number` has its data in the adopted bucket."""
    return f"fleet/{number:03}/"


def config(size: int) -> dict[str, object]:
    """The configuration of a stack with `size` datasets."""
    datasets = {
        name(number): {
            "type": "images",
            "input": {"store": "lake", "path": input_path(number), "access": "delegated"},
            "lightly": {"store": "results", "path": f"{name(number)}/", "access": "user"},
        }
        for number in range(size)
    }
    return {"lightly-access:stores": STORES, "lightly-access:datasets": datasets}
