"""What Pulumi's AWS provider must be told: https://www.pulumi.com/registry/packages/aws/installation-configuration/"""

from collections.abc import Iterator, Mapping

from lightly_core.fault import Fault, did_you_mean

from lightly_access.kinds.s3 import rules
from lightly_access.tables.problem import Problem
from lightly_access.tables.written import Tables, deployed_stores, table

_KEY = "aws:region"
_REGION_VARIABLES = ("AWS_REGION", "AWS_DEFAULT_REGION")
_PROFILE_VARIABLES = ("AWS_PROFILE", "AWS_DEFAULT_PROFILE")
"""A profile may have a region of its own, which is not looked for."""


def problems(config: Mapping[str, object], tables: Tables, environ: Mapping[str, str]) -> Iterator[Problem]:
    """Of the default provider, which all stores without an owner use; those with one have an explicit provider."""
    mine = [store for store in map(table, deployed_stores(tables)) if store.get("kind") == "s3"]
    mine = [store for store in mine if store.get("owner") is None]
    if not mine or config.get("aws:skipRegionValidation") in (True, "true"):
        return
    region = config.get(_KEY)
    first = next((store["region"] for store in mine if isinstance(store.get("region"), str)), "eu-central-1")
    if region is None:
        known = [*_REGION_VARIABLES, *_PROFILE_VARIABLES]
        if config.get("aws:profile") is None and not any(environ.get(name) for name in known):
            hint = f"pulumi config set {_KEY} {first}"
            yield Problem.of((_KEY,), None, Fault("the region in which Pulumi's AWS provider begins", hint))
    elif not isinstance(region, str) or region not in rules.AWS_REGIONS:
        yield Problem.of((_KEY,), region, Fault("a region of AWS", did_you_mean(region, rules.AWS_REGIONS)))
    elif wrong := [store for store in mine if rules.partition(str(store.get("region"))) != rules.partition(region)]:
        fault = Fault(f"a region of the partition of {wrong[0].get('bucket')}", f"such as {wrong[0].get('region')}")
        yield Problem.of((_KEY,), region, fault)
