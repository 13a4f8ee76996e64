"""A good manifest to spoil, one value at a time, and strategies for accepted ones."""

from collections import defaultdict
from collections.abc import Mapping
from copy import deepcopy
from ipaddress import ip_network
from typing import Any

from hypothesis import strategies as st
from lightly_access.kinds import registry
from lightly_access.kinds.azure import names as azure_names
from lightly_access.kinds.gcs import names as gcs_names
from lightly_access.kinds.s3 import rules
from lightly_access.manifest import Checked, Manifest

KEY = "arn:aws:kms:eu-central-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"
SUBSCRIPTION = "00000000-0000-0000-0000-00000000beef"
GOOD: dict[str, Any] = {
    "lightly-access:stores": {
        "lake": {"kind": "s3", "bucket": "acme-datalake", "region": "eu-central-1"},
        "results": {"kind": "s3", "bucket": "acme-lightly", "region": "eu-central-1", "create": True},
    },
    "lightly-access:datasets": {
        "farm-animals": {
            "type": "images",
            "input": {"store": "lake", "path": "projects/farm-animals/", "access": "delegated"},
            "lightly": {"store": "results", "path": "farm-animals/", "access": "delegated"},
        },
        "dashcam": {
            "type": "videos",
            "input": {"store": "results", "path": "dashcam/", "access": "user"},
            "lightly": {"store": "results", "path": "lightly/dashcam/", "access": "user"},
        },
    },
}


class Remove:
    """Take the key away."""


def spoiled(changes: Mapping[str, Any]) -> dict[str, Any]:
    """The good manifest with values changed at places such as `stores.lake.bucket`."""
    config = deepcopy(GOOD)
    for where, value in changes.items():
        *path, last = where.split(".")
        table = config
        for depth, key in enumerate(path):
            table = table.setdefault(f"lightly-access:{key}" if depth == 0 else key, {})
        last = last if path else f"lightly-access:{last}"
        if value is Remove:
            del table[last]
        else:
            table[last] = value
    return config


def check(changes: Mapping[str, Any]) -> Checked:
    """What a check says of the good manifest with these changes."""
    return Manifest.check(spoiled(changes))


_names = st.from_regex(r"[a-zA-Z0-9][a-zA-Z0-9_-]{2,20}", fullmatch=True)
_parts = st.text(st.characters(exclude_characters="/\\*?$", exclude_categories=["C", "Z"]), min_size=1, max_size=8)
_paths = st.lists(_parts.filter(lambda part: part not in {".", ".."}), min_size=1, max_size=3).map("/".join)
_bits = st.integers(8, 32)
_regions = st.sampled_from([region for region in rules.S3_REGIONS if rules.s3_region(region) is None])


@st.composite
def _store(draw: st.DrawFn, number: int) -> dict[str, Any]:
    return draw(draw(st.sampled_from([_bucket, _container, _gcs_bucket]))(number))


@st.composite
def _container(draw: st.DrawFn, number: int) -> dict[str, Any]:
    store: dict[str, Any] = {"kind": "azure", "account": f"acme{number}", "container": f"lake-{number}"}
    store |= {"resource_group": f"Acme.({number})", "hierarchical": draw(st.booleans()), "create": draw(st.booleans())}
    if store["create"] and draw(st.booleans()):
        store |= {"create_account": True, "location": draw(st.sampled_from(azure_names.LOCATIONS))}
        store |= {"soft_delete_days": draw(st.integers(1, 365)), "tags": {"cost centre": "4711; ü"}}
    return store


@st.composite
def _gcs_bucket(draw: st.DrawFn, number: int) -> dict[str, Any]:
    store: dict[str, Any] = {"kind": "gcs", "bucket": f"acme_{number}.frames", "project": "acme-ml"}
    if draw(st.booleans()):
        location = draw(st.sampled_from([*gcs_names.REGIONS, *map(str.upper, gcs_names.MULTI_REGIONS)]))
        store |= {"create": True, "location": location, "labels": {"team": "vision", "größe": ""}}
        store |= {"versioning": True, "noncurrent_days": draw(st.integers(1, 400))} if draw(st.booleans()) else {}
    return store


@st.composite
def _bucket(draw: st.DrawFn, number: int) -> dict[str, Any]:
    region, create = draw(_regions), draw(st.booleans())
    store: dict[str, Any] = {"kind": "s3", "bucket": f"acme-{number}.lake", "region": region, "create": create}
    if region != rules.CHINA_REGION and draw(st.booleans()):
        store["kms_key"] = "create" if create else KEY.replace("eu-central-1", region)
    if region != rules.CHINA_REGION and draw(st.booleans()):
        old = draw(st.lists(st.sampled_from("acd"), unique=True, max_size=2))
        store["old_kms_keys"] = [KEY.replace("eu-central-1", region)[:-1] + end for end in old]
        store["old_kms_keys"] += ["create"] if create and store.get("kms_key") != "create" else []
    if create and draw(st.booleans()):
        store |= {"versioning": True, "noncurrent_days": draw(st.integers(1, 400)), "tags": {"team": "vision"}}
    return store


@st.composite
def _account(draw: st.DrawFn, store: Mapping[str, Any]) -> dict[str, Any]:
    """An account that can own the store."""
    if store["kind"] == "azure":
        both = {"subscription": str(draw(st.uuids())), "tenant": str(draw(st.uuids()))}
        return {"cloud": "azure", **both} if draw(st.booleans()) else {"cloud": "azure", "subscription": SUBSCRIPTION}
    if store["kind"] == "gcs":
        deployer = {"impersonate": f"deployer@{store['project']}.iam.gserviceaccount.com"}
        return {"cloud": "gcp", "project": store["project"], **(deployer if draw(st.booleans()) else {})}
    role = {"role_arn": f"arn:{rules.partition(store['region'])}:iam::222222222222:role/{draw(_names)}"}
    asked = {"external_id": draw(st.sampled_from(["data-deployer", "env:THE_EXTERNAL_ID"]))}
    profile = {"profile": "data"} if draw(st.booleans()) else {}
    return {"cloud": "aws", **profile, **draw(st.sampled_from([{}, role, role | asked]))}


@st.composite
def _adopted(draw: st.DrawFn, access: str) -> dict[str, Any]:
    """What names an access that somebody else made."""
    secret = draw(st.sampled_from(["lightly-input", "env:THE_SECRET"]))
    if access == "delegated":
        return {"role_arn": f"arn:aws:iam::123456789012:role/{draw(_names)}", "external_id": secret}
    key = {"access_key_id": draw(st.sampled_from(["AKIAIOSFODNN7EXAMPLE", "env:KEY_ID"]))} if access == "user" else {}
    return {**key, "secret": secret, "whole_bucket": draw(st.booleans())}


@st.composite
def _hardened(draw: st.DrawFn) -> dict[str, Any]:
    """Where reading and writing is allowed from."""
    vpcs = st.lists(st.from_regex("vpc-[0-9a-f]{8}([0-9a-f]{9})?", fullmatch=True), min_size=1, max_size=3)
    ranges = st.builds(
        lambda address, size: str(ip_network((address, size), strict=False)), st.ip_addresses(v=4), _bits
    )
    network = {"vpc_ids": draw(vpcs), "cidrs": draw(st.lists(ranges, min_size=1, max_size=3))}
    return {key: network[key] for key in draw(st.sampled_from([("vpc_ids",), ("cidrs",), tuple(network)]))}


@st.composite
def manifests(draw: st.DrawFn) -> dict[str, Any]:
    """Configurations that must be accepted: each dataset has directories of its own."""
    policies: dict[str, list[str]] = defaultdict(list)
    stores = {f"store{number}": draw(_store(number)) for number in range(draw(st.integers(1, 3)))}
    accounts = {}
    for name, store in stores.items():
        if draw(st.booleans()):
            accounts[f"of-{name}"] = draw(_account(store))
            store["owner"] = f"of-{name}"

    def datasource(root: str) -> dict[str, Any]:
        store = draw(st.sampled_from(sorted(stores)))
        kind, china = stores[store]["kind"], stores[store].get("region") == rules.CHINA_REGION
        access = (
            "user"
            if china
            else draw(st.sampled_from([access_kind.name for access_kind in registry.kind_of(kind).accesses]))
        )
        path = f"{root}/{draw(_paths)}"
        path = "/".join(part.rstrip(".") or "x" for part in path.split("/")) if kind == "azure" else path
        source: dict[str, Any] = {"store": store, "path": path + draw(st.sampled_from(["", "/"])), "access": access}
        if draw(st.booleans()):
            return source | draw(_adopted(access))
        days = 90
        if access == "sas" and (draw(st.booleans()) or len(policies[store]) == 2):
            source, days = {**source, "sas": "user_delegation"}, 5
        elif access == "sas":
            policies[store].append(root)
        rotation = {"rotate_after": draw(st.integers(1, days)), "rotate_anchor": "2026-02-03", "rotate_now": 7}
        if access != "delegated" and draw(st.booleans()):
            source |= rotation
        if kind == "s3" and draw(st.booleans()):
            source["hardened"] = draw(_hardened())
        return source | ({"list_prefix_condition": draw(st.booleans())} if kind == "s3" else {})

    datasets = {
        name: {
            "type": draw(st.sampled_from(["images", "videos"])),
            "adopt": draw(st.booleans()),
            "input": datasource(f"in-{number}"),
            "lightly": datasource(f"out-{number}"),
        }
        for number, name in enumerate(draw(st.lists(_names, max_size=4, unique=True)))
    }
    found = {"lightly-access:stores": stores, "lightly-access:datasets": datasets}
    return {**found, "lightly-access:accounts": accounts} if accounts else found
