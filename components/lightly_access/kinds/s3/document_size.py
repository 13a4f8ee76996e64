"""Whether the policies of an access fit into AWS's quota, before anybody deploys them."""

import json

from lightly_core.capability import Purpose
from lightly_core.fault import Fault

from lightly_access.kinds.s3 import placeholders, rules
from lightly_access.kinds.s3.store import S3Store
from lightly_access.tables.datasource import Datasource

_SURELY_SMALL = 300
"""Characters of a path as a policy writes it, which has it seven times at most; a group's policy takes 5120. Only a
longer one, or a network, is worth rendering here: a deployment renders all."""


def fault(purpose: Purpose, source: Datasource, store: S3Store) -> Fault | None:
    """The fault of a document beyond its quota: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html"""
    if source.hardened is None and not store.old_kms_keys and len(json.dumps(source.path)) < _SURELY_SMALL:
        return None
    from lightly_policies.render_aws import aws_grant
    from lightly_policies.rendering import UnrenderableDocumentError

    key, old_keys = placeholders.known_keys(store)
    try:
        aws_grant(
            purpose,
            store.bucket,
            source.path,
            region=store.region,
            kms_key_arn=key,
            old_kms_key_arns=old_keys,
            list_prefix_condition=source.list_prefix_condition,
            partition=rules.partition(store.region),
            holder="role" if source.access == "delegated" else "group",
            network=source.hardened.network if source.hardened else None,
        )
    except UnrenderableDocumentError as error:
        what = "a path and a network that fit" if source.hardened else "a path that fits"
        fewer = "use a shorter path, or fewer VPCs and ranges" if source.hardened else "use a shorter path"
        roomier = "; a role takes twice as much (access: delegated)" if source.access == "user" else ""
        return Fault(f"{what} into one policy: the {error.document} has {error.fault}", f"{fewer}{roomier}")
    return None
