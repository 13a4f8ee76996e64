"""What stores, datasources and accounts of AWS must be to each other."""

import re
from collections.abc import Iterator

from lightly_core.fault import Fault, did_you_mean

from lightly_access import secret_refs
from lightly_access.kinds.s3 import names, quotas, rules
from lightly_access.tables.overlaps import DatasourcePath
from lightly_access.tables.problem import Problem
from lightly_access.tables.written import Tables, table

_ARN = re.compile(r"arn:([a-z-]+):iam::([0-9]{12}|aws):.+")


def problems(tables: Tables, paths: list[DatasourcePath]) -> Iterator[Problem]:
    """What cannot be deployed."""
    mine = [datasource for datasource in paths if datasource.kind == "s3"]
    yield from _tag_sums(tables)
    yield from _partitions(mine)
    yield from _partitions_of_owners(tables)
    yield from _boundaries(tables, mine)
    yield from _external_ids(tables)
    yield from quotas.problems(tables, mine)


def warnings(tables: Tables, paths: list[DatasourcePath]) -> Iterator[Problem]:
    """What is accepted and should be looked at."""
    yield from quotas.warnings(tables, paths)
    yield from dots(tables, "s3")
    yield from _private_ranges(paths)


def dots(tables: Tables, kind: str) -> Iterator[Problem]:
    """https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html: "we recommend that you avoid using
    dots in bucket names"; the certificate *.s3.<region>.amazonaws.com fits one label."""
    for name, raw in tables.stores.items():
        store = table(raw)
        bucket = store.get("bucket")
        if store.get("kind") == kind and isinstance(bucket, str) and "." in bucket and not names.bucket_name(bucket):
            hint = "clients that put the bucket into the host name cannot verify its TLS certificate"
            yield Problem.of(("stores", name, "bucket"), bucket, Fault("a name without periods", hint))


def _private_ranges(paths: list[DatasourcePath]) -> Iterator[Problem]:
    """AWS sees the public address of a request, or the VPC of its endpoint, never a private address."""
    for datasource in paths:
        ranges = table(datasource.raw.get("hardened")).get("cidrs")
        for text in ranges if isinstance(ranges, list | tuple) else ():
            if isinstance(text, str) and not names.address_range(text) and names.private_addresses(text):
                fault = Fault("public addresses", "private ones come in through the endpoint of a VPC: vpc_ids")
                yield Problem.of((*datasource.key("hardened"), "cidrs"), text, fault)


def _tag_sums(tables: Tables) -> Iterator[Problem]:
    """A created bucket carries the tags of everything and its own."""
    common = table(tables.tags)
    for name, raw in tables.stores.items():
        store = table(raw)
        own = table(store.get("tags")) if store.get("kind") == "s3" else {}
        both = {str(key): "" for key in (*common, *own)}
        if common and own and not names.tags({str(key): "" for key in own}) and (fault := names.tags(both)):
            yield Problem.of(("stores", name, "tags"), own, Fault(f"{fault.expected}, the common ones included"))


def _partitions(paths: list[DatasourcePath]) -> Iterator[Problem]:
    for datasource in paths:
        region, access = datasource.store.get("region"), datasource.raw.get("access")
        if not isinstance(region, str) or rules.s3_region(region):
            continue
        if isinstance(access, str) and (fault := rules.region_access(region, access)):
            yield Problem.of(datasource.key("access"), access, fault)
        boundary, partition = datasource.raw.get("permissions_boundary"), rules.partition(region)
        if isinstance(boundary, str) and boundary.startswith("arn:") and not boundary.startswith(f"arn:{partition}:"):
            fault = Fault(f"the ARN of a policy where the store is, arn:{partition}:iam::...")
            yield Problem.of(datasource.key("permissions_boundary"), boundary, fault)


def _partitions_of_owners(tables: Tables) -> Iterator[Problem]:
    """A store and the account that owns it are in one partition."""
    for name, raw in tables.stores.items():
        store = table(raw)
        region, role = store.get("region"), _arn((tables.owner(store) or {}).get("role_arn"))
        if not (role and isinstance(region, str)) or rules.s3_region(region):
            continue
        if role[0] != (partition := rules.partition(region)):
            whose = f"accounts.{store.get('owner')}"
            fault = Fault(f"a region of the partition {role[0]}, where {whose} is", f"{region} is in {partition}")
            yield Problem.of(("stores", name, "region"), region, fault)


def _boundaries(tables: Tables, paths: list[DatasourcePath]) -> Iterator[Problem]:
    """IAM takes a boundary of the account in which the role or user is made, or one of AWS's own."""
    for datasource in paths:
        owner, value = tables.owner(datasource.store), datasource.raw.get("permissions_boundary")
        role, boundary = _arn((owner or {}).get("role_arn")), _arn(value)
        if role and boundary and boundary[1] not in ("aws", role[1]):
            whose = f"accounts.{datasource.store.get('owner')}"
            yield Problem.of(
                datasource.key("permissions_boundary"),
                value,
                Fault(f"the ARN of a policy of account {role[1]} ({whose})"),
            )


def _external_ids(tables: Tables) -> Iterator[Problem]:
    """A secret that the file does not have. Not shown: whoever misread the rule wrote the external ID itself here."""
    for name, raw in tables.accounts.items():
        value = table(raw).get("external_id")
        if tables.secrets is None or not isinstance(value, str) or not secret_refs.secret_name(value):
            continue
        if value not in tables.secrets:
            place = f"{secret_refs.SECRETS_NAMESPACE}:<name>"
            hint = did_you_mean(value, tables.secrets) or f"pulumi config set --secret {place}"
            expected = f"the name of a secret of this stack, {place}"
            yield Problem(("accounts", name, "external_id"), "a name that this file does not have", expected, hint)


def _arn(value: object) -> tuple[str, str] | None:
    """Partition and account of an ARN of IAM."""
    found = _ARN.fullmatch(value) if isinstance(value, str) else None
    return (found[1], found[2]) if found else None
