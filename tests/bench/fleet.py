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


def many(size: int) -> dict[str, object]:
    """The same for thousands, spread over as many accounts as IAM's 500 groups an account ask for."""
    accounts = range(-(-size // 300))
    owners = {
        f"team-{n}": {"cloud": "aws", "role_arn": f"arn:aws:iam::{222222222200 + n}:role/lightly-deployer"}
        for n in accounts
    }
    stores = {
        f"{store}-{n}": {**STORES[store], "bucket": f"{STORES[store]['bucket']}-{n}", "owner": f"team-{n}"}
        for store in STORES
        for n in accounts
    }
    datasets = {
        name(number): {
            "type": "images",
            "input": {"store": f"lake-{number % len(accounts)}", "path": input_path(number), "access": "delegated"},
            "lightly": {"store": f"results-{number % len(accounts)}", "path": f"{name(number)}/", "access": "user"},
        }
        for number in range(size)
    }
    return {
        "aws:region": "eu-central-1",
        "lightly-access:accounts": owners,
        "lightly-access:stores": stores,
        "lightly-access:datasets": datasets,
    }
